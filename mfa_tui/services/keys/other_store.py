"""What to do where a key cannot be stored in the keyring."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import KeyringProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEYRING = "keyring"


@contextlib.contextmanager
def vault_suggested(place: str, profile: str, command: str) -> Iterator[None]:
    """Storing at *place*: a problem of the keyring says how *command*, which has PROFILE in it, uses the vault."""
    try:
        yield
    except KeyringProblem as problem:
        if place == _KEYRING and problem.slug.startswith((_KEYRING, "key-store")):
            other = shell_command(profile, f"{command} --to vault")
            problem.remedy = f"{problem.remedy} Or use the vault: {other}"
        raise
