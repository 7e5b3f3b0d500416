"""A command of a screen: bindings, bottom line, palette and help are made from a table of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from textual.binding import Binding

from mfa_tui.core.settings.interface import DEFAULT_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

S = TypeVar("S")
"""What the commands of a screen depend on: the state of the profile under its cursor, for example."""


class Command(NamedTuple, Generic[S]):
    """One command of a screen."""

    id: str
    """What a user's keymap calls it."""
    label: str
    """One or two words for the bottom line."""
    help: str
    """What it does, in a sentence."""
    why_not: Callable[[S], str] = lambda _: ""
    """Says why it cannot be done now; nothing if it can."""
    in_footer: bool = True
    """Whether the bottom line shows it when it can be run."""
    repaints: bool = False
    """Whether the whole terminal is drawn again as well, whatever other programs have written on it."""

    @property
    def key(self) -> str:
        """Its default keys as Textual calls them, separated by commas; the first is shown."""
        return DEFAULT_KEYS[self.id]


def key_bindings(commands: Iterable[Command[S]]) -> Iterator[Binding]:
    """The default keys of *commands*, as bindings that the user's keymap can change."""
    for command in commands:
        action, key = f"key({command.id!r})", command.key
        yield Binding(key, action, command.label, id=command.id, tooltip=command.help, priority=True)


def bar_items(commands: Iterable[Command[S]], now: S, keys: Mapping[str, str]) -> list[tuple[str, str, str, bool]]:
    """The bottom line for those of *commands* that can be run now: action, key, label, True."""
    return [
        (command_action(command.id), keys[command.id], command.label, True)
        for command in commands
        if command.in_footer and not command.why_not(now)
    ]


def command_action(command_id: str) -> str:
    """The action of a screen that does a command."""
    return f"screen.command({command_id!r})"
