"""Giving a code of one MFA device to AWS: the one that was typed, else one of the stored seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.errors import Cancelled, KeyringProblem, UsageError, WriteProblem
from mfa_tui.services.progress import TOUCH, Progress
from mfa_tui.services.steps import sent_at, used_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.seeds.store import CurrentCodeSource, StoredSeed
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.models import Secret, Session
    from mfa_tui.services.context import Context
    from mfa_tui.services.sessions.send_code import TokenMaker


_FETCHING = {
    "keyring": "Reading the secret from the keyring",
    "vault": "Opening the vault",
    "command": "Getting the secret from its command",
    "code-command": "Getting the code from its command",
    "yubikey": "Asking the YubiKey",
}
"""What is done, by where a secret is."""


class CodeGiver:
    """Gives codes for one login: the typed *code*, once, then the stored seed's unless *asks*, which wants them typed.

    With *spares*, a typed code that mfa-tui itself has used is not sent. ``typed`` says whether it was sent.
    """

    def __init__(self, context: Context, code: Secret | None, *, asks: bool, spares: bool = False) -> None:
        self._context = context
        self._code = code
        self._asks = asks
        self._spares = spares
        self._unproved = ""
        self.typed = False

    @property
    def in_hand(self) -> bool:
        """Whether there is a typed code that was not sent yet."""
        return self._code is not None and not self.typed

    def give(self, maker: TokenMaker, serial: MfaSerial, send: Callable[[Secret], Session]) -> Session | str:
        """What *send* gets for a code of *serial*; or, if one must be typed, why it is not made here (may be empty).

        Raises AwsRefused, NetworkProblem, UsageError (``code-used``), WriteProblem, Cancelled.
        """
        if self._code is not None and self.in_hand:
            moment = sent_at(self._context, serial.text, self._code) if self._spares else None
            if moment is not None:
                raise used_code(moment)
            self.typed = True
            return maker.with_typed_code(serial, self._code, send)
        try:
            codes = self._codes(maker, serial)
            if isinstance(codes, str):
                return codes
            session = maker.with_seed(serial, codes, send)
        except KeyringProblem as problem:
            # A keyring, a vault or a YubiKey that fails keeps nobody from logging in.
            return problem.what
        self._unproved = serial.text if codes.unverified else ""
        return session

    def _codes(self, maker: TokenMaker, serial: MfaSerial) -> StoredSeed | CurrentCodeSource | str:
        """What makes the codes, or why there is nothing. Raises KeyringProblem, Cancelled."""
        seeds = self._context.seeds
        place = "" if self._asks else seeds.where(serial.text)
        if not place:
            if not self._asks:
                seeds.check_index()
            return ""
        maker.progress(Progress("keyring", _FETCHING[place]))

        def touch() -> None:
            maker.progress(TOUCH)

        try:
            return seeds.codes(serial.text, maker.control, touch) or f"The {place} no longer has its secret."
        except UsageError as problem:
            # An extra is missing that opens the vault.
            return f"{problem.what} {problem.why}"

    def prove(self, control: CancelScope) -> str:
        """If AWS took a code of a new seed, the one that it replaced goes; returns a remark if it would not."""
        try:
            if self._unproved:
                self._context.seeds.confirm_seed(self._unproved, control)
        except (KeyringProblem, WriteProblem, Cancelled):
            return "The secret that was replaced is still kept beside the new one."
        return ""
