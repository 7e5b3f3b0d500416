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
from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest, Need, NeedsCode, NeedsSerial, ObtainedSession
from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup

pytestmark = pytest.mark.both_ways


def get(
    setup: LoginSetup, profile: str = "dev", known: Continuation | None = None, **request: Any
) -> ObtainedSession | Need:
    def report(event: Progress | Notice) -> None:
        if isinstance(event, Notice):
            setup.notices.append(event.text)

    operation = Operation(setup.context, setup.scope, report)
    return get_session(operation, LoginRequest(profile, **request), known or Continuation())


def obtained(setup: LoginSetup, profile: str = "dev", **request: Any) -> ObtainedSession:
    outcome = get(setup, profile, **request)
    assert isinstance(outcome, ObtainedSession)
    return outcome


def add_role(setup: LoginSetup, name: str, **options: Any) -> str:
    """A role that the user may assume with MFA, and its profile."""
    keys = options.pop("keys", {})
    mfa = options.pop("mfa", True)
    by = options.pop("by", setup.user.arn)
    arn = setup.aws.add_role(f"{name}-{setup.user.name}", trust(by, mfa=mfa), **options)
    settings = {"role_arn": arn, "source_profile": "dev", "region": "eu-west-1", **keys}
    with setup.home.config.open("a") as file:
        file.write(f"[profile {name}]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()))
    return arn


def without_device(setup: LoginSetup) -> None:
    """Let the profile name no device."""
    text = setup.home.config.read_text()
    setup.home.config.write_text(text.replace(f"mfa_serial = {setup.device.serial}\n", ""))


def actions(setup: LoginSetup) -> list[str]:
    return [request.action for request in setup.aws.requests]


def test_one_code_is_enough_for_all_roles(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    first = add_role(setup, "first")
    add_role(setup, "second", by=first, mfa=False, keys={"source_profile": "first"})
    add_role(setup, "third", max_duration=7200, keys={"duration_seconds": "3600"})
    second = obtained(setup, "second")
    assert (second.kept, second.cached, len(second.session.roles)) == (False, True, 2)
    third = obtained(setup, "third")
    assert third.session.duration == 3600
    assert actions(setup) == ["GetSessionToken", "AssumeRole", "AssumeRole", "AssumeRole"]
    assert obtained(setup, "second").kept
    assert len(setup.aws.requests) == 4


def test_more_than_an_hour_takes_the_keys_and_a_code(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    add_role(setup, "long", max_duration=7200, keys={"duration_seconds": "7200"})
    found = obtained(setup, "long")
    assert (found.session.duration, actions(setup)) == (7200, ["AssumeRole"])
    add_role(setup, "limited", keys={"duration_seconds": "7200"})
    with pytest.raises(AwsRefused) as caught:
        get(setup, "limited")
    assert "--duration" in caught.value.remedy


@pytest.mark.parametrize(("session_age", "asks"), [(59, False), (60, True)])
def test_a_role_that_is_denied_to_an_old_session_may_take_a_new_one(
    new_setup: NewLoginSetup, session_age: int, *, asks: bool
) -> None:
    """AWS does not say whether the session is too old, or the role not allowed at all."""
    setup = new_setup(seed=False)
    add_role(setup, "other", by="arn:aws:iam::123456789012:user/somebody-else")
    assert isinstance(get(setup, code=Secret(setup.device.code())), ObtainedSession)
    setup.scope.sleep(session_age)
    setup.new_process()
    if not asks:
        with pytest.raises(AwsRefused) as caught:
            get(setup, "other")
        assert caught.value.slug == "role-denied"
        return
    need = get(setup, "other")
    assert isinstance(need, NeedsCode)
    assert need.why.startswith(f"AWS denied the role other-{setup.user.name} to a session made 1 m ago; ")
    assert getattr(need.refusal, "slug", "") == "role-denied"
    assert need.continuation.refused_source
    # With the answer a new session is made, and if that is denied, too, it was not the age.
    request = need.request._replace(code=Secret(setup.device.code(1)))
    setup.scope.sleep(30)
    with pytest.raises(AwsRefused) as again:
        get_session(Operation(setup.context, setup.scope), request, need.continuation)
    assert again.value.slug == "role-denied"
    assert actions(setup).count("GetSessionToken") == 2


def test_a_new_session_is_tried_at_once_where_a_secret_is_stored(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    add_role(setup, "other", by="arn:aws:iam::123456789012:user/somebody-else")
    obtained(setup)
    setup.scope.sleep(120)
    with pytest.raises(AwsRefused):
        get(setup, "other")
    assert actions(setup) == ["GetSessionToken", "AssumeRole", "GetSessionToken", "AssumeRole"]


def test_no_code_is_sent_because_a_request_failed(new_setup: NewLoginSetup) -> None:
    """Only a denial may mean that the user's session is too old."""
    setup = new_setup()
    add_role(setup, "first")
    obtained(setup)
    setup.scope.sleep(120)
    setup.aws.fault(faults.server_error(), action="AssumeRole", times=5)
    with pytest.raises(MfaTuiError) as caught:
        get(setup, "first")
    assert (caught.value.slug, setup.aws.count("GetSessionToken")) == ("aws-trouble", 1)


def test_a_role_that_a_role_is_denied_says_so(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    add_role(setup, "first")
    add_role(setup, "second", by=setup.user.arn, keys={"source_profile": "first"})
    with pytest.raises(AwsRefused) as caught:
        get(setup, "second")
    assert "does not trust the role before it in the chain" in caught.value.why
    assert actions(setup) == ["GetSessionToken", "AssumeRole", "AssumeRole"]


def add_process(setup: LoginSetup, name: str, keys: dict[str, str] | None = None) -> None:
    """A profile whose credential process prints the user's long-term keys, or other *keys*."""
    file = setup.home.path / f"{name}.json"
    own = {"AccessKeyId": setup.user.access_key_id, "SecretAccessKey": setup.user.secret_access_key}
    file.write_text(json.dumps({"Version": 1, **(keys or own)}))
    with setup.home.config.open("a") as config:
        config.write(f"[profile {name}]\nregion = eu-west-1\ncredential_process = cat {file}\n")


def test_a_role_of_a_process_without_a_device_is_assumed_with_its_keys(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    add_process(setup, "process")
    add_role(setup, "plain", mfa=False, keys={"source_profile": "process"})
    add_role(setup, "strict", keys={"source_profile": "process"})
    assert obtained(setup, "plain").session.serial == ""
    assert actions(setup) == ["AssumeRole"]
    with pytest.raises(AwsRefused) as caught:
        get(setup, "strict")
    assert caught.value.remedy == (
        "If it requires MFA, name the device: mfa-tui login strict --serial ARN --save-serial"
    )
    # Once there is a session of the user, its device is used.
    obtained(setup, "process")
    assert obtained(setup, "strict").session.serial == setup.device.serial


def test_a_process_that_provides_a_session_is_no_login(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    given = obtained(setup).session
    keys = {
        "AccessKeyId": given.access_key_id,
        "SecretAccessKey": given.secret_access_key.reveal(),
        "SessionToken": given.session_token.reveal(),
        "Expiration": format_utc(given.expires_at),
    }
    add_process(setup, "temporary", keys)
    with pytest.raises(ProfileProblem) as caught:
        get(setup, "temporary")
    assert caught.value.remedy == "Use it as it is: export AWS_PROFILE=temporary"
    add_role(setup, "role", keys={"source_profile": "temporary"}, mfa=False)
    # But a role can be assumed with it, and no code goes with that.
    found = obtained(setup, "role", code=Secret("123456"))
    assert found.session.serial == ""
    assert setup.notices == [
        "The code was not used: the credential process of temporary provides a session of its own."
    ]


@pytest.mark.parametrize(("devices", "stored", "typed", "asks"), [
    (1, 0, False, False), (2, 0, False, True), (2, 1, False, False), (2, 1, True, True), (2, 2, False, True),
])  # fmt: skip
def test_which_device_it_is(new_setup: NewLoginSetup, devices: int, stored: int, *, typed: bool, asks: bool) -> None:
    setup = new_setup(seed=False)
    without_device(setup)
    every = [setup.device, *(setup.user.add_device(f"{setup.user.name}-{count}") for count in range(1, devices))]
    for device in every[::-1][:stored]:
        setup.home.store_seed(device)
    setup.new_process()
    outcome = get(setup, type_code=typed)
    if asks:
        assert isinstance(outcome, NeedsSerial)
        assert {device.serial.text for device in outcome.devices} == {device.serial for device in every}
        assert outcome.why == "The user has several MFA devices."
    elif stored:
        assert isinstance(outcome, ObtainedSession)
        assert outcome.session.serial == every[-1].serial
    else:
        assert isinstance(outcome, NeedsCode)
        assert (outcome.serial.text, outcome.continuation.serial) == (setup.device.serial,) * 2


@pytest.mark.parametrize(
    ("prepare", "slug"),
    [
        (lambda user: [user.add_fido_device("key")], "fido-only"),
        (lambda user: [], "no-device"),  # noqa: ARG005 - all take a user
    ],
)
def test_users_without_a_device_that_generates_codes(
    new_setup: NewLoginSetup, prepare: Callable[[Any], list[str]], slug: str
) -> None:
    setup = new_setup(seed=False)
    user = setup.aws.add_user()
    prepare(user)
    setup.home.add_profile("new", user)
    with pytest.raises(ProfileProblem) as caught:
        get(setup, "new")
    assert caught.value.slug == slug
    assert "new" in caught.value.what
    assert "new" in caught.value.remedy


def test_devices_that_aws_does_not_list_must_be_named(new_setup: NewLoginSetup) -> None:
    setup = new_setup(seed=False)
    without_device(setup)
    setup.user.set_policy({"Version": "2012-10-17", "Statement": []})
    need = get(setup)
    assert isinstance(need, NeedsSerial)
    assert (need.devices, need.why) == ((), "AWS does not let this user list MFA devices before MFA.")
    setup.aws.fault(faults.server_error(), action="ListMFADevices", times=2)
    with pytest.raises(MfaTuiError) as caught:
        get(setup)
    assert caught.value.slug == "aws-trouble"


def test_what_a_request_made_no_difference_to_is_mentioned(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    assert not obtained(setup).kept
    assert setup.notices == []
    assert obtained(setup, duration=1800).kept
    assert setup.notices == ["The session was kept (12 h left); --force gets one of the new length."]


def test_a_valid_session_of_the_user_serves_as_long_as_a_request_takes(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    add_role(setup, "first")
    end = obtained(setup, duration=900).session.expires_at
    setup.scope.sleep(end - setup.clock.time - 61)
    obtained(setup, "first")
    assert actions(setup) == ["GetSessionToken", "AssumeRole"]
