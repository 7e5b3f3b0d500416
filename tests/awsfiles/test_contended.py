"""Others at work on the same file: between our reading and our writing, or holding the lock."""

import errno
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest

from mfa_tui.adapters.awsfiles import file_edit
from mfa_tui.adapters.awsfiles.late_writers import ReplacedFile
from mfa_tui.adapters.filesystem import locks
from mfa_tui.adapters.filesystem.atomic_replace import Replacement
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.errors import Cancelled, FileProblem, MfaTuiError, TargetRefused, WriteProblem
from mfa_tui.services.login import login
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice, Progress
from mfa_tui.services.sessions.outcomes import LoginRequest
from tests.support.awsfiles.saved_sessions import (
    CREDENTIALS,
    as_botocore_reads,
    assert_one_message,
    beside,
    contents,
    context_of,
    furnish,
    hold_session,
    log_in,
    new_session,
)
from tests.support.homes.home import Home

Meddle = Callable[[Callable[[int], None]], None]


@pytest.fixture
def meanwhile(home: Home, monkeypatch: pytest.MonkeyPatch) -> Meddle:
    """``meanwhile(what)``: *what* happens each time the credentials are about to be replaced; it is told which time."""

    def install(what: Callable[[int], None]) -> None:
        prepare = Replacement.prepare
        times = iter(range(1000))

        def meddled(self: Replacement, data: bytes) -> None:
            prepare(self, data)
            if self.path == str(home.credentials):
                what(next(times))

        monkeypatch.setattr(Replacement, "prepare", meddled)

    return install


def append(home: Home, text: str) -> None:
    with home.credentials.open("a") as file:
        file.write(text)


def test_what_was_written_in_between_is_kept(home: Home, meanwhile: Meddle) -> None:
    furnish(home)
    meanwhile(lambda time: append(home, f"\n[other-{time}]\nregion = x\n") if time < 3 else None)
    log_in(home)
    assert list(as_botocore_reads(home.credentials)) == ["dev", "other-0", "other-1", "other-2", "dev-mfa"]
    assert home.credentials.read_text().startswith(f"{CREDENTIALS}\n[other-0]\nregion = x\n\n[other-1]\n")
    assert beside(home) == set()


def test_the_edit_is_worked_out_before_the_lock_and_again_only_if_a_file_changed(home: Home, meanwhile: Meddle) -> None:
    furnish(home)
    files = context_of(home).files
    worked_out = 0

    def edit(aws: AwsConfig) -> tuple[Document, Document]:
        nonlocal worked_out
        worked_out += 1
        return aws.config, aws.credentials.with_section(f"ours-{worked_out}", [("region", "x")])

    def locked(path: str, *_: object, **__: object) -> AbstractContextManager[None]:
        assert worked_out == 1, path
        return nullcontext()

    with patch.object(file_edit, "hold_lock", locked), patch.object(Document, "parse", wraps=Document.parse) as parse:
        files.edit(edit)
    assert worked_out == 1
    # Both files, the edited one, and what becomes the backup.
    assert parse.call_count <= 4
    meanwhile(lambda time: append(home, "" if time else "\n[other]\nregion = x\n"))
    files.edit(edit)
    assert worked_out == 3


def test_the_file_was_replaced_in_between(home: Home, meanwhile: Meddle) -> None:
    furnish(home)

    def replace(time: int) -> None:
        if not time:
            other = home.path / "other"
            other.write_text(f"# all new\n{CREDENTIALS}")
            other.replace(home.credentials)

    meanwhile(replace)
    log_in(home)
    assert home.credentials.read_text().startswith(f"# all new\n{CREDENTIALS}")
    assert "dev-mfa" in as_botocore_reads(home.credentials)


def test_a_program_that_never_stops_writing(home: Home, meanwhile: Meddle, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(home)
    monkeypatch.setattr(file_edit, "_QUIET", 0.0)
    monkeypatch.setattr(file_edit, "TIMEOUT", 0.2)
    meanwhile(lambda time: append(home, f"# {time}\n"))
    problem = failed(home)
    assert isinstance(problem, WriteProblem)
    assert problem.slug == "write-contended"
    assert str(home.credentials) in problem.what
    assert home.credentials.read_text().startswith(CREDENTIALS + "# 0\n# 1\n")
    assert "dev-mfa" not in as_botocore_reads(home.credentials)
    assert beside(home) == set()


def test_a_program_that_keeps_writing_once_the_file_was_replaced(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may keep what was written: nobody can say that nothing was."""
    furnish(home)
    monkeypatch.setattr(file_edit, "_QUIET", 0.0)
    monkeypatch.setattr(file_edit, "TIMEOUT", 0.2)
    release = ReplacedFile.release_writers
    times = iter(range(1000))

    def meddled(self: ReplacedFile) -> None:
        release(self)
        if self.path == str(home.credentials):
            other = home.path / "other"
            other.write_bytes(home.credentials.read_bytes().replace(b"ASIA", b"ASIB") + b"# %d\n" % next(times))
            other.replace(home.credentials)

    monkeypatch.setattr(ReplacedFile, "release_writers", meddled)
    problem = failed(home)
    assert isinstance(problem, WriteProblem)
    assert problem.what == f"{home.credentials} may not hold what was written: another program keeps writing it."
    assert "dev-mfa" in as_botocore_reads(home.credentials)


def failed(home: Home) -> MfaTuiError:
    with pytest.raises(MfaTuiError) as caught:
        log_in(home)
    return caught.value


def test_someone_else_put_a_session_there_in_between(home: Home, meanwhile: Meddle) -> None:
    furnish(home)
    theirs = "[dev-mfa]\naws_access_key_id = ASIATHEIRS\naws_session_token = t\n"
    meanwhile(lambda time: append(home, "" if time else theirs))
    problem = failed(home)
    assert isinstance(problem, WriteProblem)
    assert problem.slug == "target-changed"
    assert as_botocore_reads(home.credentials)["dev-mfa"]["aws_access_key_id"] == "ASIATHEIRS"
    assert beside(home) == set()


def test_someone_else_put_long_term_keys_there_in_between(home: Home, meanwhile: Meddle) -> None:
    furnish(home)
    meanwhile(lambda _: append(home, "[dev-mfa]\naws_access_key_id = AKIATHEIRS\naws_secret_access_key = s\n"))
    problem = failed(home)
    assert isinstance(problem, TargetRefused)
    assert as_botocore_reads(home.credentials)["dev-mfa"]["aws_access_key_id"] == "AKIATHEIRS"
    assert beside(home) == set()


def test_someone_else_broke_the_file_in_between(home: Home, meanwhile: Meddle) -> None:
    furnish(home)
    meanwhile(lambda _: append(home, "broken\n"))
    problem = failed(home)
    assert isinstance(problem, FileProblem)
    assert problem.slug == "file-defect"
    assert home.credentials.read_text() == CREDENTIALS + "broken\n"
    assert beside(home) == set()


def test_interrupted_in_between(home: Home, meanwhile: Meddle) -> None:
    furnish(home)
    old = home.credentials.read_bytes()

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    meanwhile(interrupt)
    with pytest.raises(KeyboardInterrupt):
        log_in(home)
    assert home.credentials.read_bytes() == old
    assert beside(home) == set()


@contextmanager
def held(path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process of mfa-tui holds the lock file *path*."""
    program = (
        "import sys; from mfa_tui.adapters.filesystem.locks import hold_lock\n"
        "with hold_lock(sys.argv[1], 'This'): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


QUICK = "import sys; from mfa_tui.adapters.filesystem import locks; locks.WAIT = 0.3; from mfa_tui import main; "


@pytest.mark.parametrize("name", ["config", "credentials"])
def test_the_lock_is_held(home: Home, name: str) -> None:
    furnish(home)
    old = contents(home)
    with held(home.aws_dir / f".{name}.mfa-tui.lock") as holder:
        result = home.run_python("-c", QUICK + "sys.argv[1:] = ['login', 'dev']; sys.exit(main())")
        assert result.returncode == 1
        assert_one_message(
            result.stderr, f"Writing {home.aws_dir / name} was not possible", f"process {holder.pid} on ", "0.3 s"
        )
        assert contents(home) == old
    # The holder was killed: the lock is free without anybody cleaning up.
    assert home.run("login", "dev").returncode == 0


def test_the_lock_of_a_file_that_does_not_change_is_no_hindrance(home: Home) -> None:
    furnish(home)
    log_in(home)
    hold_session(home, new_session(access_key_id="ASIANEXT"))
    with held(home.aws_dir / ".config.mfa-tui.lock"):
        log_in(home)
    assert as_botocore_reads(home.credentials)["dev-mfa"]["aws_access_key_id"] == "ASIANEXT"


def test_a_long_wait_is_reported(home: Home) -> None:
    furnish(home)
    told: list[str] = []
    scope = CancelScope()

    def tell(event: Progress | Notice) -> None:
        told.append(event.text)
        if isinstance(event, Progress) and event.phase == "waiting":
            scope.cancel()

    with held(home.aws_dir / ".config.mfa-tui.lock") as holder, pytest.raises(Cancelled):
        login.log_in(Operation(context_of(home), scope, tell), LoginRequest(profile="dev"))
    assert told[0] == "Writing [dev-mfa]"
    assert told[1].startswith(f"Waiting for process {holder.pid} on ")


def test_waiting_for_a_lock_can_be_cancelled(home: Home) -> None:
    furnish(home)
    old = contents(home)
    scope = CancelScope()
    with held(home.aws_dir / ".config.mfa-tui.lock"):
        threading.Timer(0.2, scope.cancel).start()
        with pytest.raises(Cancelled):
            login.log_in(Operation(context_of(home), scope), LoginRequest(profile="dev"))
    assert contents(home) == old


@pytest.fixture(params=[errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP], ids=errno.errorcode.get)
def without_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that has no locks."""

    def refuse(*_: object) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(fcntl, "flock", refuse)


@pytest.mark.usefixtures("without_locks")
class TestWithoutLocks:
    """A marker file takes the lock's place."""

    def test_login_works(self, home: Home) -> None:
        furnish(home)
        log_in(home)
        assert "dev-mfa" in as_botocore_reads(home.credentials)
        assert beside(home) == set()

    def test_someone_is_writing(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        furnish(home)
        old = contents(home)
        monkeypatch.setattr(locks, "WAIT", 0.3)
        done = threading.Event()
        holding = threading.Event()
        path = str(home.aws_dir / ".credentials.mfa-tui.lock")

        def hold() -> None:
            with locks.hold_lock(path, "This"):
                holding.set()
                done.wait()

        thread = threading.Thread(target=hold)
        thread.start()
        holding.wait()
        problem = failed(home)
        done.set()
        thread.join()
        assert problem.slug == "lock-timeout"
        assert f"process {os.getpid()} on " in problem.why
        assert contents(home)[1] == old[1]
        log_in(home)

    def test_the_writing_process_is_gone(self, home: Home) -> None:
        furnish(home)
        import socket

        gone = subprocess.Popen(["true"])
        gone.wait()
        (home.aws_dir / ".credentials.mfa-tui.lock.held").write_text(f"{gone.pid}\n{socket.gethostname()}\n")
        log_in(home)
        assert "dev-mfa" in as_botocore_reads(home.credentials)
        assert beside(home) == set()
