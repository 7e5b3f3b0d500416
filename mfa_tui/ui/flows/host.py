"""What happens between a key and its result: each use case with the questions that it asks, awaited in a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing import TypeVar

    from textual.screen import ModalScreen

    from mfa_tui.services.progress import Progress
    from mfa_tui.ui.dialogs.dialog import Dialog
    from mfa_tui.ui.runtime.threads import Threads
    from mfa_tui.ui.state.app_state import Desk

    T = TypeVar("T")


class Host(Protocol):
    """Where a flow happens: the main screen, as far as flows need it."""

    desk: Desk
    threads: Threads

    def tell(self, name: str, progress: Progress) -> None:
        """What is being done for a profile; may be called from any thread."""

    def changed(self) -> None:
        """Show what the desk knows now."""

    async def reload(self) -> None:
        """Read the files again, and show what they hold."""

    def succeed(self, title: str, message: str) -> None:
        """Tell of a success, in passing."""

    async def turn(self) -> bool:
        """Wait until no dialog is open, as the keys that are typed are meant for that one; whether one was open."""

    async def ask(self, dialog: Dialog[T]) -> T | None:
        """The dialog's result, when its turn has come; None if it was dismissed."""

    def open(self, dialog: ModalScreen[T]) -> None:
        """Show a dialog at once, and go on."""
