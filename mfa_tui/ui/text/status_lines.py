"""What is being done now, or how the last action went, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.seeds.totp import PERIOD
from mfa_tui.ui.text.spans import Line, Span, Tone, format_seconds, line, progress_bar, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.progress import Progress

_BAR = 15


def progress_lines(
    step: Progress | None, width: int, monotonic: float, *, waits: str = "this code is used; waiting for the next"
) -> list[Line]:
    """What runs, and how to stop it. Without a step, it waits for a person.

    *monotonic* is the clock that waits go by; *waits* says what is waited for when the time of it is known.
    """
    if step is None:
        return [line(Span("◌ ", Tone.BUSY), "waiting for your answer")]
    if step.phase == "touch":
        # Nothing goes on before somebody has stretched out a hand.
        return [
            *wrapped(step.text, width, Tone.LOUD, first=Span("☞ ", Tone.LOUD)),
            line(Span("  it waits for that · esc cancels", Tone.DIM)),
        ]
    if step.until is not None:
        left = max(0.0, step.until - monotonic)
        countdown = (*progress_bar(left, PERIOD, _BAR), Span(f"  {format_seconds(left)} · esc cancels", Tone.DIM))
        return [*wrapped(waits, width, first=Span("◌ ", Tone.BUSY)), line("  ", *countdown)]
    body = wrapped(step.text, width, first=Span("◌ ", Tone.BUSY))
    body[-1] = (*body[-1], Span(" · esc cancels", Tone.DIM))
    return body


def problem_lines(problem: MfaTuiError, width: int) -> list[Line]:
    """A problem: what happened, why, where, and what to do."""
    result = wrapped(problem.what, width, Tone.STRONG, first=Span("✗ ", Tone.BAD))
    if problem.why:
        result += wrapped(problem.why, width, first=Span("  "))
    if problem.place:
        result += wrapped(problem.place, width, Tone.DIM, first=Span("  "))
    if problem.remedy:
        result += wrapped(problem.remedy, width, first=Span("→ ", Tone.KEY))
    return result


def key_hints(
    problem: MfaTuiError, commands: Mapping[str, tuple[str, str]], keys: Mapping[str, str], width: int
) -> list[Line]:
    """The keys that lead on from a problem, where its remedy names a command of the command line.

    *commands* are those that can be done on this screen, each with the id of what does it and a word for that; of
    several that fit the first one counts. *keys* are those of the screen, as they are shown; what has none there is
    left out.
    """
    for command, (command_id, does) in commands.items():
        if command in problem.remedy.lower():
            key = keys.get(command_id, "")
            return wrapped(does, width, Tone.DIM, first=Span(f"  {key} ", Tone.KEY)) if key else []
    return []


def troubleshooting_hint(problem: MfaTuiError, key: str, width: int) -> list[Line]:
    """The key that leads to what can be done in trouble, where that has something to say of *problem*."""
    from mfa_tui.core.doctor.troubleshooting import topic_of

    if not key or topic_of(problem.slug) is None:
        return []
    return wrapped("what can be done", width, Tone.DIM, first=Span(f"  {key} ", Tone.KEY))


def notice_lines(notices: tuple[str, ...], width: int) -> list[Line]:
    """One-line remarks; one that is indented goes with the one before."""
    marks = [Span("  ") if notice.startswith("  ") else Span("! ", Tone.WARN) for notice in notices]
    return [
        part for notice, mark in zip(notices, marks, strict=True) for part in wrapped(notice.strip(), width, first=mark)
    ]
