"""The dialog that asks for the path of a file, which Tab completes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.widgets import Input

from mfa_tui.adapters.system.path_completion import complete_path
from mfa_tui.ui.dialogs.text_dialog import TextDialog
from mfa_tui.ui.runtime.threads import Threads

if TYPE_CHECKING:
    from textual.binding import BindingType

    from mfa_tui.ui.widgets.command_bar import Item


class PathDialog(TextDialog):
    """Dismissed with a path that *check* accepts, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete", priority=True)]
    MORE: ClassVar[tuple[Item, ...]] = (("screen.complete", "tab", "Complete", True),)

    def action_complete(self) -> None:
        """Complete the path, in a thread: the directory may be slow."""
        self.run_worker(self._complete(self.query_one(Input).value), exclusive=True)

    async def _complete(self, typed: str) -> None:
        completed = await Threads().run(partial(complete_path, typed))
        field = self.query_one(Input)
        if field.value == typed:
            field.value = completed
            field.cursor_position = len(completed)
