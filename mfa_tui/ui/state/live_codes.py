"""The codes of stored seeds: each seed is read from the keyring once, and only when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.seeds.external import CODES_ONLY
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.seeds.totp import seconds_left, step_at
from mfa_tui.errors import MfaTuiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.services.context import Context
    from mfa_tui.services.progress import Progress
    from mfa_tui.services.seeds.current_code import Code, CodeSource


class LiveCodes:
    """Code sources by MFA serial; they live as long as the program."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sources: dict[str, CodeSource] = {}
        self._problems: dict[str, MfaTuiError] = {}
        self._of_keys: dict[str, Code] = {}
        """Codes of YubiKeys, which make one at a time, and perhaps want to be touched for it."""

    def knows(self, serial: str) -> bool:
        """Whether the keyring was asked for the seed of *serial* already, whatever it answered."""
        return serial in self._sources or serial in self._problems or self._of_key(serial) is not None

    def read(self, profile: str, serial: str, progress: Callable[[Progress], None]) -> None:
        """Ask the keyring. Blocks as long as it does: up to half a minute when it is locked."""
        from mfa_tui.services.seeds.current_code import CodeSource

        try:
            source = CodeSource(self._context, profile, CancelScope(), progress)
            # The first code loads the TOTP library, which should not happen while the screen waits.
            code = source.current()
            if self._context.seeds.where(serial) in CODES_ONLY:
                self._of_keys[serial] = code
            else:
                self._sources[serial] = source
        except MfaTuiError as problem:
            self._problems[serial] = problem

    def code(self, serial: str) -> Code | None:
        """The code of this moment; None if the seed is not to be had (yet)."""
        source = self._sources.get(serial)
        return source.current() if source else self._of_key(serial)

    def _of_key(self, serial: str) -> Code | None:
        code, now = self._of_keys.get(serial), self._context.clock.aws_now()
        if code is None or code.step != step_at(now):
            return None
        used = code.step in self._context.used_codes.used_steps(serial)
        return code._replace(seconds_left=seconds_left(now), used=used)

    def problem(self, serial: str) -> MfaTuiError | None:
        """Why the seed could not be read."""
        return self._problems.get(serial)

    def forget(self, serial: str = "") -> None:
        """Ask the keyring again next time: for one serial, or for those that it refused."""
        if serial:
            self._sources.pop(serial, None)
            self._problems.pop(serial, None)
            self._of_keys.pop(serial, None)
        else:
            self._problems.clear()
