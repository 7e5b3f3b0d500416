"""The catalogue as a page."""

from __future__ import annotations

import re

from mfa_tui.core.problems.catalogue import GROUPS

_HEAD = """\
# Problems

Every problem that mfa-tui can name. The code is what `--json` gives scripts; it does not change. Words in *italics*
stand for what a message names. `doctor` finds errors (✗) and warnings (!) in files and the environment without asking
AWS, and gives hints (·); a message about a file says its path and line. A command that fails says the same.

`make docs` makes this page from the catalogue in `mfa_tui/core/problems`."""
_MARKS = {"error": "✗", "warning": "!", "hint": "·"}


def markdown() -> str:
    """All problems as ``docs/problems.md``."""
    parts = [_HEAD]
    for title, problems in GROUPS:
        lines = [f"## {title}", "", "| | code | what | why | what to do |", "|---|---|---|---|---|"]
        lines += [
            " | ".join((f"| {_MARKS[each.severity]}", f"`{each.slug}`", *map(_cell, each.shown()))) + " |"
            for each in problems
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    safe = text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
    return re.sub(r"\{(\w+)\}", lambda word: f"*{word[1].replace('_', ' ')}*", safe)
