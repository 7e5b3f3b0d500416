"""What removing a device means, in sentences; against IAM in memory."""

import pytest

from mfa_tui.adapters.aws.caller import AwsError
from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.text.display import format_account
from mfa_tui.errors import MfaTuiError
from mfa_tui.services.devices.enrollment import Enrollment, Keep
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.removal import consequences, describe_consequences, describe_removal, point_profiles
from tests.support.aws.iam_double import ACCOUNT, IamDouble, denied, no_such_entity
from tests.support.homes.bench import DEV, ROLES, SERIAL

PHONE, TABLET = f"{SERIAL}-phone", f"{SERIAL}-tablet"
PASSKEY = f"arn:aws:iam::{ACCOUNT}:u2f/user/ana/key"
TOKEN = "GAHT12345678"
STOP = "Its codes stop working, on a phone or elsewhere."
NOTHING = "ana will have no MFA: policies that require it then deny everything."
LOCKED_OUT = "dev can no longer log in with it."


def loaded(iam: IamDouble, *serials: str) -> IamUser:
    iam.devices.clear()
    for serial in serials:
        iam.add_device(serial)
    user = IamUser(iam.operation(), "dev")
    user.load()
    return user


def described(iam: IamDouble, *serials: str, successor: str = "") -> list[str]:
    """The sentences about the removal of the first of *serials*."""
    user = loaded(iam, *serials)
    return describe_consequences(user, consequences(user, serials[0]), successor)


def test_the_only_device(iam: IamDouble) -> None:
    assert described(iam, SERIAL) == [LOCKED_OUT, STOP, NOTHING]
    # A passkey beside it generates no codes.
    assert described(iam, SERIAL, PASSKEY) == [LOCKED_OUT, STOP, NOTHING]
    assert described(iam, SERIAL, successor="new") == ["dev will name new.", STOP, NOTHING]


def test_one_of_several(iam: IamDouble) -> None:
    assert described(iam, SERIAL, PHONE) == ["dev will name ana-phone.", STOP]
    assert described(iam, SERIAL, PHONE, TABLET) == [LOCKED_OUT, STOP, "ana-phone and ana-tablet remain."]
    assert described(iam, PHONE, SERIAL) == [STOP, "ana remains."]
    assert described(iam, PHONE, SERIAL, successor="new") == [STOP]


def test_one_without_codes(iam: IamDouble) -> None:
    assert described(iam, PASSKEY, SERIAL) == ["It no longer signs you in to the console, either.", "ana remains."]
    assert described(iam, PASSKEY) == ["It no longer signs you in to the console, either."]


def test_many_profiles_are_counted(iam: IamDouble) -> None:
    iam.bench.write(ROLES, DEV + "".join(DEV.replace("[dev]", f"[p{number}]") for number in range(4)))
    assert described(iam, SERIAL)[0] == "admin, audit, dev, p0 and 3 more can no longer log in with it."
    others = (f"{SERIAL}{number}" for number in range(5))
    assert described(iam, SERIAL, *others)[-1] == "ana0, ana1, ana2, ana3 and 1 more remain."


@pytest.mark.parametrize(("serial", "does"), [(SERIAL, "Deactivates and deletes"), (TOKEN, "Deactivates")])
def test_the_whole(iam: IamDouble, serial: str, does: str) -> None:
    user = loaded(iam, serial)
    first, *rest = describe_removal(user, consequences(user, serial))
    assert first.startswith(f"{does} the MFA device ")
    assert first.endswith(f" of ana (account {format_account(ACCOUNT)}).")
    assert rest == describe_consequences(user, consequences(user, serial))


def test_where_aws_does_not_list_the_devices(iam: IamDouble) -> None:
    iam.failures["list_devices"] = denied("ListMFADevices")
    user = loaded(iam)
    assert user.devices is None
    assert describe_consequences(user, consequences(user, SERIAL)) == [LOCKED_OUT, STOP]


def test_profiles_that_were_changed_meanwhile_stay_as_they_are(iam: IamDouble) -> None:
    ops = DEV.replace("[dev]", "[ops]")
    iam.bench.write("", DEV + ops)
    user = loaded(iam, SERIAL, PHONE)
    iam.bench.credentials.write_text(DEV + ops.replace(SERIAL, TABLET))
    assert point_profiles(user, SERIAL, PHONE) == ("dev", "ops")
    assert iam.bench.credentials.read_text() == DEV.replace(SERIAL, PHONE) + ops.replace(SERIAL, TABLET)


@pytest.mark.parametrize(
    ("failure", "notice"),
    [
        (None, "The device ana, whose secret was lost, was deleted."),
        (no_such_entity(), ""),
        (AwsError("DeleteConflict", "", 409), "The device ana is enabled, so it was left alone."),
        (denied("DeleteVirtualMFADevice"), "The device ana is still at AWS, and its secret is lost. An administrator"),
        (AwsError("Throttling", "", 400), None),
    ],
)
def test_a_device_whose_secret_was_lost(iam: IamDouble, failure: AwsError | None, notice: str | None) -> None:
    user = loaded(iam)
    journal = EnrollmentJournal(iam.bench.context.paths)
    journal.put(JournalEntry(SERIAL, ACCOUNT, "ana", Keep.HERE, Phase.CREATED))
    if failure is not None:
        iam.failures["delete_device"] = failure
    if notice is None:
        with pytest.raises(MfaTuiError):
            Enrollment(user).resume()
        assert [note.serial for note in journal.entries()] == [SERIAL]
    else:
        assert Enrollment(user).resume() is None
        assert [each.partition(" can delete")[0] for each in iam.bench.notices] == ([notice] if notice else [])
        assert journal.entries() == ()
