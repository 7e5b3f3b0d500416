"""What must outlast a power cut is on the disk before AWS is asked for what relies on it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mfa_tui.demo.aws.accounts.calls import LoggedRequest
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.homes.home import Home
from tests.support.processes.forkserver import ForkServer
from tests.support.runner.thoroughness import long

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only: which file is synchronised is in /proc")


def around(*, log: str) -> Iterator[None]:
    """In the process, before it is mfa-tui: note what it has on the disk, and what it renames."""
    fsync, replace = os.fsync, os.replace

    def note(*words: str) -> None:
        with Path(log).open("a") as file:
            file.write(" ".join(words) + "\n")

    def noted_fsync(handle: int) -> None:
        fsync(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        note("directory" if path.is_dir() else "file", str(path))

    def noted_replace(source: Any, target: Any, **options: Any) -> None:
        replace(source, target, **options)
        note("rename", Path(source).name, Path(target).name)

    os.fsync, os.replace = noted_fsync, noted_replace  # type: ignore[assignment]
    yield


def on_disk(log: list[str], path: Path) -> bool:
    """Whether the last content of *path* was synchronised, then renamed, then its directory synchronised."""
    renames = [
        number for number, line in enumerate(log) if line.startswith("rename") and line.endswith(f" {path.name}")
    ]
    if not renames:
        return False
    temporary = log[renames[-1]].split()[1]
    written = f"file {path.parent / temporary}" in log[: renames[-1]]
    return written and f"directory {path.parent}" in log[renames[-1] :]


@long
def test_journal_and_secret_come_first(home: Home, aws: StrictAws, user: User) -> None:
    settings = home.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True, mode=0o700)
    settings.write_text('seed_store = "vault"\npassphrase_command = "echo four words of nonsense"\n')
    data, log = home.path / ".local/share/mfa-tui", home.path / "log"
    journal, vault = data / "enrolments.json", data / "vault"
    secret = [vault / "identity.age", vault / "seeds.age", data / "seeds.json", journal]
    wanted = {"CreateVirtualMFADevice": [journal], "EnableMFADevice": secret, "DeactivateMFADevice": [journal]}
    seen: dict[str, dict[str, bool]] = {}

    def look(request: LoggedRequest, moment: str) -> None:
        if request.action in wanted and moment == "before":
            lines = log.read_text().splitlines()
            seen[request.action] = {path.name: on_disk(lines, path) for path in wanted[request.action]}

    aws.on_request(look)
    for arguments in (("enroll", "dev", "--yes"), ("remove", "dev", "--yes", "--last")):
        log.write_text("")
        done = ForkServer.shared().run(
            ("device", *arguments), env=home.env, cwd=str(home.path), around=(__name__, {"log": str(log)})
        )
        assert done.returncode == 0, done.stderr
    assert user.devices() == []
    assert seen == {action: dict.fromkeys((path.name for path in paths), True) for action, paths in wanted.items()}
