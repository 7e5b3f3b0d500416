"""Other programs that open, put or make the credentials at the last moment, after a login has looked."""

import os
import threading
import time
from typing import Any

import pytest
from awscli.customizations.configure.writer import ConfigFileWriter  # type: ignore[import-untyped] # it has no types

from mfa_tui.adapters.awsfiles import file_edit, late_writers
from mfa_tui.adapters.filesystem.atomic_replace import Replacement
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import WriteProblem
from mfa_tui.services.login.logout import log_out
from tests.awsfiles.writers import (
    CREDENTIALS,
    HALF,
    SECTIONS,
    THEIRS,
    Writer,
    assert_nothing_lost,
    at_last_moment,
    failure,
    home,
    layout,
    leases,
    linux,
    named_backup,
    while_waiting,
)
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    age,
    as_botocore_reads,
    context_of,
    log_in,
)
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

__all__ = ["at_last_moment", "home", "layout", "leases", "while_waiting"]


@pytest.mark.parametrize("how", ["w", "a", "r+"])
def test_a_writer_who_opens_the_file_at_the_last_moment(home: Home, at_last_moment: Any, how: str) -> None:
    writers: list[Writer] = []
    text = THEIRS.removeprefix(CREDENTIALS) if how == "a" else THEIRS

    def write() -> None:
        writers.append(Writer(home.credentials, text[:100], text[100:], 0.5, how))
        time.sleep(0.3)

    at_last_moment(write)
    log_in(home)
    writers[0].end()
    assert_nothing_lost(home)


def test_a_file_that_is_put_there_at_the_last_moment(home: Home, at_last_moment: Any) -> None:
    def replace() -> None:
        new = home.aws_dir / "new"
        new.write_text(THEIRS)
        new.replace(home.credentials)

    at_last_moment(replace)
    log_in(home)
    assert_nothing_lost(home)


def test_a_file_that_is_made_at_the_last_moment(home: Home, at_last_moment: Any) -> None:
    """There was none, as the keys are in the config file."""
    home.credentials.unlink()
    keys = "aws_access_key_id = AKIAEXAMPLEEXAMPLE00\naws_secret_access_key = s\n"
    home.config.write_text(CONFIG.replace("region", keys + "region", 1))
    age(home)
    at_last_moment(lambda: home.credentials.write_text(THEIRS))
    log_in(home)
    assert_nothing_lost(home)


@long
@linux
def test_a_late_writer_who_does_not_end(
    home: Home, at_last_moment: Any, leases: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_writers, "_WATCHED", 0.3)
    monkeypatch.setattr(late_writers, "_WATCHED_BLINDLY", 0.2)
    monkeypatch.setattr(late_writers, "_QUIET_ONCE_CHANGED", 0.1)
    writers: list[Writer] = []

    def write() -> None:
        writers.append(Writer(home.credentials, HALF, THEIRS[len(HALF) :], 3))
        time.sleep(0.3)

    at_last_moment(write)
    problem = failure(home)
    assert problem.slug == "write-overtaken"
    assert problem.why == ("After 0.3 s it was still writing the old file." if leases else "It left half a file.")
    copy = named_backup(problem)
    assert copy.read_text() == HALF
    assert copy.stat().st_mode & 0o777 == 0o600
    writers[0].end()
    assert_nothing_lost(home, CREDENTIALS)


def test_a_key_that_both_changed_is_reported(home: Home, at_last_moment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A late writer changes a key, and before that is put in, a third program changes it as well."""
    theirs = CREDENTIALS.replace("secret/of/ops", "their/secret")
    later = CREDENTIALS.replace("secret/of/ops", "later/secret")
    writers: list[Writer] = []

    def write() -> None:
        writers.append(Writer(home.credentials, theirs[:10], theirs[10:], 0.3))
        time.sleep(0.3)

    watch = late_writers.LateWriters._watch

    def watched(self: late_writers.LateWriters) -> None:
        watch(self)
        text = home.credentials.read_text()
        home.credentials.write_text(text.replace("secret/of/ops", "later/secret"))

    monkeypatch.setattr(late_writers.LateWriters, "_watch", watched)
    at_last_moment(write)
    problem = failure(home)
    writers[0].end()
    assert problem.slug == "write-overtaken"
    assert "[ops]" in problem.why
    assert named_backup(problem).read_text() == theirs
    assert_nothing_lost(home, later)


@pytest.mark.parametrize("pause", [0.0, 0.02, 0.2])
@long
def test_the_writer_of_the_aws_cli_in_a_loop(
    home: Home, pause: float, leases: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_edit, "TIMEOUT", 1.5)
    stop = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stop.wait(pause) if pause else not stop.is_set():
            values = {"__section__": f"theirs-{written}", "aws_access_key_id": f"AKIA{written}"}
            ConfigFileWriter().update_config(values, str(home.credentials))
            written += 1

    thread = threading.Thread(target=write)
    thread.start()
    time.sleep(0.1)
    problem = None
    try:
        log_in(home)
    except WriteProblem as found_problem:
        problem = found_problem
    finally:
        stop.set()
        thread.join()
    assert problem is None or problem.slug == "write-contended"
    assert problem is None or pause < 0.1 or not leases
    found = as_botocore_reads(home.credentials)
    assert set(SECTIONS) <= set(found)
    assert [name for name in found if name.startswith("theirs-")] == [f"theirs-{number}" for number in range(written)]


@pytest.mark.usefixtures("layout")
def test_logout_while_another_program_writes(home: Home, while_waiting: Any) -> None:
    log_in(home)
    text = home.credentials.read_text()
    expected = as_botocore_reads(home.credentials).keys() - {"dev-mfa", "profile dev-mfa"} | {"theirs"}
    age(home)
    writers: list[Writer] = []

    def write() -> None:
        writers.append(Writer(home.credentials, text[:300], text[300:] + "\n[theirs]\nregion = x\n", 0.4))
        writers[0].wait_for("open")

    while_waiting(write)
    log_out(context_of(home), "dev", CancelScope())
    writers[0].end()
    assert as_botocore_reads(home.credentials).keys() == expected


@pytest.mark.usefixtures("layout")
def test_a_late_writer_whatever_the_file_is(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    text = home.credentials.read_text()
    writers: list[Writer] = []
    commit = Replacement.commit

    def later(self: Replacement, **options: Any) -> None:
        if self.path == os.path.realpath(home.credentials) and not writers:
            writers.append(Writer(home.credentials, text[:300], text[300:] + "\n[theirs]\nregion = x\n", 0.3))
            time.sleep(0.3)
        commit(self, **options)

    monkeypatch.setattr(Replacement, "commit", later)
    log_in(home)
    writers[0].end()
    found = as_botocore_reads(home.credentials)
    assert {*SECTIONS, "theirs", "dev-mfa"} <= found.keys()
