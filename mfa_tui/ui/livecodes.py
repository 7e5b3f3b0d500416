"""The codes of stored seeds: each seed is read from the keyring once, and only when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.control import Control
from mfa_tui.errors import MfaTuiError

if TYPE_CHECKING:
    from mfa_tui.services.codes import Code, CodeSource
    from mfa_tui.services.context import Context


class LiveCodes:
    """Code sources by MFA serial; they live as long as the program."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sources: dict[str, CodeSource] = {}
        self._problems: dict[str, MfaTuiError] = {}

    def knows(self, serial: str) -> bool:
        """Whether the keyring was asked for the seed of *serial* already, whatever it answered."""
        return serial in self._sources or serial in self._problems

    def read(self, profile: str, serial: str) -> None:
        """Ask the keyring. Blocks as long as it does: up to half a minute when it is locked."""
        from mfa_tui.services.codes import CodeSource

        try:
            source = CodeSource(self._context, profile, Control())
            # The first code loads the TOTP library, which should not happen while the screen waits.
            source.current()
            self._sources[serial] = source
        except MfaTuiError as problem:
            self._problems[serial] = problem

    def code(self, serial: str) -> Code | None:
        """The code of this moment; None if the seed is not to be had (yet)."""
        source = self._sources.get(serial)
        return source.current() if source else None

    def problem(self, serial: str) -> MfaTuiError | None:
        """Why the seed could not be read."""
        return self._problems.get(serial)

    def forget(self, serial: str = "") -> None:
        """Ask the keyring again next time: for one serial, or for those that it refused."""
        if serial:
            self._sources.pop(serial, None)
            self._problems.pop(serial, None)
        else:
            self._problems.clear()
