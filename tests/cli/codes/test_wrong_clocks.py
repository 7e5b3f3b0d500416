"""A machine whose clock is wrong by up to a day, or is set in between: no code goes twice, valid sessions are used."""

import json
import re
from itertools import pairwise

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.services.sessions.outcomes import LoginRequest
from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup
from tests.support.clocks.moved_time import MovedTime
from tests.support.homes.home import Home

pytestmark = pytest.mark.both_ways

HOUR = 3600
DEV = LoginRequest("dev")
AGAIN = DEV._replace(renew=True)
OFF = [-24 * HOUR, -12 * HOUR, -11 * 60, 11 * 60, 12 * HOUR, 24 * HOUR]
"""Seconds that the machine's clock is ahead of AWS's."""
FAR_OFF = [12 * HOUR, -24 * HOUR]
"""For tests that start Python often, which is slow; tests/fire tries more."""


def sent_twice(setup: LoginSetup) -> list[int | None]:
    steps = [step for step in setup.attempted if step is not None]
    return [step for step in set(steps) if steps.count(step) > 1]


@pytest.mark.parametrize("off", FAR_OFF)
def test_valid_session_is_used(home: Home, aws: StrictAws, user: User, device: Device, off: int) -> None:
    time = MovedTime(home, aws)
    time.set_clock(off)
    home.store_seed(device)
    role = aws.add_role(f"c-{user.name}", trust(user.arn, mfa=True))
    home.add_role_profile("admin", role)
    login = home.run("login", "admin", "dev")
    assert (login.returncode, len(re.findall(r"\((?:11 h 59 m|12 h) left\)", login.stdout))) == (0, 1), login.stderr
    assert re.search(r"clock is \d+ [hm] (behind|ahead of) AWS's", login.stderr)
    answers = {home.run("credential-process", name).stdout for name in ("dev", "dev", "admin", "admin")}
    assert len(answers) == 2
    assert home.run("env", "dev").returncode == home.run("exec", "admin", "--", "true").returncode == 0
    assert home.run("login", "dev", "admin").stdout.count("already saved") == 2
    rows = {row["name"]: row["session"] for row in json.loads(home.run("list", "--json").stdout)["profiles"]}
    assert {row["state"] for row in rows.values()} == {"live"}
    assert re.search(r"11 h 59 m|12 h ", home.run("list").stdout)
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (2, 1)
    assert len(aws.steps(device.serial).accepted) == 1


@pytest.mark.parametrize("off", FAR_OFF)
def test_expired_session_is_not_used(home: Home, aws: StrictAws, device: Device, off: int) -> None:
    time = MovedTime(home, aws)
    time.set_clock(off)
    home.store_seed(device)
    first = json.loads(home.run("credential-process", "dev").stdout)
    time.move(13 * HOUR, clock=off)
    second = json.loads(home.run("credential-process", "dev").stdout)
    assert first["AccessKeyId"] != second["AccessKeyId"]
    assert second["Expiration"] > first["Expiration"]


def test_clock_that_is_set_between_runs_costs_no_session(home: Home, aws: StrictAws, device: Device) -> None:
    """Nobody is asked for a code; only AWS's time is asked for."""
    time = MovedTime(home, aws)
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    key_id = json.loads(home.run("credential-process", "dev").stdout)["AccessKeyId"]
    for off in (20 * HOUR, -20 * HOUR, 13 * HOUR):
        time.set_clock(off)
        home.run("list")
        found = home.run("credential-process", "dev")
        assert found.returncode == 0, found.stderr
        assert json.loads(found.stdout)["AccessKeyId"] == key_id
        assert "already saved" in home.run("login", "dev").stdout
    assert aws.count("GetSessionToken") == 1


@pytest.mark.parametrize("off", OFF)
def test_used_code_is_not_sent_again(new_setup: NewLoginSetup, off: int) -> None:
    setup = new_setup()
    setup.clock.shift = off
    for _ in range(4):
        setup.new_process()
        setup.login(AGAIN)
    assert (sent_twice(setup), len(setup.accepted)) == ([], 4)
    # Only the first has met a wrong time.
    assert setup.aws.count() == 5


@pytest.mark.parametrize("lost", [False, True])
def test_used_code_is_not_sent_again_when_the_clock_is_set(new_setup: NewLoginSetup, *, lost: bool) -> None:
    setup = new_setup()
    shifts = (0, 12 * HOUR, 0, -24 * HOUR, 24 * HOUR, 11 * 60, 10 * 60, -11 * 60)
    for off in shifts:
        setup.clock.shift = off
        setup.new_process()
        if lost:
            # The first request gets no answer, so its code may have been used.
            setup.aws.fault(faults.dropped(after=True), action="GetSessionToken")
            with pytest.raises(MfaTuiError):
                setup.login(AGAIN)
        setup.new_process()
        setup.login(AGAIN)
    assert sent_twice(setup) == []
    assert all(later > sooner for sooner, later in pairwise(setup.accepted))


def test_clock_that_is_set_during_a_login(new_setup: NewLoginSetup) -> None:
    """The clock is set between the code and the answer, which does not confuse the time that the answer tells."""
    setup = new_setup()
    send = setup.context.aws.get_session_token

    def set_meanwhile(*arguments: object) -> object:
        setup.clock.shift = 5 * HOUR
        return send(*arguments)  # type: ignore[arg-type]

    setup.context.aws.get_session_token = set_meanwhile  # type: ignore[method-assign,assignment]
    setup.login(AGAIN)
    assert setup.clock.aws_now() == pytest.approx(setup.aws.clock.now(), abs=3)
    setup.new_process()
    setup.login(AGAIN)
    assert sent_twice(setup) == []


@pytest.mark.parametrize("off", [0, *OFF])
def test_typed_code_counts_as_used_for_the_seed(new_setup: NewLoginSetup, off: int) -> None:
    setup = new_setup()
    setup.clock.shift = off
    setup.login(DEV._replace(code=Secret(setup.device.code())))
    setup.new_process()
    setup.login(AGAIN)
    assert (sent_twice(setup), len(setup.accepted)) == ([], 2)
