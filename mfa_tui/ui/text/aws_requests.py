"""The requests to AWS that an action has made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.aws.api_call import call_words
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfa_tui.core.aws.api_call import ApiCall


def request_lines(calls: Iterable[ApiCall], width: int) -> list[Line]:
    """Each request with its result, which begins a line of its own unless all of it fits into one."""
    lines = [EMPTY, line(Span("AWS requests", Tone.DIM))]
    for call in calls:
        words = call_words(call)
        asked, _, result = words.partition("  (")
        if len(words) + 2 <= width:
            lines.append(line("  ", words))
            continue
        lines += wrapped(asked, width, first=Span("  "))
        lines += wrapped(f"({result}", width, Tone.DIM, first=Span("    "))
    return lines
