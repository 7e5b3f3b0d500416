"""Removing, replacing and resyncing a device: what it means, and what an interrupted run leaves to the next."""

import pytest

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.errors import Cancelled, MfaTuiError, NetworkProblem, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.devices.enrollment import Enrollment, Keep, Made
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
from tests.support.devices import named_serial
from tests.support.frozen_clock import Desk


def note(user: IamUser, serial: str, phase: str, replaces: str = "") -> None:
    identity = user.identity
    journal = EnrollmentJournal(user.context.paths)
    journal.put(JournalEntry(serial, identity.account, identity.user, "", phase, replaces))


def notes(desk: Desk) -> list[str]:
    return [each.serial for each in EnrollmentJournal(desk.context.paths).entries()]


def described(desk: Desk, load: LoadUser, what: Consequences, successor: str = "") -> str:
    return " ".join(describe_consequences(load(desk), what, successor))


def test_removing_the_only_device(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    what = consequences(user, desk.device.serial)
    assert (what.last, what.profiles, what.stored, what.others, what.successor) == (True, ("dev",), True, (), None)
    assert described(desk, load, what) == (
        "dev can no longer log in with it. Its secret is removed from this machine, too. "
        "Its codes stop working, on a phone or elsewhere. "
        f"{desk.user.name} will have no MFA: policies that require it then deny everything."
    )
    desk.login()
    assert remove_device(user, what) == "mfa_serial is taken out of dev."
    assert (desk.user.devices(), named_serial(desk.home), notes(desk)) == ([], None, [])
    assert desk.context.seeds.stored() == {}


def test_removing_one_of_two(desk: Desk, load: LoadUser) -> None:
    heir = desk.user.add_device(f"{desk.user.name}-2")
    user = load(desk)
    what = consequences(user, desk.device.serial)
    assert (what.last, getattr(what.successor, "text", "")) == (False, heir.serial)
    assert described(desk, load, what).startswith(f"dev will name {desk.user.name}-2.")
    assert "remain" not in described(desk, load, what)
    backup = consequences(user, heir.serial)
    assert described(desk, load, backup) == (
        f"Its codes stop working, on a phone or elsewhere. {desk.user.name} remains."
    )
    desk.login()
    assert remove_device(user, what) == f"mfa_serial now names {desk.user.name}-2 in dev."
    assert (desk.user.devices(), named_serial(desk.home)) == ([heir.serial], heir.serial)


def test_what_remains_of_three(desk: Desk, load: LoadUser) -> None:
    names = [f"{desk.user.name}-{number}" for number in (2, 3)]
    for name in names:
        desk.user.add_device(name)
    what = consequences(load(desk), desk.device.serial)
    assert what.successor is None
    assert "dev can no longer log in with it." in described(desk, load, what)
    assert described(desk, load, what).endswith(f"{names[0]} and {names[1]} remain.")
    # With a new one in its place there is no doubt.
    assert "dev will name new." in described(desk, load, what, "new")
    assert "remain" not in described(desk, load, what, "new")


def test_a_passkey_generates_no_codes(desk: Desk, load: LoadUser) -> None:
    key = desk.user.add_fido_device("key")
    user = load(desk)
    what = consequences(user, key)
    assert (what.last, what.stored) == (False, False)
    assert "It no longer signs you in to the console, either." in described(desk, load, what)
    assert consequences(user, desk.device.serial).last
    desk.login()
    assert remove_device(user, what) == ""
    assert desk.user.devices() == [desk.device.serial]
    assert desk.aws.count("DeleteVirtualMFADevice") == 0


def test_a_device_of_somebody_else(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    with pytest.raises(UsageError) as caught:
        consequences(user, "arn:aws:iam::111122223333:mfa/other")
    assert (caught.value.slug, caught.value.why) == ("device-unknown", f"There are {desk.device.serial}.")
    user.devices = ()
    with pytest.raises(UsageError) as none:
        consequences(user, desk.device.serial)
    assert none.value.why == "The user has none at all."
    # AWS does not say, so it may be.
    user.devices = None
    assert not consequences(user, "arn:aws:iam::111122223333:mfa/other").last


def test_files_that_cannot_be_written_are_found_first(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    what = consequences(user, desk.device.serial)
    desk.home.config.unlink()
    desk.home.config.mkdir()
    with pytest.raises(MfaTuiError) as caught:
        remove_device(user, what)
    assert caught.value.remedy.endswith(". Nothing was removed.")
    assert (desk.user.devices(), notes(desk)) == ([desk.device.serial], [])


def test_a_refusal_changes_nothing(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    what = consequences(user, desk.device.serial)
    desk.user.set_policy({"Version": "2012-10-17", "Statement": []})
    with pytest.raises(DeviceRefused):
        remove_device(user, what)
    assert (desk.user.devices(), notes(desk), named_serial(desk.home)) == (
        [desk.device.serial], [], desk.device.serial,
    )  # fmt: skip


def test_a_lost_answer_is_finished_by_the_next_run(desk: Desk, load: LoadUser) -> None:
    desk.login()
    user = load(desk)
    desk.aws.fault(faults.dropped(after=True), action="DeactivateMFADevice")
    with pytest.raises(NetworkProblem) as caught:
        remove_device(user, consequences(user, desk.device.serial))
    assert caught.value.what.startswith(f"{desk.user.name} may have been deactivated: ")
    assert caught.value.remedy.endswith("Then mfa-tui device remove dev finishes it.")
    again = load(desk)
    assert [serial.text for serial in unfinished_removals(again)] == [desk.device.serial]
    assert [serial.text for serial in finish_removals(again)] == [desk.device.serial]
    (notice,) = desk.notices
    assert notice.startswith(f"The removal of {desk.user.name}, which was interrupted earlier, is finished now. ")
    assert notice.endswith(" mfa_serial is taken out of dev.")
    assert (notes(desk), desk.user.devices(), named_serial(desk.home)) == ([], [], None)


def test_a_removal_that_never_reached_aws_is_forgotten(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    note(user, desk.device.serial, Phase.REMOVING)
    assert (unfinished_removals(user), finish_removals(user), notes(desk)) == ((), (), [])
    # An enrollment is none.
    note(user, desk.device.serial, Phase.ENABLED)
    assert (finish_removals(user), notes(desk)) == ((), [desk.device.serial])
    user.devices = None
    note(user, desk.device.serial, Phase.REMOVING)
    assert unfinished_removals(user) == ()


def test_a_device_that_cannot_be_deleted_is_left(desk: Desk, load: LoadUser) -> None:
    desk.user.set_policy(policy_documents.self_service_mfa("${aws:username}*", delete=False))
    desk.login()
    user = load(desk)
    remove_device(user, consequences(user, desk.device.serial))
    (left,) = desk.notices
    assert left.startswith(f"The device {desk.user.name} is still at AWS, but no longer belongs to a user.")
    assert desk.user.devices() == []


def test_another_users_device_of_the_same_name_is_left_alone(desk: Desk, load: LoadUser) -> None:
    taken = desk.user.add_device(f"{desk.user.name}-x")
    desk.login()
    user = load(desk)
    other = desk.aws.add_user(f"{desk.user.name}-x-owner")
    theirs = other.add_device(f"{desk.user.name}-theirs")
    note(user, theirs.serial, Phase.REMOVING)
    finish_removals(user)
    assert desk.notices[0] == f"The device {desk.user.name}-theirs is enabled, so it was left alone."
    assert (other.devices(), desk.user.devices()) == ([theirs.serial], [desk.device.serial, taken.serial])


def test_what_ends_in_between_says_how_to_finish_it(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
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


def test_profiles_that_name_a_device_in_their_own_section(desk: Desk, load: LoadUser) -> None:
    with desk.home.config.open("a") as file:
        role = "role_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n"
        file.write(f"[profile own]\n{role}mfa_serial = {desk.device.serial}\n[profile inherits]\n{role}")
    user, new = load(desk), f"arn:aws:iam::{desk.user.account}:mfa/new"
    assert point_profiles(user, desk.device.serial, new) == ("dev", "own")
    assert (named_serial(desk.home), named_serial(desk.home, "own")) == (new, new)
    assert named_serial(desk.home, "inherits") is None
    assert point_profiles(load(desk), desk.device.serial, "") == ()
    assert point_profiles(load(desk), new, "") == ("dev", "own")
    assert named_serial(desk.home) is None


def test_a_config_file_that_is_never_written(desk: Desk, load: LoadUser, monkeypatch: pytest.MonkeyPatch) -> None:
    user = load(desk)
    monkeypatch.setattr(user.context.files, "read_only_store", lambda: "It is in a store.")
    for new, then in (("arn:new", "name arn:new"), ("", "no longer name a device")):
        assert point_profiles(user, desk.device.serial, new) == ()
        assert desk.notices[-1].endswith(f"Change mfa_serial there by hand: dev should {then}.")
    assert named_serial(desk.home) == desk.device.serial


def test_replacing_a_device(desk: Desk, load: LoadUser) -> None:
    heir = desk.user.add_device(f"{desk.user.name}-2")
    desk.login()
    user = load(desk)
    note(user, heir.serial, Phase.PROVED, desk.device.serial)
    enrollment = Enrollment(user, replaces=desk.device.serial)
    assert replace_device(enrollment, Made(MfaSerial(heir.serial), Keep.PHONE, enabled=True)) == ("dev",)
    assert (desk.user.devices(), named_serial(desk.home), notes(desk)) == ([heir.serial], heir.serial, [])
    assert desk.context.seeds.stored() == {}


def test_resyncing_by_the_stored_secret_or_by_typed_codes(desk: Desk, load: LoadUser) -> None:
    user = load(desk)
    serial = desk.device.serial
    assert not needs_typed_codes(user, serial)
    resync_by_codes(user, serial)
    desk.control.sleep(90)
    resync_by_codes(user, serial, (Secret(desk.device.code(-1)), Secret(desk.device.code())))
    assert desk.aws.count("ResyncMFADevice") == 2
    desk.context.seeds.remove(serial, desk.control)
    assert needs_typed_codes(user, serial)
    with pytest.raises(UsageError) as caught:
        resync_by_codes(user, serial)
    assert (caught.value.slug, caught.value.remedy) == (
        "no-seed", f"On a terminal: mfa-tui device resync dev --serial {serial}",
    )  # fmt: skip
    desk.home.env["MFA_TUI_CONFIG"] = str(desk.home.path / "settings.toml")
    (desk.home.path / "settings.toml").write_text(f'[devices."{serial}"]\ncode_command = "oathtool"\n')
    desk.new_process()
    assert needs_typed_codes(load(desk), serial)
