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
from tests.support.homes.home import Home

if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.models import Session

ANA, BOB = "AKIAEXAMPLEEXAMPLEAA", "AKIAEXAMPLEEXAMPLEBB"
SERIAL = "arn:aws:iam::111122223333:mfa/phone"


def keys(key_id: str, name: str = "dev") -> str:
    return f"[{name}]\naws_access_key_id = {key_id}\naws_secret_access_key = secret\nmfa_serial = {SERIAL}\n"


class LoginSetup:
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
def setup(home: Home, monkeypatch: pytest.MonkeyPatch) -> LoginSetup:
    return LoginSetup(home, monkeypatch)


def test_a_note_counts_until_a_file_changes(setup: LoginSetup) -> None:
    assert setup.noted() == ""
    setup.note()
    assert setup.noted() == ANA
    for change in (
        lambda: setup.file.write_text(keys(ANA) + "\n"),
        lambda: setup.home.config.write_text(""),
        lambda: _put(Path(setup.context().paths.settings), "margin = 300\n"),
        lambda: os.utime(setup.file, ns=(1, 1)),
    ):
        change()
        assert setup.noted() == ""
        setup.note()
        assert setup.noted() == ANA


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_session_of_other_keys_is_not_noted(setup: LoginSetup) -> None:
    """While a code was asked for, the files became others."""
    setup.note(BOB)
    assert setup.noted() == ""
    setup.file.write_text(keys(BOB))
    setup.note(ANA)
    assert setup.noted() == ""


def test_two_files_that_are_switched_by_a_link(setup: LoginSetup) -> None:
    """Both stay as they are; only what the link means changes, and back."""
    for name, key_id in (("a", ANA), ("b", BOB)):
        (setup.home.path / name).write_text(keys(key_id))

    def switch(name: str) -> None:
        setup.file.unlink()
        setup.file.symlink_to(setup.home.path / name)

    switch("a")
    setup.note()
    assert setup.noted() == ANA
    switch("b")
    assert setup.noted() == ""
    switch("a")
    assert setup.noted() == ANA
    # Bob's session was made while the link was his; it is Ana's again when it is noted, and while it is.
    setup.note(BOB)
    assert setup.noted() == ANA
    setup.note(BOB, context=setup.reading(lambda: switch("b")))
    assert setup.noted() == ""
    switch("a")
    assert setup.noted() in ("", ANA)


def test_a_file_that_is_moved_away_and_back(setup: LoginSetup) -> None:
    old = setup.home.path / "old"
    setup.note()
    times = setup.file.stat()
    setup.file.rename(old)
    setup.file.write_text(keys(BOB))
    setup.note(BOB)
    assert setup.noted() == BOB
    old.rename(setup.file)
    os.utime(setup.file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert setup.noted() == ""


def test_a_change_that_is_dated_back(setup: LoginSetup) -> None:
    """In place, of the same length, and with the old time: as some tools that keep times do."""
    setup.note()
    times = setup.file.stat()
    with setup.file.open("r+") as file:
        file.write(keys(BOB))
    os.utime(setup.file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert setup.noted() == ""


def test_nothing_is_noted_that_a_second_change_within_one_tick_would_leave_standing(
    setup: LoginSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, "_TICK", 30.0)
    setup.note()
    assert setup.noted() == ""
    # Times without fractions of a second come from a file system that knows none.
    monkeypatch.setattr(fingerprint, "_TICK", 0.0)
    monkeypatch.setattr(fingerprint, "_COARSE_TICK", 2.0)
    os.utime(setup.file, (int(time.time()),) * 2)
    setup.note()
    assert setup.noted() == ""
    os.utime(setup.file, (int(time.time()) - 60,) * 2)
    setup.note()
    assert setup.noted() == ANA


def test_settings_that_have_changed_since_they_were_read(setup: LoginSetup) -> None:
    """``dev-x`` was a target by the pattern that was set then."""
    settings = Path(setup.context().paths.settings)
    _put(settings, 'target_pattern = "{profile}-x"\n')
    context = setup.context()
    setup.note(name="dev-x", context=context)
    assert setup.noted("dev-x") == ANA
    _put(settings, 'target_pattern = "{profile}-y"\n')
    setup.note(name="dev-x", context=context)
    assert setup.noted("dev-x") == ""
    for wrong in ("no toml", "margin = -1\n"):
        _put(settings, wrong)
        setup.note(name="dev-x", context=context)
    assert shortcuts.load_shortcut(context.paths, "dev-x") is None


def test_a_wrong_scope_does_not_slow_down_the_others(setup: LoginSetup) -> None:
    _put(Path(setup.context().paths.settings), '[scopes.a]\nread_olny = true\n[scopes.b]\nservices = ["s3"]\n')
    setup.note()
    assert setup.noted() == ANA


def test_names_too_long_for_a_file_have_no_notes(setup: LoginSetup) -> None:
    """They are not those whose names they begin with."""
    short, long = "x" * 100, "x" * 128
    setup.file.write_text(keys(ANA, short) + keys(BOB, long))
    setup.note(ANA, short)
    assert setup.noted(short) == ANA
    assert setup.noted(long) == ""
    setup.note(BOB, long)
    assert (setup.noted(short), setup.noted(long)) == (ANA, "")


def test_each_pair_of_files_has_its_own(setup: LoginSetup) -> None:
    other = setup.home.path / "other"
    other.write_text(keys(BOB))
    setup.note()
    setup.home.env["AWS_SHARED_CREDENTIALS_FILE"] = str(other)
    assert setup.noted() == ""
    setup.note(BOB)
    assert setup.noted() == BOB
    del setup.home.env["AWS_SHARED_CREDENTIALS_FILE"]
    assert setup.noted() in ("", ANA)


def test_a_path_that_is_no_text(setup: LoginSetup) -> None:
    """Nothing is noted there, and nothing breaks."""
    setup.home.env["AWS_CONFIG_FILE"] = os.fsdecode(b"/no/such/\xff")
    setup.note()
    assert setup.noted() == ""
