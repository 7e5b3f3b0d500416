"""The catalogue as a page."""

from __future__ import annotations

import re

from mfa_tui.core.problems.catalogue import GROUPS

_HEAD = """\
# Problems

Every problem that mfa-tui can report. The code is what scripts get from `--json`; it does not change. Words in
*italics* are filled in by each message. `doctor` finds errors (✗), warnings (!) and hints (·) in the files and the
environment without asking AWS; messages about a file give its path and line. Commands that fail say the same.

`make docs` makes this page from the catalogue in `mfa_tui/core/problems`."""
_MARKS = {"error": "✗", "warning": "!", "hint": "·"}


def markdown() -> str:
    """All problems as ``docs/problems.md``."""
    parts = [_HEAD]
    for title, problems in GROUPS:
        lines = [f"## {title}", "", "| | code | what | why | what to do |", "|---|---|---|---|---|"]
        lines += [
            " | ".join((f"| {_MARKS[each.severity]}", f"`{each.slug}`", *map(_cell, each.page_texts()))) + " |"
            for each in problems
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    safe = text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
    return re.sub(r"\{(\w+)\}", lambda word: f"*{word[1].replace('_', ' ')}*", safe)
