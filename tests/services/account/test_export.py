"""An audit in a file: which names are understood, and what is written."""

import csv
import json
from pathlib import Path

import pytest

from mfa_tui.core.account.account import Facts
from mfa_tui.core.account.audit import CHECKS, Audit
from mfa_tui.core.account.rules import Thresholds
from mfa_tui.errors import FileProblem, UsageError
from mfa_tui.services.account.export import check_export, write_export

AUDIT = Audit(1_790_000_000.0, Facts("111122223333", users=()), checks=CHECKS)


@pytest.mark.parametrize("name", ["audit.html", "AUDIT.HTML", "a.csv", "a.md", "a.json"])
def test_names_that_are_understood(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    check_export(str(path))
    write_export(str(path), AUDIT, Thresholds())
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert text.endswith("\n")
    kind = path.suffix.lower()
    assert text.startswith("<!DOCTYPE html>") == (kind == ".html")
    assert text.startswith(r"# Account 1111\-2222\-3333") == (kind == ".md")
    if kind == ".csv":
        assert [row["severity"] for row in csv.DictReader(text.splitlines())] == ["not checked"] * len(CHECKS)
    if kind == ".json":
        assert json.loads(text)["account"] == "111122223333"
        assert text.startswith('{\n  "')
    with pytest.raises(FileProblem):
        check_export(str(path))


@pytest.mark.parametrize("name", ["audit", "audit.txt", "html"])
def test_names_that_are_not(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as error:
        check_export(str(tmp_path / name))
    assert error.value.slug == "export-kind"
    assert error.value.what.endswith(" does not end in .html, .csv, .md or .json.")
