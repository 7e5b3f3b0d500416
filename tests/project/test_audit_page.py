"""The page on the audit says what the program does."""

import re

from mfa_tui.core.account.audit import Audit
from mfa_tui.core.account.findings import RULES, SEVERITIES
from mfa_tui.core.account.rules import LENGTH, LENGTH_ALONE, REUSE, Thresholds
from mfa_tui.core.account.text_formats import as_json
from tests.support.runner.sources import ROOT

PAGE = (ROOT / "docs" / "audit.md").read_text()


def test_the_table_of_severities() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|$", PAGE.partition("## How it works")[0], re.MULTILINE)
    expected = []
    for rule in RULES:
        severity, when = rule.variant
        expected.append((rule.id, f"{rule.severity}; {severity} if {when}" if severity else rule.severity, rule.title))
    assert rows == expected
    assert all(rule.severity in SEVERITIES for rule in RULES)


def test_the_limits() -> None:
    assert f"after {Thresholds().old} days, and **unused** after {Thresholds().unused}" in PAGE
    assert f"fewer than {LENGTH} characters" in PAGE
    assert f"fewer than {LENGTH_ALONE} while" in PAGE
    assert f"one of the last {REUSE} passwords" in PAGE


def test_the_keys_of_the_json_document() -> None:
    table = PAGE.partition("`--json` prints one object:")[2].partition("Exit status")[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE) == list(as_json(Audit(0)))
