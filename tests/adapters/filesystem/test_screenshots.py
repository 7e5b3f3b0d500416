"""Where pictures of the screen go."""

import os
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.screenshots import save_screenshot
from mfa_tui.errors import FileProblem


def test_a_picture_goes_to_the_downloads_if_there_are_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DOWNLOAD_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    saved = Path(save_screenshot("<svg/>"))
    assert saved.parent == here
    assert saved.read_text() == "<svg/>"
    if os.name == "posix":
        downloads = tmp_path / "Downloads"
        downloads.mkdir()
        assert Path(save_screenshot("<svg/>")).parent == downloads


def test_a_picture_replaces_none_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.strftime", lambda _: "same.svg")
    save_screenshot("<svg/>")
    with pytest.raises(FileProblem, match="already exists"):
        save_screenshot("<svg/>")


@pytest.mark.skipif(os.name != "posix", reason="A directory that is in use cannot be deleted elsewhere")
def test_a_current_directory_that_is_gone_is_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert Path(save_screenshot("<svg/>")).parent == tmp_path
