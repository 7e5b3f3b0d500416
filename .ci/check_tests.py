"""Reads pytest's JUnit reports.

Usage: check_tests.py REPORT          fails when a test was skipped that should have run, or none ran
       check_tests.py --failed REPORT prints what failed and why, in a few lines each
       check_tests.py --count REPORT… prints the counts; for a test in several reports, the last counts
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

ALLOWED = (
    r"Windows only",
    r"macOS only",
)
"""Reasons for which a test may be skipped where all system packages are installed: each matches a reason's start."""

SHOWN = 25
"""How many lines of a failure are printed: its last ones, where pytest says what was wrong."""


class Case(NamedTuple):
    """One test of a report."""

    name: str
    outcome: str
    """passed, failed or skipped (expected failures among these)."""
    why: str
    """The reason of a skip; the traceback of a failure."""


def cases(report: Path) -> list[Case]:
    """The tests of a report; none if there is no report."""
    found = []
    for case in ET.parse(report).iter("testcase") if report.exists() else ():  # noqa: S314 - pytest's own report
        name = f"{case.get('classname')}::{case.get('name')}"
        skipped, wrong = case.find("skipped"), case.findall("failure") + case.findall("error")
        if wrong:
            found.append(Case(name, "failed", "\n".join(each.text or each.get("message") or "" for each in wrong)))
        elif skipped is not None:
            found.append(Case(name, "skipped", skipped.get("message") or ""))
        else:
            found.append(Case(name, "passed", ""))
    return found


def main(arguments: list[str]) -> int:
    """1 when no test ran or one was skipped for a reason that is not allowed."""
    if arguments[0] == "--count":
        outcomes = [*{case.name: case.outcome for report in arguments[1:] for case in cases(Path(report))}.values()]
        print(", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in ("passed", "failed", "skipped")))
        return 0
    found = cases(Path(arguments[-1]))
    if arguments[0] == "--failed":
        for case in found:
            if case.outcome == "failed":
                print(f"--- {case.name}", *case.why.rstrip().splitlines()[-SHOWN:], sep="\n")
        return 0
    wrong = [case for case in found if case.outcome == "skipped" and not re.match("|".join(ALLOWED), case.why)]
    for case in wrong:
        print(f"{case.name} should have run here, but: {case.why}")
    ran = any(case.outcome == "passed" for case in found)
    if not ran:
        print("No test ran.")
    return int(bool(wrong) or not ran)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
