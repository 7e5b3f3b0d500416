"""``mfa-tui doctor``."""

from __future__ import annotations

import os

from mfa_tui.adapters.system.garbage_collection import NoCollections
from mfa_tui.cli.terminal import output
from mfa_tui.core.doctor.fixes import permission_change
from mfa_tui.core.problems.finding import Severity
from mfa_tui.core.text.display import counted
from mfa_tui.errors import Exit
from mfa_tui.services.doctor.examine import examine
from mfa_tui.services.doctor.repair import repair_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.core.doctor.other_tools import OtherTool
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.services.doctor.examine import Diagnosis

_MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.HINT: "·"}
_WIDTH = 100
"""The widest line of running text, in columns."""


def parser() -> Parser:
    """The parser of its arguments."""
    from mfa_tui.cli.terminal.parser import Parser

    parser = Parser(
        "doctor",
        "Show what is wrong with your setup and how to fix it, which other tools you use, and what would change. "
        "Nothing is asked for or sent, and without --fix nothing is changed. "
        "Exit status: 0, or 1 if there are errors (not for warnings and hints).",
    )
    parser.add_argument(
        "profile", nargs="?", metavar="PROFILE", help="check only this one and its sources (default: all)"
    )
    parser.add_argument(
        "--fix", action="store_true", help="first take away the permissions of other users that are findings"
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    return parser


def run(arguments: list[str]) -> int:
    """Examine the setup and print the findings, as a list or as JSON."""
    profile, fix, as_json = _parsed(arguments) if arguments else (None, False, False)
    with NoCollections():
        diagnosis = examine(os.environ, profile)
        if fix and _fix(diagnosis.findings):
            diagnosis = examine(os.environ, profile)
        if as_json:
            output.print_json(_as_json(diagnosis))
        else:
            output.print_result("\n".join(_lines(diagnosis)))
    grave = any(finding.severity == Severity.ERROR for finding in diagnosis.findings)
    return Exit.REFUSED if grave else Exit.DONE


def _parsed(arguments: list[str]) -> tuple[str | None, bool, bool]:
    """The profile, and whether to fix and to print JSON. argparse is not loaded without arguments."""
    given = parser().parse_args(arguments)
    return given.profile, given.fix, given.json


def _fix(findings: Sequence[Finding]) -> bool:
    """Fix what can be fixed at once, and say so; returns whether anything was."""
    done, failed = repair_all(findings)
    for finding in done:
        output.say(f"Fixed: {finding.what}")
    for problem in failed:
        output.print_error(problem)
    return bool(done)


def _lines(diagnosis: Diagnosis) -> Iterator[str]:
    profiles = counted(diagnosis.examined, "profile")
    if not any(finding.severity != Severity.HINT for finding in diagnosis.findings):
        yield f"✓ No problems found ({profiles})."
    else:
        yield f"{_summary(diagnosis.findings)} in {profiles}:"
    for finding in diagnosis.findings:
        yield ""
        yield f"{_MARKS[finding.severity]} {finding.what}"
        yield from (f"    {line}" for line in finding.lines()[1:])
    if able := sum(permission_change(finding) is not None for finding in diagnosis.findings):
        yield ""
        yield f"To fix {able} of them now: mfa-tui doctor --fix"
    if diagnosis.other_tools:
        yield ""
        yield "Other tools (mfa-tui does not change their files):"
    for other in diagnosis.other_tools:
        yield ""
        yield from _tool_lines(other)


def _tool_lines(other: OtherTool) -> Iterator[str]:
    import textwrap

    yield other.tool
    yield from (f"  - {line}" for line in other.found)
    yield textwrap.fill(other.change, _WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)


def _summary(findings: Iterable[Finding]) -> str:
    severities = [finding.severity for finding in findings]
    counts = ((severities.count(severity), severity) for severity in _MARKS)
    return ", ".join(counted(count, severity) for count, severity in counts if count)


def _as_json(diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "profile": finding.profile or None,
                "what": finding.what,
                "why": finding.why,
                "remedy": finding.remedy,
                "place": finding.place.as_json() if finding.place else None,
            }
            for finding in diagnosis.findings
        ],
        "other_tools": [
            {"tool": other.tool, "found": list(other.found), "change": other.change} for other in diagnosis.other_tools
        ],
    }
