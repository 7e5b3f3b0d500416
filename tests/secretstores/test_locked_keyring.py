"""A locked keyring, whichever it is; ``test_secret_service`` has one that really is."""

from typing import TYPE_CHECKING

import pytest

from tests.secretstores.test_secret_service import RECIPIENT
from tests.support.devices.locked_keyring import LOCKING_BACKEND
from tests.support.homes.home import Home

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import Device, StrictAws

LOCKED = (
    "mfa-tui: The keyring is locked.\n"
    "  It is unlocked by your login, or by its own password.\n"
    "  Unlock it (log in to the desktop, or open its password manager), or type the code.\n"
)


@pytest.fixture
def locked(home: Home, device: "Device") -> Home:
    """The home, whose keyring has the secret of the device and is locked."""
    home.store_seed(device)
    home.env["PYTHON_KEYRING_BACKEND"] = LOCKING_BACKEND
    (home.path / "locked").touch()
    return home


@pytest.mark.parametrize(
    "command", ["code dev", "device backup backup --recipient RECIPIENT", "device forget dev --yes"]
)
@pytest.mark.quick_cases
def test_it_is_said_with_what_helps(locked: Home, aws: "StrictAws", command: str) -> None:
    kept = (locked.path / "keyring.json").read_bytes()
    result = locked.run(*command.replace("RECIPIENT", RECIPIENT).split())
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.endswith(LOCKED)
    assert (locked.path / "keyring.json").read_bytes() == kept
    assert not (locked.path / "backup").exists()
    assert aws.count() == 0


def test_a_typed_code_works(locked: Home, aws: "StrictAws", device: "Device") -> None:
    refused = locked.run("login", "dev")
    assert refused.returncode == 3
    assert refused.stderr.splitlines()[2] == "  The keyring is locked."
    assert locked.run("login", "dev", "--code", device.code()).returncode == 0
    assert aws.count() == 1


def test_once_unlocked_the_secret_is_used(locked: Home) -> None:
    (locked.path / "locked").unlink()
    assert locked.run("login", "dev").returncode == 0
