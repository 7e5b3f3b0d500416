"""``--user NAME`` of the device commands: an administrator acts for another IAM user of the account."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.sessions.login_prompts import obtain_session
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.aws_calls import calls_as_json, show_calls
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.errors import Exit, MfaTuiError, ProfileProblem
from mfa_tui.services.account.administered_user import WITHOUT_MFA, AdministeredUser, check_user_name
from mfa_tui.services.sessions.outcomes import LoginRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.models import Session
    from mfa_tui.services.operation import Operation


def load_administered(
    profile: str | None, name: str, code: str | None = None, *, takes_code: bool = True, may_be_new: bool = False
) -> AdministeredUser:
    """Load the user *name* with the administrator's session of *profile*; a code is asked for if necessary.

    *takes_code*: the command has an option ``--code``; *code*, for that session, is what it was given.
    *may_be_new*: see :meth:`AdministeredUser.load`. Raises what the services raise, NoTerminal, Cancelled.
    """
    check_user_name(name)
    operation = new_operation(open_context(secrets=True))
    user = AdministeredUser(operation, profile, name, _administrators_session(operation, profile, code, takes_code))
    user.load(may_be_new=may_be_new)
    return user


def _administrators_session(
    operation: Operation, profile: str | None, code: str | None, takes_code: bool
) -> Session | None:
    """The session of *profile*; None if it cannot log in with MFA."""
    request = LoginRequest(profile=profile, code=checked_code(code) if code else None)
    try:
        return obtain_session(operation, request, takes_code=takes_code).session
    except ProfileProblem as problem:
        if problem.slug not in WITHOUT_MFA:
            raise
        output.warn(f"{problem.what} The requests are signed with its long-term keys, without MFA.")
        return None


def renew_session(user: AdministeredUser) -> None:
    """Get a new session of the administrator if the old one has expired meanwhile."""
    if user.needs_session():
        user.use_session(obtain_session(user.operation, user.session_request(), takes_code=True).session)


@contextmanager
def show_calls_of(user: AdministeredUser) -> Iterator[None]:
    """If an error ends the block, show the AWS requests that were made until then."""
    try:
        yield
    except (MfaTuiError, KeyboardInterrupt):
        show_calls(user.calls)
        raise


def report(user: AdministeredUser, plain: str, details: dict[str, object], *, as_json: bool) -> int:
    """Print the result, *plain* or with *details* as JSON, and the AWS requests that were made. Returns the status."""
    if as_json:
        identity = user.identity
        whole = {"profile": user.name, "user": identity.user, "account": identity.account, **details}
        output.print_json({**whole, "calls": calls_as_json(user.calls)})
    else:
        output.print_result(plain)
        show_calls(user.calls)
    return Exit.DONE
