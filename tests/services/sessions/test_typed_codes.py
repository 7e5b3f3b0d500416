"""Typed codes, new devices, and what is said while a code is awaited."""

import pytest

from mfa_tui.errors import AwsRefused, KeyringProblem, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice, Progress
from mfa_tui.services.sessions.obtain import get_session
from mfa_tui.services.sessions.outcomes import LoginRequest, NeedsCode, ObtainedSession
from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup
from tests.support.homes.bench import SERIAL, Bench

pytestmark = pytest.mark.both_ways

DEV = LoginRequest("dev")
AGAIN = DEV._replace(renew=True)


def typed(setup: LoginSetup, steps: int = 0) -> Secret:
    return Secret(setup.device.code(steps))


def test_a_code_that_mfa_tui_used_itself_is_spared(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    setup.login(DEV)
    code = typed(setup)
    with pytest.raises(UsageError) as caught:
        setup.login(AGAIN._replace(code=code, spare_used=True))
    assert (caught.value.slug, setup.aws.count()) == ("code-used", 1)
    # It is sent if that is not asked for, and the refusal says why.
    with pytest.raises(AwsRefused) as refused:
        setup.login(AGAIN._replace(code=code))
    assert refused.value.why.startswith("mfa-tui used this code itself at ")
    setup.scope.sleep(30)
    setup.login(AGAIN._replace(code=typed(setup), spare_used=True))


def test_a_code_that_aws_refused_is_not_called_used(new_setup: NewLoginSetup) -> None:
    setup = new_setup(seed=False)
    for _ in range(2):
        with pytest.raises(AwsRefused) as caught:
            setup.login(DEV._replace(code=Secret("000000")))
        assert caught.value.why.startswith("It may be mistyped")


def test_a_code_is_typed_although_a_secret_is_stored(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    need = setup.outcome(DEV._replace(type_code=True))
    assert isinstance(need, NeedsCode)
    assert (need.why, need.serial.text, setup.aws.count()) == ("", setup.device.serial, 0)


@pytest.mark.parametrize(("seconds", "tries"), [(20, 2), (80, 4), (300, 4)])
def test_a_new_device_is_not_known_everywhere_at_once(new_setup: NewLoginSetup, seconds: float, tries: int) -> None:
    setup = new_setup(seed=False)
    setup.aws.propagation = seconds
    new = setup.user.add_device(f"{setup.user.name}-new")
    setup.home.store_seed(new)
    request = DEV._replace(serial=new.serial, new_device=True)
    if seconds == 300:
        with pytest.raises(AwsRefused) as caught:
            setup.login(request)
        assert caught.value.what == "AWS does not accept codes of the new device yet."
    else:
        setup.login(request)
    assert setup.aws.count("GetSessionToken") == tries
    setup.aws.propagation = 300
    old = setup.user.add_device(f"{setup.user.name}-old")
    setup.home.store_seed(old)
    setup.new_process()
    with pytest.raises(AwsRefused) as unknown:
        setup.login(AGAIN._replace(serial=old.serial))
    assert unknown.value.slug == "serial-refused"
    assert setup.aws.count("GetSessionToken") == tries + 1


def test_what_is_reported_on_the_way(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    reports: list[Progress | Notice] = []
    for request in (DEV, AGAIN):
        outcome = get_session(Operation(setup.context, setup.scope, reports.append), request)
        assert isinstance(outcome, ObtainedSession)
        assert not outcome.kept
    phases = [each.phase for each in reports if isinstance(each, Progress)]
    assert phases == ["keyring", "asking", "keyring", "waiting", "asking"]
    (wait,) = (each for each in reports if isinstance(each, Progress) and each.phase == "waiting")
    assert wait.text == "The current code was already used; the next one comes in 26 s"
    assert wait.until == pytest.approx(setup.start + 25)


@pytest.mark.parametrize(("ahead", "mentioned"), [(19, False), (22, True), (-19, False), (-22, True)])
def test_a_clock_that_is_a_little_off(new_setup: NewLoginSetup, ahead: float, *, mentioned: bool) -> None:
    setup = new_setup(ahead=ahead)
    setup.login(DEV)
    assert bool(setup.notices) == mentioned


def test_a_keyring_that_does_not_give_the_secret(new_setup: NewLoginSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = new_setup()

    def locked(*_: object) -> None:
        raise KeyringProblem("keyring-locked", "The keyring is locked.")

    monkeypatch.setattr(setup.context.seeds, "codes", locked)
    need = setup.outcome(DEV)
    assert isinstance(need, NeedsCode)
    assert need.why == "The keyring is locked."


def test_a_vault_that_cannot_be_opened_here_is_no_obstacle(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise UsageError("extra-missing", "The vault needs the age format.", "It is not installed.")

    bench.set(f'[devices."{SERIAL}"]\nseed_command = "true"\n')
    monkeypatch.setattr(bench.context.seeds, "codes", missing)
    need = get_session(bench.operation(), DEV)
    assert isinstance(need, NeedsCode)
    assert need.why == "The vault needs the age format. It is not installed."
    assert [getattr(each, "text", "") for each in bench.reports] == ["Getting the secret from its command"]
