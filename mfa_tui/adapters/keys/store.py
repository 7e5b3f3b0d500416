"""Secrets of long-term keys in the OS keyring or the vault: service ``mfa-tui keys``, user name the access key ID.

The value is the secret access key as it is. Where a key is says the list (``index``); without an entry in it, the
store for new keys is searched first, then the others.
"""

from __future__ import annotations

import contextlib

from mfa_tui.adapters.keys.index import KeyIndex
from mfa_tui.errors import KeyringProblem, MfaTuiError
from mfa_tui.models import AccessKeys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.secretstores.keyring import KeyringStore
    from mfa_tui.adapters.secretstores.vault import Vault
    from mfa_tui.adapters.system.cancellation import CancelScope

    T = TypeVar("T")

SERVICE = "mfa-tui keys"
_REMEDIES = {
    "keyring-locked": "Unlock it: log in to the desktop, or open its password manager. Then try again.",
    "keyring-timeout": "Unlock it, then try again.",
    "keyring-failed": "Run keyring diagnose, then try again.",
    "keyring-null": "Choose another backend: keyring --list-backends shows them.",
    "keyring-missing": "Start one, then try again.",
    "keyring-unsafe": "Start a Secret Service (gnome-keyring, KWallet), then try again.",
    "vault-locked": "Try again and enter its passphrase, or set passphrase_command in the settings.",
}
"""What to do where the general advice is to type the code, which does not help here."""


class KeyStore:
    """The stored long-term keys of one user.

    Methods that use a store raise what KeyringStore and Vault raise.
    """

    def __init__(self, paths: Paths, stores: Mapping[str, KeyringStore | Vault], *, new: str) -> None:
        """*stores* are the keyring and the vault by their names, *new* is the one for new keys."""
        self.index = KeyIndex(paths)
        """The list of stored keys."""
        self.new_place = new
        """The store for new keys."""
        self._stores = stores

    def places(self) -> dict[str, str]:
        """Where each key is, ``keyring`` or ``vault``, by access key ID. Opens no store.

        A damaged list says of no key where it is.
        """
        try:
            return {key: entry.store for key, entry in self.index.read().items()}
        except KeyringProblem:
            return {}

    def place(self, access_key_id: str) -> str:
        """Where a key is, ``keyring`` or ``vault``; where it would be, if the list does not say. Opens no store."""
        return self._places_of(access_key_id)[0]

    def load(self, access_key_id: str, cancel: CancelScope) -> AccessKeys | None:
        """Load a key; None if no store has it. No passphrase is asked for a store that need not have it."""
        first, copy = self._places_of(access_key_id)
        if (found := self.get(access_key_id, first, cancel)) is not None:
            return found
        for place, store in self._stores.items():
            if place != first and (place == copy or not store.would_ask):
                # The machine may have no keyring.
                with contextlib.suppress(MfaTuiError):
                    if (found := self.get(access_key_id, place, cancel)) is not None:
                        return found
        return None

    def get(self, access_key_id: str, place: str, cancel: CancelScope) -> AccessKeys | None:
        """Load a key from *place*; None if it is not there."""
        secret = _advised(lambda: self._stores[place].get(SERVICE, access_key_id, cancel))
        return None if secret is None else AccessKeys(access_key_id, secret)

    def put(self, keys: AccessKeys, place: str, cancel: CancelScope) -> None:
        """Store a key at *place*, and read it back. The list is the caller's to write, before this."""
        store = self._stores[place]
        _advised(lambda: store.put(SERVICE, keys.access_key_id, keys.secret_access_key, cancel))

    def check_storage(self, place: str, cancel: CancelScope) -> None:
        """Make sure that a key can be stored at *place*: store something, read it back and remove it."""
        from mfa_tui.adapters.secretstores.trial import store_trial

        _advised(lambda: store_trial(self._stores[place], SERVICE, cancel))

    def remove(self, access_key_id: str, cancel: CancelScope) -> None:
        """Delete a key from its store, if it is there, and then from the list."""
        for place in filter(None, self._places_of(access_key_id)):
            self.discard(access_key_id, place, cancel)
        self.index.update(access_key_id, None)

    def discard(self, access_key_id: str, place: str, cancel: CancelScope) -> None:
        """Delete a key at *place*, if it is there; the list stays as it is."""
        if self.get(access_key_id, place, cancel) is not None:
            _advised(lambda: self._stores[place].delete(SERVICE, access_key_id, cancel))

    def move(self, access_key_id: str, place: str, cancel: CancelScope) -> bool:
        """Move a stored key to *place*, or finish that; returns whether there was anything to do.

        Also raises WriteProblem, KeyringProblem ``keys-index``.
        """
        entry = self.index.read()[access_key_id]
        old = entry.also if entry.store == place else entry.store
        if not old or (keys := self.load(access_key_id, cancel)) is None:
            return False
        self.index.update(access_key_id, entry._replace(store=place, also=old))
        try:
            self.put(keys, place, cancel)
        except MfaTuiError:
            self.index.update(access_key_id, entry)
            raise
        self.discard(access_key_id, old, cancel)
        self.index.update(access_key_id, entry._replace(store=place, also=""))
        return True

    def _places_of(self, access_key_id: str) -> tuple[str, str]:
        """Where a key is, or would be; and the store that may have a copy of it, empty if none."""
        try:
            entry = self.index.read().get(access_key_id)
        except KeyringProblem:
            entry = None
        if entry is None:
            return self.new_place, ""
        place, copy = (each if each in self._stores else "" for each in (entry.store, entry.also))
        return place or self.new_place, copy


def _advised(work: Callable[[], T]) -> T:
    """What *work* returns. A problem of the keyring says what helps where a key is needed, not a code."""
    try:
        return work()
    except KeyringProblem as problem:
        problem.remedy = _REMEDIES.get(problem.slug, problem.remedy)
        raise
