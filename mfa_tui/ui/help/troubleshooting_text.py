"""The troubleshooting topics as the interface shows them, with its own keys beside the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.doctor.troubleshooting import TOPICS, Step
from mfa_tui.core.text.display import shell_command
from mfa_tui.ui.commands.device_commands import DEVICE_COMMANDS
from mfa_tui.ui.commands.keymap import keys_of
from mfa_tui.ui.commands.profile_commands import COMMANDS
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mfa_tui.core.doctor.troubleshooting import Topic
    from mfa_tui.ui.commands.command import Command
    from mfa_tui.ui.commands.profile_commands import Situation


class HelpContext:
    """Where troubleshooting was opened; the keys and commands that it shows depend on that.

    *keymap* is the user's; *profile* is the selected one, or empty; *devices* says whether the screen of devices was
    open; *commands* are those of the list.
    """

    def __init__(
        self,
        keymap: Mapping[str, str],
        profile: str,
        *,
        devices: bool,
        commands: Iterable[Command[Situation]] = COMMANDS,
        ascii_only: bool = False,
    ) -> None:
        self._main = keys_of(keymap, commands, ascii_only=ascii_only)
        self._devices = keys_of(keymap, DEVICE_COMMANDS, ascii_only=ascii_only)
        self._profile = profile
        self._on_devices = devices

    def keys(self, command: str) -> str:
        """The keys to press for a command, in order; empty if there are none, as in the picker."""
        on_screen = self._devices if command in self._devices else self._main
        if command not in on_screen:
            return ""
        if (on_screen is self._devices) == self._on_devices:
            return on_screen[command]
        first = self._devices["device-back"] if self._on_devices else self._main.get("devices", "")
        return f"{first} {on_screen[command]}" if first else ""

    def command_line(self, command: str) -> str:
        """A command line, with the profile's name filled in."""
        return shell_command(self._profile, command) if self._profile else command


def titles(cursor: int, width: int) -> list[list[Line]]:
    """The topics to choose from, numbered, in lines of *width* cells."""
    return [
        wrapped(
            topic.title,
            width,
            Tone.STRONG if index == cursor else Tone.PLAIN,
            first=Span(f"{'›' if index == cursor else ' '} {index + 1}  ", Tone.KEY),
        )
        for index, topic in enumerate(TOPICS)
    ]


def page(topic: Topic, where: HelpContext, width: int) -> list[Line]:
    """One topic in lines of *width* cells."""
    result = [*wrapped(topic.sign, width, Tone.DIM), EMPTY, line(Span("WHAT YOU CAN DO", Tone.DIM))]
    for step in topic.here:
        result += _step(step, where, width)
    result += [EMPTY, line(Span("WHAT AN ADMINISTRATOR CAN DO", Tone.DIM))]
    for step in topic.administrator:
        result += _step(step, where, width)
    return result


def _step(step: Step, where: HelpContext, width: int) -> list[Line]:
    result = wrapped(step.text, width, first=Span("· ", Tone.KEY))
    if step.key and (keys := where.keys(step.key)):
        result.append(line("  ", Span(keys, Tone.KEY), Span(" here, or:", Tone.DIM)))
    if step.command:
        result += wrapped(where.command_line(step.command), width, Tone.STRONG, first=Span("  $ ", Tone.DIM))
    return result
