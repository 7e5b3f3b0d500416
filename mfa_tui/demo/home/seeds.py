"""Storing secrets where mfa-tui keeps them, in a throwaway home."""

import contextlib
import os
from collections.abc import Iterator, Mapping

import keyring

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.secretstores.keyring import KeyringStore
from mfa_tui.adapters.seeds.store import KEYRING, SeedStore
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.demo.home.keyring_file import HOME_VARIABLE, FileKeyring
from mfa_tui.models import Secret


def store_seed(env: Mapping[str, str], serial: str, seed: str, label: str) -> None:
    """Store a secret in the home whose whole environment is ``env``, MFA_TUI_DEMO_HOME included."""
    with _environment_of(env):
        store = SeedStore(Paths(env), {KEYRING: KeyringStore(env, warn=lambda _: None)}, Clock())
        store.store(serial, Secret(seed), label, CancelScope())


@contextlib.contextmanager
def _environment_of(env: Mapping[str, str]) -> Iterator[None]:
    """Meanwhile this process has the home's environment and keyring, which platformdirs and keyring take from it."""
    outside = dict(os.environ)
    keyring_outside = keyring.get_keyring()
    try:
        os.environ.clear()
        os.environ.update(env)
        keyring.set_keyring(FileKeyring(env[HOME_VARIABLE]))
        yield
    finally:
        keyring.set_keyring(keyring_outside)
        os.environ.clear()
        os.environ.update(outside)
