"""The dialog that asks for the path of a file, which Tab completes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Input

from mfa_tui.adapters.system.path_completion import complete_path
from mfa_tui.ui.dialogs.text_dialog import TextDialog
from mfa_tui.ui.runtime.threads import Threads
from mfa_tui.ui.widgets.completing_input import CompletingInput

if TYPE_CHECKING:
    from mfa_tui.ui.widgets.command_bar import Item
    from mfa_tui.ui.widgets.ordered_input import OrderedInput


class PathDialog(TextDialog):
    """Dismissed with a path that *check* accepts, or None."""

    MORE: ClassVar[tuple[Item, ...]] = (("screen.complete", "tab", "Complete", True),)

    def make_field(self, suggested: str) -> OrderedInput:
        """The field for the path."""
        return CompletingInput(suggested)

    def on_completing_input_completing(self, message: CompletingInput.Completing) -> None:
        """Complete the path on Tab."""
        message.stop()
        self.action_complete()

    def action_complete(self) -> None:
        """Complete the path, in a thread: the directory may be slow."""
        self.run_worker(self._complete(self.query_one(Input).value), exclusive=True)

    async def _complete(self, typed: str) -> None:
        completed = await Threads().run(partial(complete_path, typed))
        field = self.query_one(Input)
        if field.value == typed:
            field.value = completed
            field.cursor_position = len(completed)
