"""What must outlast a power cut is on the disk before anything is done that relies on it."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from mfa_tui.adapters.filesystem import private_files


def test_file_then_rename_then_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(handle: int) -> None:
        fsync(handle)
        done.append("directory" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")

    def noted_replace(*paths: str, **places: Any) -> None:
        replace(*paths, **places)
        done.append("rename")

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    path = tmp_path / "new" / "file"
    private_files.write(str(path), "text", durable=True)
    # The first is the parent of the directory that had to be made.
    assert done == ["directory", "file", "rename", "directory"]
    assert path.read_text() == "text"
    private_files.write(str(path), "other")
    assert done[4:] == ["rename"]


def test_a_file_system_without_fsync_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(os, "fsync", refuse)
    private_files.write(str(tmp_path / "file"), "text", durable=True)
    assert (tmp_path / "file").read_text() == "text"


def test_what_cannot_reach_the_disk_replaces_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        private_files.write(str(path), "new", durable=True)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    assert path.read_text() == "old"
