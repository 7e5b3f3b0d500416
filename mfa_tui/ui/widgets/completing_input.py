"""An input that completes what is typed when Tab is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from mfa_tui.ui.widgets.ordered_input import OrderedInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events


class CompletingInput(OrderedInput):
    """Posts ``Completing`` on Tab, after all that was typed before it, while *can_complete* says so of what is typed.

    Else Tab moves the focus.
    """

    class Completing(Message):
        """What is typed is to be completed."""

    def __init__(
        self,
        value: str = "",
        *,
        can_complete: Callable[[str], bool] = lambda _: True,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(value, placeholder=placeholder, compact=True, id=id)
        self._can_complete = can_complete

    async def on_key(self, event: events.Key) -> None:
        """Ask for the completion on Tab."""
        if event.key == "tab" and self.screen.focused is self and self._can_complete(self.value):
            event.stop()
            event.prevent_default()
            self.post_message(self.Completing())
