"""Screens that host flows: a flow shows its progress, its dialogs and its result there."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from textual.message import Message
from textual.screen import Screen
from textual.worker import active_worker

from mfa_tui.services.progress import Notice
from mfa_tui.ui.commands.keymap import command_at
from mfa_tui.ui.runtime.compositor import LineCompositor
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.empty_list import EmptyList
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeVar

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size
    from textual.screen import ModalScreen

    from mfa_tui.services.progress import Progress
    from mfa_tui.ui.commands.command import Command, S
    from mfa_tui.ui.dialogs.dialog import Dialog
    from mfa_tui.ui.runtime.key_gate import HasKeyGate
    from mfa_tui.ui.runtime.lent_terminal import HasTerminal
    from mfa_tui.ui.runtime.threads import Threads
    from mfa_tui.ui.state.app_state import AppState
    from mfa_tui.ui.state.demo_phone import DemoPhone

    T = TypeVar("T")

HOST_SCREEN_CSS = os.path.join(os.path.dirname(__file__), "host_screen.tcss")
"""The style sheet of all such screens but the main one, whose rules are those of the program."""
_TURN = 0.1
"""Seconds between two checks whether a dialog is still open."""


class Reported(Message):
    """What an action reports by :meth:`HostScreen.report`."""

    def __init__(self, name: str, event: Progress | Notice) -> None:
        super().__init__()
        self.name = name
        """The profile."""
        self.event = event
        """What is being done for it, or a notice about it."""


class PaletteCommand(NamedTuple):
    """A command of the palette."""

    label: str
    """Its name."""
    help: str
    """What it does, in a sentence; may be empty."""
    do: Callable[[], object]
    """Runs it."""


def palette_commands(commands: Iterable[Command[S]], now: S, do: Callable[[str], object]) -> Iterable[PaletteCommand]:
    """Those of *commands* that can be done now, for the palette; *do* runs a command by its id."""
    for command in commands:
        if not command.why_not(now):
            yield PaletteCommand(command.label, command.help, partial(do, command.id))


class HostScreen(Screen[str]):
    """A screen that hosts flows, with their dialogs on top of it. It may return a word to the screen that opened it."""

    FILTER_ENTER: ClassVar[str] = ""
    """The id of the command that Enter does in the filter, whatever the command's own key is; empty if it does none."""
    shown_profile = ""
    """The profile of which the screen shows everything anyway, so that no notification needs to."""

    def __init__(self, app_state: AppState, threads: Threads, demo: DemoPhone | None = None) -> None:
        """*demo*: its phone is shown in the lines with the id ``phone``."""
        super().__init__()
        self._compositor = LineCompositor()
        self.app_state = app_state
        self.threads = threads
        self.demo = demo
        self._covered = False

    def expect_size(self, size: Size) -> None:
        """Have the classes of a terminal's size from the start: Textual adds them after it has drawn a first frame."""
        for breakpoints, cells in ((self.HORIZONTAL_BREAKPOINTS, size.width), (self.VERTICAL_BREAKPOINTS, size.height)):
            reached = [name for least, name in sorted(breakpoints or ()) if cells >= least]
            self.add_class(*reached[-1:], update=False)

    @property
    def unfinished(self) -> str:
        """What to print on the terminal if the program ends here; mostly nothing."""
        return ""

    def redraw(self) -> None:
        """Show the current state. A result that comes while the screen is being taken apart shows nothing."""
        if self.display:
            self.draw()

    def draw(self) -> None:
        """Show the state as it is now."""
        raise NotImplementedError

    def use_keymap(self, keymap: Mapping[str, str]) -> None:
        """Show the keys after the user's *keymap*, which has changed. The main screen has them from the state."""

    async def reload(self) -> None:
        """Read the AWS files again, and show the profiles."""
        raise NotImplementedError

    def available_commands(self) -> Iterable[PaletteCommand]:
        """The commands that can be done now, for the palette: those of the bottom line, unless a screen has more."""
        for action, _, label, able in self.query_one(CommandBar).items:
            if able and action:
                yield PaletteCommand(label, "", partial(self._press, action))

    def on_screen_suspend(self) -> None:
        """Another screen covers this one."""
        self._covered = self.query_one(CommandBar).covered = True

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Show what has changed while another screen covered this one."""
        if self.stack_updates == 0:
            # Shown for the first time: its styles were computed as its widgets were mounted.
            event.refresh_styles = False
        if self._covered:
            self._covered = self.query_one(CommandBar).covered = False
            self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        """Textual does not lay out a covered screen, nor does it later."""
        for lines in self.query(Lines):
            lines.refresh(layout=True)

    @property
    def empty_list(self) -> EmptyList | None:
        """What is shown in place of the list; None if the list is, or if there is none."""
        return next((shown for shown in self.query(EmptyList) if shown.display), None)

    def compose_phone(self) -> ComposeResult:
        """Where the demo's phone is; nothing elsewhere."""
        if self.demo is not None:
            yield Lines(id="phone")

    def draw_phone(self, *, shown: bool = True, masked: bool = False) -> None:
        """Show the demo's phone, if this is the demo."""
        if self.demo is None:
            return
        lines = self.query_one("#phone", Lines)
        lines.display = shown
        if shown:
            from mfa_tui.ui.state import demo_phone

            now = self.app_state.context.clock.now()
            lines.show(demo_phone.phone_lines(self.demo.phone, now, self.size.width - 2, masked=masked))

    def _press(self, action: str) -> None:
        self.run_worker(self.run_action(action))

    def progressed(self) -> None:
        """Show what is being done."""
        self.redraw()

    def on_reported(self, message: Reported) -> None:
        """Show the progress of an action, or its notice."""
        message.stop()
        event = message.event
        if isinstance(event, Notice):
            self.app_state.action_log.add_notice(message.name, event.text)
            self.redraw()
            return
        self.app_state.action_log.set_progress(message.name, event)
        if event.until is not None or event.phase == "touch":
            # It waits for time to pass or for a touch, not for typing; the list can be used meanwhile.
            cast("HasKeyGate", self.app).keys.release()
        self.progressed()

    @property
    def key_labels(self) -> Mapping[str, str]:
        """The labels of the keys that hints show, by the ids of the commands that a click on one runs."""
        return {}

    def action_command(self, command_id: str) -> None:
        """Run a command, or show why it cannot be done."""
        raise NotImplementedError

    def on_lines_clicked(self, message: Lines.Clicked) -> None:
        """Do what a hint says that was clicked."""
        message.stop()
        if command := command_at(message.line, message.cell, self.key_labels):
            self.action_command(command)

    # What flows do with it.

    def report(self, name: str, event: Progress | Notice) -> None:
        """Show what is being done for a profile, or a notice about it; any thread may call it."""
        self.post_message(Reported(name, event))

    def preload_aws(self, name: str) -> None:
        """Load in a thread what a request to AWS takes, as one is likely soon, for the profile *name*."""
        preload = partial(self.app_state.context.aws.preload, name)
        # Not its coroutine: at the program's end, a worker may be cancelled before it has begun.
        self.run_worker(partial(self.threads.run, preload), group="preload")  # type: ignore[arg-type]  # it fits in two ways

    def notify_success(self, title: str, message: str) -> None:
        """Show a success in a notification, which goes away by itself."""
        self.notify(message, title=title, markup=False)

    async def wait_for_turn(self) -> bool:
        """Wait until no dialog is open, as keys that are typed are meant for that one; returns whether one was open."""
        waited = False
        # Textual reports too late that a dialog has opened or closed, so there is no event to wait for.
        while self.app.screen is not self:
            waited = True
            await asyncio.sleep(_TURN)
        return waited

    def expect_dialog(self) -> None:
        """Drop what is typed before the dialog opens that this worker is preparing: it is meant for the dialog."""
        worker, screen = active_worker.get(None), cast("Screen[object]", self)
        if worker is not None:
            cast("HasKeyGate", self.app).keys.hold(worker, screen, "what you asked for is being prepared")

    def expect_no_dialog(self) -> None:
        """Let keys pass again after :meth:`expect_dialog`, while the worker goes on."""
        cast("HasKeyGate", self.app).keys.release()

    async def ask(self, dialog: Dialog[T]) -> T | None:
        """Open the dialog when its turn comes; returns its result, or None if it was dismissed."""
        await self.wait_for_turn()
        dialog.asker = active_worker.get(None)
        return await self.app.push_screen_wait(dialog)

    def repaint(self) -> None:
        """Draw the whole terminal again, whatever other programs have written on it."""
        cast("HasTerminal", self.app).repaint()

    def open_dialog(self, dialog: ModalScreen[T]) -> None:
        """Open a dialog at once, without waiting for its result."""
        self.app.push_screen(dialog)
