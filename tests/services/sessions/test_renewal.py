"""The session that a credential process hands out: renewed in time, where that needs no person."""

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.errors import Cancelled, KeyringProblem, MfaTuiError, NoTerminal
from mfa_tui.models import Secret, Session
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.obtain import get_session
from mfa_tui.services.sessions.outcomes import LoginRequest, ObtainedSession
from mfa_tui.services.sessions.renewal import get_current_session
from tests.services.sessions.test_obtain import actions, add_role
from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup
from tests.support.homes.bench import Bench, session

pytestmark = pytest.mark.both_ways


def current(setup: LoginSetup, name: str = "dev") -> Session:
    return get_current_session(Operation(setup.new_process(), setup.scope), name)


@pytest.mark.parametrize(("left", "renewed"), [(901, False), (900, False), (899, True)])
def test_it_is_renewed_when_sdks_would_ask_each_time(new_setup: NewLoginSetup, left: int, *, renewed: bool) -> None:
    setup = new_setup()
    first = current(setup)
    setup.scope.sleep(first.expires_at - setup.clock.time - left)
    second = current(setup)
    assert (second.access_key_id != first.access_key_id) == renewed
    assert second.expires_at >= first.expires_at


def test_a_valid_one_is_handed_out_where_a_renewal_fails(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    first = current(setup)
    setup.scope.sleep(first.expires_at - setup.clock.time - 100)
    setup.aws.fault(faults.server_error(), times=5)
    assert current(setup).access_key_id == first.access_key_id
    setup.scope.sleep(101)
    with pytest.raises(MfaTuiError):
        current(setup)


def test_without_a_secret_a_person_is_needed(bench: Bench) -> None:
    with pytest.raises(NoTerminal) as caught:
        get_current_session(bench.operation(), "dev")
    assert caught.value.what == "dev needs an MFA code: run mfa-tui login dev"
    asked: list[LoginRequest] = []

    def ask(request: LoginRequest) -> Session:
        asked.append(request)
        return session(name="asked")

    assert get_current_session(bench.operation(), "dev", ask).access_key_id.startswith("ASIAASKED")
    assert [request.profile for request in asked] == ["dev"]
    # Not while there is a valid one, even if it is due.
    bench.keep(session(10, name="due"))
    assert get_current_session(bench.operation(), "dev", ask).access_key_id.startswith("ASIADUE")


def test_a_keyring_that_does_not_give_the_session_is_as_none(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.keep(session())

    def locked(*_: object) -> Session:
        raise KeyringProblem("keyring-locked", "The keyring is locked.")

    monkeypatch.setattr(bench.context.cache, "load_secrets", locked)
    with pytest.raises(NoTerminal) as caught:
        get_current_session(bench.operation(), "dev")
    assert caught.value.what.endswith(
        "(The keyring did not return the session that is still valid: The keyring is locked)"
    )


def test_cancelling_is_no_failed_renewal(bench: Bench) -> None:
    bench.keep(session(10))
    bench.set(f'[devices."{session().serial}"]\nseed_command = "true"\n')
    bench.cancel.cancel()
    with pytest.raises(Cancelled):
        get_current_session(bench.operation(), "dev")


def test_a_role_of_more_than_an_hour_gets_an_hour_from_the_users_session(new_setup: NewLoginSetup) -> None:
    setup = new_setup(seed=False)
    add_role(setup, "long", max_duration=7200, keys={"duration_seconds": "7200"})
    add_role(setup, "short")
    with pytest.raises(NoTerminal):
        current(setup, "long")
    outcome = get_session(Operation(setup.context, setup.scope), LoginRequest("dev", code=Secret(setup.device.code())))
    assert isinstance(outcome, ObtainedSession)
    assert current(setup, "long").duration == 3600
    assert current(setup, "short").duration == 3600
    assert actions(setup) == ["GetSessionToken", "AssumeRole", "AssumeRole"]
