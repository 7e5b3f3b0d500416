"""TOTP seeds in the OS keyring, and an index without secrets of which serials have one.

Keyring service ``mfa-tui``, user name the MFA serial, value a JSON object: ``seed`` (base32), ``digits``, ``period``,
``algorithm``, ``label``, ``created`` (UTC), and ``previous`` while a replaced seed is kept until its successor has
proved itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading

from mfa_tui.adapters import private
from mfa_tui.adapters.control import Control, TookTooLong
from mfa_tui.adapters.locks import locked
from mfa_tui.adapters.oserrors import as_write_problem
from mfa_tui.core.expiry import format_utc
from mfa_tui.core.totp import normalised_seed
from mfa_tui.errors import KeyringProblem, UsageError
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from keyring.backend import KeyringBackend

    from mfa_tui.adapters.clock import Clock
    from mfa_tui.adapters.paths import Paths

    T = TypeVar("T")

SERVICE = "mfa-tui"
PATIENCE = 30.0
"""Seconds for one keyring call: a locked keyring may be showing its own password dialog meanwhile."""
_SAFE = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
"""Modules of backends that keep secrets encrypted under the user's login."""
_DEMO = "mfa_tui.demo."
_DAMAGED = "keyring-entry"
_one_at_a_time = threading.Lock()


class StoredSeed:
    """A seed from the keyring. ``unproved``: it replaced another, and AWS has not accepted a code of it yet."""

    __slots__ = ("seed", "unproved")

    def __init__(self, seed: Secret, *, unproved: bool) -> None:
        self.seed = seed
        self.unproved = unproved

    def __repr__(self) -> str:
        return f"StoredSeed({self.seed!r}, unproved={self.unproved})"


class SeedStore:
    """The seeds of one user.

    All methods that reach the keyring raise KeyringProblem: ``keyring-missing``, ``keyring-unsafe``,
    ``keyring-named``, ``keyring-locked``, ``keyring-timeout``, ``keyring-failed``, ``keyring-entry``, ``keyring-null``.
    Those that change what is stored raise WriteProblem too, if the index cannot be written.
    *warn* is told, once, when the user named a backend that keeps secrets in plain text or nowhere.
    """

    def __init__(
        self,
        paths: Paths,
        env: Mapping[str, str],
        clock: Clock,
        warn: Callable[[str], None],
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._index_path = os.path.join(paths.data, "seeds.json")
        self._named = env.get("PYTHON_KEYRING_BACKEND", "")
        self._clock = clock
        self._warn = warn
        self._warned = False
        self._patience = patience

    def serials(self) -> frozenset[str]:
        """The MFA serials that have a seed, from the index: no keyring call."""
        return frozenset(self._index())

    def load(self, serial: str, control: Control) -> StoredSeed | None:
        """The seed of *serial*; None if there is none."""
        entry = self._entry(serial, control)
        return StoredSeed(entry["seed"], unproved="previous" in entry) if entry else None

    def store(self, serial: str, seed: Secret, label: str, control: Control) -> bool:
        """Keep *seed* for *serial*, read it back, and note it in the index.

        An older, different seed is kept beside it; returns whether there was one.
        """
        try:
            old = self._entry(serial, control)
        except KeyringProblem as problem:
            if problem.slug != _DAMAGED:
                raise
            old = None
        entry = {
            "seed": seed,
            "digits": Secret("6"),
            "period": Secret("30"),
            "algorithm": Secret("SHA1"),
            "label": Secret(label),
            "created": Secret(format_utc(int(self._clock.now()))),
        }
        if old and old["seed"] != seed:
            entry["previous"] = old["seed"]
        elif old and "previous" in old:
            entry["previous"] = old["previous"]
        self._write(serial, entry, control)
        self._note(serial, {"label": label, "created": entry["created"].reveal()})
        return old is not None and old["seed"] != seed

    def proved(self, serial: str, control: Control) -> None:
        """AWS has accepted a code of the seed: a predecessor that was kept goes."""
        entry = self._entry(serial, control)
        if entry and "previous" in entry:
            del entry["previous"]
            self._write(serial, entry, control)

    def remove(self, serial: str, control: Control) -> bool:
        """Delete the seed of *serial*. A predecessor that was kept comes back: then True."""
        text = self._text(serial, control)
        entry = None
        if text is not None:
            # A damaged entry can still be removed.
            with contextlib.suppress(KeyringProblem):
                entry = _parsed(text, serial)
        if entry and "previous" in entry:
            entry["seed"] = entry.pop("previous")
            self._write(serial, entry, control)
            return True
        if text is not None:
            self._call(lambda backend: backend.delete_password(SERVICE, serial), control)
        self._note(serial, None)
        return False

    def _entry(self, serial: str, control: Control) -> dict[str, Secret] | None:
        text = self._text(serial, control)
        return None if text is None else _parsed(text, serial)

    def _text(self, serial: str, control: Control) -> Secret | None:
        def read(backend: KeyringBackend) -> Secret | None:
            text = backend.get_password(SERVICE, serial)
            return None if text is None else Secret(text)

        return self._call(read, control)

    def _write(self, serial: str, entry: Mapping[str, Secret], control: Control) -> None:
        values: dict[str, object] = {key: value.reveal() for key, value in entry.items()}
        values |= {"digits": 6, "period": 30}
        text = Secret(json.dumps(values))

        def write(backend: KeyringBackend) -> bool:
            if _module_of(backend).startswith("keyring.backends.Windows"):
                # Overwriting would leave the old secret behind, under another name.
                with contextlib.suppress(Exception):
                    backend.delete_password(SERVICE, serial)
            backend.set_password(SERVICE, serial, text.reveal())
            return backend.get_password(SERVICE, serial) == text.reveal()

        if not self._call(write, control):
            raise KeyringProblem(
                "keyring-null",
                "The keyring took the secret but did not keep it.",
                "A null or volatile keyring backend does that.",
                "Choose another backend (keyring --list-backends shows them), or type the code at each login.",
            )

    def _call(self, work: Callable[[KeyringBackend], T], control: Control) -> T:
        """Run *work* with the backend, within the time limit, and turn its failures into ours."""

        def guarded() -> T:
            with _one_at_a_time:
                backend = self._backend()
                try:
                    return work(backend)
                except Exception as error:  # noqa: BLE001 - D-Bus and Windows errors are no KeyringError
                    raise _explained(error) from None

        try:
            return control.run(guarded, self._patience)
        except TookTooLong:
            raise KeyringProblem(
                "keyring-timeout",
                f"The keyring did not answer within {self._patience:.0f} s.",
                "It is locked and may be waiting for its password in a window of its own.",
                "Unlock it and try again, or type the code: mfa-tui login --code CODE",
            ) from None

    def _backend(self) -> KeyringBackend:
        """The backend to use: the named one, else the best of those that keep secrets safe."""
        try:
            import keyring
            from keyring.backends.chainer import ChainerBackend
            from keyring.backends.fail import Keyring as NoKeyring

            backend = keyring.get_keyring()
        except Exception as error:  # noqa: BLE001 - a named backend may fail in any way, and so may its import
            raise _unusable(error, self._named) from None
        if isinstance(backend, NoKeyring):
            raise _no_keyring()
        if self._named:
            if not _module_of(backend).startswith((*_SAFE, _DEMO)):
                self._warn_once(backend)
            return backend
        candidates = list(backend.backends) if isinstance(backend, ChainerBackend) else [backend]
        for candidate in candidates:
            if _module_of(candidate).startswith(_SAFE):
                return candidate
        if not candidates:
            raise _no_keyring()
        raise KeyringProblem(
            "keyring-unsafe",
            "No safe keyring was found; secrets are not stored.",
            f"The only backend is {_module_of(candidates[0])}, which does not keep them encrypted under your login.",
            "Start a Secret Service (gnome-keyring, KWallet), or name a backend yourself in PYTHON_KEYRING_BACKEND.",
        )

    def _warn_once(self, backend: KeyringBackend) -> None:
        if not self._warned:
            self._warned = True
            name = f"{_module_of(backend)}.{type(backend).__name__}"
            self._warn(f"PYTHON_KEYRING_BACKEND names {name}, which may keep secrets unprotected.")

    def _index(self) -> dict[str, dict[str, str]]:
        try:
            seeds = json.loads(private.read(self._index_path) or "{}").get("seeds", {})
        except (ValueError, AttributeError):
            return {}
        return dict(seeds) if isinstance(seeds, dict) else {}

    def _note(self, serial: str, about: dict[str, str] | None) -> None:
        """Put *serial* into the index, or take it out (None)."""
        with as_write_problem(f"{self._index_path}, the list of stored secrets, was not written."):
            private.make_directory(os.path.dirname(self._index_path))
            with locked(self._index_path + ".lock", "Noting the stored secret"):
                seeds = self._index()
                seeds.pop(serial, None)
                if about is not None:
                    seeds[serial] = about
                text = json.dumps({"version": 1, "seeds": seeds}, indent=1, sort_keys=True)
                private.write(self._index_path, text + "\n")


def _parsed(text: Secret, serial: str) -> dict[str, Secret]:
    try:
        entry = {key: Secret(str(value)) for key, value in json.loads(text.reveal()).items()}
        entry["seed"] = normalised_seed(entry["seed"].reveal())
    except (ValueError, KeyError, AttributeError, UsageError):
        raise KeyringProblem(
            _DAMAGED,
            f"The keyring's entry for {serial} is damaged.",
            "It holds no usable secret.",
            "Import the secret again: mfa-tui device import PROFILE",
        ) from None
    return entry


def _module_of(backend: object) -> str:
    return type(backend).__module__


def _no_keyring() -> KeyringProblem:
    return KeyringProblem(
        "keyring-missing",
        "There is no keyring on this machine, or in this session.",
        "No Secret Service (gnome-keyring, KWallet), Keychain or Credential Locker answers.",
        "Start one and try again, or type the code at each login.",
    )


def _unusable(error: Exception, named: str) -> KeyringProblem:
    if not named:
        return _explained(error)
    missing = isinstance(error, ImportError | AttributeError | ValueError)
    if named.startswith(_SAFE) and not missing:
        return _no_keyring()
    return KeyringProblem(
        "keyring-named",
        f"PYTHON_KEYRING_BACKEND={named} cannot be used.",
        "There is no such keyring backend here." if missing else f"It fails to start, with {type(error).__name__}.",
        "Correct or unset the variable; keyring --list-backends shows what there is.",
    )


def _explained(error: Exception) -> KeyringProblem:
    kind = type(error).__name__
    if kind in ("NoKeyringError", "InitError", "SecretServiceNotAvailableException", "DBusErrorResponse"):
        return _no_keyring()
    if kind in ("KeyringLocked", "LockedException", "PromptDismissedException"):
        return KeyringProblem(
            "keyring-locked",
            "The keyring is locked.",
            "It opens with your login, or with its own password.",
            "Unlock it (log in to the desktop, or open its password manager), or type the code.",
        )
    # The text of a foreign error is not shown: nothing warrants that it holds no secret.
    return KeyringProblem(
        "keyring-failed",
        "The keyring failed.",
        f"It answered with {kind}.",
        "Run keyring diagnose, or type the code at each login.",
    )
