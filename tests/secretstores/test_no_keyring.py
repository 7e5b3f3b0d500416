"""Secrets in the vault on a machine without a keyring: nothing needs one, and nothing is noted of one."""

import json
from pathlib import Path

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.support.homes.home import Home

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
BACKENDS = ["keyring.backends.fail.Keyring", "tests.secretstores.fakes.Odd", ""]
"""None; one that fails; what keyring finds by itself, which is none that is safe."""


@pytest.fixture
def index(home: Home, aws: StrictAws) -> Path:
    """The list of stored secrets, with that of profile ``dev`` in the vault."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    settings = home.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('seed_store = "vault"\npassphrase_command = "echo four words of mine"\n')
    home.env["PYTHON_KEYRING_BACKEND"] = BACKENDS[0]
    assert home.run("vault", "create").returncode == 0
    assert home.run("device", "import", "dev", stdin=device.seed).returncode == 0
    return home.path / ".local/share/mfa-tui/seeds.json"


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_move_into_a_keyring_that_does_not_answer_is_refused_before_anything_is_noted(
    home: Home, index: Path, backend: str
) -> None:
    home.env["PYTHON_KEYRING_BACKEND"] = backend
    before = index.read_text()
    assert home.run("vault", "move", "keyring").returncode == 1
    assert index.read_text() == before
    assert home.run("vault", "status").stderr == ""
    assert home.run("vault", "move", "vault").returncode == 0


@pytest.mark.parametrize("command", ["vault move vault", "device import dev", "device forget dev --yes"])
def test_a_copy_noted_in_a_keyring_that_does_not_exist_blocks_nothing(home: Home, index: Path, command: str) -> None:
    noted = json.loads(index.read_text())
    (serial,) = noted["seeds"]
    noted["seeds"][serial]["also"] = "keyring"
    index.write_text(json.dumps(noted))
    result = home.run(*command.split(), stdin=SEED)
    assert result.returncode == 0, result.stderr
    assert f"keyring del mfa-tui {serial}" in result.stderr
    assert "also" not in index.read_text()
    assert home.run("vault", "status").stderr == ""
