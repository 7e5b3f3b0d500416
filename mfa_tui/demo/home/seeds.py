"""Storing settings, secrets and long-term keys where mfa-tui keeps them, in a throwaway home."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.keys.index import Phase, StoredKey
from mfa_tui.adapters.keys.store import KeyStore
from mfa_tui.adapters.secretstores.keyring import KeyringStore
from mfa_tui.adapters.seeds.store import KEYRING, SeedStore
from mfa_tui.adapters.settings.save import edit_settings_file
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.keys.profile_edits import UNKNOWN
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.demo.home.keyring_file import HOME_VARIABLE, FileKeyring
from mfa_tui.models import AccessKeys, Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from mfa_tui.demo.home.profiles import HomeContents


class _HomeKeyring(KeyringStore):
    """The keyring of a throwaway home.

    keyring itself is not asked for it: it has one backend for the whole process, and would load all others first.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        super().__init__(env, warn=lambda _: None)
        self._home = env[HOME_VARIABLE]

    def _backend(self) -> "KeyringBackend":
        return FileKeyring(self._home)


def store_seed(env: Mapping[str, str], serial: str, seed: str, label: str) -> None:
    """Store a secret in the home whose whole environment is ``env``, MFA_TUI_DEMO_HOME included."""
    with _environment_of(env):
        store = SeedStore(Paths(env), {KEYRING: _HomeKeyring(env)}, Clock())
        store.store(serial, Secret(seed), label, CancelScope())


def fill_keyring(env: Mapping[str, str], contents: "HomeContents") -> None:
    """Store what *contents* says is in the keyring from the start, in the home whose environment is ``env``."""
    for entry in contents.seeds:
        store_seed(env, entry.serial, entry.seed, entry.label)
    with _environment_of(env):
        store = KeyStore(Paths(env), {KEYRING: _HomeKeyring(env)}, new=KEYRING)
        for key in contents.keys:
            about = StoredKey(KEYRING, Phase.STORED, format_utc(int(Clock().now())), {key.profile: UNKNOWN})
            store.index.update(key.access_key_id, about)
            store.put(AccessKeys(key.access_key_id, Secret(key.secret_access_key)), KEYRING, CancelScope())


def write_settings(env: Mapping[str, str], contents: "HomeContents") -> None:
    """Write the settings of *contents* in the home whose environment is ``env``."""
    with _environment_of(env):
        edit_settings_file(Paths(env), lambda _: contents.settings)


@contextlib.contextmanager
def _environment_of(env: Mapping[str, str]) -> Iterator[None]:
    """Meanwhile this process has the home's environment, where platformdirs looks."""
    outside = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(env)
        yield
    finally:
        os.environ.clear()
        os.environ.update(outside)
