"""Rotating a key, killed at every system call that changes something.

At every moment the home has a key that AWS accepts, and it names the one whose secret it has. The same command again
does the rest: then one key is active, its secret is here, and the old one is inactive.
"""

from collections.abc import Callable

import pytest

from mfa_tui.demo.aws.server import StrictAws, User
from tests.fire.secretkeeping import Keeper
from tests.fire.tally import Fire
from tests.fire.test_kills_of_secrets import changing
from tests.keys.support import in_keyring
from tests.support.homes.home import Home
from tests.support.homes.offline_home import new_home
from tests.support.runner.thoroughness import long, quick_cases

__all__ = ["new_home"]

ROTATE = ("keys", "rotate", "dev", "--yes")


class Scene:
    """A home with two profiles of one user, whose key is stored or in the file."""

    def __init__(self, keeper: Keeper, home: Home, aws: StrictAws, *, stored: bool) -> None:
        self.keeper, self.home = keeper, home
        home.env |= {"AWS_ENDPOINT_URL_STS": aws.url, "AWS_ENDPOINT_URL_IAM": aws.url}
        self.user: User = aws.add_user()
        home.add_profile("dev", self.user)
        home.add_profile("ops", self.user)
        if stored:
            done = keeper.run(home, "keys", "store", "dev", "--yes")
            assert done.status == 0, done.err

    def held(self) -> dict[str, str]:
        """The status of each key of the user whose secret is here, by id."""
        files = self.home.config.read_text() + self.home.credentials.read_text()
        return {
            key: status
            for key, (status, secret) in self.user.access_keys().items()
            if secret in files or in_keyring(self.home, key) == secret
        }

    def judge(self, fire: Fire, where: str) -> None:
        """What must be so at every moment."""
        if "Active" not in self.held().values():
            fire.lost(f"{where}: no key here works, of {self.user.access_keys()}")
        for name in ("dev", "ops"):
            works = self.keeper.run(self.home, "device", "list", name, "--json")
            if works.status != 0:
                fire.lost(f"{where}: the profile {name} does not work: {works.err}")

    def judge_end(self, fire: Fire, where: str) -> None:
        """What must be so once the command was done to its end."""
        statuses = {key: status for key, (status, _) in self.user.access_keys().items()}
        if statuses.pop(self.user.access_key_id, "") != "Inactive":
            fire.claimed(f"{where}: the old key is not inactive")
        if list(statuses.values()) != ["Active"] or not set(statuses) <= set(self.held()):
            fire.lost(f"{where}: {statuses} beside the old key, and {self.held()} here")
        if "-new-key" in self.home.credentials.read_text():
            fire.leaked(f"{where}: the new key has a section of its own still")


@quick_cases(1)
@pytest.mark.trial("kills of keys rotate")
@pytest.mark.parametrize("stored", [False, True], ids=["in the file", "stored"])
@long
def test_killed(fire: Fire, keeper: Keeper, new_home: Callable[[], Home], aws: StrictAws, *, stored: bool) -> None:
    scene = Scene(keeper, new_home(), aws, stored=stored)
    whole = keeper.run(scene.home, *ROTATE)
    assert whole.status == 0, whole.err
    scene.judge_end(fire, "undisturbed")
    moments = [("before", 0), *(("after", number) for number in changing(whole.calls))]
    for die in fire.sample(moments, short=2):
        scene = Scene(keeper, new_home(), aws, stored=stored)
        where = f"{'stored' if stored else 'in the file'}, killed {die[0]} {whole.calls[die[1]]} {die[1]}"
        killed = keeper.run(scene.home, *ROTATE, die=die)
        if killed.status not in (0, -9):
            fire.claimed(f"{where}: it ended with {killed.status}, {killed.err}")
        if killed.status == 0:
            continue
        scene.judge(fire, where)
        finished = scene.user.access_keys()[scene.user.access_key_id][0] == "Inactive"
        again = keeper.run(scene.home, *ROTATE)
        if finished and again.status == 3:
            # It may have come to its very end: then there is no room for another rotation without a question.
            fire.tried()
            scene.judge_end(fire, f"{where}, at its end")
            continue
        if again.status != 0 or "Traceback" in again.err:
            fire.claimed(f"{where}, then again: {again.status}, {again.err}")
        scene.judge_end(fire, f"{where}, then again")
        fire.tried()
