"""The audit of an account, from whatever rights the session has.

For 5,000 users the first table takes at most 12 requests, the report's polls apart: the identity, the summary, the
password policy, six pages of users and groups with their policies, and the report. The rest comes afterwards. Users'
policies come by GetAccountAuthorizationDetails, because it is the only call that has inline ones without asking for
each user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import Caller
from mfa_tui.core.account.rules import Thresholds
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.errors import Cancelled
from mfa_tui.services.account.devices import add_device_kinds, add_devices
from mfa_tui.services.account.examination import AuditOptions, Examination
from mfa_tui.services.account.sign_ins import add_sign_ins
from mfa_tui.services.account.users import (
    add_account,
    add_administrators,
    add_credentials,
    add_password_policy,
    add_report,
    add_roles,
    add_summary,
    start_report,
)
from mfa_tui.services.sessions.external_credentials import get_base_credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.account.audit import Audit
    from mfa_tui.core.settings.values import Settings
    from mfa_tui.errors import ProfileProblem
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.sessions.outcomes import ObtainedSession


_WITHOUT_LOGIN = ("no-device", "fido-only", "profile-kind")
"""Problems of profiles that cannot log in with MFA, but have credentials."""


def account_caller(obtained: ObtainedSession) -> Caller:
    """Who asks about the account: the session that a login has returned."""
    profile = obtained.profile
    return Caller(profile.name, obtained.session, profile.region, profile.partition)


def caller_without_login(operation: Operation, profile: str | None, problem: ProfileProblem) -> Caller:
    """Who asks about the account where *profile* cannot log in with MFA: its own credentials, as they are.

    They are the keys of a user without a device that generates codes, or what another program provides (IAM Identity
    Center, a credential process). Raises *problem*, for which the profile cannot log in, if it has no credentials, or
    assumes a role; AwsRefused (``source-silent``), NetworkProblem, ConfigError, Cancelled.
    """
    files, resolved = operation.context.resolve(profile)
    if problem.slug not in _WITHOUT_LOGIN or resolved.roles or resolved.kind in (Kind.NO_CREDENTIALS, Kind.BROKEN):
        raise problem
    credentials = get_base_credentials(operation, files, resolved)
    return Caller(resolved.base, credentials, resolved.region, resolved.partition)


def thresholds(settings: Settings) -> Thresholds:
    """From when on a key is old or unused, by the settings."""
    return Thresholds(settings.key_age_days, settings.key_unused_days)


def _ignore(_: Audit) -> None:
    pass


def examine(
    operation: Operation,
    caller: Caller,
    options: AuditOptions = AuditOptions(),  # noqa: B008 - a constant
    show: Callable[[Audit], None] = _ignore,
) -> Audit:
    """Audit the account of *caller*, and return what was found.

    *show* gets the audit as it is after each check, so that a screen can draw it early (``Audit.has_first_table``); it
    is called from the thread that calls this. Checks that AWS denies or that fail are noted in the audit, and the rest
    goes on. Cancelling after the first table ends the audit with what is known.
    Raises AwsRefused if AWS does not accept the credentials, NetworkProblem if it cannot be reached, ConfigError;
    Cancelled before the first table.
    """
    examination = Examination(operation, caller, options, show)
    examination.run("identity", add_account)
    if examination.errors:
        raise examination.errors[0]
    start_report(examination)
    examination.run("summary", add_summary)
    examination.run("password-policy", add_password_policy)
    examination.run("administrators", add_administrators)
    examination.run("report", add_report)
    try:
        examination.run("devices", add_devices)
        examination.run("credentials", add_credentials)
        examination.run("roles", add_roles)
        # These take one request for each user of some, and many pages.
        examination.run("device-kinds", add_device_kinds)
        if options.sign_ins:
            examination.run("sign-ins", add_sign_ins)
        else:
            examination.skip("sign-ins")
    except Cancelled:
        examination.stop()
    return examination.audit
