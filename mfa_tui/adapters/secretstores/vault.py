"""The vault: secrets in encrypted files, for machines without a keyring (headless Linux, containers, WSL2).

Two files in the age format in ``vault/`` of the data directory. ``identity.age`` holds an X25519 identity, encrypted
with the passphrase; it is opened once in a process. ``seeds.age`` holds all entries, encrypted to the identity, as
JSON: ``{"version": 1, "entries": {"SERVICE/USER": "VALUE"}}``. So the standard tool can open it too:
``age -d -i identity.age seeds.age``.

A vault is created by writing ``seeds.age``, empty, and then ``identity.age``. If that was interrupted between the two,
the vault holds no secret, as the length of ``seeds.age`` shows, and counts as not created.
"""

from __future__ import annotations

import contextlib
import os
from _thread import allocate_lock

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.os_errors import reason, remedy
from mfa_tui.adapters.filesystem.ownership import read_trusted
from mfa_tui.adapters.filesystem.records import hold_for_change
from mfa_tui.errors import KeyringProblem, UsageError
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.secretstores import age
    from mfa_tui.adapters.secretstores.vault_passphrase import PassphraseSource
    from mfa_tui.adapters.system.cancellation import CancelScope

VERSION = 1
_EMPTY = f'{{"entries": {{}}, "version": {VERSION}}}'
"""The JSON of a vault without entries, as json.dumps writes it."""
_RESTORE = "Restore that file from a copy; or move the vault's directory away and use mfa-tui device restore."
_identities: dict[str, Secret] = {}
"""The identities of open vaults, by directory: each passphrase is asked for once in a process."""
_opening = allocate_lock()


class Vault:
    """The vault of one user, with the methods of KeyringStore.

    Every method but ``exists`` raises KeyringProblem: ``vault-locked``, ``vault-passphrase``, ``passphrase-command``,
    ``vault-damaged``, ``vault-version``, ``vault-unreadable``, ``vault-demanding``; UsageError ``extra-missing``; and
    Cancelled. Those that write also raise WriteProblem. A file that cannot be read is never overwritten.
    """

    def __init__(self, paths: Paths, passphrases: PassphraseSource) -> None:
        self.directory = os.path.join(paths.data, "vault")
        self._identity_path = os.path.join(self.directory, "identity.age")
        self._seeds_path = os.path.join(self.directory, "seeds.age")
        self._passphrases = passphrases

    @property
    def exists(self) -> bool:
        """Whether the vault was created completely."""
        if os.path.lexists(self._identity_path):
            return True
        return os.path.lexists(self._seeds_path) and not self._half_made

    @property
    def _half_made(self) -> bool:
        """Whether ``seeds.age``, without ``identity.age``, holds no entries."""
        from mfa_tui.adapters.secretstores import age_scrypt

        try:
            return age_scrypt.payload_length(_read(self._seeds_path)) == len(_EMPTY)
        except KeyringProblem:
            return False

    def weakness(self) -> KeyringProblem | None:
        """The warning if guessing its passphrase takes less work than it should; else None. Opens nothing."""
        from mfa_tui.adapters.secretstores import age_scrypt

        factor = self._work_factor()
        if factor is None or factor >= age_scrypt.FACTOR:
            return None
        return KeyringProblem(
            "vault-weak",
            "The vault's passphrase is easier to guess than it should be.",
            f"With {self._identity_path}, each guess takes 1/{1 << age_scrypt.FACTOR - factor} of the usual work "
            f"(work factor {factor}, now {age_scrypt.FACTOR}).",
            "Set it again, the same or another one: mfa-tui vault passphrase",
        )

    def _work_factor(self) -> int | None:
        from mfa_tui.adapters.secretstores import age_scrypt

        try:
            return age_scrypt.work_factor(_read(self._identity_path))
        except KeyringProblem:
            return None

    def missing_files(self, *, expected: bool) -> list[KeyringProblem]:
        """The problem of each missing file; none if the vault was not created and is not *expected* to exist."""
        paths = (self._identity_path, self._seeds_path) if expected or self.exists else ()
        return [_missing(path) for path in paths if not os.path.lexists(path)]

    @property
    def would_ask(self) -> bool:
        """Whether the next call asks the user for the passphrase."""
        return self.directory not in _identities and self._passphrases.asks

    def open(self, cancel: CancelScope) -> None:
        """Ask for the passphrase, so that later calls need not. Creates the vault if it does not exist."""
        if not self.exists:
            self.create(cancel)
        self._opened(cancel)

    def get(self, service: str, user: str, cancel: CancelScope) -> Secret | None:
        """Load the secret of *user*; None if there is none."""
        if not self.exists:
            return None
        value = self._entries(self._opened(cancel)).get(_key(service, user))
        return None if value is None else Secret(value)

    def put(self, service: str, user: str, secret: Secret, cancel: CancelScope) -> None:
        """Store *secret* for *user*, and read it back. Creates the vault if it does not exist."""
        self.open(cancel)
        identity = self._opened(cancel)
        key = _key(service, user)

        def set_entry(entries: dict[str, str]) -> None:
            entries[key] = secret.reveal()

        self._change(identity, set_entry)
        if self._entries(identity).get(key) != secret.reveal():
            raise _damaged(self._seeds_path, "What was written to it could not be read back.")

    def delete(self, service: str, user: str, cancel: CancelScope) -> None:
        """Delete the secret of *user*, if another process has not done so."""
        key = _key(service, user)
        self._change(self._opened(cancel), lambda entries: entries.pop(key, None))

    def create(self, cancel: CancelScope) -> None:
        """Create an empty vault with a new passphrase, and open it. Also raises KeyringProblem ``vault-exists``."""
        from mfa_tui.adapters.secretstores import age

        age.require_age("The vault needs the age format.")
        if self.exists:
            raise _exists(self.directory)
        passphrase = self._passphrases.get_new(cancel)
        identity = age.new_identity()
        sealed = _sealed(identity, passphrase, cancel)
        with self._writing():
            if self.exists:
                raise _exists(self.directory)
            private_files.write(self._seeds_path, _document(identity, {}), durable=True)
            private_files.write(self._identity_path, sealed, durable=True)
        _identities[self.directory] = identity

    def change_passphrase(self, cancel: CancelScope) -> None:
        """Encrypt the identity again, with a passphrase that the user types; the entries stay as they are.

        It gets today's work factor; to raise that, the same passphrase will do. Also raises KeyringProblem
        ``vault-missing``, UsageError ``passphrase-short`` and ``passphrase-same``.
        """
        from mfa_tui.adapters.secretstores import age

        if not self.exists:
            raise KeyringProblem("vault-missing", "There is no vault yet.", "", "Create one: mfa-tui vault create")
        identity = self._opened(cancel)
        passphrase = self._passphrases.ask_another()
        if self.weakness() is None:
            with contextlib.suppress(age.WrongKey, age.Damaged, age.TooDemanding):
                age.decrypt_by_passphrase(passphrase, _read(self._identity_path), cancel)
                raise UsageError("passphrase-same", "The vault already has that passphrase; nothing was changed.")
        sealed = _sealed(identity, passphrase, cancel)
        with self._writing():
            # Meanwhile another vault may have replaced it, which this identity does not open.
            self._entries(identity)
            private_files.write(self._identity_path, sealed, durable=True)

    def _opened(self, cancel: CancelScope) -> Secret:
        """The identity of the open vault; two threads ask for the passphrase only once."""
        from mfa_tui.adapters.secretstores import age

        with _opening:
            if self.directory not in _identities:
                cancel.check()
                age.require_age("The vault needs the age format.")
                _identities[self.directory] = self._unlocked(cancel)
            return _identities[self.directory]

    def _unlocked(self, cancel: CancelScope) -> Secret:
        from mfa_tui.adapters.secretstores import age

        data = _read(self._identity_path)
        for _ in range(self._passphrases.tries):
            passphrase = self._passphrases.get_current(cancel)
            try:
                text = age.decrypt_by_passphrase(passphrase, data, cancel, self._passphrases.tell)
            except age.WrongKey:
                continue
            except age.TooDemanding as demand:
                raise _too_demanding("The vault was not opened.", demand) from None
            except age.Damaged as damage:
                raise _damaged(self._identity_path, str(damage)) from None
            return age.identity_in(text.reveal().encode())
        typed = self._passphrases.asks
        raise KeyringProblem(
            "vault-passphrase",
            f"{'That' if typed else 'What passphrase_command prints'} is not the passphrase of the vault.",
            f"{self._identity_path} does not open with it.",
            "Try again. Without it the vault stays locked: restore a backup, or import the secrets into a new vault."
            if typed
            else "Correct it in the settings. Without the right one, restore a backup, or import the secrets again.",
        )

    def _change(self, identity: Secret, change: Callable[[dict[str, str]], object]) -> None:
        with self._writing():
            entries = self._entries(identity)
            change(entries)
            private_files.write(self._seeds_path, _document(identity, entries), durable=True)

    def _entries(self, identity: Secret) -> dict[str, str]:
        import json

        from mfa_tui.adapters.secretstores import age

        data = _read(self._seeds_path)
        try:
            text = age.decrypt_with(identity, data)
        except age.WrongKey:
            raise _damaged(
                self._seeds_path, "It belongs to a different vault than the identity.age beside it."
            ) from None
        except age.Damaged as damage:
            raise _damaged(self._seeds_path, str(damage)) from None
        try:
            document = json.loads(text.reveal())
            if document["version"] != VERSION:
                raise _of_version(self._seeds_path, document["version"])
            return {str(key): str(value) for key, value in document["entries"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _damaged(self._seeds_path, "Its content is not that of a vault.") from None

    def _writing(self) -> contextlib.AbstractContextManager[None]:
        return hold_for_change(
            self.directory,
            os.path.join(self.directory, "vault.lock"),
            f"The vault in {self.directory} was not written.",
            "Writing the vault",
            durable=True,
        )


def _key(service: str, user: str) -> str:
    return f"{service}/{user}"


def _sealed(identity: Secret, passphrase: Secret, cancel: CancelScope) -> str:
    """The text of ``identity.age``: an encrypted key file as ``age-keygen`` writes it."""
    from mfa_tui.adapters.secretstores import age

    text = Secret(f"# public key: {age.recipient_of(identity)}\n{identity.reveal()}\n")
    try:
        return age.encrypt_by_passphrase(passphrase, text, cancel).decode()
    except age.TooDemanding as demand:
        raise _too_demanding("The vault was not encrypted with the new passphrase.", demand) from None


def _document(identity: Secret, entries: dict[str, str]) -> str:
    import json

    from mfa_tui.adapters.secretstores import age

    text = json.dumps({"version": VERSION, "entries": entries}, sort_keys=True) if entries else _EMPTY
    return age.encrypt_to(age.recipient_of(identity), Secret(text)).decode()


def _read(path: str) -> bytes:
    try:
        return read_trusted(path)
    except FileNotFoundError:
        # It must not count as empty: new entries would replace the old ones.
        raise _missing(path) from None
    except OSError as error:
        raise KeyringProblem(
            "vault-unreadable", f"{path} cannot be read.", f"{reason(error)}.", remedy(error)
        ) from None


def _missing(path: str) -> KeyringProblem:
    return KeyringProblem(
        "vault-damaged",
        f"The vault's file {path} is missing.",
        "The vault does not open without it." if path.endswith("identity.age") else "The secrets are in it.",
        _RESTORE,
    )


def _damaged(path: str, why: str) -> KeyringProblem:
    return KeyringProblem("vault-damaged", f"The vault's file {path} is damaged.", why, _RESTORE)


def _too_demanding(what: str, demand: age.TooDemanding) -> KeyringProblem:
    return KeyringProblem("vault-demanding", what, str(demand), demand.remedy)


def _of_version(path: str, version: object) -> KeyringProblem:
    newer = isinstance(version, int) and version > VERSION
    return KeyringProblem(
        "vault-version",
        f"{path} has version {str(version)[:20]}; this mfa-tui supports version {VERSION}.",
        "A newer mfa-tui wrote it." if newer else "It is older than any that was released.",
        "Update mfa-tui; nothing was changed." if newer else "Use mfa-tui device restore; nothing was changed.",
    )


def _exists(directory: str) -> KeyringProblem:
    return KeyringProblem(
        "vault-exists",
        "There is a vault already.",
        f"It is {directory}.",
        "To change its passphrase: mfa-tui vault passphrase",
    )
