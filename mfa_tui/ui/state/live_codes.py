"""The codes of stored secrets. Each secret is read once, and only when its code is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.seeds.totp import seconds_left, step_at
from mfa_tui.errors import MfaTuiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.services.context import Context
    from mfa_tui.services.progress import Notice, Progress
    from mfa_tui.services.seeds.current_code import Code, CodeSource


class LiveCodes:
    """Code sources by MFA serial; they are kept as long as the program runs."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sources: dict[str, CodeSource] = {}
        self._problems: dict[str, MfaTuiError] = {}
        self._yubikey_codes: dict[str, Code] = {}
        """Codes of YubiKeys, which generate one at a time, and may need a touch for it."""

    def knows(self, serial: str) -> bool:
        """Whether the secret of *serial* was read already, or could not be read."""
        return serial in self._sources or serial in self._problems or self._yubikey_code(serial) is not None

    def read(self, profile: str, serial: str, report: Callable[[Progress | Notice], None]) -> None:
        """Read the secret. Blocks as long as the keyring does: up to half a minute when it is locked."""
        from mfa_tui.adapters.seeds.external import CODES_ONLY
        from mfa_tui.services.operation import Operation
        from mfa_tui.services.seeds.current_code import CodeSource

        try:
            source = CodeSource(Operation(self._context, CancelScope(), report), self._context.resolve(profile))
            # The first code loads the TOTP library, which should not happen while the screen waits.
            code = source.current()
            if self._context.seeds.where(serial) in CODES_ONLY:
                self._yubikey_codes[serial] = code
            else:
                self._sources[serial] = source
        except MfaTuiError as problem:
            self._problems[serial] = problem

    def code(self, serial: str) -> Code | None:
        """The current code; None if the secret was not read (yet)."""
        source = self._sources.get(serial)
        return source.current() if source else self._yubikey_code(serial)

    def _yubikey_code(self, serial: str) -> Code | None:
        code, now = self._yubikey_codes.get(serial), self._context.clock.aws_now()
        if code is None or code.step != step_at(now):
            return None
        used = code.step in self._context.used_codes.used_steps(serial)
        return code._replace(seconds_left=seconds_left(now), used=used)

    def problem(self, serial: str) -> MfaTuiError | None:
        """Why the secret could not be read."""
        return self._problems.get(serial)

    def forget(self, serial: str = "") -> None:
        """Read again next time: the secret of one serial, or (without one) those that could not be read."""
        if serial:
            self._sources.pop(serial, None)
            self._problems.pop(serial, None)
            self._yubikey_codes.pop(serial, None)
        else:
            self._problems.clear()
