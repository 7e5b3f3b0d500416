"""The help's text, from a table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mfa_tui.ui.commands.command import Command, S

_MOVES = (
    ("↑ ↓", "Move; page up, page down, home and end, or k, j, g, G, too."),
    ("⇧↑ ⇧↓", "Scroll the details."),
    ("0-9", "Type a code: the dialog opens with the digits in it."),
    ("^p", "All commands, by name."),
)
_SIGNS = (
    (Span("●", Tone.KEY), "the profile of this shell (AWS_PROFILE)"),
    (Span("○", Tone.KEY), "the same, but keys in the environment outrank it"),
    (Span("★", Tone.KEY), "pinned to the top of the list"),
    (Span("✓", Tone.GOOD), "a live session, and the time left"),
    (Span("!", Tone.WARN), "ends within the margin, or has ended"),
    (Span("?", Tone.WARN), "a session that is not known to be of these access keys"),
    (Span("⇄", Tone.GOOD), "set up as credential_process: renews whenever an SDK asks"),
    (Span("↻", Tone.GOOD), "kept alive: renewed by itself while mfa-tui is open"),
    (Span("◌", Tone.BUSY), "something is being done"),
    (Span("✗", Tone.BAD), "it failed, or cannot be done; the details say why"),
)


def command_lines(commands: Iterable[Command[S]], situation: S, keys: Mapping[str, str], width: int) -> list[Line]:
    """Each command with its key, what it does, and why it does nothing now."""
    result: list[Line] = []
    for command in commands:
        why_not = command.why_not(situation)
        tone = Tone.DIM if why_not else Tone.PLAIN
        result += wrapped(
            command.help, width, tone, first=Span(f"{keys[command.id]:>5}  {command.label:<14}", Tone.KEY)
        )
        if why_not:
            result += wrapped(f"not now: {why_not}", width, Tone.WARN, first=Span(" " * 21))
    return result


def list_lines(width: int) -> list[Line]:
    """How to move in the list of profiles, and what its signs mean."""
    result = [EMPTY]
    for key, what in _MOVES:
        result += wrapped(what, width, first=Span(f"{key:>5}  ", Tone.KEY))
    result.append(EMPTY)
    for sign, what in _SIGNS:
        result += wrapped(what, width, first=Span(f"    {sign.text}  ", sign.tone))
    return result
