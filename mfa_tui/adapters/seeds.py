"""TOTP seeds in the OS keyring, and an index without secrets of which serials have one.

Keyring service ``mfa-tui``, user name the MFA serial, value a JSON object: ``seed`` (base32), ``digits``, ``period``,
``algorithm``, ``label``, ``created`` (UTC), and ``previous`` while a replaced seed is kept until its successor has
proved itself.
"""

from __future__ import annotations

import contextlib
import json
import os

from mfa_tui.adapters import private
from mfa_tui.adapters.locks import locked
from mfa_tui.adapters.oserrors import as_write_problem
from mfa_tui.core.expiry import format_utc
from mfa_tui.core.totp import DIGITS, PERIOD, normalised_seed
from mfa_tui.errors import KeyringProblem, UsageError, WriteProblem
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.adapters.clock import Clock
    from mfa_tui.adapters.control import Control
    from mfa_tui.adapters.paths import Paths
    from mfa_tui.adapters.secretstore import SecretStore

SERVICE = "mfa-tui"
_DAMAGED = "keyring-entry"
_TRIAL = "trial"


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

    All methods that reach the keyring raise what SecretStore raises, and KeyringProblem ``keyring-entry``. Those that
    change what is stored raise WriteProblem too, if the index cannot be written.
    """

    def __init__(self, paths: Paths, keyring: SecretStore, clock: Clock) -> None:
        self._index_path = os.path.join(paths.data, "seeds.json")
        self._keyring = keyring
        self._clock = clock

    def serials(self) -> frozenset[str]:
        """The MFA serials that have a seed, from the index: no keyring call."""
        return frozenset(self._index())

    def load(self, serial: str, control: Control) -> StoredSeed | None:
        """The seed of *serial*; None if there is none."""
        entry = self._entry(serial, control)
        return StoredSeed(entry["seed"], unproved="previous" in entry) if entry else None

    def store(self, serial: str, seed: Secret, label: str, control: Control) -> bool:
        """Keep *seed* for *serial*, read it back, and note it in the index.

        The last seed that has worked is kept beside it, if it is another; returns whether there is one.
        """
        try:
            old = self._entry(serial, control)
        except KeyringProblem as problem:
            if problem.slug != _DAMAGED:
                raise
            old = None
        entry = {
            "seed": seed,
            "label": Secret(label),
            "created": Secret(format_utc(int(self._clock.now()))),
        }
        if old:
            # A seed that has one beside it has not proved itself: it must not push out the one that did.
            last = old.get("previous", old["seed"])
            if last != seed:
                entry["previous"] = last
        # The index first: what it lists and the keyring lacks can be removed, but not the other way about.
        before = self._index().get(serial)
        self._note(serial, {"label": label, "created": entry["created"].reveal()})
        try:
            self._write(serial, entry, control)
        except BaseException:
            with contextlib.suppress(WriteProblem):
                self._note(serial, before)
            raise
        return "previous" in entry

    def try_out(self, control: Control) -> None:
        """Make sure that a seed could be kept: something is stored, read back and removed again."""
        self._keyring.put(SERVICE, _TRIAL, Secret(_TRIAL), control)
        self._keyring.delete(SERVICE, _TRIAL, control)

    def proved(self, serial: str, control: Control) -> None:
        """AWS has accepted a code of the seed: a predecessor that was kept goes."""
        entry = self._entry(serial, control)
        if entry and "previous" in entry:
            del entry["previous"]
            self._write(serial, entry, control)

    def remove(self, serial: str, control: Control) -> bool:
        """Delete the seed of *serial*. A predecessor that was kept comes back: then True."""
        text = self._keyring.get(SERVICE, serial, control)
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
            self._keyring.delete(SERVICE, serial, control)
        self._note(serial, None)
        return False

    def _entry(self, serial: str, control: Control) -> dict[str, Secret] | None:
        text = self._keyring.get(SERVICE, serial, control)
        return None if text is None else _parsed(text, serial)

    def _write(self, serial: str, entry: Mapping[str, Secret], control: Control) -> None:
        values: dict[str, object] = {key: value.reveal() for key, value in entry.items()}
        values |= {"digits": DIGITS, "period": PERIOD, "algorithm": "SHA1"}
        self._keyring.put(SERVICE, serial, Secret(json.dumps(values)), control)

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
