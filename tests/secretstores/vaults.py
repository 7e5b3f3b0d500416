"""Vaults that are made once and copied: scrypt takes a second or two."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.programs.user_prompts import UserPrompts
from mfa_tui.adapters.secretstores.vault import Vault, _identities
from mfa_tui.adapters.secretstores.vault_passphrase import PassphraseSource
from mfa_tui.adapters.seeds.store import SERVICE
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.models import Secret

PASSPHRASE = "four words of nonsense"
SERIAL = "arn:aws:iam::111122223333:mfa/ana"
VALUE = '{"seed": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}'


def vault_in(home: Path, ask: Callable[[bool], Secret | None] | None = None, command: str = "") -> Vault:
    return Vault(Paths({"HOME": str(home)}), PassphraseSource(command, UserPrompts(ask)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    """A vault with one entry, as it was made; do not change it."""
    asked: list[bool] = []

    def ask(new: bool) -> Secret:
        asked.append(new)
        return Secret(PASSPHRASE)

    vault = vault_in(tmp_path_factory.mktemp("made"), ask)
    vault.put(SERVICE, SERIAL, Secret(VALUE), CancelScope())
    assert asked == [True]
    return vault


@pytest.fixture
def copy(made: Vault, tmp_path: Path) -> Vault:
    """A copy of it that is locked, and whose passphrase nobody knows."""
    vault = vault_in(tmp_path)
    shutil.copytree(made.directory, vault.directory)
    return vault


@pytest.fixture
def opened(made: Vault, copy: Vault) -> Vault:
    """A copy of it that is open."""
    _identities[copy.directory] = _identities[made.directory]
    return copy


def file(vault: Vault, name: str) -> Path:
    return Path(vault.directory) / name


def contents(vault: Vault) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(vault.directory).glob("*.age")}


def read(vault: Vault) -> None:
    vault.get(SERVICE, SERIAL, CancelScope())


def write(vault: Vault) -> None:
    vault.put(SERVICE, SERIAL, Secret("x"), CancelScope())
