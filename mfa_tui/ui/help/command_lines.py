"""The help's text, from a table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.text.glyphs import key_in_words
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mfa_tui.ui.commands.command import Command, S

_MOVES = (
    ("↑ ↓", "Move; page up, page down, home, end and k, j, g, G do too."),
    ("⇧↑ ⇧↓", "Scroll the details."),
    ("0-9", "Start typing a code: the code dialog opens."),
    ("^p", "All commands, by name."),
)
_SIGNS = (
    (Span("●", Tone.KEY), "this shell's profile (AWS_PROFILE)"),
    (Span("○", Tone.KEY), "the same, but keys in the environment override it"),
    (Span("★", Tone.KEY), "pinned to the top of the list"),
    (Span("▲", Tone.BAD), "its account is red in the settings; ■ has another color"),
    (Span("✓", Tone.GOOD), "a valid session, and the time left"),
    (Span("!", Tone.WARN), "expires soon, or has expired"),
    (Span("?", Tone.WARN), "a session that may not come from these access keys"),
    (Span("⇄", Tone.GOOD), "set up as credential_process: renews on demand for AWS tools"),
    (Span("↻", Tone.GOOD), "kept alive: renewed automatically while mfa-tui is open"),
    (Span("◌", Tone.BUSY), "working, or needs a code"),
    (Span("✗", Tone.BAD), "failed, or cannot be done; the details say why"),
)


def command_lines(commands: Iterable[Command[S]], situation: S, keys: Mapping[str, str], width: int) -> list[Line]:
    """Each command with its key, what it does, and why it does nothing now."""
    result: list[Line] = []
    for command in commands:
        why_not = command.why_not(situation)
        tone = Tone.DIM if why_not else Tone.PLAIN
        result += wrapped(
            command.help, width, tone, first=Span(f"{keys[command.id]:>5}  {command.label:<15}", Tone.KEY)
        )
        if why_not:
            result += wrapped(f"not now: {why_not}", width, Tone.WARN, first=Span(" " * 22))
    return result


def list_lines(width: int, moves: Iterable[tuple[str, str]] = _MOVES, *, ascii_only: bool = False) -> list[Line]:
    """How to move in the list of profiles, by the keys *moves*, and what its signs mean."""
    result = [EMPTY]
    shown = {key_in_words(key) if ascii_only else key: what for key, what in moves}
    longest = max(5, *map(len, shown))
    for key, what in shown.items():
        result += wrapped(what, width, first=Span(f"{key:>{longest}}  ", Tone.KEY))
    result.append(EMPTY)
    for sign, what in _SIGNS:
        result += wrapped(what, width, first=Span(f"    {sign.text}  ", sign.tone))
    return result
