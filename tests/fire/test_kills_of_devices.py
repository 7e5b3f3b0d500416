"""Enrolling, removing and replacing a device, killed at every system call that changes something, or with a full disk.

Nobody is left with a device whose secret is nowhere, and the same command again brings it to its end.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from mfa_tui.demo.aws.server import StrictAws, User
from tests.fire.secretkeeping import FILLING, Keeper, exposed, kept, named
from tests.fire.tally import Fire
from tests.fire.test_kills_of_secrets import changing
from tests.support.devices.devices import named_serial, unassigned
from tests.support.homes.home import Home
from tests.support.homes.offline_home import new_home
from tests.support.runner.thoroughness import long, quick_cases

__all__ = ["new_home"]

LATER = 90.0
"""Seconds until no code that the broken run may have used is needed again."""


class Scene(NamedTuple):
    """A user with *devices*, named ``old`` and ``heir``, whose secrets are kept, and the profile ``dev``."""

    home: Home
    user: User
    old: str
    heir: str


COMMANDS = {
    "enroll": ("device", "enroll", "dev", "--yes"),
    "remove": ("device", "remove", "dev", "--yes", "--last"),
    "replace": ("device", "replace", "dev", "--yes"),
}


def furnished(home: Home, aws: StrictAws, command: str) -> Scene:
    home.env |= {"AWS_ENDPOINT_URL_STS": aws.url, "AWS_ENDPOINT_URL_IAM": aws.url}
    aws.reset()
    user = aws.add_user()
    devices = [user.add_device(f"{user.name}-{name}") for name in ("old", "heir") if command != "enroll"]
    home.add_profile("dev", user, *devices[:1])
    for device in devices:
        home.store_seed(device)
    return Scene(home, user, *(device.serial for device in devices), *([""] * (2 - len(devices))))


def judge(fire: Fire, aws: StrictAws, scene: Scene, where: str) -> None:
    """What must be so at every moment: a device that is enabled has its secret here, where the list names it."""
    enabled, found, listed = scene.user.devices(), kept(scene.home), named(scene.home)
    held = {(each.serial, each.seed) for each in found if (each.place, each.serial) in listed}
    if lost := [serial for serial in enabled if (serial, aws.seed_of(serial)) not in held]:
        fire.lost(f"{where}: the secret of {lost}")
    if shown := exposed(scene.home, {each.seed for each in found}):
        fire.leaked(f"{where}: {shown}")


def judge_end(fire: Fire, aws: StrictAws, scene: Scene, command: str, where: str) -> None:
    """What must be so once the command was done to its end."""
    enabled, found = scene.user.devices(), kept(scene.home)
    name = named_serial(scene.home)
    if name not in enabled:
        fire.claimed(f"{where}, then again: the profile names {name}, of {enabled}")
    if strays := {each.serial for each in found} ^ set(enabled):
        fire.claimed(f"{where}, then again: kept and not enabled, or the other way about: {strays}")
    if command != "enroll" and scene.old in enabled:
        fire.claimed(f"{where}, then again: {scene.old} is there still")
    if command != "enroll" and scene.heir not in enabled:
        fire.lost(f"{where}, then again: {scene.heir} is gone")
    if orphans := unassigned(aws, scene.user):
        fire.claimed(f"{where}, then again: {orphans} are left")


def go_on(fire: Fire, keeper: Keeper, scene: Scene, command: str, where: str) -> None:
    """The same command again. One that was done already finds nothing to do."""
    named_one = ("--serial", scene.old) if command == "remove" else ()
    if command == "replace" and scene.old not in scene.user.devices() and named_serial(scene.home) != scene.old:
        # It may have come to its end, and another run would replace the new device.
        journal = scene.home.path / ".local/share/mfa-tui/enrolments.json"
        if '"serial"' not in journal.read_text():
            return
    again = keeper.run(scene.home, *COMMANDS[command], *named_one)
    done = (again.status == 2 and "has no MFA device" in again.err) if command == "remove" else False
    if again.status != 0 and not done:
        fire.claimed(f"{where}, then again: {again.status}, {again.err}")


@quick_cases(1)
@pytest.mark.trial("kills of commands that change devices")
@pytest.mark.parametrize("command", COMMANDS)
@long
def test_killed(fire: Fire, keeper: Keeper, new_home: Callable[[], Home], aws: StrictAws, command: str) -> None:
    scene = furnished(new_home(), aws, command)
    whole = keeper.run(scene.home, *COMMANDS[command])
    assert whole.status == 0, whole.err
    judge_end(fire, aws, scene, command, "undisturbed")
    for number in fire.sample(changing(whole.calls), short=2):
        scene = furnished(new_home(), aws, command)
        killed = keeper.run(scene.home, *COMMANDS[command], die=("after", number))
        where = f"{command} killed after {whole.calls[number]} {number}"
        if killed.status != -9:
            fire.claimed(f"{where}: it ended with {killed.status}, {killed.err}")
        judge(fire, aws, scene, where)
        aws.clock.offset = LATER
        go_on(fire, keeper, scene, command, where)
        judge_end(fire, aws, scene, command, where)
        fire.tried()


@long
@quick_cases(1)
@pytest.mark.trial("full disks under commands that change devices")
@pytest.mark.parametrize("command", COMMANDS)
def test_full_disk(fire: Fire, keeper: Keeper, new_home: Callable[[], Home], aws: StrictAws, command: str) -> None:
    whole = keeper.run(furnished(new_home(), aws, command).home, *COMMANDS[command])
    filling = range(0, sum(call in FILLING for call in whole.calls), 3)
    for number in fire.sample(filling, short=2):
        scene = furnished(new_home(), aws, command)
        failed = keeper.run(scene.home, *COMMANDS[command], full=number)
        where = f"{command} with a disk that is full after {number} calls"
        if "Traceback" in failed.err or "does not know" in failed.err:
            fire.claimed(f"{where}: {failed.err}")
        judge(fire, aws, scene, where)
        aws.clock.offset = LATER
        go_on(fire, keeper, scene, command, where)
        judge_end(fire, aws, scene, command, where)
        fire.tried()
