"""What the signs of the account's screens mean."""

from __future__ import annotations

from mfa_tui.ui.account.rows import MARKS
from mfa_tui.ui.text.spans import EMPTY, Line, Span, line


def sign_lines() -> list[Line]:
    """What the signs of the account's screens mean, for their help."""
    signs = [line(f"    {mark.text}  ", Span(severity)) for severity, mark in MARKS.items()]
    return [EMPTY, *signs, line("    ?  ", Span("denied, or not complete"))]
