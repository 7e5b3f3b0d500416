"""Lines that show what is running, or how the last action went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.seeds.totp import PERIOD
from mfa_tui.services.progress import Awaits
from mfa_tui.ui.text.spans import Line, Span, Tone, format_seconds, line, progress_bar, spaced_code, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.progress import Progress

_BAR, _CODE_BAR = 15, 12
_AWAITED = {Awaits.CODE: "waiting for your code", Awaits.CONSENT: "waiting for your yes or no"}


def progress_lines(
    step: Progress | None,
    width: int,
    monotonic: float,
    *,
    waits: str = "this code is already used; waiting for the next one",
    awaits: str = "",
) -> list[Line]:
    """What is running, and how to stop it. Without a step, it may wait for the user: *awaits* is for what.

    *monotonic* is the clock for waits, in seconds; *waits* says what it waits for when the end of the wait is known.
    """
    if step is None:
        return [line(Span("◌ ", Tone.BUSY), _AWAITED.get(awaits, "working"))]
    if step.phase == "touch":
        # Nothing happens until the user touches the key.
        return [
            *wrapped(step.text, width, Tone.LOUD, first=Span("☞ ", Tone.LOUD)),
            line(Span("  waiting for your touch · esc cancels", Tone.DIM)),
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
    if problem.where:
        result += wrapped(problem.where, width, Tone.DIM, first=Span("  "))
    if problem.remedy:
        result += wrapped(problem.remedy, width, first=Span("→ ", Tone.KEY))
    return result


def code_line(code: str, left: float) -> Line:
    """A code, which is valid for *left* seconds, with its countdown."""
    bar = progress_bar(left, PERIOD, _CODE_BAR)
    return line(Span(spaced_code(code), Tone.CODE), "   ", *bar, Span(f"  {format_seconds(left)}", Tone.DIM))


def key_hints(
    problem: MfaTuiError, commands: Mapping[str, tuple[str, str]], keys: Mapping[str, str], width: int
) -> list[Line]:
    """The key that helps with a problem, where its remedy names a command of the command line.

    *commands* maps such a command to the id of what does the same on this screen, and to what it does; the first one
    that the remedy names counts. *keys* are those of the screen, as they are shown; without a key there is no hint.
    """
    for command, (command_id, does) in commands.items():
        if command in problem.remedy.lower():
            key = keys.get(command_id, "")
            return wrapped(does, width, Tone.DIM, first=Span(f"  {key} ", Tone.KEY)) if key else []
    return []


def troubleshooting_hint(problem: MfaTuiError, key: str, width: int) -> list[Line]:
    """The key that opens the troubleshooting help, where that has a topic for *problem*."""
    from mfa_tui.core.doctor.troubleshooting import topic_of

    if not key or topic_of(problem.slug) is None:
        return []
    return wrapped("see what to do", width, Tone.DIM, first=Span(f"  {key} ", Tone.KEY))


def notice_lines(notices: tuple[str, ...], width: int) -> list[Line]:
    """Notices, a line or more each; one that is indented belongs to the one before."""
    marks = [Span("  ") if notice.startswith("  ") else Span("! ", Tone.WARN) for notice in notices]
    return [
        part for notice, mark in zip(notices, marks, strict=True) for part in wrapped(notice.strip(), width, first=mark)
    ]
