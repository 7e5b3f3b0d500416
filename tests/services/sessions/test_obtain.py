"""From a profile to its session: by one code to all roles, directly, or not at all."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.errors import AwsRefused, MfaTuiError, ProfileProblem
from mfa_tui.models import Secret
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice, Progress
from mfa_tui.services.sessions.obtain import get_session
from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest, Need, NeedsCode, NeedsSerial, Obtained
from tests.support.frozen_clock import Desk, NewDesk


def get(desk: Desk, profile: str = "dev", known: Continuation | None = None, **request: Any) -> Obtained | Need:
    def report(event: Progress | Notice) -> None:
        if isinstance(event, Notice):
            desk.notices.append(event.text)

    operation = Operation(desk.context, desk.control, report)
    return get_session(operation, LoginRequest(profile, **request), known or Continuation())


def obtained(desk: Desk, profile: str = "dev", **request: Any) -> Obtained:
    outcome = get(desk, profile, **request)
    assert isinstance(outcome, Obtained)
    return outcome


def add_role(desk: Desk, name: str, **options: Any) -> str:
    """A role that the user may assume with MFA, and its profile."""
    keys = options.pop("keys", {})
    mfa = options.pop("mfa", True)
    by = options.pop("by", desk.user.arn)
    arn = desk.aws.add_role(f"{name}-{desk.user.name}", trust(by, mfa=mfa), **options)
    settings = {"role_arn": arn, "source_profile": "dev", "region": "eu-west-1", **keys}
    with desk.home.config.open("a") as file:
        file.write(f"[profile {name}]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()))
    return arn


def without_device(desk: Desk) -> None:
    """Let the profile name no device."""
    text = desk.home.config.read_text()
    desk.home.config.write_text(text.replace(f"mfa_serial = {desk.device.serial}\n", ""))


def actions(desk: Desk) -> list[str]:
    return [request.action for request in desk.aws.requests]


def test_one_code_is_enough_for_all_roles(new_desk: NewDesk) -> None:
    desk = new_desk()
    first = add_role(desk, "first")
    add_role(desk, "second", by=first, mfa=False, keys={"source_profile": "first"})
    add_role(desk, "third", max_duration=7200, keys={"duration_seconds": "3600"})
    second = obtained(desk, "second")
    assert (second.kept, second.cached, len(second.session.roles)) == (False, True, 2)
    third = obtained(desk, "third")
    assert third.session.duration == 3600
    assert actions(desk) == ["GetSessionToken", "AssumeRole", "AssumeRole", "AssumeRole"]
    assert obtained(desk, "second").kept
    assert len(desk.aws.requests) == 4


def test_more_than_an_hour_takes_the_keys_and_a_code(new_desk: NewDesk) -> None:
    desk = new_desk()
    add_role(desk, "long", max_duration=7200, keys={"duration_seconds": "7200"})
    found = obtained(desk, "long")
    assert (found.session.duration, actions(desk)) == (7200, ["AssumeRole"])
    add_role(desk, "limited", keys={"duration_seconds": "7200"})
    with pytest.raises(AwsRefused) as caught:
        get(desk, "limited")
    assert "--duration" in caught.value.remedy


@pytest.mark.parametrize(("session_age", "asks"), [(59, False), (60, True)])
def test_a_role_that_is_denied_to_an_old_session_may_take_a_new_one(
    new_desk: NewDesk, session_age: int, *, asks: bool
) -> None:
    """AWS does not say whether the session is too old, or the role not allowed at all."""
    desk = new_desk(seed=False)
    add_role(desk, "other", by="arn:aws:iam::123456789012:user/somebody-else")
    assert isinstance(get(desk, code=Secret(desk.device.code())), Obtained)
    desk.control.sleep(session_age)
    desk.new_process()
    if not asks:
        with pytest.raises(AwsRefused) as caught:
            get(desk, "other")
        assert caught.value.slug == "role-denied"
        return
    need = get(desk, "other")
    assert isinstance(need, NeedsCode)
    assert need.why.startswith(f"AWS denied the role other-{desk.user.name} to a session made 1 m ago; ")
    assert getattr(need.refusal, "slug", "") == "role-denied"
    assert need.continuation.refused_source
    # With the answer a new session is made, and if that is denied, too, it was not the age.
    request = need.request._replace(code=Secret(desk.device.code(1)))
    desk.control.sleep(30)
    with pytest.raises(AwsRefused) as again:
        get_session(Operation(desk.context, desk.control), request, need.continuation)
    assert again.value.slug == "role-denied"
    assert actions(desk).count("GetSessionToken") == 2


def test_a_new_session_is_tried_at_once_where_a_secret_is_stored(new_desk: NewDesk) -> None:
    desk = new_desk()
    add_role(desk, "other", by="arn:aws:iam::123456789012:user/somebody-else")
    obtained(desk)
    desk.control.sleep(120)
    with pytest.raises(AwsRefused):
        get(desk, "other")
    assert actions(desk) == ["GetSessionToken", "AssumeRole", "GetSessionToken", "AssumeRole"]


def test_a_role_that_a_role_is_denied_says_so(new_desk: NewDesk) -> None:
    desk = new_desk()
    add_role(desk, "first")
    add_role(desk, "second", by=desk.user.arn, keys={"source_profile": "first"})
    with pytest.raises(AwsRefused) as caught:
        get(desk, "second")
    assert "does not trust the role before it in the chain" in caught.value.why
    assert actions(desk) == ["GetSessionToken", "AssumeRole", "AssumeRole"]


def add_process(desk: Desk, name: str, keys: dict[str, str] | None = None) -> None:
    """A profile whose credential process prints the user's long-term keys, or other *keys*."""
    file = desk.home.path / f"{name}.json"
    own = {"AccessKeyId": desk.user.access_key_id, "SecretAccessKey": desk.user.secret_access_key}
    file.write_text(json.dumps({"Version": 1, **(keys or own)}))
    with desk.home.config.open("a") as config:
        config.write(f"[profile {name}]\nregion = eu-west-1\ncredential_process = cat {file}\n")


def test_a_role_of_a_process_without_a_device_is_assumed_with_its_keys(new_desk: NewDesk) -> None:
    desk = new_desk()
    add_process(desk, "process")
    add_role(desk, "plain", mfa=False, keys={"source_profile": "process"})
    add_role(desk, "strict", keys={"source_profile": "process"})
    assert obtained(desk, "plain").session.serial == ""
    assert actions(desk) == ["AssumeRole"]
    with pytest.raises(AwsRefused) as caught:
        get(desk, "strict")
    assert caught.value.remedy == (
        "If it requires MFA, name the device: mfa-tui login strict --serial ARN --save-serial"
    )
    # Once there is a session of the user, its device is used.
    obtained(desk, "process")
    assert obtained(desk, "strict").session.serial == desk.device.serial


def test_a_process_that_provides_a_session_is_no_login(new_desk: NewDesk) -> None:
    desk = new_desk()
    given = obtained(desk).session
    keys = {
        "AccessKeyId": given.access_key_id,
        "SecretAccessKey": given.secret_access_key.reveal(),
        "SessionToken": given.session_token.reveal(),
        "Expiration": format_utc(given.expires_at),
    }
    add_process(desk, "temporary", keys)
    with pytest.raises(ProfileProblem) as caught:
        get(desk, "temporary")
    assert caught.value.remedy == "Use it as it is: export AWS_PROFILE=temporary"
    add_role(desk, "role", keys={"source_profile": "temporary"}, mfa=False)
    # But a role can be assumed with it, and no code goes with that.
    found = obtained(desk, "role", code=Secret("123456"))
    assert found.session.serial == ""
    assert desk.notices == ["The code was not used: the credential process of temporary provides a session of its own."]


@pytest.mark.parametrize(("devices", "stored", "typed", "asks"), [
    (1, 0, False, False), (2, 0, False, True), (2, 1, False, False), (2, 1, True, True), (2, 2, False, True),
])  # fmt: skip
def test_which_device_it_is(new_desk: NewDesk, devices: int, stored: int, *, typed: bool, asks: bool) -> None:
    desk = new_desk(seed=False)
    without_device(desk)
    every = [desk.device, *(desk.user.add_device(f"{desk.user.name}-{count}") for count in range(1, devices))]
    for device in every[::-1][:stored]:
        desk.home.store_seed(device)
    desk.new_process()
    outcome = get(desk, type_code=typed)
    if asks:
        assert isinstance(outcome, NeedsSerial)
        assert {device.serial.text for device in outcome.devices} == {device.serial for device in every}
        assert outcome.why == "The user has several MFA devices."
    elif stored:
        assert isinstance(outcome, Obtained)
        assert outcome.session.serial == every[-1].serial
    else:
        assert isinstance(outcome, NeedsCode)
        assert (outcome.serial.text, outcome.continuation.serial) == (desk.device.serial,) * 2


@pytest.mark.parametrize(
    ("prepare", "slug"),
    [
        (lambda user: [user.add_fido_device("key")], "fido-only"),
        (lambda user: [], "no-device"),  # noqa: ARG005 - all take a user
    ],
)
def test_users_without_a_device_that_generates_codes(
    new_desk: NewDesk, prepare: Callable[[Any], list[str]], slug: str
) -> None:
    desk = new_desk(seed=False)
    user = desk.aws.add_user()
    prepare(user)
    desk.home.add_profile("new", user)
    with pytest.raises(ProfileProblem) as caught:
        get(desk, "new")
    assert caught.value.slug == slug
    assert "new" in caught.value.what
    assert "new" in caught.value.remedy


def test_devices_that_aws_does_not_list_must_be_named(new_desk: NewDesk) -> None:
    desk = new_desk(seed=False)
    without_device(desk)
    desk.user.set_policy({"Version": "2012-10-17", "Statement": []})
    need = get(desk)
    assert isinstance(need, NeedsSerial)
    assert (need.devices, need.why) == ((), "AWS does not let this user list MFA devices before MFA.")
    desk.aws.fault(faults.server_error(), action="ListMFADevices", times=2)
    with pytest.raises(MfaTuiError) as caught:
        get(desk)
    assert caught.value.slug == "aws-trouble"


def test_what_a_request_made_no_difference_to_is_mentioned(new_desk: NewDesk) -> None:
    desk = new_desk()
    assert not obtained(desk).kept
    assert desk.notices == []
    assert obtained(desk, duration=1800).kept
    assert desk.notices == ["The session was kept (12 h left); --force gets one of the new length."]


def test_a_valid_session_of_the_user_serves_as_long_as_a_request_takes(new_desk: NewDesk) -> None:
    desk = new_desk()
    add_role(desk, "first")
    end = obtained(desk, duration=900).session.expires_at
    desk.control.sleep(end - desk.clock.time - 61)
    obtained(desk, "first")
    assert actions(desk) == ["GetSessionToken", "AssumeRole"]
