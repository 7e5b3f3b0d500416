"""An audit as one self-contained HTML page: no scripts, nothing loaded, readable in light and dark and on paper."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from mfa_tui.core.account.html_pictures import key_age_picture, protection_picture, sign_in_picture
from mfa_tui.core.account.summary_text import counts_in_words, facts_in_words, heading, remedies, report_age, unchecked
from mfa_tui.core.text.display import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfa_tui.core.account.audit import Audit
    from mfa_tui.core.account.rules import Thresholds

_STYLE = """
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1c2024; --soft: #5b6470; --line: #d5dae0; --panel: #f4f6f8;
  --good: #1f7a4d; --bad: #c2410c; --critical: #b00020; --high: #b4530a; --medium: #7a5c00; --low: #42566e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --text: #e6e9ec; --soft: #a3adb8; --line: #363d45; --panel: #1d2226;
    --good: #56c78c; --bad: #ff9457; --critical: #ff7a85; --high: #ffa657; --medium: #e3c04f; --low: #a9bdd6;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p, dl { margin: .4rem 0; }
.soft { color: var(--soft); }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem; margin-top: 1rem; }
figure { margin: 0; padding: 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
.good { fill: var(--good); } .bad { fill: var(--bad); } .axis { stroke: var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
td { overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; font-weight: 600; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); }
.low { color: var(--low); }
code { font: .9em ui-monospace, monospace; }
@media print { body { max-width: none; } tr { break-inside: avoid; } }
"""


def as_html(audit: Audit, thresholds: Thresholds) -> str:
    """The page, in ASCII for any encoding; no line break at the end."""
    title = heading(audit)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        # Nothing is loaded and nothing runs, whatever a name in the account may contain.
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        '<meta name="referrer" content="no-referrer">',
        f"<title>{_text(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{_text(title)}</h1>",
        f'<p class="soft">{_text(report_age(audit))} Findings: {_text(counts_in_words(audit))}.</p>',
        _facts(audit),
        _pictures(audit, thresholds),
        *_findings(audit),
        *_missing(audit),
        "</body>",
        "</html>",
    ]
    return "\n".join(filter(None, parts)).encode("ascii", "xmlcharrefreplace").decode()


def _facts(audit: Audit) -> str:
    rows = "".join(f"<dt>{_text(name)}</dt><dd>{_text(words)}</dd>" for name, words in facts_in_words(audit))
    return f"<dl>{rows}</dl>" if rows else ""


def _pictures(audit: Audit, thresholds: Thresholds) -> str:
    facts = audit.facts
    figures = []
    if facts.users is not None:
        figures.append(("Users with MFA", protection_picture(facts.users)))
        figures.append(("Age of active keys, in days", key_age_picture(facts.users, audit.made_at, thresholds)))
    if facts.sign_ins is not None:
        figures.append(("Console sign-ins by day", sign_in_picture(facts.sign_ins, audit.made_at)))
    drawn = "".join(f"<figure><figcaption>{_text(name)}</figcaption>{picture}</figure>" for name, picture in figures)
    return f'<div class="panels">{drawn}</div>' if drawn else ""


def _findings(audit: Audit) -> Iterable[str]:
    yield "<h2>Findings</h2>"
    if not audit.findings:
        yield "<p>Nothing was found.</p>"
        return
    yield '<div class="wide"><table>'
    yield '<thead><tr><th scope="col">Severity</th><th scope="col">Finding</th><th scope="col">What</th></tr></thead>'
    yield "<tbody>"
    for one in audit.findings:
        yield (
            f'<tr><td class="{_text(one.severity)}">{_text(one.severity)}</td><td><code>{_text(one.id)}</code></td>'
            f'<td title="{_text(one.resource)}">{_text(one.what)}</td></tr>'
        )
    yield "</tbody></table></div>"
    yield "<h2>What to do</h2>"
    yield "<dl>"
    for rule in remedies(audit):
        yield f"<dt><code>{_text(rule.id)}</code></dt><dd>{_text(rule.title)}. {_text(rule.remedy)}</dd>"
    yield "</dl>"


def _missing(audit: Audit) -> Iterable[str]:
    if missing := unchecked(audit):
        yield "<h2>Not checked</h2>"
        yield "<dl>"
        for check, words in missing:
            yield f"<dt>{_text(check.title)}</dt><dd>{_text(words)}</dd>"
        yield "</dl>"


def _text(text: str) -> str:
    """Text that means only itself, in an element or in an attribute."""
    return escape(in_one_line(text), quote=True)
