"""How the interface is drawn on a terminal, and read from it: on the whole of it, or for the picker below the prompt.

Both draw on standard error, so that standard output is free. On Windows Textual has one driver, for the whole terminal.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from textual.driver import Driver

    from mfa_tui.ui.app import MfaTuiApp


_STANDARD_ERROR = 2


def driver(*, below_the_prompt: bool) -> type[Driver] | None:
    """The driver class for :class:`textual.app.App`; None for its usual one."""
    if sys.platform == "win32":
        return None
    return _below_the_prompt() if below_the_prompt else _whole_terminal()


def _whole_terminal() -> type[Driver]:
    from textual.drivers.linux_driver import LinuxDriver

    class WholeTerminal(LinuxDriver):
        """Where the terminal cannot be read any more, the program ends: Textual's own shows a traceback."""

        def _run_input_thread(self) -> None:
            try:
                self.run_input_thread()
            except OSError:
                cast("MfaTuiApp", self._app).lose_terminal()

    return WholeTerminal


def _below_the_prompt() -> type[Driver]:
    from textual.drivers.linux_inline_driver import LinuxInlineDriver

    class BelowThePrompt(LinuxInlineDriver):
        """Takes the size of the terminal that it draws on: Textual's own asks standard output, which may be a pipe."""

        def _run_input_thread(self) -> None:
            try:
                self.run_input_thread()
            except OSError:
                cast("MfaTuiApp", self._app).lose_terminal()

        def _get_terminal_size(self) -> tuple[int, int]:
            try:
                columns, lines = os.get_terminal_size(_STANDARD_ERROR)
            except OSError:
                columns = lines = 0
            # Some terminals, such as serial lines, do not know their size.
            return (columns, lines) if columns and lines else super()._get_terminal_size()

    return BelowThePrompt
