"""What is going on, in lines, and what the signs mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.account.rows import MARKS
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped
from mfa_tui.ui.text.status_lines import notice_lines, problem_lines, progress_lines

if TYPE_CHECKING:
    from mfa_tui.ui.flows.host_screen import HostScreen


def activity_lines(host: HostScreen, name: str, width: int, hint: str = "") -> list[Line]:
    """What is running under a name of the action log, or how the last action went, and why the last key did nothing."""
    entry = host.app_state.action_log.entry(name)
    lines: list[Line] = []
    if entry.running and entry.progress is not None:
        lines = progress_lines(entry.progress, width, host.app_state.context.clock.monotonic())
    elif entry.problem is not None:
        lines = problem_lines(entry.problem, width)
    else:
        lines = notice_lines(entry.notices, width)
    return [*lines, *wrapped(hint, width, Tone.DIM, first=Span("– ", Tone.WARN))] if hint else lines


def sign_lines() -> list[Line]:
    """What the signs of the account's screens mean, for their help."""
    signs = [line(f"    {mark.text}  ", Span(severity)) for severity, mark in MARKS.items()]
    return [EMPTY, *signs, line("    ?  ", Span("denied, or not complete"))]
