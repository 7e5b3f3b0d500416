"""A trial of a place for secrets, before the user types one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.models import Secret

if TYPE_CHECKING:
    from mfa_tui.adapters.secretstores.keyring import KeyringStore
    from mfa_tui.adapters.secretstores.vault import Vault
    from mfa_tui.adapters.system.cancellation import CancelScope

_TRIAL = "trial"


def store_trial(store: KeyringStore | Vault, service: str, cancel: CancelScope) -> None:
    """Store something for *service*, read it back and remove it. Raises what *store* raises."""
    store.put(service, _TRIAL, Secret(_TRIAL), cancel)
    store.delete(service, _TRIAL, cancel)
