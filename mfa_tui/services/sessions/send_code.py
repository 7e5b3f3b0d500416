"""Sending codes of an MFA device to AWS: the right code, at the right time, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.seeds.totp import step_at, step_start
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.errors import Cancelled, ConfigError, KeyringProblem, UsageError, WriteProblem
from mfa_tui.services.progress import TOUCH
from mfa_tui.services.sessions.refusals import clock_words, error_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.seeds.store import CurrentCodeSource, StoredSeed
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.profiles.role import Role
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Secret, Session
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation

    T = TypeVar("T")

_CLOCK_OFF = "clock off"
_USED_ELSEWHERE = "used elsewhere"
_NOT_KNOWN_YET = "not known yet"
_TEXTS = {
    _USED_ELSEWHERE: "The code was used elsewhere; trying the next one",
    _NOT_KNOWN_YET: "AWS does not know the new device everywhere yet; trying the next code",
}
_TRIES_OF_NEW = 4
"""Codes sent for a device that was enabled a moment ago: STS has been seen to need 8 to 14 s to learn of one."""
_NOT_RECORDED = "The record of used codes cannot be written: within 30 s, another login may send a used code."
_NOTICED_OFFSET = 20.0
"""Seconds that the clock may be off before it is mentioned: AWS refuses codes that are 30 to 60 s off."""
_NEVER_SENT = ("unreachable", "proxy", "proxy-status", "tls", "tls-time", "unsent")
_READING = {
    "keyring": "Reading the secret from the keyring",
    "vault": "Opening the vault",
    "command": "Getting the secret from its command",
    "code-command": "Getting the code from its command",
    "yubikey": "Asking the YubiKey",
}
"""What is reported, by where the secret is kept."""


class CodeRequest(NamedTuple):
    """A request to AWS that takes a code."""

    serial: MfaSerial
    """The device whose code it takes."""
    caller: Caller
    """Who makes the request."""
    send: Callable[[Secret], Session]
    """Makes the request with a code. Raises AwsError, AwsUnreachable, ConfigError, Cancelled."""
    role: Role | None = None
    """The role that the session is for; None for the user's own session."""


class CodeSender:
    """Sends codes for one login: the typed code, once; after that, codes of the stored secret."""

    def __init__(
        self,
        operation: Operation,
        code: Secret | None,
        *,
        ask_code: bool = False,
        spare_used: bool = False,
        new_device: bool = False,
    ) -> None:
        """*code* is the one that was typed.

        *ask_code*: use no stored secret. *spare_used*: do not send a typed code that mfa-tui itself has used.
        *new_device*: the device was enabled a moment ago, so AWS may not know it everywhere yet.
        """
        self._operation = operation
        self._context = operation.context
        self._code = code
        self._ask_code = ask_code
        self._spare_used = spare_used
        self._new_device = new_device
        self._code_was_sent = False
        self._unverified = ""

    @property
    def has_unsent_code(self) -> bool:
        """Whether there is a typed code that was not sent yet."""
        return self._code is not None and not self._code_was_sent

    def send(self, request: CodeRequest) -> Session | str:
        """Send *request* with a code. If one must be typed, return why (may be empty).

        Raises AwsRefused, NetworkProblem, UsageError (``code-used``), WriteProblem, Cancelled.
        """
        if self._code is not None and self.has_unsent_code:
            sent_at = code_sent_at(self._context, request.serial.text, self._code) if self._spare_used else None
            if sent_at is not None:
                raise _used_code(sent_at)
            self._code_was_sent = True
            return self._send_typed(request, self._code)
        try:
            codes = self._load_codes(request.serial.text)
            if isinstance(codes, str):
                return codes
            session = self._send_stored(request, codes)
        except KeyringProblem as problem:
            # The user can still type a code.
            return problem.what
        self._unverified = request.serial.text if codes.unverified else ""
        return session

    def confirm_secret(self) -> None:
        """Once AWS has taken a code of a new secret, delete the one that it replaced."""
        try:
            if self._unverified:
                self._context.seeds.confirm_seed(self._unverified, self._operation.cancel)
        except (KeyringProblem, WriteProblem, Cancelled):
            self._operation.notify("The secret that was replaced is still kept beside the new one.")

    def _send_typed(self, request: CodeRequest, code: Secret) -> Session:
        """Send the code that the user gave. Its time step is recorded as used."""
        clock, used_codes, serial = self._context.clock, self._context.used_codes, request.serial.text
        sent_before = code_sent_at(self._context, serial, code)

        def send() -> Session:
            sent, step = clock.monotonic(), step_at(clock.aws_now())
            take_back = used_codes.record_use(serial, step, code)
            self._operation.progress("asking", "Asking AWS for a session")
            seen, refused = True, False
            try:
                return request.send(code)
            except (AwsError, AwsUnreachable, ConfigError) as failure:
                seen, refused = not _code_was_unseen(failure), _meaning(failure) == AwsErrorKind.CODE
                raise
            finally:
                # The answer has set the clock: the code may be of another step than this machine's clock said.
                right = step_at(clock.aws_now() - (clock.monotonic() - sent))
                if not seen or right != step:
                    take_back()
                if seen and right != step:
                    used_codes.record_use(serial, right, code)
                if refused and sent_before is None:
                    used_codes.record_refusal(serial, right, code)

        try:
            # AWS does not check the code of a request that was signed at a wrong time, so it can be sent again.
            return retry_after_clock_sync(self._operation, send)
        except (AwsError, AwsUnreachable) as failure:
            error = self._error(request, failure)
            if error.slug == AwsErrorKind.CODE and sent_before is not None:
                error.why = f"{_used_before(sent_before)} AWS takes each code once."
            raise error from None

    def _load_codes(self, serial: str) -> StoredSeed | CurrentCodeSource | str:
        """What makes the codes, or why a code must be typed. Raises KeyringProblem, Cancelled."""
        seeds, operation = self._context.seeds, self._operation
        place = "" if self._ask_code else seeds.where(serial)
        if not place:
            if not self._ask_code:
                seeds.check_index()
            return ""
        operation.progress("keyring", _READING[place])
        try:
            codes = seeds.codes(serial, operation.cancel, lambda: operation.progress(TOUCH.phase, TOUCH.text))
        except UsageError as problem:
            # The optional package that opens the vault is not installed.
            return f"{problem.what} {problem.why}"
        return codes or f"The {place} no longer has its secret."

    def _send_stored(self, request: CodeRequest, codes: StoredSeed | CurrentCodeSource) -> Session:
        """Send a code of a time step that nobody has used.

        If it is refused because the clock is off, a code of the right time follows; if it is refused though the clock
        is right, the code of the next free step follows, as it may have been used elsewhere. Each happens once at
        most; a device that AWS does not know everywhere yet may take more.
        """
        serial, used_codes = request.serial.text, self._context.used_codes
        met: set[str] = set()
        sent: set[int] = set()
        while True:
            step = self._reserve_step(serial, sent)
            sent.add(step)
            code = self._make_code(serial, codes, step)
            used_codes.record_use(serial, step, code)
            self._operation.progress("asking", "Asking AWS for a session")
            try:
                session = request.send(code)
            except (AwsError, AwsUnreachable) as failure:
                reason = self._reason_for_another(failure, step)
                if reason == _CLOCK_OFF or _code_was_unseen(failure):
                    # The code was of another time, or AWS did not check it: its step is free again.
                    used_codes.release_step(serial, step, code)
                elif _meaning(failure) == AwsErrorKind.CODE:
                    used_codes.record_refusal(serial, step, code)
                again = reason == _NOT_KNOWN_YET and len(sent) < _TRIES_OF_NEW
                if not reason or (reason in met and not again):
                    raise self._error(request, failure, made_by=self._context.seeds.where(serial)) from None
                met.add(reason)
                if reason in _TEXTS:
                    self._operation.progress("waiting", _TEXTS[reason])
            except ConfigError:
                # Nothing was sent.
                used_codes.release_step(serial, step, code)
                raise
            else:
                _report_clock(self._operation)
                return session

    def _make_code(self, serial: str, codes: StoredSeed | CurrentCodeSource, step: int) -> Secret:
        try:
            return codes.code(step)
        except BaseException:
            # Nobody has seen it.
            self._context.used_codes.release_step(serial, step)
            raise

    def _reason_for_another(self, failure: AwsError | AwsUnreachable, step: int) -> str:
        """Why the code of *step* was refused, if another code may help; empty otherwise."""
        kind = _meaning(failure)
        if kind == AwsErrorKind.SERIAL and self._new_device:
            return _NOT_KNOWN_YET
        clock = self._context.clock
        # AWS also takes the codes of the steps just before and after the current one.
        skewed = clock.offset is not None and abs(step_at(clock.aws_now()) - step) > 1
        if kind == AwsErrorKind.CLOCK or (kind == AwsErrorKind.CODE and skewed):
            return _CLOCK_OFF
        return _USED_ELSEWHERE if kind == AwsErrorKind.CODE else ""

    def _reserve_step(self, serial: str, sent: set[int]) -> int:
        """Reserve a time step that is not in *sent*, and wait until it has begun."""
        operation, clock = self._operation, self._context.clock
        step = step_at(clock.aws_now())
        while step in sent:
            step += 1
        try:
            step = self._context.used_codes.reserve_step(serial, step, cancelled=operation.cancel.cancelled)
        except WriteProblem as problem:
            if problem.slug != "write-failed":
                raise
            # A full disk or a read-only home must not prevent a login.
            operation.notify(_NOT_RECORDED)

        def report_wait(seconds: float) -> None:
            text = f"The current code was already used; the next one comes in {format_duration(seconds + 1)}"
            operation.wait(text, seconds)

        wait_for_step(self._context, serial, step, operation.cancel, report_wait)
        return step

    def _error(self, request: CodeRequest, failure: AwsError | AwsUnreachable, *, made_by: str = "") -> MfaTuiError:
        return error_for(
            failure,
            request.caller,
            serial=request.serial.text,
            made_by=made_by,
            offset=self._context.clock.known_offset,
            role=request.role,
            new_device=self._new_device,
        )


def retry_after_clock_sync(operation: Operation, call: Callable[[], T]) -> T:
    """The result of *call*, which is repeated once if AWS refused it only because the clock was off.

    Every answer of AWS sets the clock. Raises what *call* raises: AwsError, AwsUnreachable, Cancelled.
    """
    try:
        answer = call()
    except AwsError as failure:
        if _meaning(failure) != AwsErrorKind.CLOCK:
            raise
        answer = call()
    _report_clock(operation)
    return answer


def _report_clock(operation: Operation) -> None:
    offset = operation.context.clock.known_offset
    if abs(offset) >= _NOTICED_OFFSET:
        operation.notify(f"This machine's clock is {clock_words(offset)}; that was allowed for. Set it when you can.")


def wait_for_step(
    context: Context, serial: str, step: int, cancel: CancelScope, report_wait: Callable[[float], None]
) -> bool:
    """Wait until the reserved time step *step* has begun by AWS's clock. Returns whether it had to wait.

    *report_wait* gets the seconds. If the wait is cancelled the step is released: nobody has seen its code.
    Raises Cancelled.
    """
    seconds = step_start(step) - context.clock.aws_now()
    if seconds <= 0:
        return False
    report_wait(seconds)
    try:
        cancel.sleep(seconds)
    except BaseException:
        context.used_codes.release_step(serial, step)
        raise
    return True


def code_sent_at(context: Context, serial: str, code: Secret) -> int | None:
    """When mfa-tui sent *code* of *serial*, or may have, in seconds since the epoch; None if not recently."""
    step = context.used_codes.find_use(serial, code)
    return None if step is None else step_start(step)


def _used_before(moment: int) -> str:
    from datetime import datetime

    at = datetime.fromtimestamp(moment).astimezone().strftime("%H:%M")
    return f"mfa-tui used this code itself at {at}."


def _used_code(moment: int) -> UsageError:
    return UsageError(
        "code-used",
        _used_before(moment),
        "AWS takes each code once, so it was not sent again.",
        "Wait for the next code, then try again; this one is sent if you type it again.",
    )


def _code_was_unseen(failure: AwsError | AwsUnreachable | ConfigError) -> bool:
    """Whether AWS cannot have checked the code: the request was not sent, or was signed at a wrong time."""
    if isinstance(failure, AwsUnreachable):
        return failure.kind in _NEVER_SENT or not failure.connected
    return isinstance(failure, ConfigError) or _meaning(failure) == AwsErrorKind.CLOCK


def _meaning(failure: AwsError | AwsUnreachable | ConfigError) -> str:
    return failure.means if isinstance(failure, AwsError) else ""
