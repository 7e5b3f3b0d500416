"""The keys of commands, after the user's keymap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.text.glyphs import key_in_words
from mfa_tui.ui.text.spans import Tone, span_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mfa_tui.ui.commands.command import Command, S
    from mfa_tui.ui.text.spans import Line

_LABELS = {
    "enter": "⏎",
    "escape": "esc",
    "slash": "/",
    "question_mark": "?",
    "delete": "del",
    "space": "␣",
    "up": "↑",
    "down": "↓",
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
    "comma": ",",
    "dollar_sign": "$",
    "exclamation_mark": "!",
}


def keys_of(keymap: Mapping[str, str], commands: Iterable[Command[S]], *, ascii_only: bool = False) -> dict[str, str]:
    """The label of each command's key, by the command's id; *keymap* is the user's."""
    return {command.id: key_label(keymap.get(command.id) or command.key, ascii_only=ascii_only) for command in commands}


def command_at(of: Line, cell: int, keys: Mapping[str, str]) -> str:
    """The command whose key a line shows at a cell, or which is the only one in the line; empty if none.

    *keys* are the labels of the keys by the commands' ids.
    """
    commands = {key: command for command, key in keys.items() if key}
    shown = [commands.get(span.text.strip(), "") if span.tone == Tone.KEY else "" for span in of]
    at = span_at(of, cell)
    if at >= 0 and shown[at]:
        return shown[at]
    found = [command for command in shown if command]
    return found[0] if len(found) == 1 and at >= 0 else ""


def key_label(keys: str, *, ascii_only: bool = False) -> str:
    """The first of *keys* as the interface shows it: ``⏎``, ``/``, ``^q``; *ascii_only*: in words, ``enter``."""
    key = keys.split(",", maxsplit=1)[0].strip()
    *modifiers, last = key.split("+")
    last = _LABELS.get(last, last)
    label = "".join({"ctrl": "^", "shift": "⇧"}.get(part, f"{part}+") for part in modifiers) + last
    return key_in_words(label) if ascii_only else label


def key_labels(keys: str, *, ascii_only: bool = False) -> str:
    """All of *keys*, separated by commas, as the interface shows them."""
    return "  ".join(key_label(key, ascii_only=ascii_only) for key in keys.split(",") if key.strip())
