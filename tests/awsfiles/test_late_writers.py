"""Other programs that write the credentials in place, replace them, or are stopped halfway, while login is at work.

Afterwards all that is the user's is there, the other program's change and the session too; or login has written
nothing, has said so, and has kept the session.
"""

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from awscli.customizations.configure.writer import ConfigFileWriter  # type: ignore[import-untyped] # it has no types

from mfa_tui.adapters.awsfiles import file_edit, late_writers
from mfa_tui.adapters.awsfiles.files import AwsFiles
from mfa_tui.adapters.filesystem.atomic_replace import Replacement
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import MfaTuiError, WriteProblem
from mfa_tui.services.login.logout import log_out
from tests.support.awsfiles import (
    CONFIG,
    age,
    as_botocore_reads,
    beside,
    context_of,
    furnish,
    log_in,
)
from tests.support.home import Home
from tests.support.launcher import without_leases

SECTIONS = ("default", "dev", "ops", "other", "last")
CREDENTIALS = "\n".join(
    f"[{name}]\naws_access_key_id = AKIAEXAMPLEEXAMPLE00\naws_secret_access_key = secret/of/{name}\n"
    for name in SECTIONS
)
THEIRS = f"{CREDENTIALS}\n[theirs]\naws_access_key_id = AKIATHEIRS\naws_secret_access_key = t\n"
HALF = CREDENTIALS[: CREDENTIALS.index("[ops]") - 1]
"""Two sections of five: whole, and nothing tells that more is to come."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only: leases")


@pytest.fixture(autouse=True, params=["leases", "no leases"])
def leases(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the system tells who has a file open for writing."""
    if request.param == "leases":
        if sys.platform != "linux":
            pytest.skip("Linux only: leases")
        return True
    for module, name, seconds in (
        (file_edit, "_QUIET_IF_UNKNOWN", 0.5), (file_edit, "_QUIET_IF_LOST", 1.0),
        (late_writers, "_WATCHED_BLINDLY", 0.7),
        (late_writers, "_QUIET_ONCE_CHANGED", 1.0),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, seconds)
    monkeypatch.setattr(fcntl, "fcntl", without_leases(fcntl.fcntl))
    return False


@pytest.fixture
def home(home: Home) -> Home:
    """With a session in hand, and five profiles that have keys."""
    furnish(home, credentials=CREDENTIALS)
    return home


@pytest.fixture(params=["plain", "link", "one file"])
def layout(request: pytest.FixtureRequest, home: Home) -> str:
    """Where the files are: the credentials behind a link, or both variables naming one file."""
    if request.param == "link":
        (home.path / "dotfiles").mkdir()
        home.credentials.rename(home.path / "dotfiles" / "credentials")
        home.credentials.symlink_to(home.path / "dotfiles" / "credentials")
    elif request.param == "one file":
        home.credentials.write_text(f"{CREDENTIALS}\n{CONFIG}")
        home.env["AWS_CONFIG_FILE"] = str(home.credentials)
        age(home)
    return str(request.param)


class Writer:
    """Another program that writes a file in place: *first*, then after *pause* seconds *rest*. None: it dies before."""

    def __init__(self, path: Path, first: str, rest: str | None, pause: float = 0.0, how: str = "w") -> None:
        program = (
            "import os, sys, time\n"
            "path, how, first, rest, pause = sys.argv[1:]\n"
            "print('up', flush=True)\n"
            "file = open(path, how)\n"
            "file.write(first); file.flush()\n"
            "print('open', flush=True)\n"
            "time.sleep(float(pause))\n"
            "if rest == '-': os._exit(9)\n"
            "file.write(rest); file.close()\n"
        )
        arguments = [str(path), how, first, "-" if rest is None else rest, str(pause)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.wait_for("up")

    def wait_for(self, word: str) -> None:
        """Until it says that word."""
        assert self.process.stdout
        assert self.process.stdout.readline() == f"{word}\n"

    def end(self) -> None:
        """Until it is done."""
        self.process.communicate(timeout=60)


@pytest.fixture
def while_waiting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """``while_waiting(what)``: *what* happens once, after login has read the files and before it writes."""

    def install(what: Callable[[], None]) -> None:
        edit = AwsFiles.edit
        done: list[bool] = []

        def later(self: AwsFiles, *arguments: Any, **options: Any) -> bool:
            if not done:
                done.append(True)
                what()
            return edit(self, *arguments, **options)

        monkeypatch.setattr(AwsFiles, "edit", later)

    return install


@pytest.fixture
def at_last_moment(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """``at_last_moment(what)``: *what* happens once, when nothing more stands between login and its renaming."""

    def install(what: Callable[[], None]) -> None:
        commit = Replacement.commit
        done: list[bool] = []

        def later(self: Replacement, **options: Any) -> None:
            if self.path == str(home.credentials) and not done:
                done.append(True)
                what()
            commit(self, **options)

        monkeypatch.setattr(Replacement, "commit", later)

    return install


def assert_nothing_lost(home: Home, expected: str = THEIRS, *, session: bool = True) -> None:
    """All sections and keys of *expected* are there, and ours."""
    found = as_botocore_reads(home.credentials)
    reference = home.path / "reference"
    reference.write_text(expected)
    wanted = as_botocore_reads(reference)
    assert {name: found.get(name) for name in wanted} == wanted
    assert set(found) - set(wanted) == ({"dev-mfa"} if session else set())
    assert beside(home) == set()


def failure(home: Home) -> MfaTuiError:
    with pytest.raises(MfaTuiError) as caught:
        log_in(home)
    return caught.value


def named_backup(problem: MfaTuiError) -> Path:
    """The backup that an error names."""
    return Path(next(word for word in problem.remedy.split() if "/backups/" in word).rstrip(":"))


def backups(home: Home) -> list[str]:
    """What the backups of the credentials hold, the oldest first."""
    directory = home.path / ".local/share/mfa-tui/backups"
    paths = [path for path in directory.iterdir() if "-credentials" in path.name and ".other-" not in path.name]
    return [path.read_text() for path in sorted(paths, key=lambda path: (len(path.name), path.name))]


@pytest.mark.parametrize("pause", [0.2, 0.9])
def test_half_a_file_is_waited_for(home: Home, while_waiting: Any, pause: float) -> None:
    writers: list[Writer] = []

    def write() -> None:
        writers.append(Writer(home.credentials, HALF, THEIRS[len(HALF) :], pause))
        writers[0].wait_for("open")

    while_waiting(write)
    log_in(home)
    writers[0].end()
    assert_nothing_lost(home)
    assert backups(home)[-1] == THEIRS


def test_a_writer_who_takes_too_long(
    home: Home, while_waiting: Any, leases: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_edit, "PATIENCE", 0.7)
    old_config = home.config.read_bytes()
    writers: list[Writer] = []

    def write() -> None:
        writers.append(Writer(home.credentials, HALF, THEIRS[len(HALF) :], 2))
        writers[0].wait_for("open")

    while_waiting(write)
    problem = failure(home)
    assert problem.slug == "write-contended"
    assert problem.exit_status == 1
    assert "The session is kept: no new code is needed." in problem.remedy
    if leases:
        assert f"process {writers[0].process.pid} (python" in problem.why
    assert home.config.read_bytes() == old_config
    writers[0].end()
    assert_nothing_lost(home, session=False)
    log_in(home)
    assert_nothing_lost(home)


def test_the_backup_of_a_file_that_held_a_session_of_ours_is_named(home: Home, while_waiting: Any) -> None:
    ours = "\n[ops-mfa]\naws_access_key_id = ASIAEXAMPLEEXAMPLE00\nmfa_tui_source = ops\n"
    home.credentials.write_text(CREDENTIALS + ours)
    age(home)

    def write() -> None:
        home.credentials.write_text(HALF + "\n[ops]\naws_sec")
        os.utime(home.credentials, (time.time() - 60,) * 2)

    while_waiting(write)
    problem = failure(home)
    assert problem.slug == "file-defect"
    assert named_backup(problem).read_text().startswith(CREDENTIALS)


def test_what_has_come_in_the_way_meanwhile_keeps_its_remedy(home: Home, while_waiting: Any) -> None:
    while_waiting(lambda: os.link(home.credentials, home.credentials.with_name("other")))
    problem = failure(home)
    assert problem.slug == "file-hard-link"
    assert problem.remedy.startswith("The session is kept: no new code is needed. ")
    assert problem.remedy.endswith("Make the other names symbolic links to this file.")


@pytest.mark.parametrize("where", ["at a header", "in a section", "in the last section", "in a line", "nothing"])
def test_a_writer_who_dies_halfway(home: Home, while_waiting: Any, where: str, leases: bool) -> None:
    cut = HALF + "\n[ops]\naws_access_key_id = AKIAEXAMPLEEXAMPLE00\n"
    last = CREDENTIALS[: CREDENTIALS.rindex("aws_secret")]
    parts = {"at a header": HALF, "in a section": cut, "in the last section": last, "in a line": cut + "aws_sec"}
    left = parts.get(where, "")

    def write() -> None:
        writer = Writer(home.credentials, left, None)
        writer.end()
        os.utime(home.credentials, (time.time() - 60,) * 2)

    while_waiting(write)
    if leases and where == "at a header":
        # So it looks when somebody removes the others.
        log_in(home)
        assert_nothing_lost(home, HALF)
    else:
        problem = failure(home)
        assert problem.slug == ("file-defect" if where == "in a line" else "write-contended")
        lost = {
            "nothing": "[default], [dev], [ops] and 2 more",
            "in a section": "[other] and [last]",
            "in the last section": "keys in [last]",
        }
        if where != "in a line":
            named = lost.get(where, "[ops], [other] and [last]")
            assert f"it has lost {named} since this command began" in problem.what
        assert "The session is kept: no new code is needed." in problem.remedy
        assert home.credentials.read_text() == left
        assert named_backup(problem).read_text() == CREDENTIALS
    assert backups(home)[0] == CREDENTIALS


def test_sections_that_are_taken_out_meanwhile(home: Home, while_waiting: Any, leases: bool) -> None:
    """By an editor, which replaces the file; everything else is as it was."""
    less = CREDENTIALS.replace(_section("ops"), "")

    def edit() -> None:
        new = home.aws_dir / "new"
        new.write_text(less)
        os.utime(new, (time.time() - 60,) * 2)
        new.replace(home.credentials)

    while_waiting(edit)
    if leases:
        log_in(home)
        assert_nothing_lost(home, less)
        assert CREDENTIALS in backups(home)
    else:
        assert "[ops]" in failure(home).what
        assert home.credentials.read_text() == less


def _section(name: str) -> str:
    return f"[{name}]\naws_access_key_id = AKIAEXAMPLEEXAMPLE00\naws_secret_access_key = secret/of/{name}\n\n"


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


def test_what_both_changed_is_told(home: Home, at_last_moment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_the_writer_of_the_aws_cli_in_a_loop(
    home: Home, pause: float, leases: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_edit, "PATIENCE", 1.5)
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
