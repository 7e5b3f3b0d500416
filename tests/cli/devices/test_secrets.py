"""Secrets are in the places for them, and nowhere else."""

import json
import re
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

AUDITED = """
import os, sys
os.umask(0)
WATCHED = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "pty.spawn")
log = open(sys.argv[1], "a")
sys.addaudithook(lambda event, _: event in WATCHED and (log.write(event + "\\n"), log.flush()) and None)
sys.argv = ["mfa-tui", *sys.argv[2:]]
from mfa_tui import main
sys.exit(main())
"""
"""Run mfa-tui with a permissive umask. All commands that it starts are written to the file named first."""


class Watched:
    """A home that records all output of mfa-tui, and every process that it starts."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.said = ""
        self.started = home.path / "started"

    def run(self, *arguments: str, stdin: str = "") -> tuple[str, str]:
        """Standard output and standard error, which are recorded."""
        result = self.home.run_python("-c", AUDITED, str(self.started), *arguments, stdin=stdin)
        self.said += result.stdout + result.stderr
        return result.stdout, result.stderr

    def holders(self, secret: str) -> set[str]:
        """The files in the home that hold the secret."""
        return {str(path.relative_to(self.home.path)) for path in self.files() if secret.encode() in path.read_bytes()}

    def files(self) -> Iterable[Path]:
        return (path for path in self.home.path.rglob("*") if path.is_file())


@pytest.fixture
def watched(home: Home) -> Watched:
    (home.path / "tmp").mkdir()
    home.env["TMPDIR"] = str(home.path / "tmp")
    return Watched(home)


@long
def test_secrets_are_only_in_their_places(watched: Watched, aws: StrictAws, user: User, device: Device) -> None:
    _, imported = watched.run("device", "import", "dev", stdin=device.seed)
    shown, _ = watched.run("code", "dev")
    watched.run("login", "dev")
    watched.run("login", "dev", "--json")
    watched.run("login", "dev", "--as", "second")
    watched.run("list")
    watched.run("list", "--json")
    for fault in (faults.server_error(), faults.dropped(), faults.throttled(), faults.captive_portal()):
        aws.fault(fault)
        watched.run("login", "dev", "--force", "--code", device.code())
    watched.run("login", "dev", "--force", "--code", "000000")
    watched.run("login", "dev", "--force", "--code", "-", stdin="nonsense")
    (session_file,) = [path for path in watched.home.path.glob(".cache/mfa-tui/sessions/*") if not path.suffix]
    session = json.loads(session_file.read_text().splitlines()[1])
    cache = str(session_file.relative_to(watched.home.path))
    assert watched.holders(device.seed) == {"keyring.json"}
    assert watched.holders(user.secret_access_key) == {".aws/credentials", *_backups(watched)}
    for secret in (session["SecretAccessKey"], session["SessionToken"]):
        assert watched.holders(secret) == {".aws/credentials", cache}
        assert secret not in watched.said
    assert device.seed not in watched.said
    assert user.secret_access_key not in watched.said
    # Codes are shown where they were asked for, and written nowhere.
    quiet = watched.said.replace(imported, "").replace(shown, "")
    for code in {device.code(steps) for steps in (-2, -1, 0, 1)}:
        assert not _holds_number(quiet, code)
        assert not any(_holds_number(path.read_text(errors="replace"), code) for path in watched.files())
    watched.run("logout", "dev")
    watched.run("device", "forget", "dev", "--yes")
    for secret in (session["SecretAccessKey"], session["SessionToken"], device.seed):
        assert watched.holders(secret) == set()
    assert watched.started.read_text() == ""
    assert list((watched.home.path / "tmp").iterdir()) == []


def _holds_number(text: str, number: str) -> bool:
    return re.search(rf"(?<!\d){number}(?!\d)", text) is not None


def _backups(watched: Watched) -> set[str]:
    """Every generation of the credentials file, the first one among them."""
    found = watched.home.path.glob(".local/share/mfa-tui/backups/*-credentials*")
    return {str(backup.relative_to(watched.home.path)) for backup in found}


def test_all_files_are_readable_only_by_their_owner(watched: Watched, device: Device) -> None:
    before = set(watched.home.path.rglob("*"))
    watched.run("device", "import", "dev", stdin=device.seed)
    watched.run("login", "dev")
    made = {path: stat.S_IMODE(path.stat().st_mode) for path in set(watched.home.path.rglob("*")) - before}
    del made[watched.started]
    assert {"sessions", "steps", "backups", "seeds.json"} <= {path.name for path in made}
    assert {path for path, mode in made.items() if mode != (0o700 if path.is_dir() else 0o600)} == set()


def test_a_credentials_file_that_others_can_read_stays_as_it_is_and_is_mentioned(
    watched: Watched, device: Device
) -> None:
    path = watched.home.credentials
    path.chmod(0o644)
    _, stderr = watched.run("login", "dev", "--code", device.code())
    assert stderr == f"mfa-tui: Others on this machine can read {path}: chmod 600 {path}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_debug_logging_of_the_sdk_stays_off(watched: Watched, user: User, device: Device) -> None:
    script = (
        "import logging, os, sys; logging.basicConfig(level=logging.DEBUG);"
        "from mfa_tui import main; sys.argv = ['mfa-tui', 'login', 'dev']; sys.exit(main())"
    )
    watched.home.store_seed(device)
    result = watched.home.run_python("-c", script)
    assert result.returncode == 0
    said = result.stdout + result.stderr
    token = watched.home.credentials.read_text().partition("aws_session_token = ")[2].split()[0]
    assert [secret for secret in (device.seed, user.secret_access_key, token) if secret in said] == []


def test_the_memory_of_a_command_that_holds_secrets_is_not_written_out(home: Home, device: Device) -> None:
    home.store_seed(device)
    script = (
        "import resource, sys; sys.argv = ['mfa-tui', 'code', 'dev']; from mfa_tui import main; main();"
        "sys.stderr.write(str(resource.getrlimit(resource.RLIMIT_CORE)[0]))"
    )
    assert home.run_python("-c", script).stderr == "0"
