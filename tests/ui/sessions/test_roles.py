"""Roles and targets that renew by themselves, on the main screen."""

import threading
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.ui.sessions import heartbeat
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, ShiftedClock, interface
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.core.profiles.role import Role
    from mfa_tui.demo.aws.server import Device, StrictAws
    from mfa_tui.models import Session


def add_role(home: Home, name: str, arn: str, source: str, **keys: str) -> None:
    settings = {"role_arn": arn, "source_profile": source, "region": "eu-central-1", **keys}
    with home.config.open("a") as file:
        file.write(f"[profile {name}]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()))


async def logged_in(driver: Driver, name: str) -> None:
    await driver.until(lambda: driver.key_in_file(f"{name}-mfa") != "", f"a session of {name}")
    await driver.idle(name)


@long
async def test_one_code_is_enough_for_a_role_and_the_role_behind_it(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    dev = person("dev")
    base = aws.add_role("base", trust(dev.user.arn, mfa=True))
    add_role(home, "base", base, "dev")
    add_role(home, "deep", aws.add_role("deep", trust(base)), "base")
    async with interface(home, profile="base") as driver:
        assert " ← dev " in driver.line_of("base")
        assert " ← base ← dev " in driver.line_of("deep")
        await driver.sees("base ← dev", "through dev's session, 1 h", "type your 6-digit code")
        await driver.press("enter")
        await driver.sees("Code for base", f"device {dev.device.serial.rsplit('/', 1)[1]}")
        await driver.type(dev.device.code())
        await driver.press("enter")
        await logged_in(driver, "base")
        await driver.sees("no code needed until ")
        await driver.press("down")
        await driver.sees("deep ← base ← dev", "no code needed until ")
        await driver.press("enter")
        await logged_in(driver, "deep")
        await driver.sees("✓ 59 m left")
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 2)
    arn = boto3.Session(profile_name="deep-mfa").client("sts").get_caller_identity()["Arn"]
    assert ":assumed-role/deep/" in arn


@long
async def test_one_code_is_enough_for_simultaneous_logins_to_roles(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    dev = person("dev")
    names = [f"role-{number}" for number in range(3)]
    for name in names:
        add_role(home, name, aws.add_role(f"{dev.user.name}-{name}", trust(dev.user.arn, mfa=True)), "dev")
    async with interface(home, profile=names[0]) as driver:
        await driver.press("enter")
        await driver.sees(f"Code for {names[0]}")
        for name in names[1:]:
            # As if Enter had come in one burst, before the dialog was there.
            driver.main._actions.run("login", name)
        await driver.until(lambda: all(driver.app_state.action_log.entry(name).progress is None for name in names))
        await driver.type(dev.device.code())
        await driver.press("enter")
        for name in names:
            await logged_in(driver, name)
        assert driver.app.screen is driver.main
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 3)


async def test_all_roles_of_a_user_by_one_key(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    dev = person("dev")
    names = [f"role-{number}" for number in range(3)]
    for name in names:
        add_role(home, name, aws.add_role(f"{dev.user.name}-{name}", trust(dev.user.arn, mfa=True)), "dev")
    add_role(home, "gone", f"arn:aws:iam::{dev.user.account}:role/gone", "dev")
    add_role(home, "broken", "arn:aws:iam::1:role/x", "dev")
    async with interface(home, profile="role-1") as driver:
        await driver.press("l")
        await driver.sees("Code for dev")
        await driver.press("escape")
        await driver.idle("dev")
        assert driver.app.screen is driver.main
        await driver.press("l")
        await driver.sees("Code for dev")
        await driver.type(dev.device.code())
        await driver.press("enter")
        for name in ("dev", *names):
            await logged_in(driver, name)
        await driver.until(
            lambda: driver.app_state.action_log.entry("gone").problem is not None, "what is wrong with gone"
        )
    assert aws.count("GetSessionToken") == 1


def add_roles(home: Home, person: AddPerson, aws: "StrictAws", count: int) -> tuple["Device", list[str]]:
    """The device of dev, and the profiles of so many roles that it may assume."""
    dev = person("dev")
    names = [f"role-{number}" for number in range(count)]
    for name in names:
        add_role(home, name, aws.add_role(f"{dev.user.name}-{name}", trust(dev.user.arn, mfa=True)), "dev")
    return dev.device, names


async def test_the_sessions_of_all_roles_are_got_several_at_a_time(
    home: Home, person: AddPerson, aws: "StrictAws", monkeypatch: pytest.MonkeyPatch
) -> None:
    device, names = add_roles(home, person, aws, 3)
    arn = aws.add_role("two-hours", trust("*", mfa=True), max_duration=43_200)
    add_role(home, "two-hours", arn, "dev", duration_seconds="7200")
    together = threading.Barrier(3, timeout=scaled(20))
    assume = Aws.assume_role

    def meet(self: Aws, *of: Any, **more: Any) -> "Session":
        if not more:
            together.wait()
        return assume(self, *of, **more)

    monkeypatch.setattr(Aws, "assume_role", meet)
    async with interface(home, profile="dev") as driver:
        await driver.press("l")
        await driver.sees("Code for dev")
        await driver.type(device.code())
        await driver.press("enter")
        # A role session of two hours takes a code of its own.
        await driver.sees("Code for two-hours")
        await driver.press("escape")
        for name in ("dev", *names):
            await logged_in(driver, name)
        await driver.until(lambda: any("4 of 5 have a session" in toast for toast in driver.toasts))
        assert not driver.app_state.action_log.running()
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 3)


async def test_escape_cancels_all_roles_that_have_no_session_yet(
    home: Home, person: AddPerson, aws: "StrictAws", monkeypatch: pytest.MonkeyPatch
) -> None:
    device, names = add_roles(home, person, aws, 4)
    assume = Aws.assume_role

    def hang(self: Aws, caller: "Caller", role: "Role", *more: Any) -> "Session":
        if not role.arn.endswith(names[0]):
            next(each for each in more if isinstance(each, CancelScope)).sleep(scaled(60))
        return assume(self, caller, role, *more)

    monkeypatch.setattr(Aws, "assume_role", hang)
    async with interface(home, profile="dev") as driver:
        await driver.press("l")
        await driver.sees("Code for dev")
        await driver.type(device.code())
        await driver.press("enter")
        await driver.sees("Getting sessions from AWS: 1 of 4")
        # The list can be used meanwhile, and each of them cancels all.
        await driver.press("down", "down", "escape")
        await driver.until(lambda: any("2 of 5 have a session" in toast for toast in driver.toasts))
        assert not driver.app_state.action_log.running()
        assert [name for name in ("dev", *names) if driver.key_in_file(f"{name}-mfa")] == ["dev", names[0]]


async def test_a_session_that_is_too_old_for_a_role(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    dev = person("dev")
    arn = aws.add_role(f"recent-{dev.user.name}", trust(dev.user.arn, mfa=True, mfa_max_age=300))
    add_role(home, "recent", arn, "dev")
    assert home.run("login", "dev", "--code", dev.device.code()).returncode == 0
    aws.clock.offset = 3600
    async with interface(home, profile="recent") as driver:
        await driver.press("enter")
        await driver.sees("Code for recent", "some roles require a recent", "code.")
        # Whoever has no code at hand learns what AWS said.
        await driver.press("escape")
        await driver.idle("recent")
        await driver.sees("AWS denied the role recent-")
        await driver.press("enter")
        await driver.sees("Code for recent")
        await driver.type(dev.device.code())
        await driver.press("enter")
        await logged_in(driver, "recent")


async def test_a_long_role_session_is_made_directly_and_says_why(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    dev = person("dev")
    arn = aws.add_role("long", trust(dev.user.arn, mfa=True), max_duration=43_200)
    add_role(home, "long", arn, "dev", duration_seconds="14400")
    async with interface(home, profile="long", size=(160, 48)) as driver:
        await driver.sees("directly with dev's access keys and a code: duration_seconds asks for 4 h")
        await driver.type(dev.device.code())
        await driver.press("enter")
        await logged_in(driver, "long")
        await driver.sees("✓ 3 h 59 m")
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (0, 1)


@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 36), marks=long)])
async def test_a_target_switches_to_renewal_on_demand_and_back(
    home: Home, person: AddPerson, aws: "StrictAws", size: tuple[int, int]
) -> None:
    person("dev", seed=True)
    async with interface(home, size=size) as driver:

        def process() -> str:
            return text(driver.context.files.load().merged("dev-mfa"), "credential_process")

        await driver.press("x")
        await driver.until(lambda: process() != "")
        await driver.idle("dev")
        assert driver.key_in_file("dev-mfa") == ""
        await driver.sees("⇄ renews on demand for AWS tools", "export AWS_PROFILE=dev-mfa")
        assert "✓ 11 h 59 m ⇄" in driver.line_of("dev")
        await driver.until(lambda: any("which renews it" in toast for toast in driver.toasts))
        # A login leaves it as it is.
        await driver.press("enter")
        await driver.until(lambda: any("Already logged in until" in toast for toast in driver.toasts))
        assert process() != ""
        await driver.press("x")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.idle("dev")
        assert process() == ""
        await driver.until(lambda: any("It holds the keys again" in toast for toast in driver.toasts))
        assert "⇄" not in driver.line_of("dev")
    assert aws.count("GetSessionToken") == 1


async def test_a_session_that_an_sdk_had_renewed_is_seen(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "TICK", 0.05)
    person("dev", seed=True)
    clock = ShiftedClock()
    async with interface(home, clock=clock) as driver:
        await driver.press("x")
        await driver.sees("✓ 11 h 59 m left")
        await driver.idle("dev")
        # Its session is gone from the cache, and so from the screen once its time is over.
        cache = driver.context.cache
        session = cache.valid_sessions()[0]
        clock.shift = 13 * 3600
        await driver.sees("no session yet")
        session.expires_at += 13 * 3600
        cache.store(session, CancelScope())
        await driver.sees("✓ 11 h 59 m left")
