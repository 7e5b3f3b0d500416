"""A sign-in to the console, in steps that front ends take one after the other.

:func:`plan_sign_in` checks what was asked for, without a request. A profile of a role then needs the role's session
(``sessions.obtain``), and :func:`make_link` makes the link of it. For any other profile :func:`find_identity` says
whose credentials it has: a link can be made of those of a role, while an IAM user has a sign-in page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.endpoint_checks import check_endpoint, configured_endpoint
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.aws.mfa_serial import FIDO
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.console.addresses import (
    checked_destination,
    federation_address,
    page_address,
    sign_in_link,
    user_page_address,
)
from mfa_tui.core.console.partitions import DEFAULT_PARTITION, console_hosts, partition_of
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.role import CHAINED_MAXIMUM, MAXIMUM_DURATION
from mfa_tui.core.sessions.expiry import USED_AT_ONCE
from mfa_tui.core.shells.variables import REGIONS
from mfa_tui.core.text.display import format_account, quoted, sanitize, shell_command
from mfa_tui.errors import AwsRefused, ConfigError, KeyringProblem, ProfileProblem, UsageError, sentence
from mfa_tui.models import Session
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.profiles.known_user import remember_alias
from mfa_tui.services.profiles.resolve import check_can_log_in, check_encoding
from mfa_tui.services.profiles.typed_region import check_region
from mfa_tui.services.seeds.current_code import CodeSource
from mfa_tui.services.sessions.external_credentials import get_base_credentials
from mfa_tui.services.sessions.identity import ask_identity
from mfa_tui.services.sessions.lookup import live_session
from mfa_tui.services.sessions.refusals import error_for

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.iam import Identity
    from mfa_tui.core.console.partitions import ConsoleHosts
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.profiles.resolve import ResolvedProfile

WITHOUT_MFA = (
    "CloudTrail will show this sign-in as one without MFA, because a federated sign-in does not mention the code that "
    "the role's session was made with."
)
"""Said with each link. See "AWS Management Console sign-in events" in the CloudTrail User Guide (``MFAUsed``)."""
_SIGN_IN = "signin"
"""The service, in AWS_ENDPOINT_URL_SIGNIN and in the AWS config file."""
_WITHOUT_CREDENTIALS = (Kind.NO_CREDENTIALS, Kind.BROKEN)


class ConsoleRequest(NamedTuple):
    """What the user wants."""

    profile: str | None = None
    """A profile, or one of our targets, which means its source. None: the shell's profile, else ``default``."""
    service: str = ""
    """The service to open, by its short name."""
    destination: str = ""
    """The page to open instead, by its address."""
    region: str = ""
    """The region to open; empty: the environment's, else the profile's, else the partition's first."""
    sign_out: bool = False
    """Sign the browser out first."""


class SignInPlan(NamedTuple):
    """A request that was checked."""

    request: ConsoleRequest
    """What the user wants."""
    resolved: ResolvedProfile
    """The AWS files and the profile."""
    hosts: ConsoleHosts
    """Where the console is."""
    endpoint: str
    """The endpoint that replaces AWS's own sign-in; empty for that."""
    destination: str
    """The page to open."""

    @property
    def is_role(self) -> bool:
        """Whether the profile assumes a role, whose session is needed."""
        return bool(self.resolved.profile.roles)


class ConsoleIdentity(NamedTuple):
    """Who a profile's credentials belong to."""

    caller: Caller
    """The credentials."""
    identity: Identity
    """The account, the partition, and the user's name if it is an IAM user."""


class ConsoleLink(NamedTuple):
    """A link that signs in to the console with the session of a role."""

    link: Secret
    """The address, valid for 15 minutes."""
    expires_at: int
    """When the console's session expires, in seconds since the epoch; 0 if that is not known."""


class UserPage(NamedTuple):
    """Where an IAM user signs in to the console."""

    address: str
    """The page."""
    account: str
    """The account's id."""
    alias: str
    """The account's alias; empty if it has none, or AWS does not tell."""
    user: str
    """The user's name; empty for the account's root user."""


def plan_sign_in(context: Context, request: ConsoleRequest) -> SignInPlan:
    """Check *request* and the files, without a request to AWS.

    Raises FileProblem, ProfileProblem, UsageError (``console-…``), ConfigError.
    """
    resolved = context.resolve(request.profile)
    files, profile = resolved
    check_encoding(files)
    if profile.roles or profile.kind in _WITHOUT_CREDENTIALS:
        check_can_log_in(files, profile, context.env)
    if request.region:
        check_region(request.region)
    region = request.region or next(filter(None, (*map(context.env.get, REGIONS), profile.region)), "")
    partition = profile.partition or partition_of(region) or DEFAULT_PARTITION
    if not request.region and partition_of(region) != partition:
        # The region of the environment is for other profiles.
        region = ""
    hosts = console_hosts(partition, region)
    if request.destination:
        destination = checked_destination(request.destination, hosts)
    else:
        destination = page_address(hosts, request.service)
    if (wrong := check_endpoint(context.env, files, profile.name, _SIGN_IN)) is not None:
        raise wrong.as_error(ConfigError)
    endpoint, _ = configured_endpoint(context.env, files, profile.name, _SIGN_IN)
    return SignInPlan(request, resolved, hosts, endpoint, destination)


def find_identity(operation: Operation, plan: SignInPlan) -> ConsoleIdentity:
    """Find out whose credentials a profile without a role has (GetCallerIdentity).

    Raises AwsRefused, NetworkProblem, ConfigError, Cancelled.
    """
    files, profile = plan.resolved
    keys = get_base_credentials(operation, files, profile)
    region = text(files.merged(profile.base), "region") or profile.region
    caller = Caller(profile.name, keys, region, profile.partition, profile.base)
    return ConsoleIdentity(caller, ask_identity(operation, caller))


@recorded(
    lambda operation, plan, *_: (operation.context, Action("console", plan.resolved.profile.name)),
    lambda _: "Made a sign-in link.",
)
def make_link(operation: Operation, plan: SignInPlan, session: Session) -> ConsoleLink:
    """Make the link of a role's *session*.

    It is never made of a session of GetSessionToken: unless we assumed the role ourselves, AWS is asked whose the
    session is. Raises ProfileProblem (``console-user-session``), AwsRefused, NetworkProblem, ConfigError, Cancelled.
    """
    context, profile = operation.context, plan.resolved.profile
    caller = Caller(profile.name, session, profile.region, plan.hosts.partition)
    if not session.roles and not ask_identity(operation, caller).is_role:
        raise _user_session(profile.name)
    from mfa_tui.adapters.aws.signin import get_signin_token

    operation.progress("asking", "Asking AWS for a sign-in link")
    address = federation_address(plan.hosts, plan.endpoint)
    duration = session_duration(session)
    try:
        token = get_signin_token(context.aws, profile.name, address, session, operation.cancel, duration=duration)
    except AwsError as refusal:
        raise AwsRefused(
            "console-refused",
            f"AWS refused to sign in to the console with the session of {quoted(profile.name)}.",
            sentence(sanitize(refusal.message) or f"It answered with HTTP status {refusal.status}"),
            f"Get a new session, then try again: {shell_command(profile.name, 'mfa-tui login PROFILE --force')}",
        ) from None
    except AwsUnreachable as failure:
        raise error_for(failure, caller) from None
    link = sign_in_link(plan.hosts, token, plan.destination, endpoint=plan.endpoint, sign_out=plan.request.sign_out)
    operation.notify(WITHOUT_MFA)
    expires_at = int(context.clock.aws_now()) + duration if duration else session.expires_at
    return ConsoleLink(link, expires_at)


@recorded(
    lambda operation, plan, *_: (operation.context, Action("console", plan.resolved.profile.name)),
    lambda page: f"Found the sign-in page of {format_account(page.account)}.",
)
def find_user_page(operation: Operation, plan: SignInPlan, found: ConsoleIdentity) -> UserPage:
    """Find the sign-in page of the user's account, with its alias if AWS tells.

    Raises ProfileProblem (``console-user-session``), NetworkProblem, ConfigError, Cancelled.
    """
    if isinstance(found.caller.keys, Session) and found.caller.keys.session_token:
        raise _user_session(plan.resolved.profile.name)
    alias = _account_alias(operation, plan, found)
    if alias:
        remember_alias(operation.context.paths, found.caller.keys, alias)
    address = user_page_address(
        plan.hosts,
        alias or found.identity.account,
        plan.request.service,
        region=plan.request.region,
        endpoint=plan.endpoint,
    )
    if plan.request.destination:
        # The console leads to the sign-in page and back.
        address = plan.destination
    return UserPage(address, found.identity.account, alias, found.identity.user)


def find_codes(operation: Operation, plan: SignInPlan) -> CodeSource | str:
    """Find what generates the user's codes; or return how else the user signs in, in a sentence.

    Without codes of ours the page can be used all the same, so that is no error. Raises Cancelled.
    """
    serial = plan.resolved.profile.serial
    if serial is not None and serial.kind == FIDO:
        return "The MFA device is a FIDO key or passkey: the browser asks for it."
    try:
        return CodeSource(operation, plan.resolved)
    except (KeyringProblem, ProfileProblem, UsageError) as problem:
        return f"{problem.what} Type the code that the MFA device shows."


def _account_alias(operation: Operation, plan: SignInPlan, found: ConsoleIdentity) -> str:
    """The account's alias; empty if it has none, or the user may not list it, with MFA or without."""
    context, profile = operation.context, plan.resolved.profile
    serial = profile.serial.text if profile.serial is not None else ""
    callers = [found.caller]
    live = live_session(context, profile, serial=serial, margin=USED_AT_ONCE, roles=()) if serial else None
    session = context.cache.load_secrets(live, operation.cancel) if live is not None else None
    if session is not None:
        callers.append(found.caller._replace(keys=session))
    for caller in callers:
        try:
            aliases = context.iam.list_account_aliases(caller, operation.cancel)
        except AwsError as refusal:
            if refusal.means != AwsErrorKind.DENIED:
                break
        except AwsUnreachable:
            break
        else:
            return aliases[0] if aliases else ""
    return ""


def session_duration(session: Session) -> int:
    """How long the console's session may be asked to last, in seconds; 0: AWS does not take a duration.

    It takes one only for a role that long-term keys have assumed ("Otherwise, the call to the federation endpoint
    fails", IAM User Guide). A role that a session has assumed (role chaining) lasts an hour at most, so a longer one
    is known to be of the other kind.
    """
    directly = len(session.roles) == 1 and session.duration > CHAINED_MAXIMUM
    return min(session.duration, MAXIMUM_DURATION) if directly else 0


def _user_session(profile: str) -> ProfileProblem:
    return ProfileProblem(
        "console-user-session",
        f"The profile {profile!r} has the session of an IAM user, which cannot sign in to the console.",
        "AWS makes sign-in links only of sessions of roles and federated users, not of those of GetSessionToken.",
        "Use the profile with the user's access keys, which opens the account's sign-in page; or a role profile.",
    )
