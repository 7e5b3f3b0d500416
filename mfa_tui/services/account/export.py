"""An audit in a file that only the user can read, in the format that the file's name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem.user_files import check_new_file, write_new_file
from mfa_tui.errors import UsageError

if TYPE_CHECKING:
    from mfa_tui.core.account.audit import Audit
    from mfa_tui.core.account.rules import Thresholds

FORMATS = (".html", ".csv", ".md", ".json")
"""The ends of the names that are understood."""
FORMAT_NAMES = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
"""Them, in words."""


def check_export(path: str) -> None:
    """Make sure that an audit can be written there. Raises UsageError ``export-kind``, FileProblem (``given-…``)."""
    if not path.lower().endswith(FORMATS):
        raise UsageError("export-kind", f"{path} does not end in {FORMAT_NAMES}.", "", "Choose a name that does.")
    check_new_file(path)


def write_export(path: str, audit: Audit, thresholds: Thresholds) -> None:
    """Write the audit to a new file, 0600. Raises FileProblem."""
    write_new_file(path, f"{_text(path.lower(), audit, thresholds)}\n".encode())


def _text(path: str, audit: Audit, thresholds: Thresholds) -> str:
    if path.endswith(".html"):
        from mfa_tui.core.account.html_page import as_html

        return as_html(audit, thresholds)
    from mfa_tui.core.account.text_formats import as_csv, as_json, as_markdown

    if path.endswith(".csv"):
        return as_csv(audit)
    if path.endswith(".md"):
        return as_markdown(audit)
    import json

    return json.dumps(as_json(audit), indent=2)
