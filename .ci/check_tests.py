"""Reads pytest's JUnit report: fails when a test was skipped that should have run, and prints the counts.

Usage: check_tests.py [--count] REPORT. With ``--count`` it only prints «N passed, N failed, N skipped».
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ALLOWED = (
    r"Windows only",
    r"macOS only",
)
"""Reasons for which a test may be skipped where all system packages are installed: each matches a reason's start."""


def outcomes(report: Path) -> dict[str, list[tuple[str, str]]]:
    """Test names and messages of a report, by outcome: passed, failed or skipped (expected failures among them)."""
    found: dict[str, list[tuple[str, str]]] = {"passed": [], "failed": [], "skipped": []}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest's own report, written a moment ago
        name = f"{case.get('classname')}::{case.get('name')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            found["failed"].append((name, ""))
        elif skipped is not None:
            found["skipped"].append((name, skipped.get("message") or ""))
        else:
            found["passed"].append((name, ""))
    return found


def main(arguments: list[str]) -> int:
    """1 when no test ran or one was skipped for a reason that is not allowed."""
    only_count = arguments[0] == "--count"
    report = Path(arguments[-1])
    found = outcomes(report) if report.exists() else {"passed": [], "failed": [], "skipped": []}
    if only_count:
        print(", ".join(f"{len(tests)} {outcome}" for outcome, tests in found.items()))
        return 0
    wrong = [(name, why) for name, why in found["skipped"] if not re.match("|".join(ALLOWED), why)]
    for name, why in wrong:
        print(f"{name} should have run here, but: {why}")
    if not found["passed"]:
        print("No test ran.")
    return int(bool(wrong) or not found["passed"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
