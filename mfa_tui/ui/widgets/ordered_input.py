"""An input whose keys take effect in their order, also if they come in one burst, as on a slow line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.binding import NoBinding
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.binding import Binding

_FOCUS = {"tab": 1, "shift+tab": -1}


class OrderedInput(Input):
    """It runs the bindings of its keys itself: Textual does so later, when characters after them are inserted already.

    What comes after a key that moves the focus goes to where the focus is then.
    """

    async def on_key(self, event: events.Key) -> None:
        """Handle a key that is no character, or pass it on."""
        focused, bindings = self.screen.focused, self._bindings_of(event)
        if focused is not self:
            if focused is not None:
                focused.post_message(events.Key(event.key, event.character))
        elif event.key in _FOCUS:
            self.screen.focus_next() if _FOCUS[event.key] > 0 else self.screen.focus_previous()
        elif bindings:
            for binding in bindings:
                await self.run_action(binding.action)
        else:
            return
        event.stop()
        event.prevent_default()

    def _bindings_of(self, event: events.Key) -> list[Binding]:
        if event.is_printable:
            return []
        try:
            return self._bindings.get_bindings_for_key(event.key)
        except NoBinding:
            return []
