"""What killed processes leave holds keys: logout removes it, and so does the next run that writes."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.temporary_files import clear_leftovers, temporary_name
from tests.support.awsfiles.saved_sessions import age, furnish, log_in
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher
from tests.support.runner.thoroughness import examples, sample

GONE = 2**22 + 1
"""No process has that number (the largest that Linux gives is 2**22)."""


def temporaries(home: Home) -> list[Path]:
    return [path for path in home.path.rglob("*") if path.name.endswith((".tmp", ".trial"))]


@pytest.mark.parametrize("after", [("logout", "--all"), ("login", "dev")])
def test_after_a_kill_at_any_call(launcher: Launcher, new_home: Callable[[], Home], after: tuple[str, ...]) -> None:
    home = new_home()
    furnish(home)
    calls = launcher.run(home.env, "login", "dev").calls
    left = 0
    for number in sample([n for n, name in enumerate(calls) if name in ("create", "write")], short=7):
        home = new_home()
        furnish(home)
        assert launcher.run(home.env, "login", "dev", die=("after", number)).status == -9
        left += len(temporaries(home))
        result = launcher.run(home.env, *after)
        assert (result.status, temporaries(home)) == (0, []), f"{calls[number]}: {result}"
    assert left > examples(3, short=1)


def test_logout_with_nothing_else_to_do(launcher: Launcher, home: Home) -> None:
    furnish(home)
    assert launcher.run(home.env, "logout", "--all").status == 0
    for directory in (".aws", ".cache/mfa-tui/sessions", ".cache/mfa-tui", ".local/share/mfa-tui/backups"):
        (home.path / directory).mkdir(parents=True, exist_ok=True)
        name = ".credentials.mfa-tui" if directory == ".aws" else "name"
        (home.path / directory / f"{name}.{GONE}-0123456789abcdef.tmp").write_text("secret")
    assert len(temporaries(home)) == 4
    assert launcher.run(home.env, "logout", "--all").status == 0
    assert temporaries(home) == []


def test_files_of_others_stay(home: Home) -> None:
    furnish(home)
    log_in(home)
    names = (
        "mine.tmp",
        ".mine.tmp",
        f"mine.{GONE}-0123456789abcdef.tmp",
        f".other.mfa-tui.{GONE}-0123456789abcdef.tmp",
    )
    for name in names:
        (home.aws_dir / name).write_text("mine")
        os.utime(home.aws_dir / name, (time.time() - 3600,) * 2)
    age(home)
    assert home.run("login", "dev", "--as", "other").returncode == 0
    assert home.run("logout", "--all").returncode == 0
    assert {name for name in names if (home.aws_dir / name).exists()} >= set(names[:3])


def test_temporary_files_of_live_processes_stay_for_a_minute(tmp_path: Path) -> None:
    alive = tmp_path / f"a.{os.getppid()}-0123456789abcdef.tmp"
    old = tmp_path / f"b.{os.getppid()}-0123456789abcdef.tmp"
    gone = tmp_path / f"c.{GONE}-0123456789abcdef.tmp"
    # A process of a container that had our number, before.
    same = tmp_path / f"d.{os.getpid()}-0123456789abcdef.tmp"
    strange = tmp_path / "e.99999999999999999999-0123456789abcdef.tmp"
    for path in (alive, old, gone, same, strange):
        path.write_text("secret")
    os.utime(old, (time.time() - 61,) * 2)
    clear_leftovers(str(tmp_path))
    assert set(tmp_path.iterdir()) == {alive, strange}


def test_a_write_whose_file_another_machine_took_for_a_leftover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a shared home, its processes cannot see that ours is alive."""
    replace = os.replace
    taken: list[Path] = []

    def late(source: str, target: str, **places: int) -> None:
        if not taken:
            taken.extend(path for path in tmp_path.glob("*.tmp"))
            for path in taken:
                path.unlink()
        replace(source, target, **places)

    monkeypatch.setattr(os, "replace", late)
    private_files.write(str(tmp_path / "file"), "text")
    assert len(taken) == 1
    assert (tmp_path / "file").read_text() == "text"


def test_names_differ_and_contain_the_process_id() -> None:
    names = {temporary_name("/x/file") for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith(f"/x/file.{os.getpid()}-") for name in names)
