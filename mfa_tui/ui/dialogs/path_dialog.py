"""The dialog that asks for the path of a file, which Tab completes."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from mfa_tui.adapters.system.path_completion import complete_path
from mfa_tui.ui.dialogs.text_dialog import TextDialog
from mfa_tui.ui.runtime.threads import Threads
from mfa_tui.ui.widgets.ordered_input import OrderedInput

if TYPE_CHECKING:
    from textual import events

    from mfa_tui.ui.widgets.command_bar import Item

PATIENCE = 2.0
"""Seconds that the keys after Tab wait for the completion: the directory may be on a disk that does not answer."""


class PathInput(OrderedInput):
    """Completes a path on Tab. Keys that come meanwhile take effect afterwards, so Enter submits the whole path."""

    async def on_key(self, event: events.Key) -> None:
        """Complete the path on Tab."""
        if event.key == "tab" and self.screen.focused is self:
            event.stop()
            event.prevent_default()
            await self.complete()

    async def complete(self) -> None:
        """Complete the path, in a thread."""
        typed = self.value
        with contextlib.suppress(TimeoutError):
            completed = await asyncio.wait_for(Threads().run(partial(complete_path, typed)), PATIENCE)
            if self.value == typed:
                self.value = completed
                self.cursor_position = len(completed)


class PathDialog(TextDialog):
    """Dismissed with a path that *check* accepts, or None."""

    MORE: ClassVar[tuple[Item, ...]] = (("screen.complete", "tab", "Complete", True),)

    def make_field(self, suggested: str) -> OrderedInput:
        """The field for the path."""
        return PathInput(suggested, compact=True)

    def action_complete(self) -> None:
        """Complete the path, as Tab does."""
        self.run_worker(self.query_one(PathInput).complete(), exclusive=True)
