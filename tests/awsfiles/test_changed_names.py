"""Other programs that change what a name stands for while a login writes: links, modes, and one file of two."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from mfa_tui.adapters.filesystem import atomic_replace
from mfa_tui.adapters.filesystem.atomic_replace import Replacement
from mfa_tui.errors import FileProblem, WriteProblem
from tests.awsfiles.writers import (
    CREDENTIALS,
    THEIRS,
    Writer,
    assert_nothing_lost,
    at_last_moment,
    home,
    leases,
    linux,
)
from tests.support.awsfiles.saved_sessions import CONFIG, age, log_in, mode
from tests.support.homes.home import Home

__all__ = ["at_last_moment", "home", "leases"]

pytestmark = linux


def dotfile(home: Home) -> Path:
    """Where a manager of dotfiles keeps the credentials."""
    path = home.path / "dotfiles" / "credentials"
    path.parent.mkdir()
    return path


def adopt(home: Home, path: Path) -> None:
    """As a manager of dotfiles does: the file moves, and a link takes its name."""
    path.write_bytes(home.credentials.read_bytes())
    path.chmod(0o600)
    link = home.aws_dir / "link"
    link.symlink_to(path)
    link.replace(home.credentials)


def test_a_link_that_is_put_there_at_the_last_moment(home: Home, at_last_moment: Any) -> None:
    path = dotfile(home)
    at_last_moment(lambda: adopt(home, path))
    log_in(home)
    assert home.credentials.is_symlink()
    assert_nothing_lost(home, CREDENTIALS)


def test_a_link_that_is_put_there_while_the_new_file_is_written(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dotfile(home)
    prepare = Replacement.prepare

    def prepared(self: Replacement, data: bytes) -> None:
        if self.path == str(home.credentials) and not home.credentials.is_symlink():
            adopt(home, path)
        prepare(self, data)

    monkeypatch.setattr(Replacement, "prepare", prepared)
    log_in(home)
    assert home.credentials.is_symlink()
    assert_nothing_lost(home, CREDENTIALS)


def test_a_link_that_is_replaced_by_a_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """``sed -i`` makes a file of a link: what was written behind the link is not seen any more."""
    path = dotfile(home)
    adopt(home, path)
    age(home)
    commit = Replacement.commit

    def later(self: Replacement, **options: Any) -> None:
        if self.path == str(path) and home.credentials.is_symlink():
            new = home.aws_dir / "sed"
            new.write_text(THEIRS)
            new.replace(home.credentials)
        commit(self, **options)

    monkeypatch.setattr(Replacement, "commit", later)
    log_in(home)
    assert_nothing_lost(home)


@pytest.mark.parametrize("swapping", [True, False])
def test_a_mode_that_is_changed_at_the_last_moment(
    home: Home, at_last_moment: Any, monkeypatch: pytest.MonkeyPatch, *, swapping: bool
) -> None:
    if not swapping:
        monkeypatch.setattr(atomic_replace, "exchange", lambda *_: False)
    home.credentials.chmod(0o644)
    at_last_moment(lambda: home.credentials.chmod(0o600))
    log_in(home)
    assert mode(home.credentials) == 0o600


def test_a_writer_of_the_config_while_the_credentials_cannot_be_replaced(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The config was replaced already, and a program waits to write it."""
    theirs = CONFIG + "[profile theirs]\nregion = x\n"
    writers: list[Writer] = []
    commit = Replacement.commit

    def failing(self: Replacement, **options: Any) -> None:
        if self.path == str(home.credentials):
            raise OSError(5, os.strerror(5))
        writers.append(Writer(home.config, theirs[:20], theirs[20:], 0.3))
        time.sleep(0.3)
        commit(self, **options)

    monkeypatch.setattr(Replacement, "commit", failing)
    with pytest.raises(WriteProblem):
        log_in(home)
    writers[0].end()
    held = home.config.read_text() + "".join(
        path.read_text() for path in (home.path / ".local/share/mfa-tui/backups").iterdir()
    )
    assert "[profile theirs]" in held


def test_what_a_killed_process_left_before_the_files_were_moved(home: Home) -> None:
    """The temporary file is where the files were, and may hold a session."""
    left = home.aws_dir / f".credentials.mfa-tui.99999999-{'0' * 16}.tmp"
    left.write_text("[dev-mfa]\naws_session_token = secret\n")
    adopt(home, dotfile(home))
    age(home)
    log_in(home)
    assert_nothing_lost(home, CREDENTIALS)


def test_a_directory_that_is_moved_away_at_the_last_moment(home: Home, at_last_moment: Any) -> None:
    """As a program does that restores a copy: nothing of ours stays in the old one."""

    def restore() -> None:
        shutil.copytree(home.aws_dir, home.path / "copy")
        home.aws_dir.rename(home.path / "old")
        (home.path / "copy").rename(home.aws_dir)

    at_last_moment(restore)
    log_in(home)
    assert_nothing_lost(home, CREDENTIALS)
    assert list((home.path / "old").glob(".*.tmp")) == []


def test_a_hard_link_that_is_made_at_the_last_moment(home: Home, at_last_moment: Any) -> None:
    """It is not cut off, as one that was there before is not."""
    at_last_moment(lambda: os.link(home.credentials, home.path / "other"))
    with pytest.raises(FileProblem) as caught:
        log_in(home)
    assert caught.value.slug == "file-hard-link"
    assert home.credentials.samefile(home.path / "other")
    assert home.credentials.read_text() == CREDENTIALS
