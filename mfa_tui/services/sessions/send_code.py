"""Getting the session token: the right code, at the right time, sent once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.core.aws.error_kinds import AwsErrorKind, classify
from mfa_tui.core.seeds.totp import step_at
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.errors import ConfigError, WriteProblem
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.failures import clock_words, explained
from mfa_tui.services.steps import sent_at, used_before, wait_for_step

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

    T = TypeVar("T")

_CLOCK_OFF = "clock off"
_USED_ELSEWHERE = "used elsewhere"
_NOT_KNOWN_YET = "not known yet"
_WORDS = {
    _USED_ELSEWHERE: "The code was used elsewhere; the next one is tried",
    _NOT_KNOWN_YET: "AWS does not know the new device everywhere yet; the next code is tried",
}
_TRIES_OF_NEW = 4
"""Codes that are sent of a device that was enabled a moment ago: STS has been seen to know one after 8 to 14 s only."""
_UNNOTED = "The record of used codes cannot be written: within 30 s, another login may meet a used code."


class TokenMaker:
    """Sends codes of one caller to STS, for a session of the user or of *role*. Remarks for the user: *notices*."""

    def __init__(
        self,
        context: Context,
        caller: Caller,
        control: CancelScope,
        progress: Callable[[Progress], None],
        notices: list[str],
        *,
        role: Role | None = None,
        new_device: bool = False,
    ) -> None:
        self.context = context
        self.caller = caller
        self.role = role
        self.control = control
        self.progress = progress
        self.notices = notices
        self._new_device = new_device

    def with_typed_code(self, serial: MfaSerial, code: Secret, send: Callable[[Secret], Session]) -> Session:
        """The session that *send* gets for a code that the user gave. It is sent once; its step is noted as used."""
        clock, used_codes = self.context.clock, self.context.used_codes
        before = sent_at(self.context, serial.text, code)

        def ask() -> Session:
            sent, step = clock.monotonic(), step_at(clock.aws_now())
            take_back = used_codes.record_use(serial.text, step, code)
            self.progress(Progress("asking", "Asking AWS for a session"))
            seen, refused = True, False
            try:
                return send(code)
            except (AwsError, AwsUnreachable, ConfigError) as failure:
                seen, refused = not _never_looked_at(failure), _meaning(failure) == AwsErrorKind.CODE
                raise
            finally:
                right = step_at(clock.aws_now() - (clock.monotonic() - sent))
                if not seen or right != step:
                    take_back()
                if seen and right != step:
                    # The answer has told the time: the code was of another step than this machine's clock had it.
                    used_codes.record_use(serial.text, right, code)
                if refused and before is None:
                    used_codes.record_refusal(serial.text, right, code)

        try:
            # If the signature's time was wrong, AWS has not looked at the code: it may go again, rightly signed.
            return self.despite_clock(ask)
        except (AwsError, AwsUnreachable) as failure:
            error = self.explained(failure, serial.text)
            if error.slug == AwsErrorKind.CODE and before is not None:
                error.why = f"{used_before(before)} AWS takes each code once."
            raise error from None

    def with_seed(
        self, serial: MfaSerial, codes: StoredSeed | CurrentCodeSource, send: Callable[[Secret], Session]
    ) -> Session:
        """The session that *send* gets for a code that *codes* makes, of a step that nobody has used.

        A code refused because the clock is off is followed by one of the right time; one refused though the clock is
        right, by that of the next free step, since it may have been used elsewhere. Each happens once at most; a device
        that AWS does not know everywhere yet may take more.
        Raises KeyringProblem, too, where a YubiKey gives none.
        """
        met: set[str] = set()
        sent: set[int] = set()
        while True:
            step = self._reserved_step(serial.text, sent)
            sent.add(step)
            code = self._code(serial.text, codes, step)
            self.context.used_codes.record_use(serial.text, step, code)
            self.progress(Progress("asking", "Asking AWS for a session"))
            try:
                session = send(code)
            except (AwsError, AwsUnreachable) as failure:
                reason = self._reason(failure, step)
                if reason == _CLOCK_OFF or _never_looked_at(failure):
                    # What was taken for a wrong code, or not looked at, is not used: its step is free again.
                    self.context.used_codes.release_step(serial.text, step, code)
                elif _meaning(failure) == AwsErrorKind.CODE:
                    self.context.used_codes.record_refusal(serial.text, step, code)
                again = reason == _NOT_KNOWN_YET and len(sent) < _TRIES_OF_NEW
                if not reason or (reason in met and not again):
                    raise self.explained(failure, serial.text, typed=False) from None
                met.add(reason)
                if reason in _WORDS:
                    self.progress(Progress("waiting", _WORDS[reason]))
                continue
            except ConfigError:
                # Nothing was sent.
                self.context.used_codes.release_step(serial.text, step, code)
                raise
            self._note_clock()
            return session

    def _code(self, serial: str, codes: StoredSeed | CurrentCodeSource, step: int) -> Secret:
        try:
            return codes.code(step)
        except BaseException:
            # Nobody has seen it.
            self.context.used_codes.release_step(serial, step)
            raise

    def _reason(self, failure: AwsError | AwsUnreachable, step: int) -> str:
        """Why the code of *step* was refused, if another code may help; empty otherwise."""
        means = _meaning(failure)
        if means == AwsErrorKind.SERIAL and self._new_device:
            return _NOT_KNOWN_YET
        clock = self.context.clock
        # AWS takes the codes of one step either side.
        skewed = clock.offset is not None and abs(step_at(clock.aws_now()) - step) > 1
        if means == AwsErrorKind.CLOCK or (means == AwsErrorKind.CODE and skewed):
            return _CLOCK_OFF
        return _USED_ELSEWHERE if means == AwsErrorKind.CODE else ""

    def despite_clock(self, ask: Callable[[], T]) -> T:
        """*ask*, and once more if it was refused only because the request was signed at a wrong time.

        Raises AwsError, AwsUnreachable, Cancelled.
        """
        try:
            answer = ask()
        except AwsError as failure:
            if _meaning(failure) != AwsErrorKind.CLOCK:
                raise
            answer = ask()
        self._note_clock()
        return answer

    def explained(self, failure: AwsError | AwsUnreachable, serial: str = "", *, typed: bool = True) -> MfaTuiError:
        """The failure as an error with a next step."""
        offset = self.context.clock.offset or 0.0
        place = "" if typed else self.context.seeds.where(serial)
        return explained(
            failure,
            self.caller,
            serial=serial,
            made_by=place,
            offset=offset,
            role=self.role,
            new_device=self._new_device,
        )

    def _reserved_step(self, serial: str, sent: set[int]) -> int:
        """A step of our own that is not in *sent*, once it has begun."""
        clock = self.context.clock
        step = step_at(clock.aws_now())
        while step in sent:
            step += 1
        try:
            step = self.context.used_codes.reserve_step(serial, step, cancelled=self.control.cancelled)
        except WriteProblem as problem:
            if problem.slug != "write-failed":
                raise
            # A full disk or a read-only home keeps nobody from logging in.
            if _UNNOTED not in self.notices:
                self.notices.append(_UNNOTED)
        wait_for_step(self.context, serial, step, self.control, self._tell_of_wait)
        return step

    def _tell_of_wait(self, seconds: float) -> None:
        words = f"The current code is used; the next comes in {format_duration(seconds + 1)}"
        self.progress(Progress("waiting", words, self.context.clock.monotonic() + seconds))

    def _note_clock(self) -> None:
        offset = self.context.clock.offset or 0.0
        notice = f"This machine's clock is {clock_words(offset)}; that was allowed for. Set it when you can."
        if abs(offset) >= _WORTH_A_WORD and notice not in self.notices:
            self.notices.append(notice)


_WORTH_A_WORD = 20.0
"""Seconds that the clock may be off before it is mentioned: codes are refused from 30 to 60 s on."""


_NEVER_SENT = ("unreachable", "proxy", "proxy-status", "tls", "tls-time", "unsent")


def _never_looked_at(failure: AwsError | AwsUnreachable | ConfigError) -> bool:
    """Whether AWS cannot have seen the code: the request was not sent, or its signature was of a wrong time."""
    if isinstance(failure, AwsUnreachable):
        return failure.kind in _NEVER_SENT or not failure.connected
    return isinstance(failure, ConfigError) or _meaning(failure) == AwsErrorKind.CLOCK


def _meaning(failure: AwsError | AwsUnreachable | ConfigError) -> str:
    return classify(failure.code, failure.message, failure.status) if isinstance(failure, AwsError) else ""
