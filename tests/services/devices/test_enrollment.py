"""Enrolling a device: which name it gets, where its secret goes, and what an interrupted run leaves to the next."""

import pytest

from mfa_tui.adapters.aws.iam import Device
from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.errors import AwsRefused, KeyringProblem, MfaTuiError, NetworkProblem, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.account.administered_user import AdministeredUser
from mfa_tui.services.devices.enrollment import Enrollment, Keep, NewDevice
from mfa_tui.services.devices.refusals import DeviceRefused
from tests.services.devices.conftest import LoadUser
from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup


@pytest.fixture
def fresh(new_setup: NewLoginSetup) -> LoginSetup:
    """The machine of a user without devices."""
    setup = new_setup(seed=False)
    setup.user = setup.aws.add_user()
    for file in (setup.home.config, setup.home.credentials):
        file.unlink()
    setup.home.add_profile("dev", setup.user)
    return setup


def serial_of(setup: LoginSetup, suffix: str = "") -> str:
    return f"arn:aws:iam::{setup.user.account}:mfa/{setup.user.name}{suffix}"


def phases(setup: LoginSetup) -> list[tuple[str, str]]:
    return [(note.serial, note.phase) for note in EnrollmentJournal(setup.context.paths).entries()]


def begin(
    setup: LoginSetup, load: LoadUser, phase: str, *, suffix: str = "", keep: str = Keep.HERE, replaces: str = ""
) -> None:
    """Leave the note of a run that was interrupted."""
    identity = load(setup).identity
    note = JournalEntry(serial_of(setup, suffix), identity.account, identity.user, keep, phase, replaces)
    EnrollmentJournal(setup.context.paths).put(note)


@pytest.mark.parametrize("keep", [Keep.HERE, Keep.BOTH, Keep.PHONE])
def test_from_nothing_to_a_proved_device(fresh: LoginSetup, load: LoadUser, keep: str) -> None:
    user = load(fresh)
    enrollment = Enrollment(user)
    assert (enrollment.resume(), enrollment.unfinished()) == (None, None)
    made = enrollment.create("", keep)
    assert (made.serial.text, made.keep, made.enabled) == (serial_of(fresh), keep, False)
    assert made.uri is not None
    assert f"{fresh.user.name}@{fresh.user.account}" in made.uri.reveal().replace("%40", "@")
    assert (serial_of(fresh) in fresh.context.seeds.stored()) == (keep != Keep.PHONE)
    assert phases(fresh) == [(serial_of(fresh), Phase.CREATED)]
    phone = fresh.user.device(made.serial.text)
    codes = (Secret(phone.code(-1)), Secret(phone.code())) if keep == Keep.PHONE else None
    enrollment.enable(made, codes)
    assert phases(fresh) == [(serial_of(fresh), Phase.ENABLED)]
    assert user.has(made.serial.text)
    proof = enrollment.verification_request(made)
    assert (proof.profile, proof.serial, proof.renew, proof.remember_serial) == ("dev", serial_of(fresh), True, True)
    assert (proof.type_code, proof.new_device) == (keep == Keep.PHONE, True)
    enrollment.finish(made)
    assert phases(fresh) == []


def test_a_login_since_the_enabling_is_proof_enough(fresh: LoginSetup, load: LoadUser) -> None:
    user = load(fresh)
    enrollment = Enrollment(user)
    made = enrollment.create("", Keep.HERE)
    enrollment.enable(made)
    proof = enrollment.verification_request(made)
    fresh.scope.sleep(30)
    fresh.login(proof)
    assert not enrollment.verification_request(made).renew
    # The profile names it now, so there is nothing more to write for another one.
    again = Enrollment(load(fresh))
    other = NewDevice(made.serial.__class__(serial_of(fresh, "-backup2")), Keep.HERE)
    assert not again.writes_profile(other)
    assert again.writes_profile(made)
    assert Enrollment(load(fresh), replaces=serial_of(fresh)).writes_profile(other)
    assert not Enrollment(load(fresh), replaces=serial_of(fresh, "-backup")).writes_profile(other)


def test_which_name_is_suggested(fresh: LoginSetup, load: LoadUser) -> None:
    name = fresh.user.name
    suggested = []
    for _ in range(4):
        suggested.append(Enrollment(load(fresh)).suggested_name())
        fresh.user.add_device(suggested[-1])
    assert suggested == [name, f"{name}-backup", f"{name}-backup2", f"{name}-backup3"]


def test_the_names_of_replaced_devices_do_not_grow(fresh: LoginSetup, load: LoadUser) -> None:
    """The name that was freed last is used again."""
    user, name = load(fresh), fresh.user.name

    def replace(others: tuple[str, ...], replaced: str) -> str:
        user.devices = tuple(Device(MfaSerial(serial_of(fresh, each))) for each in (*others, replaced))
        return Enrollment(user, replaces=serial_of(fresh, replaced)).suggested_name().removeprefix(name)

    for others, first, names in [
        ((), "", ["-backup", "", "-backup", ""]),
        (("",), "-backup", ["-backup2", "-backup", "-backup2", "-backup"]),
        (("", "-backup"), "-backup2", ["-backup3", "-backup2", "-backup3", "-backup2"]),
    ]:
        replaced, found = first, []
        for _ in names:
            replaced = replace(others, replaced)
            found.append(replaced)
        assert found == names


def test_a_name_that_is_taken(fresh: LoginSetup, load: LoadUser) -> None:
    other = fresh.aws.add_user()
    other.add_device(fresh.user.name)
    enrollment = Enrollment(load(fresh))
    with pytest.raises(DeviceRefused) as caught:
        enrollment.create(fresh.user.name, Keep.PHONE)
    assert (caught.value.slug, phases(fresh)) == ("device-taken", [])
    made = enrollment.create("", Keep.PHONE)
    assert made.serial.text == serial_of(fresh, "-backup")
    assert fresh.notices == [f"There is a device called {fresh.user.name} already, so another name was chosen."]


def test_names_that_others_have_taken_are_passed_over(fresh: LoginSetup, load: LoadUser) -> None:
    """As many as a user can have devices; more is not a matter of names."""
    name, other = fresh.user.name, fresh.aws.add_user()
    taken = [name, f"{name}-backup", *(f"{name}-backup{number}" for number in range(2, 8))]
    for each in taken:
        other.add_device(each)
    assert Enrollment(load(fresh)).create("", Keep.PHONE).serial.name == f"{name}-backup8"
    assert fresh.aws.count("CreateVirtualMFADevice") == len(taken) + 1
    with pytest.raises(DeviceRefused):
        Enrollment(load(fresh)).create("", Keep.PHONE)


@pytest.mark.parametrize("name", ["a b", "a/b", "ä", "x" * 227])
def test_names_that_no_device_can_have(fresh: LoginSetup, load: LoadUser, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        Enrollment(load(fresh)).create(name, Keep.PHONE)
    assert caught.value.slug == "device-name"
    assert caught.value.remedy.endswith(fresh.user.name)
    assert fresh.aws.count("CreateVirtualMFADevice") == 0


def test_limits_are_known_beforehand(fresh: LoginSetup, load: LoadUser) -> None:
    fresh.user.add_fido_device("key")
    with pytest.raises(DeviceRefused) as passkeys:
        Enrollment(load(fresh)).check_limits()
    assert (passkeys.value.slug, "passkeys only" in passkeys.value.why) == ("device-denied", True)
    for number in range(7):
        if number:
            Enrollment(load(fresh)).check_limits()
        fresh.user.add_device(f"{fresh.user.name}-{number}")
    with pytest.raises(DeviceRefused) as limit:
        Enrollment(load(fresh)).check_limits()
    assert limit.value.slug == "device-limit"


def test_files_that_cannot_be_written_are_found_before_there_is_a_device(fresh: LoginSetup, load: LoadUser) -> None:
    user = load(fresh)
    fresh.home.credentials.unlink()
    fresh.home.credentials.mkdir()
    with pytest.raises(MfaTuiError) as caught:
        Enrollment(user).create("", Keep.HERE)
    assert caught.value.remedy.endswith(". Nothing was created.")
    assert fresh.aws.count("CreateVirtualMFADevice") == 0


def test_a_secret_that_cannot_be_stored_leaves_no_device(
    fresh: LoginSetup, load: LoadUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> bool:
        raise KeyringProblem("keyring-full", "The keyring is full.", "It has no room.")

    monkeypatch.setattr(fresh.context.seeds, "store", full)
    with pytest.raises(KeyringProblem) as caught:
        Enrollment(load(fresh)).create("", Keep.HERE)
    assert caught.value.why == (f"It has no room. The device {fresh.user.name}, whose secret was lost, was deleted.")
    assert (phases(fresh), (serial_of(fresh), None) in fresh.aws.virtual_devices()) == ([], False)


def test_an_answer_that_is_lost(fresh: LoginSetup, load: LoadUser) -> None:
    fresh.aws.fault(faults.dropped(after=True), action="CreateVirtualMFADevice")
    with pytest.raises(NetworkProblem) as caught:
        Enrollment(load(fresh)).create("", Keep.HERE)
    assert caught.value.remedy.endswith("it finds out whether the device was created: mfa-tui device enroll dev")
    assert phases(fresh) == [(serial_of(fresh), Phase.CREATING)]
    # The next run deletes it: nobody has its secret.
    assert Enrollment(load(fresh)).resume() is None
    assert fresh.notices == [f"The device {fresh.user.name}, whose secret was lost, was deleted."]
    assert (phases(fresh), fresh.aws.count("DeleteVirtualMFADevice")) == ([], 1)


@pytest.mark.parametrize("after", [False, True])
def test_whether_it_was_enabled_is_looked_up_if_the_answer_is_lost(
    fresh: LoginSetup, load: LoadUser, *, after: bool
) -> None:
    enrollment = Enrollment(load(fresh))
    made = enrollment.create("", Keep.HERE)
    fresh.aws.fault(faults.dropped(after=after), action="EnableMFADevice")
    if after:
        enrollment.enable(made)
    else:
        with pytest.raises(NetworkProblem):
            enrollment.enable(made)
    assert phases(fresh) == [(serial_of(fresh), Phase.ENABLED if after else Phase.CREATED)]


def test_codes_of_the_secret_are_tried_twice(fresh: LoginSetup, load: LoadUser) -> None:
    enrollment = Enrollment(load(fresh))
    made = enrollment.create("", Keep.HERE)
    wrong = NewDevice(made.serial, made.keep, Secret("GEZDGNBVGY3TQOJQ" * 4))
    with pytest.raises(DeviceRefused) as caught:
        enrollment.enable(wrong)
    assert (caught.value.slug, fresh.aws.count("EnableMFADevice")) == ("codes-refused", 2)
    with pytest.raises(DeviceRefused):
        enrollment.enable(made, (Secret("111111"), Secret("222222")))
    assert fresh.aws.count("EnableMFADevice") == 3
    with pytest.raises(AssertionError):
        enrollment.enable(NewDevice(made.serial, Keep.PHONE))


@pytest.mark.parametrize("administered", [False, True])
@pytest.mark.parametrize("keep", [Keep.HERE, Keep.PHONE])
def test_a_new_user_or_device_is_not_known_everywhere_at_once(
    fresh: LoginSetup, load: LoadUser, keep: str, *, administered: bool
) -> None:
    user = load(fresh)
    if administered:
        fresh.user.set_policy(policy_documents.ADMINISTRATOR)
        user = AdministeredUser(user.operation, "dev", fresh.aws.add_user().name, None)
        fresh.aws.fault(faults.not_known_yet(), action="ListMFADevices", times=2)
        user.load(may_be_new=True)
        assert fresh.scope.waited == [1, 2]
        fresh.scope.waited.clear()
    enrollment = Enrollment(user)
    made = enrollment.create("", keep)
    phone = fresh.user.device(made.serial.text)
    codes = (Secret(phone.code(-1)), Secret(phone.code())) if keep == Keep.PHONE else None
    fresh.aws.fault(faults.not_known_yet(), action="EnableMFADevice", times=3)
    enrollment.enable(made, codes)
    assert user.has(made.serial.text)
    assert (fresh.scope.waited[-3:], fresh.aws.count("EnableMFADevice")) == ([1, 2, 4], 4)


def test_what_stays_unknown_is_an_error(fresh: LoginSetup, load: LoadUser) -> None:
    user = load(fresh)
    enrollment = Enrollment(user)
    made = enrollment.create("", Keep.HERE)
    fresh.aws.fault(faults.not_known_yet(), action="EnableMFADevice", times=9)
    with pytest.raises(DeviceRefused) as caught:
        enrollment.enable(made)
    assert (caught.value.slug, fresh.aws.count("EnableMFADevice")) == ("device-gone", 5)
    fresh.user.set_policy(policy_documents.ADMINISTRATOR)
    nobody = AdministeredUser(user.operation, "dev", "nobody", None)
    with pytest.raises(UsageError) as unknown:
        nobody.load(may_be_new=True)
    # Only who is to be enrolled may be new.
    asked = fresh.aws.count("ListMFADevices")
    with pytest.raises(UsageError):
        nobody.load()
    assert (unknown.value.slug, fresh.aws.count("ListMFADevices")) == ("user-unknown", asked + 1)


@pytest.mark.parametrize("keep", [Keep.HERE, Keep.PHONE])
def test_a_device_whose_secret_is_stored_is_continued_with(fresh: LoginSetup, load: LoadUser, keep: str) -> None:
    made = Enrollment(load(fresh)).create("", keep)
    fresh.new_process()
    again = Enrollment(load(fresh)).resume()
    assert again is not None
    assert (again.serial.text, again.keep, again.enabled) == (made.serial.text, keep, False)
    assert (again.seed, again.uri) == ((made.seed, made.uri) if keep == Keep.HERE else (None, None))
    assert fresh.notices == [f"The enrollment of {fresh.user.name} was started earlier, and continues."]
    Enrollment(load(fresh)).enable(made)
    fresh.scope.sleep(90)
    enabled = Enrollment(load(fresh)).resume()
    assert enabled is not None
    assert enabled.enabled


@pytest.mark.parametrize("phase", [Phase.ENABLED, Phase.VERIFIED])
def test_a_device_that_was_removed_meanwhile_is_forgotten(fresh: LoginSetup, load: LoadUser, phase: str) -> None:
    begin(fresh, load, phase)
    assert Enrollment(load(fresh)).resume() is None
    assert (phases(fresh), fresh.notices, fresh.aws.count("DeleteVirtualMFADevice")) == ([], [], 0)


def test_a_device_without_its_secret_is_deleted_unless_it_is_enabled(fresh: LoginSetup, load: LoadUser) -> None:
    begin(fresh, load, Phase.CREATED)
    assert Enrollment(load(fresh)).resume() is None
    assert (phases(fresh), fresh.aws.count("DeleteVirtualMFADevice"), fresh.notices) == ([], 1, [])
    Enrollment(load(fresh)).create("", Keep.PHONE)
    begin(fresh, load, Phase.CREATED)
    assert Enrollment(load(fresh)).resume() is None
    assert fresh.notices == [f"The device {fresh.user.name}, whose secret was lost, was deleted."]
    fresh.user.add_device(fresh.user.name)
    begin(fresh, load, Phase.CREATED)
    found = Enrollment(load(fresh)).resume()
    assert found is not None
    assert (found.enabled, found.seed) == (True, None)
    begin(fresh, load, Phase.CREATING)
    assert Enrollment(load(fresh)).resume() is None
    assert fresh.notices[-1] == f"The device {fresh.user.name} is enabled, so it was left alone."


def test_the_device_that_is_being_enrolled_cannot_be_replaced(fresh: LoginSetup, load: LoadUser) -> None:
    fresh.user.add_device(fresh.user.name)
    begin(fresh, load, Phase.ENABLED)
    with pytest.raises(UsageError) as caught:
        Enrollment(load(fresh), replaces=serial_of(fresh)).resume()
    assert caught.value.slug == "enrolment-begun"
    assert Enrollment(load(fresh), replaces=serial_of(fresh, "-other")).resume() is not None


def test_which_device_it_replaces_is_remembered(fresh: LoginSetup, load: LoadUser) -> None:
    fresh.user.add_device(fresh.user.name)
    begin(fresh, load, Phase.ENABLED, replaces=serial_of(fresh, "-old"))
    enrollment = Enrollment(load(fresh))
    made = enrollment.resume()
    assert made is not None
    assert enrollment.replaces == serial_of(fresh, "-old")
    enrollment.finish(made)
    assert phases(fresh) == [(serial_of(fresh), Phase.VERIFIED)]
    enrollment.drop_note(made)
    assert phases(fresh) == []


def test_the_last_of_several_is_continued_with_and_no_removal(fresh: LoginSetup, load: LoadUser) -> None:
    for phase, suffix in ((Phase.CREATED, "-1"), (Phase.ENABLED, "-2"), (Phase.REMOVING, "-3")):
        begin(fresh, load, phase, suffix=suffix)
    found = Enrollment(load(fresh)).unfinished()
    assert found is not None
    assert found.serial == serial_of(fresh, "-2")


def test_a_device_that_is_not_wanted_any_more(fresh: LoginSetup, load: LoadUser) -> None:
    enrollment = Enrollment(load(fresh))
    made = enrollment.create("", Keep.HERE)
    enrollment.abandon(made.serial.text)
    assert (phases(fresh), fresh.context.seeds.stored()) == ([], {})
    fresh.user.set_policy(policy_documents.SELF_SERVICE_MFA)
    kept = enrollment.create("", Keep.HERE)
    with pytest.raises(AwsRefused):
        enrollment.abandon(kept.serial.text)
    assert list(fresh.context.seeds.stored()) == [kept.serial.text]
