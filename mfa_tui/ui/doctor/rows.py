"""The findings as the screen shows them, without the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.doctor.fixes import Fix, FixKind, fix_of
from mfa_tui.core.problems.finding import Severity
from mfa_tui.core.text.display import counted
from mfa_tui.ui.text.spans import Line, Span, Tone, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mfa_tui.core.doctor.other_tools import OtherTool
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.services.doctor.examine import Diagnosis

COLUMNS = {"FINDING": 9, "FIX": 10, "WHAT": 24}
"""The titles of the columns, with their least widths."""
SPARE = ("FIX",)
"""Columns that narrow terminals leave out, in this order."""
_MARKS = {
    Severity.ERROR: Span("✗ error", Tone.BAD),
    Severity.WARNING: Span("! warning", Tone.WARN),
    Severity.HINT: Span("· hint", Tone.DIM),
}
_TOOL = Span("  tool", Tone.DIM)


class Row(NamedTuple):
    """A finding, or another tool that is used."""

    finding: Finding | None
    """The finding; None for a tool."""
    tool: OtherTool | None = None
    """The tool; None for a finding."""

    @property
    def fix(self) -> Fix | None:
        """How to fix it; None if there is nothing to run."""
        return fix_of(self.finding) if self.finding is not None else None

    def cells(self, home: str) -> Mapping[str, Span]:
        """The cells by their columns; in paths, ``~`` stands for the directory *home*."""
        finding, tool, fix = self.finding, self.tool, self.fix
        if finding is None:
            what = tool.tool if tool is not None else ""
            return {"FINDING": _TOOL, "FIX": Span(""), "WHAT": Span(what)}
        return {
            "FINDING": _MARKS[finding.severity],
            "FIX": Span(_fix_cell(fix), Tone.KEY if fix is not None and fix.kind != FixKind.COMMAND else Tone.DIM),
            "WHAT": Span(finding.what.replace(f"{home}/", "~/")),
        }

    @property
    def text(self) -> str:
        """All that is known of it, to be copied."""
        if self.finding is not None:
            return "\n".join(self.finding.lines())
        return "\n".join([self.tool.tool, *self.tool.found, self.tool.change]) if self.tool is not None else ""

    @property
    def copied(self) -> str:
        """What the key for copying copies: the command that fixes it, else all that is known of it."""
        fix = self.fix
        return fix.command if fix is not None and fix.kind != FixKind.SCREEN else self.text


def _fix_cell(fix: Fix | None) -> str:
    return "" if fix is None else "command" if fix.kind == FixKind.COMMAND else fix.label


def rows_of(diagnosis: Diagnosis) -> list[Row]:
    """The findings, the most serious first, and the tools."""
    return [*(Row(finding) for finding in diagnosis.findings), *(Row(None, tool) for tool in diagnosis.other_tools)]


def index_of(rows: Sequence[Row], row: Row | None, before: int) -> int:
    """Where *row* is among *rows*; else *before*, where it was, so that the next one is there now."""
    if row is not None:
        same = [index for index, each in enumerate(rows) if _key(each) == _key(row)]
        if same:
            return min(same, key=lambda index: abs(index - before))
    return max(0, min(before, len(rows) - 1))


def _key(row: Row) -> tuple[str, str, str]:
    if row.finding is None:
        return "", "", row.tool.tool if row.tool is not None else ""
    return row.finding.code, row.finding.profile, row.finding.what


def summary(diagnosis: Diagnosis | None) -> str:
    """How many findings there are of each kind."""
    if diagnosis is None:
        return ""
    severities = [finding.severity for finding in diagnosis.findings]
    counts = ((severities.count(severity), severity) for severity in _MARKS)
    found = ", ".join(counted(count, severity) for count, severity in counts if count)
    return f"{found or 'nothing found'} · {counted(diagnosis.examined, 'profile')}"


def about(row: Row, keys: Mapping[str, str], width: int) -> list[Line]:
    """The details of a row, and the key that fixes it."""
    if row.finding is None:
        return _about_tool(row.tool, width)
    finding, mark = row.finding, _MARKS[row.finding.severity]
    lines = wrapped(finding.what, width, Tone.STRONG, first=Span(f"{mark.text[0]} ", mark.tone))
    lines += _fix_hint(row.fix, keys, width)
    for text, tone in ((finding.why, Tone.PLAIN), (finding.where, Tone.DIM)):
        lines += wrapped(text, width, tone, first=Span("  ")) if text else []
    return [*lines, *(wrapped(finding.remedy, width, first=Span("→ ", Tone.KEY)) if finding.remedy else [])]


def _fix_hint(fix: Fix | None, keys: Mapping[str, str], width: int) -> list[Line]:
    """The key that fixes it, above what may not fit."""
    if fix is None:
        return []
    key, does = {
        FixKind.COMMAND: ("doctor-copy", "copies the command."),
        FixKind.REPAIR: ("doctor-fix", "fixes it now."),
        FixKind.SCREEN: ("doctor-fix", f"does that here: {fix.label}."),
    }[fix.kind]
    return wrapped(does, width, Tone.DIM, first=Span(f"{keys[key]} ", Tone.KEY))


def _about_tool(tool: OtherTool | None, width: int) -> list[Line]:
    if tool is None:
        return []
    lines: list[Line] = [line(Span(tool.tool, Tone.STRONG), Span("  mfa-tui does not change its files", Tone.DIM))]
    for found in tool.found:
        lines += wrapped(found, width, first=Span("- ", Tone.DIM))
    return [*lines, *wrapped(tool.change, width, Tone.DIM, first=Span("  "))]
