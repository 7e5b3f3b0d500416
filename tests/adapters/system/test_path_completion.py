"""Completing the path of a file."""

from pathlib import Path

import pytest

from mfa_tui.adapters.system.path_completion import complete_path


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("export-1.json", "export-2.json", ".hidden", "größe.csv"):
        (tmp_path / name).touch()
    (tmp_path / "downloads").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("~/exp", "~/export-"),
        ("~/export-1", "~/export-1.json"),
        ("~/d", "~/downloads/"),
        ("exp", "export-"),
        ("~/gr", "~/größe.csv"),
        ("~/.h", "~/.hidden"),
        ("~/", "~/"),
        ("~/none", "~/none"),
        ("~/missing/x", "~/missing/x"),
        ("~/export-1.json/x", "~/export-1.json/x"),
        ("", ""),
    ],
)
@pytest.mark.usefixtures("tree")
def test_as_much_as_all_have_in_common_is_added(typed: str, completed: str) -> None:
    assert complete_path(typed) == completed


def test_a_whole_path(tree: Path) -> None:
    assert complete_path(f"{tree}/export-2") == f"{tree}/export-2.json"
