"""Storing and restoring a long-term key, killed at every system call that changes something.

At every moment the key is in the file or in its store, a login works or says what to do, and the same command again
does the rest: then the key is in one place only.
"""

import json
from collections.abc import Callable

import pytest

from mfa_tui.demo.aws.server import StrictAws, User
from tests.fire.secretkeeping import FILLING, Keeper, key_in_vault, make_quick
from tests.fire.tally import Fire
from tests.fire.test_kills_of_secrets import changing
from tests.keys.support import both_files, files_with, in_keyring
from tests.support.homes.home import Home
from tests.support.homes.offline_home import new_home
from tests.support.runner.thoroughness import long, quick_cases

__all__ = ["new_home"]

VAULT, MOVE = ("keys", "store", "dev", "--yes", "--to", "vault"), ("vault", "move", "vault")
STORE, RESTORE = ("keys", "store", "dev", "--yes"), ("keys", "restore", "dev", "--yes")
CASES = {
    "store": (STORE, False, "", False),
    "store, from the config file": (STORE, False, "config", False),
    "store, over a record": (STORE, True, "both", False),
    "store, in the vault": (VAULT, False, "", False),
    "from the keyring to the vault": (VAULT, True, "", False),
    "vault move": (MOVE, True, "", False),
    "restore": (RESTORE, True, "", False),
    "restore, to the config file": (RESTORE, True, "config", False),
    "restore, of two profiles": (RESTORE, True, "", True),
}
"""The command, whether the key is stored before it, where the files have it, and whether two profiles do."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    make_quick(monkeypatch)


class Scene:
    """A home with the profile ``dev``, whose key is stored or not."""

    def __init__(self, keeper: Keeper, home: Home, aws: StrictAws, case: str) -> None:
        self.command, stored, place, two = CASES[case]
        self.keeper, self.home = keeper, home
        home.env |= {"AWS_ENDPOINT_URL_STS": aws.url, "AWS_ENDPOINT_URL_IAM": aws.url}
        self.user: User = aws.add_user()
        self._furnish(place, two=two)
        self.plain = both_files(home)
        if stored:
            done = keeper.run(home, *STORE)
            assert done.status == 0, done.err
        if place == "both":
            home.credentials.write_bytes(self.plain[1])

    def _furnish(self, place: str, *, two: bool) -> None:
        self.home.add_profile("dev", self.user)
        if two:
            self.home.add_profile("ops", self.user)
        if place == "config":
            keys = self.home.credentials.read_text().split("\n", 1)[1].rstrip("\n")
            self.home.config.write_text(self.home.config.read_text().replace("region", f"{keys}\nregion", 1))
            self.home.credentials.write_text("")

    def run(self, die: tuple[str, int] | None = None, full: int = -1) -> tuple[int, str, list[str]]:
        done = self.keeper.run(self.home, *self.command, die=die, full=full)
        return done.status, done.err, done.calls

    def judge(self, fire: Fire, where: str) -> None:
        """What must be so at every moment."""
        in_files = any(self.user.secret_access_key.encode() in data for data in both_files(self.home))
        in_store = self.user.secret_access_key in self._stored().values()
        if not in_files and not in_store:
            fire.lost(f"{where}: the key is nowhere")
        if in_store and self.user.access_key_id not in self._listed():
            fire.leaked(f"{where}: nothing says that the keyring has it")
        device = self.keeper.run(self.home, "device", "list", "dev", "--json")
        if device.status != 0 and "mfa-tui keys" not in device.err:
            fire.lost(f"{where}: the profile does not work: {device.err}")

    def judge_end(self, fire: Fire, where: str) -> None:
        """What must be so once the command was done to its end."""
        secret, key_id = self.user.secret_access_key, self.user.access_key_id
        if self.command != RESTORE:
            place = "keyring" if self.command == STORE else "vault"
            if left := files_with(self.home, secret, ("keyring.json",)):
                fire.leaked(f"{where}: {left}")
            if self._stored() != {place: secret} or self._listed() != {key_id: "stored"}:
                fire.lost(f"{where}: {self._stored().keys()}, {self._listed()}")
        else:
            if both_files(self.home) != self.plain:
                fire.lost(f"{where}: {both_files(self.home)}, not {self.plain}")
            if self._stored() or self._listed():
                fire.leaked(f"{where}: {self._stored().keys()} has it still, or the list: {self._listed()}")

    def _stored(self) -> dict[str, str]:
        """The secret of the key, by the store that has it."""
        key_id = self.user.access_key_id
        found = {"keyring": in_keyring(self.home, key_id), "vault": key_in_vault(self.home, key_id)}
        return {place: secret for place, secret in found.items() if secret}

    def _listed(self) -> dict[str, str]:
        path = self.home.path / ".local/share/mfa-tui/keys.json"
        entries = json.loads(path.read_text())["keys"] if path.exists() else {}
        return {key: entry["phase"] for key, entry in entries.items()}


@quick_cases(1)
@pytest.mark.trial("kills of keys store and keys restore")
@pytest.mark.parametrize("case", CASES)
@long
def test_killed(fire: Fire, keeper: Keeper, new_home: Callable[[], Home], aws: StrictAws, case: str) -> None:
    scene = Scene(keeper, new_home(), aws, case)
    status, err, calls = scene.run()
    assert status == 0, err
    scene.judge_end(fire, "undisturbed")
    moments = [("before", 0), *(("after", number) for number in changing(calls))]
    for die in fire.sample(moments, short=3):
        scene = Scene(keeper, new_home(), aws, case)
        where = f"{case}, killed {die[0]} {calls[die[1]]} {die[1]}"
        killed, err, _ = scene.run(die)
        if killed not in (0, -9):
            fire.claimed(f"{where}: it ended with {killed}, {err}")
        if killed == 0:
            continue
        scene.judge(fire, where)
        again, err, _ = scene.run()
        # A restore that was killed at its very end has nothing to do.
        done = scene.command == RESTORE and "is not stored" in err
        if (again != 0 and not done) or "Traceback" in err:
            fire.claimed(f"{where}, then again: {again}, {err}")
        scene.judge_end(fire, f"{where}, then again")
        fire.tried()


@long
@quick_cases(1)
@pytest.mark.trial("full disks under keys store and keys restore")
@pytest.mark.parametrize("case", CASES)
def test_full_disk(fire: Fire, keeper: Keeper, new_home: Callable[[], Home], aws: StrictAws, case: str) -> None:
    _, err, calls = Scene(keeper, new_home(), aws, case).run()
    assert calls, err
    for number in fire.sample(range(sum(call in FILLING for call in calls)), short=2):
        scene = Scene(keeper, new_home(), aws, case)
        where = f"{case}, with a disk that is full after {number} calls"
        failed, err, _ = scene.run(full=number)
        if "Traceback" in err or "does not know" in err or err.count("\n") > 8:
            fire.claimed(f"{where}: {err}")
        scene.judge(fire, where)
        if failed == 0:
            # What failed was of no consequence.
            scene.judge_end(fire, where)
            continue
        again, err, _ = scene.run()
        done = scene.command == RESTORE and "is not stored" in err
        if (again != 0 and not done) or "Traceback" in err:
            fire.claimed(f"{where}, then again: {again}, {err}")
        scene.judge_end(fire, f"{where}, then again")
        fire.tried()
