"""Removing, replacing and resyncing a device: what it means, and what an interrupted run leaves to the next."""

import pytest

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.errors import Cancelled, MfaTuiError, NetworkProblem, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.devices.enrollment import Enrollment, Keep, NewDevice
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.refusals import DeviceRefused
from mfa_tui.services.devices.removal import (
    Consequences,
    consequences,
    describe_consequences,
    finish_removals,
    point_profiles,
    remove_device,
    resumable,
    unfinished_removals,
)
from mfa_tui.services.devices.replacement import replace_device
from mfa_tui.services.devices.resync import needs_typed_codes, resync_by_codes
from tests.services.devices.conftest import LoadUser
from tests.support.clocks.frozen_clock import LoginSetup
from tests.support.devices.devices import named_serial


def note(user: IamUser, serial: str, phase: str, replaces: str = "") -> None:
    identity = user.identity
    journal = EnrollmentJournal(user.context.paths)
    journal.put(JournalEntry(serial, identity.account, identity.user, "", phase, replaces))


def notes(setup: LoginSetup) -> list[str]:
    return [each.serial for each in EnrollmentJournal(setup.context.paths).entries()]


def described(setup: LoginSetup, load: LoadUser, what: Consequences, successor: str = "") -> str:
    return " ".join(describe_consequences(load(setup), what, successor))


def test_removing_the_only_device(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    what = consequences(user, setup.device.serial)
    assert (what.last, what.profiles, what.stored, what.others, what.successor) == (True, ("dev",), True, (), None)
    assert described(setup, load, what) == (
        "dev can no longer log in with it. Its secret is removed from this machine, too. "
        "Its codes stop working, on a phone or elsewhere. "
        f"{setup.user.name} will have no MFA: policies that require it then deny everything."
    )
    setup.login()
    assert remove_device(user, what) == "mfa_serial is taken out of dev."
    assert (setup.user.devices(), named_serial(setup.home), notes(setup)) == ([], None, [])
    assert setup.context.seeds.stored() == {}


def test_removing_one_of_two(setup: LoginSetup, load: LoadUser) -> None:
    heir = setup.user.add_device(f"{setup.user.name}-2")
    user = load(setup)
    what = consequences(user, setup.device.serial)
    assert (what.last, getattr(what.successor, "text", "")) == (False, heir.serial)
    assert described(setup, load, what).startswith(f"dev will name {setup.user.name}-2.")
    assert "remain" not in described(setup, load, what)
    backup = consequences(user, heir.serial)
    assert described(setup, load, backup) == (
        f"Its codes stop working, on a phone or elsewhere. {setup.user.name} remains."
    )
    setup.login()
    assert remove_device(user, what) == f"mfa_serial now names {setup.user.name}-2 in dev."
    assert (setup.user.devices(), named_serial(setup.home)) == ([heir.serial], heir.serial)


def test_what_remains_of_three(setup: LoginSetup, load: LoadUser) -> None:
    names = [f"{setup.user.name}-{number}" for number in (2, 3)]
    for name in names:
        setup.user.add_device(name)
    what = consequences(load(setup), setup.device.serial)
    assert what.successor is None
    assert "dev can no longer log in with it." in described(setup, load, what)
    assert described(setup, load, what).endswith(f"{names[0]} and {names[1]} remain.")
    # With a new one in its place there is no doubt.
    assert "dev will name new." in described(setup, load, what, "new")
    assert "remain" not in described(setup, load, what, "new")


def test_a_passkey_generates_no_codes(setup: LoginSetup, load: LoadUser) -> None:
    key = setup.user.add_fido_device("key")
    user = load(setup)
    what = consequences(user, key)
    assert (what.last, what.stored) == (False, False)
    assert "It no longer signs you in to the console, either." in described(setup, load, what)
    assert consequences(user, setup.device.serial).last
    setup.login()
    assert remove_device(user, what) == ""
    assert setup.user.devices() == [setup.device.serial]
    assert setup.aws.count("DeleteVirtualMFADevice") == 0


def test_a_device_of_somebody_else(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    with pytest.raises(UsageError) as caught:
        consequences(user, "arn:aws:iam::111122223333:mfa/other")
    assert (caught.value.slug, caught.value.why) == ("device-unknown", f"There are {setup.device.serial}.")
    user.devices = ()
    with pytest.raises(UsageError) as none:
        consequences(user, setup.device.serial)
    assert none.value.why == "The user has none at all."
    # AWS does not say, so it may be.
    user.devices = None
    assert not consequences(user, "arn:aws:iam::111122223333:mfa/other").last


def test_files_that_cannot_be_written_are_found_first(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    what = consequences(user, setup.device.serial)
    setup.home.config.unlink()
    setup.home.config.mkdir()
    with pytest.raises(MfaTuiError) as caught:
        remove_device(user, what)
    assert caught.value.remedy.endswith(". Nothing was removed.")
    assert (setup.user.devices(), notes(setup)) == ([setup.device.serial], [])


def test_a_refusal_changes_nothing(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    what = consequences(user, setup.device.serial)
    setup.user.set_policy({"Version": "2012-10-17", "Statement": []})
    with pytest.raises(DeviceRefused):
        remove_device(user, what)
    assert (setup.user.devices(), notes(setup), named_serial(setup.home)) == (
        [setup.device.serial], [], setup.device.serial,
    )  # fmt: skip


def test_a_lost_answer_is_finished_by_the_next_run(setup: LoginSetup, load: LoadUser) -> None:
    setup.login()
    user = load(setup)
    setup.aws.fault(faults.dropped(after=True), action="DeactivateMFADevice")
    with pytest.raises(NetworkProblem) as caught:
        remove_device(user, consequences(user, setup.device.serial))
    assert caught.value.what.startswith(f"{setup.user.name} may have been deactivated: ")
    assert caught.value.remedy.endswith("Then mfa-tui device remove dev finishes it.")
    again = load(setup)
    assert [serial.text for serial in unfinished_removals(again)] == [setup.device.serial]
    assert [serial.text for serial in finish_removals(again)] == [setup.device.serial]
    (notice,) = setup.notices
    assert notice.startswith(f"The removal of {setup.user.name}, which was interrupted earlier, is finished now. ")
    assert notice.endswith(" mfa_serial is taken out of dev.")
    assert (notes(setup), setup.user.devices(), named_serial(setup.home)) == ([], [], None)


def test_a_removal_that_never_reached_aws_is_forgotten(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    note(user, setup.device.serial, Phase.REMOVING)
    assert (unfinished_removals(user), finish_removals(user), notes(setup)) == ((), (), [])
    # An enrollment is none.
    note(user, setup.device.serial, Phase.ENABLED)
    assert (finish_removals(user), notes(setup)) == ((), [setup.device.serial])
    user.devices = None
    note(user, setup.device.serial, Phase.REMOVING)
    assert unfinished_removals(user) == ()


def test_a_device_that_cannot_be_deleted_is_left(setup: LoginSetup, load: LoadUser) -> None:
    setup.user.set_policy(policy_documents.self_service_mfa("${aws:username}*", delete=False))
    setup.login()
    user = load(setup)
    remove_device(user, consequences(user, setup.device.serial))
    (left,) = setup.notices
    assert left.startswith(f"The device {setup.user.name} is still at AWS, but no longer belongs to a user.")
    assert setup.user.devices() == []


def test_another_users_device_of_the_same_name_is_left_alone(setup: LoginSetup, load: LoadUser) -> None:
    taken = setup.user.add_device(f"{setup.user.name}-x")
    setup.login()
    user = load(setup)
    other = setup.aws.add_user(f"{setup.user.name}-x-owner")
    theirs = other.add_device(f"{setup.user.name}-theirs")
    note(user, theirs.serial, Phase.REMOVING)
    finish_removals(user)
    assert setup.notices[0] == f"The device {setup.user.name}-theirs is enabled, so it was left alone."
    assert (other.devices(), setup.user.devices()) == ([theirs.serial], [setup.device.serial, taken.serial])


def test_what_ends_in_between_says_how_to_finish_it(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    for interruption in (KeyboardInterrupt(), Cancelled()):
        with pytest.raises(Cancelled) as cancelled, resumable(user, "phone", "is half removed"):
            raise interruption
        assert str(cancelled.value) == "phone is half removed. To finish: mfa-tui device remove dev"
    with pytest.raises(UsageError) as other, resumable(user, "phone", "is half removed", only=NetworkProblem):
        raise UsageError("x", "Strange.")
    assert other.value.what == "Strange."
    with pytest.raises(UsageError) as told, resumable(user, "phone", "is half removed", "replace"):
        raise UsageError("x", "Strange.")
    assert (told.value.what, told.value.remedy) == (
        "phone is half removed: Strange.", "Then mfa-tui device replace dev finishes it.",
    )  # fmt: skip


def test_profiles_that_name_a_device_in_their_own_section(setup: LoginSetup, load: LoadUser) -> None:
    with setup.home.config.open("a") as file:
        role = "role_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n"
        file.write(f"[profile own]\n{role}mfa_serial = {setup.device.serial}\n[profile inherits]\n{role}")
    user, new = load(setup), f"arn:aws:iam::{setup.user.account}:mfa/new"
    assert point_profiles(user, setup.device.serial, new) == ("dev", "own")
    assert (named_serial(setup.home), named_serial(setup.home, "own")) == (new, new)
    assert named_serial(setup.home, "inherits") is None
    assert point_profiles(load(setup), setup.device.serial, "") == ()
    assert point_profiles(load(setup), new, "") == ("dev", "own")
    assert named_serial(setup.home) is None


def test_a_config_file_that_is_never_written(
    setup: LoginSetup, load: LoadUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = load(setup)
    monkeypatch.setattr(user.context.files, "read_only_store", lambda: "It is in a store.")
    for new, then in (("arn:new", "name arn:new"), ("", "no longer name a device")):
        assert point_profiles(user, setup.device.serial, new) == ()
        assert setup.notices[-1].endswith(f"Change mfa_serial there by hand: dev should {then}.")
    assert named_serial(setup.home) == setup.device.serial


def test_replacing_a_device(setup: LoginSetup, load: LoadUser) -> None:
    heir = setup.user.add_device(f"{setup.user.name}-2")
    setup.login()
    user = load(setup)
    note(user, heir.serial, Phase.VERIFIED, setup.device.serial)
    enrollment = Enrollment(user, replaces=setup.device.serial)
    assert replace_device(enrollment, NewDevice(MfaSerial(heir.serial), Keep.PHONE, enabled=True)) == ("dev",)
    assert (setup.user.devices(), named_serial(setup.home), notes(setup)) == ([heir.serial], heir.serial, [])
    assert setup.context.seeds.stored() == {}


def test_resyncing_by_the_stored_secret_or_by_typed_codes(setup: LoginSetup, load: LoadUser) -> None:
    user = load(setup)
    serial = setup.device.serial
    assert not needs_typed_codes(user, serial)
    resync_by_codes(user, serial)
    setup.scope.sleep(90)
    resync_by_codes(user, serial, (Secret(setup.device.code(-1)), Secret(setup.device.code())))
    assert setup.aws.count("ResyncMFADevice") == 2
    setup.context.seeds.remove(serial, setup.scope)
    assert needs_typed_codes(user, serial)
    with pytest.raises(UsageError) as caught:
        resync_by_codes(user, serial)
    assert (caught.value.slug, caught.value.remedy) == (
        "no-seed", f"On a terminal: mfa-tui device resync dev --serial {serial}",
    )  # fmt: skip
    setup.home.env["MFA_TUI_CONFIG"] = str(setup.home.path / "settings.toml")
    (setup.home.path / "settings.toml").write_text(f'[devices."{serial}"]\ncode_command = "oathtool"\n')
    setup.new_process()
    assert needs_typed_codes(load(setup), serial)
