"""What is going on on a screen, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.text.spans import Line, Span, Tone, wrapped
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
