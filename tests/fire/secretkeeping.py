"""Runs of mfa-tui that keep secrets, killed or failing at a system call, and what is kept where afterwards.

scrypt is replaced by something quick in these runs, and a passphrase is typed by nobody in particular.
"""

import errno
import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mfa_tui.adapters.filesystem import system_calls
from mfa_tui.adapters.secretstores import age, age_scrypt
from mfa_tui.adapters.seeds.store import KEYRING, VAULT
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.models import Secret
from tests.support.homes.home import Home
from tests.support.processes.forkserver import ForkServer
from tests.support.processes.launcher import Result, _counted
from tests.support.runner.sources import ROOT

PASSPHRASE = "four words of nonsense"
ANOTHER = "five words of another nonsense"
FILLING = {"create", "write", "mkdir"}
"""Calls that a full disk refuses."""
_STANDARD_ERROR = 2
_CALLS_FOLLOW = "\0"
"""As in ``tests.support.processes.launcher``."""


class Keeper:
    """Runs mfa-tui."""

    def __init__(self) -> None:
        self._server = ForkServer.shared(
            __name__,
            "mfa_tui.demo.home.keyring_file",
            "mfa_tui.adapters.secretstores.vault",
            "mfa_tui.adapters.aws.iam",
            "pyrage",
        )

    def run(
        self,
        home: Home,
        *arguments: str,
        stdin: str = "",
        die: tuple[str, int] | None = None,
        full: int = -1,
        can: tuple[bool, bool] = (True, True),
    ) -> Result:
        """Runs ``mfa-tui ARGUMENTS``.

        *die* says when it is to be killed, as :class:`.Launcher` has it; *full* after how many of
        its FILLING calls the disk is full, once and for all; *can* whether its file system can rename without
        replacing, and has hard links.
        """
        given = {"die": die or ("", -1), "full": full, "can": can}
        ended = self._server.run(arguments, env=home.env, cwd=str(ROOT), stdin=stdin, around=(__name__, given))
        err, _, calls = ended.stderr.partition(_CALLS_FOLLOW)
        return Result(ended.returncode, ended.stdout, err, calls.split())


def around(*, die: tuple[str, int], full: int, can: tuple[bool, bool]) -> Iterator[None]:
    """In the fork, before and after it is mfa-tui."""
    from mfa_tui.cli.terminal.passphrases import VaultPassphrase

    typed = iter([PASSPHRASE, ANOTHER])

    def type_passphrase(_: VaultPassphrase, new: bool) -> Secret:
        return Secret(ANOTHER if new else next(typed))

    age_scrypt._stretched = stretched
    VaultPassphrase.__call__ = type_passphrase  # type: ignore[assignment]
    if full >= 0:
        _fill_disk(full)
    renames, links = can
    if not renames:
        system_calls._rename = cannot_rename
    if not links:
        os.link = cannot_link
    calls = _counted(*die, 0, -1)
    yield
    os.write(_STANDARD_ERROR, (_CALLS_FOLLOW + " ".join(calls)).encode())


def cannot_rename(source: str, target: str, flags: int) -> bool:
    """In the place of a system call that is not there."""
    del source, target, flags
    return False


def cannot_link(*_: object, **__: object) -> None:
    """In the place of link(2) on a file system without hard links."""
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def _fill_disk(calls_left: int) -> None:
    """Let the disk be full after so many FILLING calls."""
    made = 0

    def filling(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            nonlocal made
            on_disk = (
                arguments[0] > _STANDARD_ERROR if name == "write" else name == "mkdir" or arguments[1] & os.O_CREAT
            )
            if on_disk:
                made += 1
                if made > calls_left:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return function(*arguments, **options)

        return called

    for name in ("open", "write", "mkdir"):
        setattr(os, name, filling(name, getattr(os, name)))


def stretched(
    passphrase: Secret, salt: bytes, factor: int, cancel: CancelScope, slow: Callable[[str], None] | None
) -> bytes:
    """In the place of scrypt with that work factor."""
    del factor, cancel, slow
    return hashlib.scrypt(passphrase.reveal().encode(), salt=salt, n=2, r=8, p=1, dklen=32)


def make_quick(patch: pytest.MonkeyPatch) -> None:
    """Let this process do the same in the place of scrypt."""
    patch.setattr(age_scrypt, "_stretched", stretched)


class Kept(NamedTuple):
    """A secret that is kept: where, for which serial, and which."""

    place: str
    serial: str
    seed: str


def kept(home: Home) -> set[Kept]:
    """All secrets in the keyring and in the vault, those that were replaced included."""
    found = set()
    for place, entries in ((KEYRING, _in_keyring(home)), (VAULT, _in_vault(home))):
        for serial, text in entries.items():
            if serial != "trial":
                values = json.loads(text)
                found |= {Kept(place, serial, values[key]) for key in ("seed", "previous") if key in values}
    return found


def named(home: Home) -> set[tuple[str, str]]:
    """Place and serial of all that the list of secrets names."""
    path = data(home) / "seeds.json"
    if not path.exists():
        return set()
    seeds = json.loads(path.read_text())["seeds"]
    return {(about[key], serial) for serial, about in seeds.items() for key in ("store", "also") if key in about}


def exposed(home: Home, seeds: set[str], *known: Path) -> list[str]:
    """Files of ours that others can read, or that hold one of *seeds* in the clear and are not *known* to."""
    found = []
    for path in home.path.rglob("*"):
        if not path.is_file() or path.is_symlink() or path in known:
            continue
        if home.aws_dir not in path.parents and stat.S_IMODE(path.stat().st_mode) & 0o077:
            found.append(f"{path} is readable")
        # The keyring of the tests is no file of ours.
        if not path.name.startswith("keyring") and any(seed.encode() in path.read_bytes() for seed in seeds):
            found.append(f"{path} holds a secret")
    return found


def data(home: Home) -> Path:
    """The data directory."""
    return home.path / ".local/share/mfa-tui"


def key_in_vault(home: Home, access_key_id: str) -> str:
    """The secret of a long-term key in the vault; empty if it has none."""
    return _in_vault(home).get(access_key_id, "")


def _in_keyring(home: Home) -> dict[str, str]:
    path = home.path / "keyring.json"
    entries: dict[str, str] = json.loads(path.read_text()).get("mfa-tui", {}) if path.exists() else {}
    return entries


def _in_vault(home: Home) -> dict[str, str]:
    directory = data(home) / "vault"
    if not (directory / "identity.age").exists():
        return {}
    sealed = (directory / "identity.age").read_bytes()
    for passphrase in (PASSPHRASE, ANOTHER):
        try:
            text = age.decrypt_by_passphrase(Secret(passphrase), sealed, CancelScope())
        except age.WrongKey:
            continue
        identity = age.identity_in(text.reveal().encode())
        document = json.loads(age.decrypt_with(identity, (directory / "seeds.age").read_bytes()).reveal())
        return {key.partition("/")[2]: value for key, value in document["entries"].items()}
    raise AssertionError("no passphrase opens the vault")
