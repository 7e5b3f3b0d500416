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
from tests.support.frozen_clock import NewDesk

DEV = LoginRequest("dev")
AGAIN = DEV._replace(renew=True)


def test_one_request_and_none_while_the_session_is_valid(new_desk: NewDesk) -> None:
    desk = new_desk()
    done = desk.login()
    assert (done.kept, desk.notices, desk.aws.count()) == (False, [], 1)
    written = desk.files()
    desk.new_process()
    again = desk.login()
    assert (again.kept, desk.aws.count(), desk.files()) == (True, 1, written)
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
def test_a_clock_that_is_off_is_allowed_for_and_mentioned(new_desk: NewDesk, ahead: int, off: str) -> None:
    desk = new_desk(ahead=ahead)
    desk.login()
    notices = "\n".join(desk.notices)
    wanted = f"This machine's clock is {off} AWS's; that was allowed for. Set it when you can." if off else ""
    assert re.fullmatch(wanted, notices)
    assert desk.accepted[0] in (desk.step() - 1, desk.step())
    assert desk.control.waited == []
    assert len(set(desk.attempted)) == len(desk.attempted)


@pytest.mark.parametrize("ahead", [0, 240, -240, 900])
def test_renewing_within_the_same_step_waits_for_a_later_one(new_desk: NewDesk, ahead: int) -> None:
    desk = new_desk(ahead=ahead)
    desk.login()
    desk.new_process()
    desk.login(AGAIN)
    first, second = desk.accepted
    assert second > first
    assert len(desk.control.waited) == 1


def test_a_step_that_was_used_elsewhere_is_followed_by_one_new_step(new_desk: NewDesk) -> None:
    desk = new_desk()
    now = desk.step()
    desk.aws.steps(desk.device.serial).accepted.append(now)
    desk.login()
    assert desk.attempted == [now, now + 1]
    assert len(desk.control.waited) == 1


def test_a_clock_that_is_off_and_a_step_that_was_used_elsewhere(new_desk: NewDesk) -> None:
    # The first refusal has the time; the second, of a code of the right time, says that it was used.
    desk = new_desk(ahead=600)
    now = desk.step()
    desk.aws.steps(desk.device.serial).accepted.append(now)
    desk.login()
    assert desk.accepted == [now, now + 1]
    assert desk.aws.count() == 3


def test_a_wrong_seed_is_tried_twice_and_then_explained(new_desk: NewDesk) -> None:
    desk = new_desk(seed=False)
    desk.home.store_seed(desk.user.add_device(desk.user.name + "-other"))
    other = desk.user.add_device(desk.user.name + "-third")
    desk.home.store_seed(desk.device)
    desk.context.seeds.store(desk.device.serial, Secret(other.seed), "", CancelScope())
    before = desk.files()
    with pytest.raises(AwsRefused) as caught:
        desk.login()
    assert caught.value.slug == "code-refused"
    assert caught.value.what == "AWS did not accept two codes from the stored secret for dev."
    assert (desk.aws.count(), desk.files()) == (2, before)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("status", [500, 503])
def test_a_code_is_not_resent_when_the_answer_is_lost(new_desk: NewDesk, status: int, *, after: bool) -> None:
    desk = new_desk()
    desk.aws.fault(faults.server_error(status, after=after), action="GetSessionToken")
    with pytest.raises(AwsTrouble) as caught:
        desk.login()
    assert (caught.value.slug, desk.aws.count()) == ("aws-trouble", 1)
    # The code may count as used, so the next login takes another.
    desk.new_process()
    desk.login()
    assert desk.accepted[-1] == desk.step()
    assert desk.control.waited == [pytest.approx(25)]


def test_a_dropped_answer_too(new_desk: NewDesk) -> None:
    desk = new_desk()
    desk.aws.fault(faults.dropped(after=True))
    with pytest.raises(MfaTuiError) as caught:
        desk.login()
    assert (caught.value.slug, desk.aws.count()) == ("network-dropped", 1)
    desk.login()
    assert len(set(desk.accepted)) == 2


@pytest.mark.parametrize("ahead", [0, 240, 600, -600])
def test_a_typed_code_counts_as_used_for_the_seed(new_desk: NewDesk, ahead: int) -> None:
    desk = new_desk(ahead=ahead)
    desk.login(DEV._replace(code=Secret(desk.device.code())))
    typed = desk.step()
    desk.new_process()
    desk.login(AGAIN)
    assert desk.accepted == [typed, typed + 1]
    # Known to be used, so the code was not even tried.
    assert desk.attempted.count(typed) == 1


def test_a_record_of_used_codes_that_cannot_be_written_blocks_no_login(new_desk: NewDesk) -> None:
    desk = new_desk()
    state = desk.home.path / ".local/state/mfa-tui"
    state.parent.mkdir(parents=True)
    state.write_text("in the way")
    now = desk.step()
    desk.aws.steps(desk.device.serial).accepted.append(now)
    desk.login()
    assert desk.notices == [
        "The record of used codes cannot be written: within 30 s, another login may send a used code."
    ]
    assert desk.attempted == [now, now + 1]


def test_a_new_seed_replaces_the_old_one_once_aws_accepted_its_code(new_desk: NewDesk) -> None:
    desk = new_desk(seed=False)
    wrong = desk.user.add_device(desk.user.name + "-other").seed
    seeds = desk.context.seeds
    seeds.store(desk.device.serial, Secret(wrong), "", CancelScope())
    seeds.store(desk.device.serial, Secret(desk.device.seed), "", CancelScope())
    stored = seeds.load(desk.device.serial, CancelScope())
    assert stored is not None
    assert stored.unverified
    desk.login()
    stored = seeds.load(desk.device.serial, CancelScope())
    assert stored is not None
    assert not stored.unverified


def test_a_keyring_that_fails_after_the_code_was_spent_costs_no_session(
    new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk(seed=False)
    desk.context.seeds.store(
        desk.device.serial, Secret(desk.user.add_device(desk.user.name + "-2").seed), "", CancelScope()
    )
    desk.context.seeds.store(desk.device.serial, Secret(desk.device.seed), "", CancelScope())

    def locked(*_: object) -> None:
        raise RuntimeError("locked meanwhile")

    monkeypatch.setattr("mfa_tui.demo.home.keyring_file.FileKeyring.set_password", locked)
    done = desk.login()
    assert desk.notices == ["The secret that was replaced is still kept beside the new one."]
    assert done.session.session_token.reveal() in desk.home.credentials.read_text()


def test_a_seed_that_has_gone_from_the_keyring_means_a_typed_code(new_desk: NewDesk) -> None:
    desk = new_desk()
    (desk.home.path / "keyring.json").unlink()
    outcome = desk.outcome()
    assert isinstance(outcome, NeedsCode)
    assert outcome.why == "The keyring no longer has its secret."
    assert desk.aws.count() == 0


def test_a_reserved_code_is_unused(new_desk: NewDesk) -> None:
    desk = new_desk()
    desk.login()
    codes = CodeSource(Operation(desk.context, desk.control), desk.context.resolve("dev"))
    used, told = codes.current(), list[float]()
    fresh = codes.reserve(desk.control, told.append)
    assert (used.used, fresh.used, fresh.step) == (True, False, used.step + 1)
    assert fresh.value.reveal() == desk.device.code()
    assert told == desk.control.waited == [25]


def test_an_interrupted_wait_releases_the_step(new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = new_desk()
    desk.login()

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(desk.control, "sleep", interrupted)
        with pytest.raises(KeyboardInterrupt):
            desk.login(AGAIN)
        codes = CodeSource(Operation(desk.context, desk.control), desk.context.resolve("dev"))
        with pytest.raises(KeyboardInterrupt):
            codes.reserve(desk.control, lambda _: None)
    assert desk.context.used_codes.used_steps(desk.device.serial) == set(desk.accepted)


@pytest.mark.parametrize("refusal", ["unreachable", "endpoint-plain"])
def test_a_step_that_was_never_sent_is_released(
    new_desk: NewDesk, refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk()
    url = "http://127.0.0.1:1" if refusal == "unreachable" else "http://sts.example"
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_STS", url)
        with pytest.raises(MfaTuiError) as refused:
            desk.login()
    assert refusal in refused.value.slug
    desk.new_process()
    desk.login()
    assert desk.control.waited == []


def test_a_typed_code_that_was_not_needed_is_mentioned(new_desk: NewDesk) -> None:
    desk = new_desk()
    desk.login()
    again = desk.login(DEV._replace(code=Secret("123456")))
    assert again.kept
    assert desk.notices == ["The code was not used: there is a valid session. --force gets a new one."]
