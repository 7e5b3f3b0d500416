"""Where the picker is drawn: below the prompt, on standard error, so that standard output is free.

Textual has no such driver for Windows: there the picker takes the whole screen.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


_STANDARD_ERROR = 2


def below_the_prompt() -> type[Driver] | None:
    """The driver class for :class:`textual.app.App`; None for its usual one."""
    if sys.platform == "win32":
        return None
    from textual.drivers.linux_inline_driver import LinuxInlineDriver

    class BelowThePrompt(LinuxInlineDriver):
        """Takes the size of the terminal that it draws on: Textual's own asks standard output, which may be a pipe."""

        def _get_terminal_size(self) -> tuple[int, int]:
            try:
                columns, lines = os.get_terminal_size(_STANDARD_ERROR)
            except OSError:
                return super()._get_terminal_size()
            return columns, lines

    return BelowThePrompt
