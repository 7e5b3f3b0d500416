"""Where a stored key is looked for, and what is left where."""

import pytest

from mfa_tui.adapters.keys.index import Phase, StoredKey
from mfa_tui.adapters.keys.store import SERVICE, KeyStore
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import KeyringProblem
from mfa_tui.models import AccessKeys, Secret
from tests.support.homes.bench import Bench

KEY = "AKIAIOSFODNN7EXAMPLE"
KEYS = AccessKeys(KEY, Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))


class Memory:
    """A store that forgets; it may need a passphrase, or be unusable."""

    def __init__(self, *, would_ask: bool = False, broken: str = "") -> None:
        self.entries: dict[tuple[str, str], Secret] = {}
        self.would_ask = would_ask
        self.broken = broken

    def open(self, _: CancelScope) -> None:
        self._check()

    def get(self, service: str, user: str, _: CancelScope) -> Secret | None:
        self._check()
        return self.entries.get((service, user))

    def put(self, service: str, user: str, secret: Secret, _: CancelScope) -> None:
        self._check()
        self.entries[service, user] = secret

    def delete(self, service: str, user: str, _: CancelScope) -> None:
        self._check()
        del self.entries[service, user]

    def _check(self) -> None:
        if self.broken:
            raise KeyringProblem(self.broken, "It is broken.", "", "Type the code.")


def entry(store: str, also: str = "") -> StoredKey:
    return StoredKey(store, Phase.STORED, "2026-11-28T00:00:00Z", {}, also)


@pytest.fixture
def stores() -> dict[str, Memory]:
    return {"keyring": Memory(), "vault": Memory()}


@pytest.fixture
def store(bench: Bench, stores: dict[str, Memory]) -> KeyStore:
    return KeyStore(bench.context.paths, stores, new="keyring")  # type: ignore[arg-type]


def test_it_is_found_without_the_list(store: KeyStore, stores: dict[str, Memory]) -> None:
    scope = CancelScope()
    assert store.load(KEY, scope) is None
    stores["vault"].put(SERVICE, KEY, KEYS.secret_access_key, scope)
    found = store.load(KEY, scope)
    assert found is not None
    assert (found.access_key_id, found.secret_access_key) == (KEY, KEYS.secret_access_key)
    # But nobody is asked for a passphrase for that,
    stores["vault"].would_ask = True
    assert store.load(KEY, scope) is None
    # unless the list says so.
    store.index.update(KEY, entry("keyring", "vault"))
    assert store.load(KEY, scope) is not None
    assert store.places() == {KEY: "keyring"}


def test_a_broken_store_besides_does_not_matter(store: KeyStore, stores: dict[str, Memory]) -> None:
    stores["vault"].broken = "vault-damaged"
    assert store.load(KEY, CancelScope()) is None
    stores["keyring"].broken = "keyring-locked"
    with pytest.raises(KeyringProblem) as raised:
        store.load(KEY, CancelScope())
    assert raised.value.remedy.startswith("Unlock it")


def test_moving(store: KeyStore, stores: dict[str, Memory]) -> None:
    scope = CancelScope()
    store.index.update(KEY, entry("keyring"))
    assert not store.move(KEY, "vault", scope)
    store.put(KEYS, "keyring", scope)
    assert not store.move(KEY, "keyring", scope)
    assert store.move(KEY, "vault", scope)
    assert (list(stores["keyring"].entries), list(stores["vault"].entries)) == ([], [(SERVICE, KEY)])
    assert store.index.read() == {KEY: entry("vault")}


def test_a_move_that_fails_changes_nothing(store: KeyStore, stores: dict[str, Memory]) -> None:
    scope = CancelScope()
    store.index.update(KEY, entry("vault"))
    store.put(KEYS, "vault", scope)
    stores["keyring"].broken = "keyring-locked"
    with pytest.raises(KeyringProblem):
        store.move(KEY, "keyring", scope)
    assert store.index.read() == {KEY: entry("vault")}
    assert list(stores["vault"].entries) == [(SERVICE, KEY)]


def test_removing_takes_the_copy_as_well(store: KeyStore, stores: dict[str, Memory]) -> None:
    scope = CancelScope()
    for place in stores:
        store.put(KEYS, place, scope)
    store.index.update(KEY, entry("vault", "keyring"))
    store.remove(KEY, scope)
    assert [each.entries for each in stores.values()] == [{}, {}]
    assert store.index.read() == {}
    # What is gone already is no error.
    store.remove(KEY, scope)
