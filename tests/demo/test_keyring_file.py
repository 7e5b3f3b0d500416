"""The file keyring of throw-away homes."""

import stat
import subprocess
import sys
from pathlib import Path

import keyring.core
import pytest
from keyring.errors import InitError, PasswordDeleteError

from mfa_tui.demo.home.keyring_file import HOME_VARIABLE, FileKeyring
from tests.support.runner.thoroughness import long


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileKeyring:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return FileKeyring()


def test_what_is_stored_is_found_again(backend: FileKeyring) -> None:
    backend.set_password("mfa-tui", "arn:aws:iam::111122223333:mfa/ana", "first")
    backend.set_password("mfa-tui", "arn:aws:iam::111122223333:mfa/ana", "second")
    backend.set_password("other", "arn:aws:iam::111122223333:mfa/ana", "third")
    assert FileKeyring().get_password("mfa-tui", "arn:aws:iam::111122223333:mfa/ana") == "second"
    assert backend.get_password("mfa-tui", "somebody") is None
    assert backend.get_password("nothing", "somebody") is None


def test_what_is_deleted_is_gone(backend: FileKeyring) -> None:
    backend.set_password("mfa-tui", "ana", "secret")
    backend.delete_password("mfa-tui", "ana")
    assert backend.get_password("mfa-tui", "ana") is None
    with pytest.raises(PasswordDeleteError):
        backend.delete_password("mfa-tui", "ana")


def test_nobody_else_can_read_it(backend: FileKeyring, tmp_path: Path) -> None:
    backend.set_password("mfa-tui", "ana", "secret")
    backend.set_password("mfa-tui", "ana", "another")
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_it_is_good_for_nothing_outside_a_throw_away_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    assert not FileKeyring.viable
    with pytest.raises(InitError):
        FileKeyring().get_password("mfa-tui", "ana")


def test_it_is_never_picked_by_itself(backend: FileKeyring) -> None:
    assert FileKeyring.viable
    assert not keyring.core.recommended(backend)


@long
def test_writers_of_several_processes_lose_nothing(backend: FileKeyring, tmp_path: Path) -> None:
    script = (
        "import sys; from mfa_tui.demo.home.keyring_file import FileKeyring\n"
        "for i in range(25): FileKeyring(sys.argv[1]).set_password('mfa-tui', f'{sys.argv[2]}-{i}', str(i))"
    )
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name], cwd=root)
        for name in ("one", "two", "three")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert all(
        backend.get_password("mfa-tui", f"{name}-{i}") == str(i) for name in ("one", "two", "three") for i in range(25)
    )
