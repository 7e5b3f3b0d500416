"""An audit as JSON, CSV and Markdown. The HTML page is in ``html_page``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mfa_tui.core.account.audit import State
from mfa_tui.core.account.summary_text import counts_in_words, facts_in_words, heading, remedies, report_age, unchecked
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.text.display import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfa_tui.core.account.audit import Audit

_FORMULA = ("=", "+", "-", "@")
"""What a cell begins with that spreadsheets run as a formula (OWASP, "CSV Injection"). IAM allows all in names."""
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~>-])")


def as_json(audit: Audit) -> dict[str, object]:
    """The audit as a JSON object. Its keys are stable."""
    return {
        "account": audit.facts.account,
        "made_at": format_utc(int(audit.made_at)),
        "report_age_s": audit.report_age,
        "findings": [
            {
                "id": one.id,
                "severity": one.severity,
                "resource": one.resource,
                "what": one.what,
                "remedy": one.remedy,
            }
            for one in audit.findings
        ],
        "denied": list(audit.denied),
        "checks": [
            {
                "id": check.id,
                "state": check.state,
                "action": check.action or None,
                "regions": list(check.regions),
                "why": check.why or None,
            }
            for check in audit.checks
        ],
    }


def as_csv(audit: Audit) -> str:
    """The findings as CSV with a header, then a row for each check that is not complete; no line break at the end."""
    import csv

    out = _Rows()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["severity", "id", "resource", "name", "what", "remedy"])
    for one in audit.findings:
        writer.writerow(map(_cell, (one.severity, one.id, one.resource, one.name, one.what, one.remedy)))
    for check, words in unchecked(audit):
        state = "denied" if check.state == State.DENIED else "not checked"
        writer.writerow(map(_cell, (state, check.id, check.action, check.title, words, "")))
    return "".join(out).removesuffix("\n")


class _Rows(list[str]):
    """What the CSV writer has written, row by row."""

    write = list.append


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe comes before what looks like one."""
    text = in_one_line(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_markdown(audit: Audit) -> str:
    """The audit as a page of Markdown, for a ticket or a wiki; no line break at the end."""
    lines = [
        f"# {_escape(heading(audit))}",
        "",
        f"{_escape(report_age(audit))} Findings: {counts_in_words(audit)}.",
        "",
    ]
    lines += [f"- {name}: {_escape(words)}" for name, words in facts_in_words(audit)]
    if audit.findings:
        lines += ["", "## Findings", ""]
        lines += _table(("severity", "finding", "what"), ((one.severity, one.id, one.what) for one in audit.findings))
        lines += ["", "## What to do", ""]
        lines += [f"- {_escape(rule.title)} (`{rule.id}`): {_escape(rule.remedy)}" for rule in remedies(audit)]
    if missing := unchecked(audit):
        lines += ["", "## Not checked", ""]
        lines += [f"- {_escape(check.title)}: {_escape(words)}" for check, words in missing]
    return "\n".join(lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(map(_escape, row))} |" for row in rows),
    ]


def _escape(text: str) -> str:
    """Text that means only itself: no markup, no HTML, and nobody is mentioned."""
    text = _MARKUP.sub(r"\\\1", in_one_line(text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
