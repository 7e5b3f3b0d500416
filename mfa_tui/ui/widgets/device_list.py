"""The MFA devices of a user; those that give no codes are greyed, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from mfa_tui.ui.devices import Choice, choice_line
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual import events


class DeviceList(Lines):
    """Shows choices; a click on one says so."""

    ALLOW_SELECT = False

    @dataclass
    class Chosen(Message):
        """The device with this serial was clicked."""

        serial: str

    def offer(self, choices: tuple[Choice, ...], selected: str) -> None:
        """The choices, and which is selected."""
        self._choices = choices
        self.show([choice_line(choice, selected=choice.serial.text == selected) for choice in choices])

    def on_click(self, event: events.Click) -> None:
        """Choose what is clicked."""
        choice = self._choices[event.y] if event.y < len(self._choices) else None
        if choice is not None and choice.serial.usable:
            self.post_message(self.Chosen(choice.serial.text))
