"""What removing a device means, in sentences; against IAM in memory."""

import pytest

from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.removal import consequences, describe_consequences, describe_removal
from tests.support.bench import DEV, ROLES, SERIAL
from tests.support.iam_double import ACCOUNT, IamDouble, denied

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
    assert first.endswith(f" of ana (account {ACCOUNT}).")
    assert rest == describe_consequences(user, consequences(user, serial))


def test_where_aws_does_not_list_the_devices(iam: IamDouble) -> None:
    iam.failures["list_devices"] = denied("ListMFADevices")
    user = loaded(iam)
    assert user.devices is None
    assert describe_consequences(user, consequences(user, SERIAL)) == [LOCKED_OUT, STOP]
