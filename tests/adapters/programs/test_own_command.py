"""The command by which a shell or an SDK runs this mfa-tui again."""

import os
import sys
import zipapp
from pathlib import Path

import pytest

from mfa_tui.adapters.programs.own_command import own_command

MODULE = [sys.executable, "-P", "-m", "mfa_tui"]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed script; the working directory is the one above."""
    script = tmp_path / "bin dir" / ("mfa-tui.exe" if os.name == "nt" else "mfa-tui")
    script.parent.mkdir()
    script.touch(0o755)
    monkeypatch.chdir(tmp_path)
    return script


@pytest.mark.parametrize("started", ["{bin}/mfa-tui", "bin dir/mfa-tui", "bin dir/launcher.py"])
def test_the_script_is_run_by_its_full_path(script: Path, monkeypatch: pytest.MonkeyPatch, started: str) -> None:
    monkeypatch.setattr(sys, "argv", [started.format(bin=script.parent)])
    assert own_command() == [str(script)]


@pytest.mark.skipif(os.name == "nt", reason="POSIX only: links, and files that cannot be run")
def test_a_link_is_kept_and_what_cannot_be_run_is_not_taken(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = script.parent.parent / "mfa-tui"
    link.symlink_to(script)
    monkeypatch.setattr(sys, "argv", ["mfa-tui"])
    assert own_command() == [str(link)]
    script.chmod(0o644)
    assert own_command() == MODULE


@pytest.mark.skipif(os.name == "nt", reason="POSIX only: archives that can be run by themselves")
def test_an_archive_is_run_by_its_full_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "__main__.py").touch()
    archive = tmp_path / "mfa-tui-1.pyz"
    zipapp.create_archive(source, archive, interpreter="/usr/bin/env python3")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [archive.name])
    assert own_command() == [str(archive)]
    archive.chmod(0o644)
    assert own_command() == [sys.executable, str(archive)]


@pytest.mark.parametrize("started", ["mfa_tui/__main__.py", "-c", ""])
def test_without_a_script_it_is_the_module(script: Path, monkeypatch: pytest.MonkeyPatch, started: str) -> None:
    assert script.exists()
    monkeypatch.setattr(sys, "argv", [started])
    assert own_command() == MODULE
