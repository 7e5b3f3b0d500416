"""The notes on which session a profile means: never one of other files or settings, in whatever order they change."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mfa_tui.adapters.filesystem import fingerprint
from mfa_tui.adapters.sessions import shortcuts
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.services.context import Context
from mfa_tui.services.sessions.shortcut import write_shortcut
from tests.support.home import Home

if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.models import Session

ANA, BOB = "AKIAEXAMPLEEXAMPLEAA", "AKIAEXAMPLEEXAMPLEBB"
SERIAL = "arn:aws:iam::111122223333:mfa/phone"


def keys(key_id: str, name: str = "dev") -> str:
    return f"[{name}]\naws_access_key_id = {key_id}\naws_secret_access_key = secret\nmfa_serial = {SERIAL}\n"


class Desk:
    """A home with Ana's keys as ``dev``, and sessions of hers and of Bob's in the cache."""

    def __init__(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.file = home.credentials
        self._patch = monkeypatch
        self.file.write_text(keys(ANA))
        self.settle()
        self.sessions = {key_id: self._session(key_id) for key_id in (ANA, BOB)}

    def _session(self, key_id: str) -> "Session":
        from mfa_tui.models import Secret, Session

        session = Session(
            access_key_id=f"ASIA{key_id[4:]}", secret_access_key=Secret("s"), session_token=Secret("t"),
            expires_at=int(time.time()) + 40_000, duration=43_200, source_key_id=key_id, serial=SERIAL,
        )  # fmt: skip
        self.context().cache.store(session, CancelScope())
        return session

    def context(self) -> Context:
        return Context(self.home.env, warn=pytest.fail)

    def settle(self) -> None:
        """Let the files be old enough for the next change to show."""
        self._patch.setattr(fingerprint, "_TICK", -1.0)
        self._patch.setattr(fingerprint, "_COARSE_TICK", -1.0)

    def note(self, key_id: str = ANA, name: str = "dev", context: Context | None = None) -> None:
        write_shortcut(context or self.context(), name, self.sessions[key_id])

    def noted(self, name: str = "dev") -> str:
        """Whose session the note means; empty if there is none that counts."""
        found = shortcuts.load_shortcut(self.context().paths, name)
        return f"AKIA{found.field('AccessKeyId')[4:]}" if found else ""

    def reading(self, change: Callable[[], object]) -> Context:
        """A context that finds the files as *change* makes them just before they are read."""
        context = self.context()
        load = context.files.load

        def loaded() -> "AwsConfig":
            change()
            return load()

        self._patch.setattr(context.files, "load", loaded)
        return context


@pytest.fixture
def desk(home: Home, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(home, monkeypatch)


def test_a_note_counts_until_a_file_changes(desk: Desk) -> None:
    assert desk.noted() == ""
    desk.note()
    assert desk.noted() == ANA
    for change in (
        lambda: desk.file.write_text(keys(ANA) + "\n"),
        lambda: desk.home.config.write_text(""),
        lambda: _put(Path(desk.context().paths.settings), "margin = 300\n"),
        lambda: os.utime(desk.file, ns=(1, 1)),
    ):
        change()
        assert desk.noted() == ""
        desk.note()
        assert desk.noted() == ANA


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_session_of_other_keys_is_not_noted(desk: Desk) -> None:
    """While a code was asked for, the files became others."""
    desk.note(BOB)
    assert desk.noted() == ""
    desk.file.write_text(keys(BOB))
    desk.note(ANA)
    assert desk.noted() == ""


def test_two_files_that_are_switched_by_a_link(desk: Desk) -> None:
    """Both stay as they are; only what the link means changes, and back."""
    for name, key_id in (("a", ANA), ("b", BOB)):
        (desk.home.path / name).write_text(keys(key_id))

    def switch(name: str) -> None:
        desk.file.unlink()
        desk.file.symlink_to(desk.home.path / name)

    switch("a")
    desk.note()
    assert desk.noted() == ANA
    switch("b")
    assert desk.noted() == ""
    switch("a")
    assert desk.noted() == ANA
    # Bob's session was made while the link was his; it is Ana's again when it is noted, and while it is.
    desk.note(BOB)
    assert desk.noted() == ANA
    desk.note(BOB, context=desk.reading(lambda: switch("b")))
    assert desk.noted() == ""
    switch("a")
    assert desk.noted() in ("", ANA)


def test_a_file_that_is_moved_away_and_back(desk: Desk) -> None:
    old = desk.home.path / "old"
    desk.note()
    times = desk.file.stat()
    desk.file.rename(old)
    desk.file.write_text(keys(BOB))
    desk.note(BOB)
    assert desk.noted() == BOB
    old.rename(desk.file)
    os.utime(desk.file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert desk.noted() == ""


def test_a_change_that_is_dated_back(desk: Desk) -> None:
    """In place, of the same length, and with the old time: as some tools that keep times do."""
    desk.note()
    times = desk.file.stat()
    with desk.file.open("r+") as file:
        file.write(keys(BOB))
    os.utime(desk.file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert desk.noted() == ""


def test_nothing_is_noted_that_a_second_change_within_one_tick_would_leave_standing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, "_TICK", 30.0)
    desk.note()
    assert desk.noted() == ""
    # Times without fractions of a second come from a file system that knows none.
    monkeypatch.setattr(fingerprint, "_TICK", 0.0)
    monkeypatch.setattr(fingerprint, "_COARSE_TICK", 2.0)
    os.utime(desk.file, (int(time.time()),) * 2)
    desk.note()
    assert desk.noted() == ""
    os.utime(desk.file, (int(time.time()) - 60,) * 2)
    desk.note()
    assert desk.noted() == ANA


def test_settings_that_have_changed_since_they_were_read(desk: Desk) -> None:
    """``dev-x`` was a target by the pattern that was set then."""
    settings = Path(desk.context().paths.settings)
    _put(settings, 'target_pattern = "{profile}-x"\n')
    context = desk.context()
    desk.note(name="dev-x", context=context)
    assert desk.noted("dev-x") == ANA
    _put(settings, 'target_pattern = "{profile}-y"\n')
    desk.note(name="dev-x", context=context)
    assert desk.noted("dev-x") == ""
    _put(settings, "no toml")
    desk.note(name="dev-x", context=context)
    assert shortcuts.load_shortcut(context.paths, "dev-x") is None


def test_names_too_long_for_a_file_have_no_notes(desk: Desk) -> None:
    """They are not those whose names they begin with."""
    short, long = "x" * 100, "x" * 101
    desk.file.write_text(keys(ANA, short) + keys(BOB, long))
    desk.note(ANA, short)
    assert desk.noted(short) == ANA
    assert desk.noted(long) == ""
    desk.note(BOB, long)
    assert (desk.noted(short), desk.noted(long)) == (ANA, "")


def test_each_pair_of_files_has_its_own(desk: Desk) -> None:
    other = desk.home.path / "other"
    other.write_text(keys(BOB))
    desk.note()
    desk.home.env["AWS_SHARED_CREDENTIALS_FILE"] = str(other)
    assert desk.noted() == ""
    desk.note(BOB)
    assert desk.noted() == BOB
    del desk.home.env["AWS_SHARED_CREDENTIALS_FILE"]
    assert desk.noted() in ("", ANA)


def test_a_path_that_is_no_text(desk: Desk) -> None:
    """Nothing is noted there, and nothing breaks."""
    desk.home.env["AWS_CONFIG_FILE"] = os.fsdecode(b"/no/such/\xff")
    desk.note()
    assert desk.noted() == ""
