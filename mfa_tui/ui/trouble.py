"""The topics of :mod:`mfa_tui.core.trouble` as the interface tells them: with its own keys beside the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.trouble import TOPICS, Step
from mfa_tui.ui.commands import COMMANDS, keys_of
from mfa_tui.ui.device_commands import DEVICE_COMMANDS
from mfa_tui.ui.text import EMPTY, Line, Span, Tone, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.trouble import Topic


class KeyPaths:
    """Which keys, pressed on the main screen, lead to a command; *keymap* is the user's."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        self._main = keys_of(keymap, COMMANDS)
        self._devices = keys_of(keymap, DEVICE_COMMANDS)

    def to(self, command: str) -> str:
        """The keys, in their order."""
        if command in self._main:
            return self._main[command]
        return f"{self._main['devices']} {self._devices[command]}"


def titles(cursor: int) -> list[list[Line]]:
    """The topics to choose from, numbered."""
    return [
        [
            line(
                Span("› " if index == cursor else "  ", Tone.KEY),
                Span(f"{index + 1}  ", Tone.KEY),
                Span(topic.title, Tone.STRONG if index == cursor else Tone.PLAIN),
            )
        ]
        for index, topic in enumerate(TOPICS)
    ]


def page(topic: Topic, keys: KeyPaths, width: int) -> list[Line]:
    """One topic in lines of *width* cells."""
    result = [*wrapped(topic.sign, width, Tone.DIM), EMPTY, line(Span("WHAT YOU CAN DO", Tone.DIM))]
    for step in topic.here:
        result += _step(step, keys, width)
    result += [EMPTY, line(Span("WHAT AN ADMINISTRATOR CAN DO", Tone.DIM))]
    for step in topic.administrator:
        result += _step(step, keys, width)
    return result


def _step(step: Step, keys: KeyPaths, width: int) -> list[Line]:
    result = wrapped(step.text, width, first=Span("· ", Tone.KEY))
    if step.key:
        result.append(line("  ", Span(keys.to(step.key), Tone.KEY), Span(" here, or:", Tone.DIM)))
    if step.command:
        result += wrapped(step.command, width, Tone.STRONG, first=Span("  $ ", Tone.DIM))
    return result
