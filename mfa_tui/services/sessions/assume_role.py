"""Assuming a role with the session before it in the chain, or with the credentials of the profile's base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.profiles.role import session_name
from mfa_tui.core.text.display import shell_command
from mfa_tui.models import AccessKeys, Session
from mfa_tui.services.sessions.refusals import error_for
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from mfa_tui.core.profiles.role import Role
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.sessions.prepare import PreparedLogin


class RoleDenied(Exception):
    """AWS denied a role to a session. ``error`` is what to raise unless a newer session of the user helps."""

    def __init__(self, error: MfaTuiError) -> None:
        super().__init__(error.slug)
        self.error = error


def assume_role(
    operation: Operation, login: PreparedLogin, roles: tuple[Role, ...], source: AccessKeys | Session
) -> Session:
    """Assume the last of *roles* with *source*.

    Raises RoleDenied if a *source* that is a session was denied it, else AwsRefused, NetworkProblem, ConfigError,
    Cancelled.
    """
    role, context = roles[-1], operation.context
    caller = login.role_caller(role, source)
    name, duration = session_name(role, login.serial, login.profile.base), login.duration(roles, 0)
    operation.progress("asking", f"Asking AWS for the role {role.name}")
    try:
        return retry_after_clock_sync(
            operation, lambda: context.aws.assume_role(caller, role, name, duration, operation.cancel)
        )
    except (AwsError, AwsUnreachable) as failure:
        error = error_for(failure, caller, offset=context.clock.known_offset, role=role)
        if isinstance(source, AccessKeys) and error.slug == "role-denied":
            command = shell_command(login.profile.name, "mfa-tui login PROFILE --serial ARN --save-serial")
            error.remedy = f"If it requires MFA, name the device: {command}"
        if isinstance(source, Session) and isinstance(failure, AwsError) and _is_denial(failure):
            raise RoleDenied(error) from None
        raise error from None


def _is_denial(failure: AwsError) -> bool:
    return failure.means in (AwsErrorKind.DENIED, AwsErrorKind.SESSION_KEYS)
