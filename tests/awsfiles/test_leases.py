"""Read leases: how the system tells who has a file open for writing (Linux)."""

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from mfa_tui.adapters.awsfiles import leases
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.server import StrictAws
from tests.awsfiles.writers import Writer
from tests.support.awsfiles.saved_sessions import age, as_botocore_reads, beside, furnish
from tests.support.homes.home import Home

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only: leases")


@pytest.fixture
def home(home: Home) -> Home:
    """With both files."""
    furnish(home)
    return home


def test_login_with_a_code_while_another_program_writes(new_home: Callable[[], Home], aws: StrictAws) -> None:
    """The whole command: the code is sent, the file is truncated meanwhile, and a part of it is there for a while."""
    home = new_home()
    home.env["AWS_ENDPOINT_URL_STS"] = aws.url
    user = aws.add_user()
    phone = user.add_device(user.name)
    home.add_profile("default", user)
    home.add_profile("dev", user, phone)
    home.add_profile("ops", user)
    age(home)
    text = home.credentials.read_text()
    half = text[: text.index("[ops]")]
    aws.fault(faults.delay(0.6))

    def write() -> None:
        while not aws.count("GetSessionToken"):
            time.sleep(0.01)
        writer = Writer(home.credentials, half, text[len(half) :] + "[theirs]\nregion = x\n", 1.5)
        writer.end()

    thread = threading.Thread(target=write)
    thread.start()
    result = home.run("login", "dev", "--code", phone.code())
    thread.join()
    assert result.returncode == 0, result.stderr
    assert "Waiting for process" in result.stderr
    assert list(as_botocore_reads(home.credentials)) == ["default", "dev", "ops", "theirs", "dev-mfa"]
    assert beside(home) == set()


@pytest.fixture
def mounted_as(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``mounted_as(kind)``: the file system of the credentials is of that kind, as far as the system says."""
    device = home.credentials.stat().st_dev
    read = open

    def install(kind: str) -> None:
        def mounts(path: Any, *arguments: Any, **options: Any) -> Any:
            if path == "/proc/self/mountinfo":
                return io.StringIO(f"36 35 {os.major(device)}:{os.minor(device)} / /h rw - {kind} server:/h rw\n")
            return read(path, *arguments, **options)

        monkeypatch.setattr("builtins.open", mounts)

    return install


def test_file_systems_that_refuse_leases_for_another_reason(home: Home, mounted_as: Callable[[str], None]) -> None:
    """NFS and SMB refuse them, as if somebody had the file open, whenever the server keeps the file to itself."""
    with home.credentials.open("r+"), leases.OpenFile(str(home.credentials)) as file:
        mounted_as("nfs4")
        assert file.take_lease() == leases.UNKNOWN
        mounted_as("ext4")
        assert file.take_lease() == leases.BUSY


@pytest.mark.parametrize("kind", ["fuse.sshfs", "fuse", "virtiofs"])
def test_file_systems_that_do_not_know_of_other_machines(
    home: Home, mounted_as: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """They grant a lease, though a program of the host or the server may have the file open."""
    monkeypatch.setattr(os, "major", lambda _: 0)
    mounted_as(kind)
    with leases.OpenFile(str(home.credentials)) as file:
        assert file.take_lease() == leases.UNKNOWN
        with home.credentials.open("r+"):
            assert file.take_lease() == leases.BUSY
        mounted_as("tmpfs")
        assert file.take_lease() == leases.FREE


def test_a_lease_ends_with_its_use(home: Home) -> None:
    with leases.OpenFile(str(home.credentials)) as file:
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
        assert file.take_lease() == leases.FREE
    handle = os.open(home.credentials, os.O_WRONLY | os.O_NONBLOCK)
    os.close(handle)
    child.kill()
    child.wait()


def test_who_waits_and_who_writes(home: Home) -> None:
    """A program that waits for a lease costs nobody's life, and is told of."""
    with leases.OpenFile(str(home.credentials)) as file:
        assert file.take_lease() == leases.FREE
        assert not file.has_waiting_writer()
        writer = Writer(home.credentials, "late", "r")
        while not file.has_waiting_writer():
            time.sleep(0.01)
        assert file.read() == home.credentials.read_bytes() != b"later"
        file.drop_lease()
        while file.take_lease() != leases.FREE:
            time.sleep(0.01)
        assert file.read() == b"later"
        writer.end()


def test_the_program_that_has_a_file_open_is_named(home: Home) -> None:
    assert leases.writer_of(str(home.credentials)) == ""
    program = "import sys; file = open(sys.argv[1], sys.argv[2]); print(flush=True); sys.stdin.read()"
    for how in ("r", "r+"):
        with subprocess.Popen(
            [sys.executable, "-c", program, home.credentials, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            process.stdout.readline()
            named = leases.writer_of(str(home.credentials))
            assert named.startswith(f"process {process.pid} (python") == (how == "r+")
            process.communicate()
