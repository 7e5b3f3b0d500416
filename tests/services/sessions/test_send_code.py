"""Codes of a stored secret: the right one at the right time, sent once."""

import re

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.demo.aws import faults
from mfa_tui.errors import AwsRefused, AwsTrouble, MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.services.operation import Operation
from mfa_tui.services.seeds.current_code import CodeSource
from mfa_tui.services.sessions.outcomes import LoginRequest, NeedsCode
from tests.support.clocks.frozen_clock import NewLoginSetup

pytestmark = pytest.mark.both_ways

DEV = LoginRequest("dev")
AGAIN = DEV._replace(renew=True)


def test_one_request_and_none_while_the_session_is_valid(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    done = setup.login()
    assert (done.kept, setup.notices, setup.aws.count()) == (False, [], 1)
    written = setup.files()
    setup.new_process()
    again = setup.login()
    assert (again.kept, setup.aws.count(), setup.files()) == (True, 1, written)
    assert again.session.access_key_id == done.session.access_key_id


@pytest.mark.parametrize(
    ("ahead", "off"),
    [
        (0, ""),
        (25, r"2\d s behind"),
        (-45, r"4\d s ahead of"),
        (240, "4 m behind"),
        (-240, "4 m ahead of"),
        (3600, "1 h behind"),
    ],
)
def test_a_clock_that_is_off_is_allowed_for_and_mentioned(new_setup: NewLoginSetup, ahead: int, off: str) -> None:
    setup = new_setup(ahead=ahead)
    setup.login()
    notices = "\n".join(setup.notices)
    wanted = f"This machine's clock is {off} AWS's; that was allowed for. Set it when you can." if off else ""
    assert re.fullmatch(wanted, notices)
    assert setup.accepted[0] in (setup.step() - 1, setup.step())
    assert setup.scope.waited == []
    assert len(set(setup.attempted)) == len(setup.attempted)


@pytest.mark.parametrize("ahead", [0, 240, -240, 900])
def test_renewing_within_the_same_step_waits_for_a_later_one(new_setup: NewLoginSetup, ahead: int) -> None:
    setup = new_setup(ahead=ahead)
    setup.login()
    setup.new_process()
    setup.login(AGAIN)
    first, second = setup.accepted
    assert second > first
    assert len(setup.scope.waited) == 1


def test_a_step_that_was_used_elsewhere_is_followed_by_one_new_step(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    now = setup.step()
    setup.aws.steps(setup.device.serial).accepted.append(now)
    setup.login()
    assert setup.attempted == [now, now + 1]
    assert len(setup.scope.waited) == 1


@pytest.mark.parametrize("ahead", [240, 600])
def test_a_clock_that_is_off_and_a_step_that_was_used_elsewhere(new_setup: NewLoginSetup, ahead: float) -> None:
    # The first refusal has the time; the second, of a code of the right time, says that it was used. By less than five
    # minutes only the code of the wrong time is refused, by more the signature.
    setup = new_setup(ahead=ahead)
    now = setup.step()
    setup.aws.steps(setup.device.serial).accepted.append(now)
    setup.login()
    assert setup.accepted == [now, now + 1]
    assert setup.aws.count() == 3


def test_a_wrong_seed_is_tried_twice_and_then_explained(new_setup: NewLoginSetup) -> None:
    setup = new_setup(seed=False)
    setup.home.store_seed(setup.user.add_device(setup.user.name + "-other"))
    other = setup.user.add_device(setup.user.name + "-third")
    setup.home.store_seed(setup.device)
    setup.context.seeds.store(setup.device.serial, Secret(other.seed), "", CancelScope())
    before = setup.files()
    with pytest.raises(AwsRefused) as caught:
        setup.login()
    assert caught.value.slug == "code-refused"
    assert caught.value.what == "AWS did not accept two codes from the stored secret for dev."
    assert (setup.aws.count(), setup.files()) == (2, before)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("status", [500, 503])
def test_a_code_is_not_resent_when_the_answer_is_lost(new_setup: NewLoginSetup, status: int, *, after: bool) -> None:
    setup = new_setup()
    setup.aws.fault(faults.server_error(status, after=after), action="GetSessionToken")
    with pytest.raises(AwsTrouble) as caught:
        setup.login()
    assert (caught.value.slug, setup.aws.count()) == ("aws-trouble", 1)
    # The code may count as used, so the next login takes another.
    setup.new_process()
    setup.login()
    assert setup.accepted[-1] == setup.step()
    assert setup.scope.waited == [pytest.approx(25)]


def test_a_dropped_answer_too(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    setup.aws.fault(faults.dropped(after=True))
    with pytest.raises(MfaTuiError) as caught:
        setup.login()
    assert (caught.value.slug, setup.aws.count()) == ("network-dropped", 1)
    setup.login()
    assert len(set(setup.accepted)) == 2


@pytest.mark.parametrize("ahead", [0, 240, 600, -600])
def test_a_typed_code_counts_as_used_for_the_seed(new_setup: NewLoginSetup, ahead: int) -> None:
    setup = new_setup(ahead=ahead)
    setup.login(DEV._replace(code=Secret(setup.device.code())))
    typed = setup.step()
    setup.new_process()
    setup.login(AGAIN)
    assert setup.accepted == [typed, typed + 1]
    # Known to be used, so the code was not even tried.
    assert setup.attempted.count(typed) == 1


def test_a_record_of_used_codes_that_cannot_be_written_blocks_no_login(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    state = setup.home.path / ".local/state/mfa-tui"
    state.parent.mkdir(parents=True)
    state.write_text("in the way")
    now = setup.step()
    setup.aws.steps(setup.device.serial).accepted.append(now)
    setup.login()
    assert setup.notices == [
        "The record of used codes cannot be written: within 30 s, another login may send a used code."
    ]
    assert setup.attempted == [now, now + 1]


def test_a_new_seed_replaces_the_old_one_once_aws_accepted_its_code(new_setup: NewLoginSetup) -> None:
    setup = new_setup(seed=False)
    wrong = setup.user.add_device(setup.user.name + "-other").seed
    seeds = setup.context.seeds
    seeds.store(setup.device.serial, Secret(wrong), "", CancelScope())
    seeds.store(setup.device.serial, Secret(setup.device.seed), "", CancelScope())
    stored = seeds.load(setup.device.serial, CancelScope())
    assert stored is not None
    assert stored.unverified
    setup.login()
    stored = seeds.load(setup.device.serial, CancelScope())
    assert stored is not None
    assert not stored.unverified


def test_a_keyring_that_fails_after_the_code_was_spent_costs_no_session(
    new_setup: NewLoginSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = new_setup(seed=False)
    setup.context.seeds.store(
        setup.device.serial, Secret(setup.user.add_device(setup.user.name + "-2").seed), "", CancelScope()
    )
    setup.context.seeds.store(setup.device.serial, Secret(setup.device.seed), "", CancelScope())

    def locked(*_: object) -> None:
        raise RuntimeError("locked meanwhile")

    monkeypatch.setattr("mfa_tui.demo.home.keyring_file.FileKeyring.set_password", locked)
    done = setup.login()
    assert setup.notices == ["The secret that was replaced is still kept beside the new one."]
    assert done.session.session_token.reveal() in setup.home.credentials.read_text()


def test_a_seed_that_has_gone_from_the_keyring_means_a_typed_code(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    (setup.home.path / "keyring.json").unlink()
    outcome = setup.outcome()
    assert isinstance(outcome, NeedsCode)
    assert outcome.why == "The keyring no longer has its secret."
    assert setup.aws.count() == 0


def test_a_reserved_code_is_unused(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    setup.login()
    codes = CodeSource(Operation(setup.context, setup.scope), setup.context.resolve("dev"))
    used, told = codes.current(), list[float]()
    fresh = codes.reserve(setup.scope, told.append)
    assert (used.used, fresh.used, fresh.step) == (True, False, used.step + 1)
    assert fresh.value.reveal() == setup.device.code()
    assert told == setup.scope.waited == [25]


def test_an_interrupted_wait_releases_the_step(new_setup: NewLoginSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = new_setup()
    setup.login()

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(setup.scope, "sleep", interrupted)
        with pytest.raises(KeyboardInterrupt):
            setup.login(AGAIN)
        codes = CodeSource(Operation(setup.context, setup.scope), setup.context.resolve("dev"))
        with pytest.raises(KeyboardInterrupt):
            codes.reserve(setup.scope, lambda _: None)
    assert setup.context.used_codes.used_steps(setup.device.serial) == set(setup.accepted)


@pytest.mark.parametrize("refusal", ["unreachable", "endpoint-plain"])
def test_a_step_that_was_never_sent_is_released(
    new_setup: NewLoginSetup, refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = new_setup()
    url = "http://127.0.0.1:1" if refusal == "unreachable" else "http://sts.example"
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_STS", url)
        with pytest.raises(MfaTuiError) as refused:
            setup.login()
    assert refusal in refused.value.slug
    setup.new_process()
    setup.login()
    assert setup.scope.waited == []


def test_a_typed_code_that_was_not_needed_is_mentioned(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    setup.login()
    again = setup.login(DEV._replace(code=Secret("123456")))
    assert again.kept
    assert setup.notices == ["The code was not used: there is a valid session. --force gets a new one."]
