"""TOTP seeds in the OS keyring or the vault, and an index, without secrets, of which serials have one and where.

Service ``mfa-tui``, user name the MFA serial, value a JSON object: ``seed`` (base32), ``digits``, ``period``,
``algorithm``, ``label``, ``created`` (UTC), and ``previous``: a seed that was replaced is kept until AWS has accepted a
code of the new one.

The index says where each seed is; the settings only say where new ones go. Secrets that the settings place elsewhere
(commands, a YubiKey) count as stored, but are never written or removed.
"""

from __future__ import annotations

import contextlib

from mfa_tui.adapters.seeds.index import ALSO, SeedIndex
from mfa_tui.core.seeds.seed_record import SeedRecord, record_from_json, record_to_json
from mfa_tui.core.seeds.totp import code_at_step
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.errors import KeyringProblem, UsageError, WriteProblem
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.secretstores.keyring import KeyringStore
    from mfa_tui.adapters.secretstores.vault import Vault
    from mfa_tui.adapters.seeds.external import CodeCommand, SeedCommand, YubiKey
    from mfa_tui.adapters.seeds.transfer import SeedTransfer
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.adapters.system.clock import Clock

SERVICE = "mfa-tui"
KEYRING = "keyring"
VAULT = "vault"


class StoredSeed:
    """A seed that was read. ``unverified``: it replaced another one, and AWS has not accepted a code of it yet."""

    __slots__ = ("seed", "unverified")

    def __init__(self, seed: Secret, *, unverified: bool = False) -> None:
        self.seed = seed
        self.unverified = unverified

    def code(self, step: int) -> Secret:
        """The code of *step*."""
        return code_at_step(self.seed, step)

    def __repr__(self) -> str:
        return f"StoredSeed({self.seed!r}, unverified={self.unverified})"


class CurrentCodeSource:
    """The codes of a YubiKey or a command, which generate only the current one. ``unverified`` is never set."""

    __slots__ = ("_cancel", "_source", "_touch", "unverified")

    def __init__(self, source: CodeCommand | YubiKey, cancel: CancelScope, touch: Callable[[], None]) -> None:
        self._source = source
        self._cancel = cancel
        self._touch = touch
        self.unverified = False

    def code(self, step: int) -> Secret:
        """The code of *step*, which must be the current step. Raises KeyringProblem, Cancelled."""
        return self._source.code(step, self._cancel, self._touch)


class SeedStore:
    """The seeds of one user.

    Methods that use a store raise what KeyringStore and Vault raise, and KeyringProblem ``keyring-entry`` and
    ``seeds-index``. Those that change what is stored also raise WriteProblem, if the index cannot be written, and
    UsageError ``seed-elsewhere`` for serials whose secret is kept elsewhere.

    Methods that open no store use what they can read: nothing, if the index is damaged. Before you conclude anything
    from a missing serial, call :meth:`check_index`.
    """

    def __init__(
        self,
        paths: Paths,
        stores: Mapping[str, KeyringStore | Vault],
        clock: Clock,
        *,
        new: str = KEYRING,
        external: Mapping[str, SeedCommand | CodeCommand | YubiKey] | None = None,
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        """*stores* are the keyring and the vault, *new* is the one for new seeds.

        *external* are the sources that the settings name, by serial; *warn* takes a warning, one line.
        """
        self._index = SeedIndex(paths)
        self._stores = stores
        self._clock = clock
        self.new = new
        """Which store takes new seeds."""
        self._external = external or {}
        self._warn = warn

    @property
    def _moves(self) -> SeedTransfer:
        from mfa_tui.adapters.seeds.transfer import SeedTransfer

        return SeedTransfer(self._index, self._stores, SERVICE, self._warn)

    def serials(self) -> frozenset[str]:
        """The MFA serials that we can generate codes for, by index and settings. No store is opened."""
        return frozenset(self.places())

    def places(self) -> dict[str, str]:
        """Where each seed is, by serial, in the words of :meth:`where`; the index is read once."""
        return self.stored() | self.external()

    def stored(self) -> dict[str, str]:
        """Where each seed that we store is, ``keyring`` or ``vault``, by serial. No store is opened."""
        try:
            return self._places()
        except KeyringProblem:
            return {}

    def index_problem(self) -> KeyringProblem | None:
        """What is wrong with the index, so that it does not say what is stored; None if nothing is."""
        try:
            self.check_index()
        except KeyringProblem as problem:
            return problem
        return None

    def check_index(self) -> None:
        """Raise KeyringProblem (``seeds-index``) if the index is damaged."""
        self._index.read()

    def external(self) -> dict[str, str]:
        """The kind of source of each secret that the settings place elsewhere (see ``seeds.external``), by serial."""
        return {serial: source.kind for serial, source in self._external.items()}

    def where(self, serial: str) -> str:
        """Where the seed of *serial* is: ``keyring``, ``vault``, or a kind of :meth:`external`; empty if nowhere."""
        return self.places().get(serial, "")

    def may_ask_user(self, serial: str) -> bool:
        """Whether generating a code for *serial* may ask the user for something: a passphrase, a touch."""
        place = self.where(serial)
        return serial in self._external or (place in self._stores and self._stores[place].would_ask)

    @property
    def asks_before_storing(self) -> bool:
        """Whether storing a new seed asks the user for a passphrase first."""
        return self._stores[self.new].would_ask

    def load(self, serial: str, cancel: CancelScope) -> StoredSeed | None:
        """Load the seed of *serial*; None if there is none.

        Also raises KeyringProblem ``seed-command``, and ``seed-on-yubikey`` or ``seed-in-command`` for sources that
        only have :meth:`codes`.
        """
        source = self._external.get(serial)
        if source is None:
            entry = self.entry(serial, cancel)
            return StoredSeed(entry.seed, unverified=entry.previous is not None) if entry else None
        from mfa_tui.adapters.seeds.external import YUBIKEY, SeedCommand

        if not isinstance(source, SeedCommand):
            on_key = source.kind == YUBIKEY
            raise KeyringProblem(
                "seed-on-yubikey" if on_key else "seed-in-command",
                f"The secret of {serial} is {'on a YubiKey' if on_key else 'kept by what code_command asks'}.",
                "The secret cannot be read; only the current code can be generated.",
                f"Take the secret from where {'it was kept when the key got it' if on_key else 'it is kept'}; "
                "or enroll the device again.",
            )
        return StoredSeed(source.seed(cancel))

    def codes(
        self, serial: str, cancel: CancelScope, touch: Callable[[], None]
    ) -> StoredSeed | CurrentCodeSource | None:
        """The source of codes for *serial*, wherever its secret is; None if there is none.

        *touch* is called when a YubiKey needs a touch. Raises as :meth:`load` does.
        """
        source = self._external.get(serial)
        if source is not None:
            from mfa_tui.adapters.seeds.external import SeedCommand

            if not isinstance(source, SeedCommand):
                return CurrentCodeSource(source, cancel, touch)
        return self.load(serial, cancel)

    def entry(self, serial: str, cancel: CancelScope) -> SeedRecord | None:
        """All that we store for *serial*; None if that is nothing."""
        place, text = self._find(serial, cancel)
        return None if text is None else _parsed(text, serial, place)

    def undamaged_entry(self, serial: str, cancel: CancelScope) -> SeedRecord | None:
        """As :meth:`entry`, but None if the entry is damaged."""
        place, text = self._find(serial, cancel)
        return None if text is None else _if_sound(text, serial, place)

    def store(
        self,
        serial: str,
        seed: Secret,
        label: str,
        cancel: CancelScope,
        *,
        created: str = "",
        previous: Secret | None = None,
    ) -> bool:
        """Store *seed* for *serial*, read it back, and enter it in the index.

        The last seed that worked is kept beside it, if it is a different one; returns whether there is one. *created*
        is by default now; *previous* is the last seed that worked, if none is stored.
        """
        self._check_ours(serial)
        self._stores[self.new].open(cancel)
        before, text = self._find(serial, cancel)
        old = None if text is None else _if_sound(text, serial, before)
        entry = SeedRecord(seed, label, created or format_utc(int(self._clock.now())))
        if old:
            # A seed with a predecessor has not worked yet: it must not displace the one that did.
            last = old.previous or old.seed
            entry.previous = None if last == seed else last
        entry.previous = entry.previous or (None if previous == seed else previous)
        self._store(serial, entry, self.new, cancel, before="" if text is None else before)
        return entry.previous is not None

    def move(self, place: str, cancel: CancelScope, moved: Callable[[str], None]) -> None:
        """Move all seeds to *place*; *moved* is called for each. Copies that an interrupted move left are removed."""
        noted = self._index.read()
        if not noted:
            return
        self._stores[place].open(cancel)
        found = {}
        for serial in sorted(noted):
            before, text = self._find(serial, cancel)
            if text is not None and (before != place or _place(noted[serial]) != place or ALSO in noted[serial]):
                found[serial] = (before, text)
        abouts = {serial: {**_settled(noted[serial]), "store": place} for serial in found}
        self._moves.keep_at(place, found, abouts, cancel, moved)

    def copies(self) -> dict[str, str]:
        """Where an interrupted move may have left a copy of a seed, by serial. No store is opened."""
        try:
            return {serial: about[ALSO] for serial, about in self._index.read().items() if ALSO in about}
        except KeyringProblem:
            return {}

    def check_storage(self, cancel: CancelScope) -> None:
        """Make sure that a seed can be stored: store something, read it back and remove it."""
        from mfa_tui.adapters.secretstores.trial import store_trial

        self.check_index()
        store_trial(self._stores[self.new], SERVICE, cancel)

    def confirm_seed(self, serial: str, cancel: CancelScope) -> None:
        """Record that AWS has accepted a code of the seed: remove its predecessor, if one is kept."""
        place, text = self._find(serial, cancel)
        entry = None if text is None else _parsed(text, serial, place)
        if entry and entry.previous:
            entry.previous = None
            self._store(serial, entry, place, cancel, before=place)

    def remove(self, serial: str, cancel: CancelScope) -> bool:
        """Delete the seed of *serial*. If a predecessor is kept, it is restored instead; returns whether it was."""
        self._check_ours(serial)
        place, text = self._find(serial, cancel)
        # A damaged entry can be removed too.
        entry = None if text is None else _if_sound(text, serial, place)
        if entry and entry.previous:
            entry.seed, entry.previous = entry.previous, None
            self._store(serial, entry, place, cancel, before=place)
            return True
        if text is not None:
            self._stores[place].delete(SERVICE, serial, cancel)
        if (other := self.copies().get(serial)) is not None and other in self._stores:
            self._moves.clear(serial, [other], cancel)
        try:
            self._index.update(serial, None)
        except WriteProblem as problem:
            raise WriteProblem(
                problem.slug,
                f"The secret of {serial} was removed, but is still in the list of stored secrets.",
                problem.why,
                "Fix that, then remove it again.",
            ) from None
        return False

    def _check_ours(self, serial: str) -> None:
        if serial in self._external:
            raise UsageError(
                "seed-elsewhere",
                f"The settings say that the secret of {serial} is kept elsewhere.",
                "mfa-tui then neither stores nor removes it.",
                f'Remove [devices."{serial}"] from config.toml first.',
            )

    def _places(self) -> dict[str, str]:
        return {serial: _place(about) for serial, about in self._index.read().items()}

    def _find(self, serial: str, cancel: CancelScope) -> tuple[str, Secret | None]:
        """Where the entry of *serial* is, or would be, and the entry; None if there is none.

        If a process was killed between two writes, it is not where the index says. So other places are searched too,
        but no passphrase is asked for that.
        """
        places = self._places()
        place = places.get(serial, self.new)
        copy = self.copies().get(serial)
        text = self._stores[place].get(SERVICE, serial, cancel)
        if text is None and serial in places:
            for other, store in self._stores.items():
                if other == place or (store.would_ask and other != copy):
                    continue
                # The machine may have no keyring.
                with contextlib.suppress(KeyringProblem):
                    text = store.get(SERVICE, serial, cancel)
                if text is not None:
                    return other, text
        return place, text

    def _store(self, serial: str, entry: SeedRecord, place: str, cancel: CancelScope, *, before: str) -> None:
        """Store *entry* at *place*, which is open, and no longer at *before* (empty if nothing is stored yet).

        Whenever this is interrupted, :meth:`_find` finds the secret.
        """
        import json

        secret = Secret(json.dumps(record_to_json(entry)))
        about = {"label": entry.label, "created": entry.created, "store": place}
        if before not in ("", place):
            self._moves.keep_at(place, {serial: (before, secret)}, {serial: about}, cancel, lambda _: None)
            return
        noted = self._index.read().get(serial)
        if noted is not None and ALSO in noted:
            about[ALSO] = noted[ALSO]
        # The index first: an entry that the store lacks can be removed, but not one that the index lacks.
        if about != noted:
            self._index.update(serial, about)
        try:
            self._stores[place].put(SERVICE, serial, secret, cancel)
        except BaseException:
            if about != noted:
                with contextlib.suppress(WriteProblem, KeyringProblem):
                    self._index.update(serial, noted)
            raise
        if ALSO in about and not self._stores[about[ALSO]].would_ask:
            # A copy that an interrupted move left.
            self._moves.keep_at(place, {serial: (place, secret)}, {serial: _settled(about)}, cancel, lambda _: None)


def _settled(about: dict[str, str]) -> dict[str, str]:
    """An entry of the index without the place of a copy."""
    return {key: value for key, value in about.items() if key != ALSO}


def _place(about: object) -> str:
    """Where the seed of an index entry is; entries of earlier versions, without a place, are in the keyring."""
    return VAULT if isinstance(about, dict) and about.get("store") == VAULT else KEYRING


def _parsed(text: Secret, serial: str, place: str) -> SeedRecord:
    import json

    try:
        return record_from_json(json.loads(text.reveal()))
    except ValueError:
        raise KeyringProblem(
            "keyring-entry",
            f"The {place}'s entry for {serial} is damaged.",
            "It contains no usable secret.",
            "Import the secret again: mfa-tui device import PROFILE",
        ) from None


def _if_sound(text: Secret, serial: str, place: str) -> SeedRecord | None:
    try:
        return _parsed(text, serial, place)
    except KeyringProblem:
        return None
