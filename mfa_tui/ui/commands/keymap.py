"""The keys of commands, after the user's keymap."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mfa_tui.ui.commands.command import Command, S

_LABELS = {
    "enter": "⏎",
    "escape": "esc",
    "slash": "/",
    "question_mark": "?",
    "delete": "del",
    "space": "␣",
    "up": "↑",
    "down": "↓",
    "f1": "F1",
    "f5": "F5",
    "comma": ",",
    "dollar_sign": "$",
    "exclamation_mark": "!",
}


def keys_of(keymap: Mapping[str, str], commands: Iterable[Command[S]]) -> dict[str, str]:
    """The label of each command's key, by the command's id; *keymap* is the user's."""
    return {command.id: key_label(keymap.get(command.id) or command.key) for command in commands}


def key_label(keys: str) -> str:
    """The first of *keys* as the interface shows it: ``⏎``, ``/``, ``^q``."""
    key = keys.split(",", maxsplit=1)[0].strip()
    *modifiers, last = key.split("+")
    last = _LABELS.get(last, last)
    return "".join({"ctrl": "^", "shift": "⇧"}.get(part, f"{part}+") for part in modifiers) + last


def key_labels(keys: str) -> str:
    """All of *keys*, separated by commas, as the interface shows them."""
    return "  ".join(key_label(key) for key in keys.split(",") if key.strip())
