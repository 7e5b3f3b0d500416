"""The history's database: what is kept, for how long, and that it never gets in the way."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.history import log as module
from mfa_tui.adapters.history.log import HistoryLog
from mfa_tui.core.aws.api_call import ApiCall
from mfa_tui.core.history.entry import Entry, Result
from mfa_tui.errors import WriteProblem
from tests.support.runner.thoroughness import long

NOW = 1_795_521_342
DAY = 86_400
NOBODY = 65_534
CALL = ApiCall("iam", "EnableMFADevice", {"UserName": "ana"}, "id-1", "AccessDenied", "No.", "arn:x", "AKIA")


def entry(number: int = 0, profile: str = "dev", at: int = NOW) -> Entry:
    return Entry(at, profile, "login", Result.DONE, f"Text {number}.", calls=(CALL,))


@pytest.fixture
def log(tmp_path: Path) -> HistoryLog:
    return HistoryLog(Paths({"HOME": str(tmp_path)}))


def texts(log: HistoryLog, **options: object) -> list[str]:
    return [each.text for each in log.entries(90, NOW, **options)]  # type: ignore[arg-type]


def put(log: HistoryLog, *entries: Entry, days: int = 90) -> None:
    for each in entries:
        log.add(each, days, NOW)


def test_entries_come_back_whole_the_latest_first(log: HistoryLog) -> None:
    whole = Entry(
        NOW, "dev", "device-reset", Result.REFUSED, "What.", "Why.", "denied", "bob", "arn:x", "AKIA", (CALL, CALL)
    )
    put(log, entry(1, at=NOW - 9), whole, entry(2, at=NOW - 5))
    found = log.entries(90, NOW)
    assert [each._replace(uid="") for each in found] == [whole, entry(2, at=NOW - 5), entry(1, at=NOW - 9)]
    assert len({each.uid for each in found}) == 3
    assert found[0].request_id == "id-1"


def test_a_part_of_them(log: HistoryLog) -> None:
    put(log, *(entry(number, "dev" if number % 2 else "ops", NOW - number) for number in range(6)))
    assert texts(log, profile="ops") == ["Text 0.", "Text 2.", "Text 4."]
    assert texts(log, since=NOW - 2) == ["Text 0.", "Text 1.", "Text 2."]
    assert texts(log, profile="dev", limit=1) == ["Text 1."]


def test_nobody_else_can_read_it(log: HistoryLog) -> None:
    before = os.umask(0)
    try:
        put(log, entry())
    finally:
        os.umask(before)
    assert os.stat(log.path).st_mode & 0o777 == 0o600
    assert os.stat(log.directory).st_mode & 0o777 == 0o700
    Path(log.path).chmod(0o666)
    put(log, entry())
    assert os.stat(log.path).st_mode & 0o777 == 0o600
    assert len(texts(log)) == 2


def test_old_entries_go(log: HistoryLog, monkeypatch: pytest.MonkeyPatch) -> None:
    put(log, entry(1, at=NOW - 11 * DAY), entry(2, at=NOW - 9 * DAY))
    assert texts(log) == ["Text 2.", "Text 1."]
    assert [each.text for each in log.entries(10, NOW)] == ["Text 2."]
    put(log, entry(3), days=10)
    assert texts(log) == ["Text 3.", "Text 2."]
    monkeypatch.setattr(module, "MOST", 2)
    put(log, entry(4), entry(5))
    assert set(texts(log)) == {"Text 4.", "Text 5."}


def test_no_days_no_history(log: HistoryLog) -> None:
    put(log, entry(), days=0)
    assert not os.path.exists(log.directory)
    put(log, entry())
    assert log.entries(0, NOW) == []
    put(log, entry(), days=0)
    assert os.listdir(log.directory) == []


def in_processes(number: int, work: Callable[[int], object]) -> None:
    """Call *work* in so many processes at once."""
    children = []
    for index in range(number):
        if not (child := os.fork()):
            try:
                work(index)
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


@long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_twenty_processes_at_once(log: HistoryLog) -> None:
    in_processes(20, lambda index: put(log, *(entry(index * 10 + number) for number in range(5))))
    assert sorted(texts(log)) == sorted(f"Text {index * 10 + number}." for index in range(20) for number in range(5))
    assert not [name for name in os.listdir(log.directory) if name.endswith(".json")]


def test_a_locked_database_loses_nothing(log: HistoryLog) -> None:
    put(log, entry(1))
    holder = sqlite3.connect(log.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    put(log, entry(2), entry(3))
    waiting = [Path(log.directory, name) for name in os.listdir(log.directory) if name.endswith(".json")]
    assert [path.stat().st_mode & 0o777 for path in waiting] == [0o600, 0o600]
    holder.close()
    assert sorted(texts(log)) == ["Text 1.", "Text 2.", "Text 3."]
    assert not any(path.exists() for path in waiting)
    assert sorted(texts(log)) == ["Text 1.", "Text 2.", "Text 3."]


def test_a_locked_database_is_an_error_for_its_reader(log: HistoryLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_READ_BUSY", 0.01)
    put(log, entry(1))
    holder = sqlite3.connect(log.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(WriteProblem) as caught:
        texts(log)
    assert (caught.value.slug, caught.value.why) == ("history-unreadable", "Another process is using it.")
    holder.close()


@pytest.mark.parametrize("damage", ["text", "cut", "tables", "columns"])
def test_a_damaged_database_is_set_aside(log: HistoryLog, damage: str) -> None:
    put(log, *map(entry, range(40)))
    if damage == "text":
        Path(log.path).write_text("no database" * 100)
    elif damage == "cut":
        os.truncate(log.path, os.path.getsize(log.path) // 2 + 100)
    else:
        with sqlite3.connect(log.path) as database:
            database.execute("DROP TABLE entries" if damage == "tables" else "ALTER TABLE entries RENAME at TO when_")
    put(log, entry(99))
    assert texts(log) == ["Text 99."]
    assert os.path.exists(log.damaged_path)
    assert log.problem() is None


def test_reading_a_damaged_database_sets_it_aside(log: HistoryLog) -> None:
    put(log, entry(1))
    Path(log.path).write_text("no database" * 100)
    assert log.problem() is not None
    assert texts(log) == []
    assert os.path.exists(log.damaged_path)


@long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_many_find_the_damage_at_once(log: HistoryLog) -> None:
    put(log, entry())
    Path(log.path).write_text("no database" * 100)
    in_processes(8, lambda index: put(log, entry(index)))
    assert sorted(texts(log)) == [f"Text {index}." for index in range(8)]


def test_an_unfinished_database_is_finished(log: HistoryLog) -> None:
    os.makedirs(log.directory, 0o700)
    Path(log.path).touch(0o600)
    assert (texts(log), log.problem()) == ([], None)
    put(log, entry(1))
    assert texts(log) == ["Text 1."]
    assert not os.path.exists(log.damaged_path)


def test_a_link_is_not_followed(log: HistoryLog, tmp_path: Path) -> None:
    os.makedirs(log.directory, 0o700)
    other = tmp_path / "other"
    other.touch()
    os.symlink(other, log.path)
    put(log, entry())
    assert other.read_bytes() == b""
    problem = log.problem()
    assert problem is not None
    assert problem.what == f"The history cannot be used: {log.path}"
    with pytest.raises(WriteProblem):
        texts(log)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("part", ["path", "directory"])
def test_what_belongs_to_another_user_is_not_used(log: HistoryLog, part: str) -> None:
    put(log, entry())
    os.chown(getattr(log, part), NOBODY, NOBODY)
    before = Path(log.path).read_bytes()
    put(log, entry())
    assert Path(log.path).read_bytes() == before
    assert os.listdir(log.directory) == [os.path.basename(log.path)]
    problem = log.problem()
    assert problem is not None
    assert "belongs to another user" in problem.why
    with pytest.raises(WriteProblem):
        texts(log)


def test_where_nothing_can_be_written_nothing_fails(log: HistoryLog) -> None:
    os.makedirs(os.path.dirname(log.directory), 0o700)
    Path(log.directory).touch()
    put(log, entry())
    assert texts(log) == []
    assert log.problem() is None


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a full device")
def test_on_a_full_disk_nothing_fails(log: HistoryLog, monkeypatch: pytest.MonkeyPatch) -> None:
    put(log, entry(1))

    def connect(*args: object, **options: object) -> sqlite3.Connection:
        database = real(*args, **options)  # type: ignore[call-overload]
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count = {pages}")
        assert isinstance(database, sqlite3.Connection)
        return database

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", connect)
    put(log, *(entry(number)._replace(why="x" * 4000) for number in range(2, 20)))
    monkeypatch.undo()
    assert texts(log)[-1:] == ["Text 1."]
    assert log.problem() is None


def test_names_that_are_no_text(log: HistoryLog) -> None:
    put(log, entry(profile="caf\udce9"))
    assert log.entries(90, NOW)[0].profile == "caf\udce9"
    assert len(log.entries(90, NOW, profile="caf\udce9")) == 1


def test_foreign_documents_are_left_out(log: HistoryLog) -> None:
    put(log, entry(1))
    with sqlite3.connect(log.path) as database:
        for number, document in enumerate(("no json", "[]", '{"at": "x"}', json.dumps({"at": 1, "calls": {}}))):
            database.execute("INSERT INTO entries VALUES (?, ?, '', '', '', '', ?)", (f"u{number}", NOW, document))
    Path(log.directory, "x.json").write_text("{")
    assert texts(log) == ["Text 1."]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_killed_processes_damage_nothing(log: HistoryLog) -> None:
    for round_ in range(5):
        if not (child := os.fork()):
            number = 0
            while True:
                number += 1
                put(log, entry(number, f"p{round_}"))
        while not log.entries(90, NOW, profile=f"p{round_}", limit=1):
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    numbers = [int(each.text.split()[1].rstrip(".")) for each in reversed(log.entries(90, NOW, profile="p4"))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert log.problem() is None
    assert not log.was_damaged()
