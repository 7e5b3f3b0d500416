"""Puts seeds where mfa-tui keeps them, in a throw-away home."""

from collections.abc import Mapping

import keyring

from mfa_tui.adapters.clock import Clock
from mfa_tui.adapters.control import Control
from mfa_tui.adapters.paths import Paths
from mfa_tui.adapters.seeds import SeedStore
from mfa_tui.demo.keyring_file import HOME_VARIABLE, FileKeyring
from mfa_tui.models import Secret


def store_seed(env: Mapping[str, str], serial: str, seed: str, label: str) -> None:
    """Store a seed in the home that ``env`` describes.

    It names that home's keyring in MFA_TUI_DEMO_HOME; this process's own keyring is left as it was.
    """
    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring(env[HOME_VARIABLE]))
    try:
        store = SeedStore(Paths(env), env, Clock(), warn=lambda _: None)
        store.store(serial, Secret(seed), label, Control())
    finally:
        keyring.set_keyring(before)
