"""The IAM user behind a profile: its devices, and with whose credentials they are changed."""

import pytest

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.errors import AwsRefused, ProfileProblem
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.list_devices import own_devices, profiles_naming
from mfa_tui.services.devices.refusals import DeviceRefused
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.outcomes import LoginRequest
from tests.services.devices.conftest import LoadUser
from tests.support.clocks.frozen_clock import LoginSetup


def test_who_it_is_and_its_devices(setup: LoginSetup, load: LoadUser) -> None:
    key = setup.user.add_fido_device("key")
    user = load(setup)
    assert (user.identity.user, user.identity.account, user.name) == (setup.user.name, setup.user.account, "dev")
    assert [device.serial.text for device in user.devices or ()] == [setup.device.serial, key]
    assert [device.serial.text for device in user.usable] == [setup.device.serial]
    assert user.has(key)
    assert not user.has(key + "2")


def test_a_roles_profile_stands_for_its_user(setup: LoginSetup) -> None:
    with setup.home.config.open("a") as file:
        file.write("[profile r]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n")
    user = IamUser(Operation(setup.context, setup.scope), "r")
    assert user.name == "dev"
    with pytest.raises(AssertionError):
        _ = user.identity.user


def test_when_a_login_is_needed_first(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    assert user.needs_session()
    done = setup.login()
    assert not user.needs_session()
    found = user.find_session()
    assert found is not None
    assert found.access_key_id == done.session.access_key_id
    # A session is used while it has a minute left.
    setup.scope.sleep(done.session.expires_at - setup.clock.time - 61)
    assert not user.needs_session()
    setup.scope.sleep(1)
    assert user.needs_session()


def test_a_session_that_could_not_be_cached_is_used_too(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    done = setup.login()
    setup.context.cache.forget(done.session, setup.scope)
    assert user.find_session() is None
    user.use_session(done.session)
    assert user.find_session() is done.session
    setup.scope.sleep(done.session.expires_at - setup.clock.time - 60)
    assert user.find_session() is None


def test_a_user_without_devices_needs_no_session(setup: LoginSetup) -> None:
    new = setup.aws.add_user()
    setup.home.add_profile("new", new)
    user = IamUser(Operation(setup.context, setup.scope), "new")
    user.load()
    assert (user.devices, user.needs_session(), user.find_session()) == ((), False, None)
    assert user.session_request() == LoginRequest("new")


def test_devices_that_aws_lists_only_after_mfa(setup: LoginSetup, load: LoadUser) -> None:
    setup.user.set_policy(policy_documents.NOTHING_BEFORE_MFA)
    user = load(setup)
    assert user.devices is None
    # The profile names one, so a session can be made.
    assert user.needs_session()
    assert user.session_request().serial == setup.device.serial
    setup.login()
    assert [device.serial.text for device in load(setup).devices or ()] == [setup.device.serial]


def test_other_refusals_are_errors(setup: LoginSetup, load: LoadUser) -> None:
    setup.user.deactivate_key()
    with pytest.raises(AwsRefused) as caught:
        load(setup)
    assert "of dev" in caught.value.what


def test_which_device_a_session_is_made_with(setup: LoginSetup, load: LoadUser) -> None:
    """The profile's own, but rather one whose code need not be typed."""
    second = setup.user.add_device(f"{setup.user.name}-2")
    user = load(setup)
    assert user.session_request() == LoginRequest("dev", serial=setup.device.serial)
    setup.context.seeds.remove(setup.device.serial, setup.scope)
    assert load(setup).session_request().serial == setup.device.serial
    setup.home.store_seed(second)
    setup.new_process()
    assert load(setup).session_request().serial == second.serial


def test_a_session_of_a_device_that_is_being_removed_still_counts(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    setup.login()
    user.devices = ()
    assert user.find_session() is None
    identity = user.identity
    note = JournalEntry(setup.device.serial, identity.account, identity.user, "", Phase.CREATED)
    EnrollmentJournal(setup.context.paths).put(note)
    assert user.find_session() is None
    EnrollmentJournal(setup.context.paths).put(note._replace(phase=Phase.REMOVING))
    assert user.find_session() is not None


def test_a_device_that_is_gone_is_no_error(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    iam, name = setup.context.iam, setup.user.name

    def deactivate(serial: str) -> bool:
        return user.call_unless_gone(
            lambda caller: iam.deactivate_device(caller, name, serial, setup.scope),
            action="DeactivateMFADevice",
            device=serial,
        )

    setup.login()
    assert not deactivate(setup.device.serial + "-gone")
    assert deactivate(setup.device.serial)
    setup.user.set_policy({"Version": "2012-10-17", "Statement": []})
    with pytest.raises(DeviceRefused):
        deactivate(setup.device.serial)


def test_the_root_user_has_no_devices_here(setup: LoginSetup, load: LoadUser, monkeypatch: pytest.MonkeyPatch) -> None:
    from mfa_tui.adapters.aws.iam import Identity

    # The embedded AWS has no root user.
    monkeypatch.setattr(setup.context.iam, "get_identity", lambda *_: Identity("111122223333", "aws", ""))
    with pytest.raises(ProfileProblem) as caught:
        load(setup)
    assert caught.value.slug == "root-device"


def test_which_profiles_use_a_device(setup: LoginSetup, load: LoadUser) -> None:
    second = setup.user.add_device(f"{setup.user.name}-2")
    other = setup.aws.add_user()
    setup.home.add_profile("ops", other, other.add_device(other.name))
    with setup.home.config.open("a") as file:
        file.write(
            "[profile r]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n"
            f"[profile sso]\nsso_session = x\nmfa_serial = {setup.device.serial}\n"
            f"[profile theirs]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = ops\n"
            f"mfa_serial = {setup.device.serial}\n"
        )
    user = load(setup)
    assert profiles_naming(user, setup.device.serial) == ("dev", "r")
    assert profiles_naming(user, second.serial) == ()
    user.devices = tuple(reversed(user.devices or ()))
    own, backup = own_devices(user)
    assert (own.serial.text, own.current, own.stored, own.profiles) == (setup.device.serial, True, True, ("dev", "r"))
    assert (backup.serial.text, backup.current, backup.stored) == (second.serial, False, False)


def test_refusals_that_can_be_foreseen(setup: LoginSetup, load: LoadUser) -> None:
    def why() -> str:
        return user.refusal("AccessDenied", 403, action="EnableMFADevice", device="x").why

    setup.user.add_fido_device("key")
    user = load(setup)
    assert "passkeys only" not in why()
    user.devices = tuple(device for device in user.devices or () if not device.serial.usable)
    assert "passkeys only" in why()
    user.devices = ()
    assert "passkeys only" not in why()
    assert user.refusal("LimitExceeded", 409).slug == "device-limit"
