"""Commands that keep secrets, killed at every system call that changes something, or with a disk full there.

No secret is lost, none lies where nothing names it or in the clear, and the same command again does the rest.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from mfa_tui.adapters.secretstores import age
from mfa_tui.adapters.seeds.store import KEYRING, VAULT
from mfa_tui.core.seeds.backup_format import backup_document
from mfa_tui.core.seeds.seed_record import SeedRecord
from mfa_tui.models import Secret
from tests.fire.secretkeeping import FILLING, PASSPHRASE, Keeper, Kept, data, exposed, kept, make_quick, named
from tests.fire.tally import Fire
from tests.support.homes.home import Home
from tests.support.homes.offline_home import new_home
from tests.support.processes.launcher import Result
from tests.support.runner.thoroughness import long, quick_cases

__all__ = ["new_home"]

ANA, BEN = "arn:aws:iam::111122223333:mfa/ana", "arn:aws:iam::111122223333:mfa/ben"
FIRST, SECOND = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" * 2, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU" * 2
IDENTITY = age.new_identity()
CHANGES = {"create", "write", "fsync", "ftruncate", "fchmod", "mkdir", "rename", "replace", "link", "unlink", "rmdir"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    make_quick(monkeypatch)


class Case(NamedTuple):
    """A command, what is kept before, and what is to be kept after it; *again* are statuses of one that was done."""

    arguments: tuple[str, ...]
    before: frozenset[Kept]
    after: frozenset[Kept]
    stdin: str = ""
    store: str = KEYRING
    again: tuple[int, ...] = (0,)

    @property
    def stays(self) -> set[tuple[str, str]]:
        """Serials and seeds that must be kept at every moment, wherever that is."""
        return {each[1:] for each in self.before} & {each[1:] for each in self.after}


def at(place: str, *serials: str) -> frozenset[Kept]:
    """The secrets of *serials*, kept at *place*."""
    return frozenset(Kept(place, serial, {ANA: FIRST, BEN: SECOND}[serial]) for serial in serials)


CASES = {
    "import": Case(("device", "import", "ana", "--yes"), at(KEYRING, BEN), at(KEYRING, ANA, BEN), stdin=FIRST),
    "import-vault": Case(("device", "import", "ana", "--yes"), frozenset(), at(VAULT, ANA), stdin=FIRST, store=VAULT),
    "import-another": Case(
        ("device", "import", "ana", "--yes"),
        at(KEYRING, ANA, BEN),
        at(KEYRING, ANA, BEN) | {Kept(KEYRING, ANA, SECOND)},
        stdin=SECOND,
    ),
    "import-elsewhere": Case(
        ("device", "import", "ana", "--yes"),
        at(KEYRING, ANA),
        frozenset({Kept(VAULT, ANA, FIRST), Kept(VAULT, ANA, SECOND)}),
        stdin=SECOND,
        store=VAULT,
    ),
    "forget": Case(("device", "forget", "ana", "--yes"), at(KEYRING, ANA, BEN), at(KEYRING, BEN), again=(0, 2)),
    "forget-vault": Case(
        ("device", "forget", "ana", "--yes"), at(VAULT, ANA, BEN), at(VAULT, BEN), store=VAULT, again=(0, 2)
    ),
    "restore": Case(
        ("device", "restore", "BACKUP", "--identity", "KEY"),
        at(KEYRING, BEN),
        at(KEYRING, ANA, BEN) | {Kept(KEYRING, ANA, SECOND)},
    ),
    "create": Case(("vault", "create"), at(KEYRING, ANA), at(KEYRING, ANA), again=(0, 1)),
    "move-vault": Case(("vault", "move", "vault"), at(KEYRING, ANA, BEN), at(VAULT, ANA, BEN)),
    "move-keyring": Case(("vault", "move", "keyring"), at(VAULT, ANA, BEN), at(KEYRING, ANA, BEN)),
    "passphrase": Case(("vault", "passphrase"), at(VAULT, ANA, BEN), at(VAULT, ANA, BEN), store=VAULT, again=(0, 2)),
}


class Scene:
    """A home with what a case keeps before."""

    def __init__(self, keeper: Keeper, home: Home, case: Case) -> None:
        self.keeper, self.home, self.case = keeper, home, case
        self.backup, self.key = home.path / "backup.age", home.path / "key"
        self.backup.write_bytes(age.encrypt_to(age.recipient_of(IDENTITY), BACKUP))
        self.key.write_text(IDENTITY.reveal())
        for path in (self.backup, self.key):
            path.chmod(0o600)
        names = {ANA: "ana", BEN: "ben"}
        home.config.write_text(
            "".join(f"[profile {name}]\nregion = x\nmfa_serial = {serial}\n" for serial, name in names.items())
        )
        home.credentials.write_text(
            "".join(f"[{name}]\naws_access_key_id = A\naws_secret_access_key = s\n" for name in names.values())
        )
        home.credentials.chmod(0o600)
        for place, serial, seed in case.before:
            self.settle(place, command=True)
            done = keeper.run(home, "device", "import", names[serial], "--yes", stdin=seed)
            assert done.status == 0, done.err
        self.settle(case.store, command=case.arguments[1] != "passphrase")
        assert kept(home) == case.before

    def settle(self, place: str, *, command: bool) -> None:
        """New secrets go to *place*; a *command* gives the passphrase of the vault, else it is typed."""
        settings = self.home.path / ".config/mfa-tui/config.toml"
        settings.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        given = f'passphrase_command = "echo {PASSPHRASE}"\n' if command else ""
        settings.write_text(f'seed_store = "{place}"\n{given}')
        settings.chmod(0o600)

    def run(self, die: tuple[str, int] | None = None, full: int = -1) -> Result:
        """The command of the case."""
        names = {"BACKUP": str(self.backup), "KEY": str(self.key)}
        arguments = [names.get(word, word) for word in self.case.arguments]
        return self.keeper.run(self.home, *arguments, stdin=self.case.stdin, die=die, full=full)

    def judge(self, fire: Fire, where: str) -> None:
        """What must be so at every moment."""
        found, listed = kept(self.home), named(self.home)
        held = {each[1:] for each in found if (each.place, each.serial) in listed}
        if lost := self.case.stays - held:
            fire.lost(f"{where}: {lost}, of {found}, {listed}")
        if strays := {each[:2] for each in found} - listed:
            fire.leaked(f"{where}: nothing names {strays}")
        if shown := exposed(self.home, {FIRST, SECOND}):
            fire.leaked(f"{where}: {shown}")

    def judge_end(self, fire: Fire, where: str, again: Result) -> None:
        """What must be so once the command was done to its end."""
        if again.status not in self.case.again or "Traceback" in again.err:
            fire.claimed(f"{where}, then again: {again.status}, {again.err}")
        elif (found := kept(self.home)) != self.case.after:
            fire.claimed(f"{where}, then again: {found}")
        elif listed := named(self.home) ^ {each[:2] for each in self.case.after}:
            fire.claimed(f"{where}, then again: listed or not listed {listed}")
        elif not (data(self.home) / "vault").exists() and self.case.arguments == ("vault", "create"):
            fire.claimed(f"{where}, then again: no vault")


AT = "2026-11-24T11:55:42Z"
BACKUP = backup_document({ANA: SeedRecord(Secret(FIRST), "", AT, previous=Secret(SECOND))}, AT)


def changing(calls: list[str]) -> list[int]:
    """The numbers of the calls that change something."""
    return [number for number, name in enumerate(calls) if name in CHANGES]


@long
@quick_cases(1)
@pytest.mark.trial("kills of commands that keep secrets")
@pytest.mark.parametrize("name", CASES)
def test_killed(fire: Fire, keeper: Keeper, new_home: Callable[[], Home], name: str) -> None:
    case = CASES[name]
    scene = Scene(keeper, new_home(), case)
    whole = scene.run()
    assert whole.status == 0, whole.err
    scene.judge_end(fire, "undisturbed", Result(0, "", "", []))
    moments = [("before", 0), *(("after", number) for number in changing(whole.calls))]
    for die in fire.sample(moments, short=2):
        scene = Scene(keeper, new_home(), case)
        killed = scene.run(die=die)
        where = f"{name} killed {die[0]} {whole.calls[die[1]]} {die[1]}"
        if killed.status == 0:
            # What is noted already within the same second need not be written: it had fewer calls.
            continue
        if killed.status != -9:
            fire.claimed(f"{where}: it ended with {killed.status}, {killed.err}")
        scene.judge(fire, where)
        scene.judge_end(fire, where, scene.run())
        fire.tried()


WAYS = {"rename": (True, True), "link": (False, True), "neither": (False, False)}
"""How a file gets a name that must be free, by what can be done there: rename without replacing, and link."""


def is_whole(content: bytes) -> bool:
    """Whether a backup to IDENTITY, or a picture, is all there."""
    if content.startswith((b"<?xml", b"<svg")):
        return content.rstrip().endswith(b"</svg>")
    try:
        return FIRST in age.decrypt_with(IDENTITY, content).reveal()
    except (age.Damaged, age.WrongKey):
        return False


@long
@pytest.mark.trial("kills of a backup and of an exported picture")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "command",
    [
        ("device", "backup", "--recipient", age.recipient_of(IDENTITY)),
        ("device", "export", "ana", "--yes", "--image"),
    ],
    ids=["backup", "picture"],
)
def test_a_new_file_that_is_named_is_whole_or_not_there(
    fire: Fire, keeper: Keeper, new_home: Callable[[], Home], way: str, command: tuple[str, ...]
) -> None:
    scene = Scene(keeper, new_home(), CASES["move-vault"])
    made = scene.home.path / "new.svg"
    assert keeper.run(scene.home, *command, str(made), can=WAYS[way]).status == 0
    made.unlink()
    # The second time nothing of ours is still to be made.
    undisturbed = keeper.run(scene.home, *command, str(made), can=WAYS[way])
    assert undisturbed.status == 0, undisturbed.err
    assert is_whole(made.read_bytes())
    secret = FIRST.encode()
    moments = [("before", 0), *(("after", number) for number in changing(undisturbed.calls))]
    for die in fire.sample(moments, short=2):
        made.unlink()
        killed = keeper.run(scene.home, *command, str(made), die=die, can=WAYS[way])
        where = f"{command[1]}, {way}, killed {die[0]} {undisturbed.calls[die[1]]} {die[1]}"
        if killed.status != -9:
            fire.claimed(f"{where}: it ended with {killed.status}, {killed.err}")
        there = made.exists()
        # Where neither can be done, the name is taken by an empty file for the time between two calls.
        if there and not (is_whole(made.read_bytes()) or (way == "neither" and not made.stat().st_size)):
            fire.lost(f"{where}: there is a part of it, {made.stat().st_size} bytes")
        if exposed(scene.home, set()):
            fire.leaked(f"{where}: {exposed(scene.home, set())}")
        again = keeper.run(scene.home, *command, str(made), can=WAYS[way])
        if again.status != (2 if there else 0):
            fire.claimed(f"{where}, then again: {again.status}, {again.err}")
        if there:
            # The refusal comes before anything is written; the next new file there clears it away.
            made.unlink()
            assert keeper.run(scene.home, *command, str(made), can=WAYS[way]).status == 0
        if left := [path for path in scene.home.path.glob(".*.tmp") if path.is_file()]:
            fire.leaked(f"{where}: {left} stays, with the secret: {secret in left[0].read_bytes()}")
        fire.tried()


@long
@quick_cases(1)
@pytest.mark.trial("full disks under commands that keep secrets")
@pytest.mark.parametrize("name", CASES)
def test_full_disk(fire: Fire, keeper: Keeper, new_home: Callable[[], Home], name: str) -> None:
    case = CASES[name]
    calls = Scene(keeper, new_home(), case).run().calls
    for number in fire.sample(range(sum(call in FILLING for call in calls)), short=2):
        scene = Scene(keeper, new_home(), case)
        failed = scene.run(full=number)
        where = f"{name} with a disk that is full after {number} calls"
        if "Traceback" in failed.err or "does not know" in failed.err or failed.err.count("\n") > 6:
            fire.claimed(f"{where}: {failed.err}")
        scene.judge(fire, where)
        if failed.status == 0:
            scene.judge_end(fire, where, failed)
        scene.judge_end(fire, where, scene.run())
        fire.tried()


@long
def test_calls_that_are_tried_include_those_of_the_keyring_and_the_vault(
    keeper: Keeper, new_home: Callable[[], Home]
) -> None:
    calls = Scene(keeper, new_home(), CASES["move-vault"]).run().calls
    assert len(changing(calls)) > 30
    assert {"fsync", "replace", "create", "mkdir"} <= set(calls)
