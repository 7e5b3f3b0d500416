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
from tests.support.frozen_clock import Desk


def test_who_it_is_and_its_devices(desk: Desk, load: LoadUser) -> None:
    key = desk.user.add_fido_device("key")
    user = load(desk)
    assert (user.identity.user, user.identity.account, user.name) == (desk.user.name, desk.user.account, "dev")
    assert [device.serial.text for device in user.devices or ()] == [desk.device.serial, key]
    assert [device.serial.text for device in user.usable] == [desk.device.serial]
    assert user.has(key)
    assert not user.has(key + "2")


def test_a_roles_profile_stands_for_its_user(desk: Desk) -> None:
    with desk.home.config.open("a") as file:
        file.write("[profile r]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n")
    user = IamUser(Operation(desk.context, desk.control), "r")
    assert user.name == "dev"
    with pytest.raises(AssertionError):
        _ = user.identity.user


def test_when_a_login_is_needed_first(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    assert user.needs_session()
    done = desk.login()
    assert not user.needs_session()
    found = user.find_session()
    assert found is not None
    assert found.access_key_id == done.session.access_key_id
    # A session is used while it has a minute left.
    desk.control.sleep(done.session.expires_at - desk.clock.time - 61)
    assert not user.needs_session()
    desk.control.sleep(1)
    assert user.needs_session()


def test_a_session_that_could_not_be_cached_is_used_too(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    done = desk.login()
    desk.context.cache.forget(done.session, desk.control)
    assert user.find_session() is None
    user.use_session(done.session)
    assert user.find_session() is done.session
    desk.control.sleep(done.session.expires_at - desk.clock.time - 60)
    assert user.find_session() is None


def test_a_user_without_devices_needs_no_session(desk: Desk) -> None:
    new = desk.aws.add_user()
    desk.home.add_profile("new", new)
    user = IamUser(Operation(desk.context, desk.control), "new")
    user.load()
    assert (user.devices, user.needs_session(), user.find_session()) == ((), False, None)
    assert user.session_request() == LoginRequest("new")


def test_devices_that_aws_lists_only_after_mfa(desk: Desk, load: LoadUser) -> None:
    desk.user.set_policy(policy_documents.NOTHING_BEFORE_MFA)
    user = load(desk)
    assert user.devices is None
    # The profile names one, so a session can be made.
    assert user.needs_session()
    assert user.session_request().serial == desk.device.serial
    desk.login()
    assert [device.serial.text for device in load(desk).devices or ()] == [desk.device.serial]


def test_other_refusals_are_errors(desk: Desk, load: LoadUser) -> None:
    desk.user.deactivate_key()
    with pytest.raises(AwsRefused) as caught:
        load(desk)
    assert "of dev" in caught.value.what


def test_which_device_a_session_is_made_with(desk: Desk, load: LoadUser) -> None:
    """The profile's own, but rather one whose code need not be typed."""
    second = desk.user.add_device(f"{desk.user.name}-2")
    user = load(desk)
    assert user.session_request() == LoginRequest("dev", serial=desk.device.serial)
    desk.context.seeds.remove(desk.device.serial, desk.control)
    assert load(desk).session_request().serial == desk.device.serial
    desk.home.store_seed(second)
    desk.new_process()
    assert load(desk).session_request().serial == second.serial


def test_a_session_of_a_device_that_is_being_removed_still_counts(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    desk.login()
    user.devices = ()
    assert user.find_session() is None
    identity = user.identity
    note = JournalEntry(desk.device.serial, identity.account, identity.user, "", Phase.MADE)
    EnrollmentJournal(desk.context.paths).put(note)
    assert user.find_session() is None
    EnrollmentJournal(desk.context.paths).put(note._replace(phase=Phase.REMOVING))
    assert user.find_session() is not None


def test_a_device_that_is_gone_is_no_error(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    iam, name = desk.context.iam, desk.user.name

    def deactivate(serial: str) -> bool:
        return user.call_unless_gone(
            lambda caller: iam.deactivate_device(caller, name, serial, desk.control),
            action="DeactivateMFADevice",
            device=serial,
        )

    desk.login()
    assert not deactivate(desk.device.serial + "-gone")
    assert deactivate(desk.device.serial)
    desk.user.set_policy({"Version": "2012-10-17", "Statement": []})
    with pytest.raises(DeviceRefused):
        deactivate(desk.device.serial)


def test_the_root_user_has_no_devices_here(desk: Desk, load: LoadUser, monkeypatch: pytest.MonkeyPatch) -> None:
    from mfa_tui.adapters.aws.iam import Identity

    # The embedded AWS has no root user.
    monkeypatch.setattr(desk.context.iam, "get_identity", lambda *_: Identity("111122223333", "aws", ""))
    with pytest.raises(ProfileProblem) as caught:
        load(desk)
    assert caught.value.slug == "root-device"


def test_which_profiles_use_a_device(desk: Desk, load: LoadUser) -> None:
    second = desk.user.add_device(f"{desk.user.name}-2")
    other = desk.aws.add_user()
    desk.home.add_profile("ops", other, other.add_device(other.name))
    with desk.home.config.open("a") as file:
        file.write(
            "[profile r]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n"
            f"[profile sso]\nsso_session = x\nmfa_serial = {desk.device.serial}\n"
            f"[profile theirs]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = ops\n"
            f"mfa_serial = {desk.device.serial}\n"
        )
    user = load(desk)
    assert profiles_naming(user, desk.device.serial) == ("dev", "r")
    assert profiles_naming(user, second.serial) == ()
    user.devices = tuple(reversed(user.devices or ()))
    own, backup = own_devices(user)
    assert (own.serial.text, own.current, own.stored, own.profiles) == (desk.device.serial, True, True, ("dev", "r"))
    assert (backup.serial.text, backup.current, backup.stored) == (second.serial, False, False)


def test_refusals_that_can_be_foreseen(desk: Desk, load: LoadUser) -> None:
    def why() -> str:
        return user.refusal("AccessDenied", 403, action="EnableMFADevice", device="x").why

    desk.user.add_fido_device("key")
    user = load(desk)
    assert "passkeys only" not in why()
    user.devices = tuple(device for device in user.devices or () if not device.serial.usable)
    assert "passkeys only" in why()
    user.devices = ()
    assert "passkeys only" not in why()
    assert user.refusal("LimitExceeded", 409).slug == "device-limit"
