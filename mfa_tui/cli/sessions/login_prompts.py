"""The command line's login: it asks on the terminal for what is missing, or says which option to use without one."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output, time_format, tty
from mfa_tui.cli.terminal.code_prompt import ask_code
from mfa_tui.core.aws.mfa_serial import checked_serial
from mfa_tui.core.shells.variables import export_command
from mfa_tui.core.text.display import format_account, in_words, shell_command
from mfa_tui.errors import AwsRefused, NoTerminal, UsageError
from mfa_tui.services.login import login
from mfa_tui.services.login.target_writer import foreign_target
from mfa_tui.services.sessions.obtain import NEW, get_session
from mfa_tui.services.sessions.outcomes import (
    Continuation,
    LoginRequest,
    LoginResult,
    NeedsCode,
    NeedsConsent,
    NeedsSerial,
    ObtainedSession,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation

    T = TypeVar("T")

_FEW_DIGITS = 3
"""An answer with so few digits is a number in a list: no serial is that short."""
_TRIES = 3
"""How many codes may be typed before a refusal ends the command."""


def log_in(operation: Operation, request: LoginRequest) -> LoginResult:
    """Log in, asking for what is missing. Raises what the service's ``log_in`` raises, NoTerminal, Cancelled."""
    return _run_with_prompts(operation, request, login.log_in)


def obtain_session(
    operation: Operation, request: LoginRequest, continuation: Continuation = NEW, *, takes_code: bool = False
) -> ObtainedSession:
    """Get the profile's session, asking for what is missing; it is written nowhere. Raises as :func:`log_in` does.

    *takes_code*: the command that needs it has an option ``--code``, which is named where nobody can be asked.
    """
    return _run_with_prompts(operation, request, get_session, continuation, takes_code=takes_code)


def _run_with_prompts(
    operation: Operation,
    request: LoginRequest,
    attempt: Callable[[Operation, LoginRequest, Continuation], T | NeedsCode | NeedsSerial | NeedsConsent],
    continuation: Continuation = NEW,
    *,
    takes_code: bool = False,
) -> T:
    """The result of *attempt*, which is called again with each answer that it needs."""
    typed = 0
    named: set[Secret] = set()
    first: NeedsCode | None = None
    with ExitStack() as held:
        while True:
            try:
                outcome = attempt(operation, request, continuation)
            except (AwsRefused, UsageError) as error:
                if not _can_type_again(error, request, typed):
                    raise
                output.print_error(error)
                if error.slug == "code-used" and request.code is not None:
                    named.add(request.code)
                request = request._replace(code=None, type_code=True)
                continue
            if isinstance(outcome, NeedsCode | NeedsSerial):
                continuation = outcome.continuation
            if isinstance(outcome, NeedsCode) and first is None:
                # Only one process asks for the code of a session; one that had to wait may find the session made.
                first = outcome
                held.enter_context(
                    operation.context.single_flight.hold(
                        outcome.session, cancelled=operation.cancel.cancelled, waiting=_show_who_asks
                    )
                )
                request = outcome.request._replace(code=None)
            elif isinstance(outcome, NeedsCode):
                typed += 1
                need = (
                    outcome if outcome.why or first is None else outcome._replace(why=first.why, refusal=first.refusal)
                )
                _prepare_meanwhile(operation, need)
                request = need.request._replace(
                    code=(code := _ask_code(need, takes_code=takes_code)), spare_used=code not in named
                )
            elif isinstance(outcome, NeedsSerial):
                request = ask_serial(outcome)
            elif isinstance(outcome, NeedsConsent):
                raise foreign_target(outcome.target, outcome.what)
            else:
                return outcome


def _can_type_again(error: AwsRefused | UsageError, request: LoginRequest, typed: int) -> bool:
    """Whether another code may help after *error*; *typed* codes were asked for so far."""
    if error.slug == "code-used":
        return request.code is not None
    return error.slug == "code-refused" and 0 < typed < _TRIES


def _show_who_asks(holder: str) -> None:
    output.say(f"Waiting for {holder}, which is asking for the code …")


def _prepare_meanwhile(operation: Operation, need: NeedsCode) -> None:
    """Load what the request takes while the user types."""
    import sys
    import threading

    if sys.stdin.isatty():
        threading.Thread(target=operation.context.aws.preload, args=(need.profile,), daemon=True).start()


def _ask_code(need: NeedsCode, *, takes_code: bool) -> Secret:
    name = need.profile
    device = f" --serial {need.serial.text}" if need.is_other_device else ""
    option = f"Log in with a code: {shell_command(name, f'mfa-tui login PROFILE{device} --code CODE')}"
    store = shell_command(name, f"mfa-tui device import PROFILE{device}")
    missing = need.refusal or NoTerminal(
        "no-terminal",
        f"A code for {name} is needed, and there is no terminal to ask on.",
        need.why or f"No secret is stored for {need.serial.text}.",
        ("Use --code CODE" if takes_code else option) + ("" if need.why else f"; or store the secret: {store}"),
    )
    if need.why:
        output.remark(need.why)
    account = f", account {format_account(need.serial.account)}" if need.serial.account else ""
    return ask_code(f"MFA code for {name} (device {need.serial.name}{account}): ", missing)


def ask_serial(need: NeedsSerial) -> LoginRequest:
    """Ask which device to use and whether to save it, and return the request with it. Raises NoTerminal, Cancelled."""
    usable = [device.serial.text for device in need.devices if device.serial.usable]
    missing = NoTerminal(
        "no-terminal",
        f"The MFA device of {need.profile} is not known, and there is no terminal to ask on.",
        need.why + (f" They are {in_words(usable)}." if usable else ""),
        "Use --serial ARN, or add mfa_serial to the profile.",
    )
    if not tty.is_available():
        raise missing
    output.say(need.why)
    for number, device in enumerate(need.devices, start=1):
        note = "" if device.serial.usable else "   (works only in the browser)"
        output.say(f"  {number}  {device.serial.text}{note}")
    hint = f"number 1-{len(need.devices)}, or serial" if need.devices else "serial (ARN)"
    while True:
        answer = tty.ask(f"MFA device of {need.profile}, {hint}: ", missing)
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(need.devices):
            answer = need.devices[int(answer) - 1].serial.text
        elif need.devices and answer.isascii() and answer.isdigit() and len(answer) <= _FEW_DIGITS:
            output.say(f"There is no number {answer} in the list.")
            continue
        try:
            serial = checked_serial(answer, "your answer").text
        except UsageError as error:
            output.print_error(error)
            continue
        remember = tty.confirm(f"Save it as mfa_serial in {need.profile} if it works?", default=True)
        return need.request._replace(serial=serial, remember_serial=remember)


def show_login(context: Context, done: LoginResult) -> None:
    """Print the result of a login, and how to use it."""
    until = time_format.until(done.session.expires_at, context.clock.aws_now())
    result, remarks = login_words(done)
    output.print_result(f"{result}, valid until {until}")
    for remark in remarks:
        output.remark(remark)


def login_words(done: LoginResult) -> tuple[str, list[str]]:
    """The result of a login in words, without the time, and remarks for a person."""
    saved = f"{'already ' if done.kept and done.saved_before else ''}saved as {done.target}"
    if done.scope:
        saved += f", limited to {done.scope}"
    remarks = []
    if done.kept and not done.saved_before:
        remarks.append("It is the session that was valid already. --force gets a new one.")
    if done.process:
        remarks.append(
            "AWS tools get the session from mfa-tui, which renews it on demand. The AWS files contain no keys."
        )
    if done.unsaved_serial:
        remarks.append(
            f"{done.profile} does not name its MFA device, {done.unsaved_serial}. "
            "Save it with --save-serial, or the next login has to look it up again."
        )
    return f"{done.profile}: {saved}", [*remarks, f"To use it: {export_command(done.target)}"]
