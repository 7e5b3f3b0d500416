"""The top line: what this is, how many profiles there are, and what the shell uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.text import Line, Span, Tone, line

if TYPE_CHECKING:
    from mfa_tui.ui.desk import Desk


def header(desk: Desk, width: int) -> Line:
    """The line, *width* cells long."""
    count = len(desk.overview.names) if desk.overview else 0
    left = (
        Span("mfa-tui", Tone.STRONG),
        Span(f"  {count:,} profile{'' if count == 1 else 's'}".replace(",", " "), Tone.DIM),
    )
    right = (Span("shell: ", Tone.DIM), Span(desk.shell or "no profile", Tone.KEY if desk.shell else Tone.DIM))
    gap = width - sum(len(span.text) for span in (*left, *right))
    return line(*left, " " * max(1, gap), *right)
