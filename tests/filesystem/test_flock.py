"""Our lock on a file, and filelock's: either sees the other's."""

import os
import stat
from pathlib import Path

import filelock
import pytest

from mfa_tui.adapters.filesystem.locking.flock import Flock


def taken_by_filelock(path: Path) -> bool:
    other = filelock.FileLock(path)
    try:
        other.acquire(blocking=False)
    except filelock.Timeout:
        return False
    other.release()
    return True


def test_filelock_sees_it_and_it_sees_filelocks(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    ours = Flock(str(path))
    assert ours.take()
    assert not taken_by_filelock(path)
    assert not Flock(str(path)).take()
    ours.release()
    assert taken_by_filelock(path)
    with filelock.FileLock(path):
        assert not ours.take()
    assert ours.take()
    ours.release()


def test_the_file_is_its_owners_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    before = os.umask(0o277)
    try:
        ours = Flock(str(path))
        assert ours.take()
    finally:
        os.umask(before)
    assert ours.handle is not None
    assert not os.get_inheritable(ours.handle)
    ours.release()
    ours.release()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_removed_is_locked_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lock"
    ours = Flock(str(path))
    with monkeypatch.context() as patch:
        opened = ours._open

        def removed() -> int | None:
            handle = opened()
            path.unlink()
            return handle

        patch.setattr(ours, "_open", removed)
        assert not ours.take()
    assert ours.take()
    ours.release()


def test_what_is_no_file_of_ours(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for path in ("link", "not/there"):
        with pytest.raises(OSError, match=path):
            Flock(str(tmp_path / path)).take()
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_another_users_file_in_a_shared_directory(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    path = tmp_path / "lock"
    path.touch()
    os.chown(path, 12345, 12345)
    with pytest.raises(PermissionError, match="another user"):
        Flock(str(path)).take()
