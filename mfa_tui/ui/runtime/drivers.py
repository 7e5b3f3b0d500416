"""Textual's terminal drivers, changed: one for the whole terminal, and one below the prompt, for the picker.

Both draw on standard error, so that standard output is free. On Windows Textual has only one, for the whole terminal.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol, cast

from mfa_tui.ui.runtime.screen_buffer import ScreenBuffer, compact
from mfa_tui.ui.runtime.signals import on_stop, watch_terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from textual.app import App
    from textual.driver import Driver

_STANDARD_ERROR = 2


class LendingDriver(Protocol):
    """A driver whose terminal can be lent to another program."""

    def lend_terminal(self) -> None:
        """Give the terminal back as it was, and draw nothing from now on."""

    def take_terminal(self) -> None:
        """Take the terminal again."""

    @property
    def is_lent(self) -> bool:
        """Whether another program has the terminal."""


class _App(Protocol):
    """The program, as far as its drivers need it."""

    screen_buffer: ScreenBuffer

    def lose_terminal(self) -> None: ...

    def repaint(self) -> None: ...


def driver(*, below_the_prompt: bool) -> type[Driver] | None:
    """The driver class for :class:`textual.app.App`; None for its usual one."""
    if sys.platform == "win32":
        return None
    return _below_the_prompt() if below_the_prompt else _whole_terminal()


def _whole_terminal() -> type[Driver]:
    from textual.drivers.linux_driver import LinuxDriver

    from mfa_tui.ui.runtime.terminal_input import WakingEvent, read_keys

    class WholeTerminal(LinuxDriver):
        """Ends the program when the terminal cannot be read any more, where Textual's own shows a traceback.

        It writes only what differs from what the terminal shows, and sleeps while nothing is typed. It can lend the
        terminal while the interface goes on: what it draws meanwhile is dropped.
        """

        is_lent = False

        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options)
            self.exit_event = self._ended = WakingEvent()
            _keep_watch(self, app, lambda: self.is_lent)

        def lend_terminal(self) -> None:
            self.suspend_application_mode()
            self.is_lent = True

        def take_terminal(self) -> None:
            self.is_lent = False
            self.resume_application_mode()

        def write(self, data: str) -> None:
            if self.is_lent:
                return
            shorter = cast("_App", self._app).screen_buffer.difference(data, self._get_terminal_size())
            if shorter:
                super().write(shorter)

        def run_input_thread(self) -> None:
            read_keys(self.fileno, self._ended, self.process_message, debug=self._debug)

        def _run_input_thread(self) -> None:
            _read_input(self._app, self.run_input_thread)

    return WholeTerminal


def _below_the_prompt() -> type[Driver]:
    from textual.drivers.linux_inline_driver import LinuxInlineDriver

    class BelowThePrompt(LinuxInlineDriver):
        """Takes the size of the terminal that it draws on: Textual's own asks standard output, which may be a pipe."""

        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options)
            _keep_watch(self, app, lambda: False)

        def write(self, data: str) -> None:
            super().write(compact(data))

        def _run_input_thread(self) -> None:
            _read_input(self._app, self.run_input_thread)

        def _get_terminal_size(self) -> tuple[int, int]:
            try:
                columns, lines = os.get_terminal_size(_STANDARD_ERROR)
            except OSError:
                columns = lines = 0
            # Some terminals, such as serial lines, do not know their size.
            return (columns, lines) if columns and lines else super()._get_terminal_size()

    return BelowThePrompt


def _keep_watch(driver: Driver, app: App[Any], is_lent: Callable[[], bool]) -> None:
    """Handle stops and the loss of the terminal from before the first write on.

    Textual's own handlers set the terminal up again with each SIGCONT, in the middle of whatever the program is doing;
    and once the terminal is gone and nothing is written any more, the next frame would wait for that.
    """
    watch_terminal(cast("_App", app).lose_terminal)
    on_stop(driver, cast("_App", app).repaint, is_lent)


def _read_input(app: App[Any], read: Callable[[], None]) -> None:
    """Read the terminal by *read* until the program ends; end it if the terminal cannot be read any more."""
    try:
        read()
    except OSError:
        cast("_App", app).lose_terminal()
