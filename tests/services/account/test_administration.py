"""What an administrator does for a colleague: who signs, what is said first, what is refused."""

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.adapters.aws.iam import Identity
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.text.display import format_account
from mfa_tui.errors import AwsRefused, MfaTuiError, NetworkProblem, UsageError
from mfa_tui.models import Session
from mfa_tui.services.account.administered_user import AdministeredUser, check_user_name
from mfa_tui.services.account.administration import (
    KeyOfUser,
    ResetOutcome,
    check_listed,
    check_other,
    describe_enrollment,
    describe_key_change,
    describe_reset,
    list_keys,
    reset_devices,
    set_key_status,
)
from mfa_tui.services.devices.enrollment import Keep
from tests.support.aws.iam_double import ACCOUNT, DAY, IamDouble, KeyRecord, denied, device, no_such_entity
from tests.support.homes.bench import KEY, NOW, session

THEIRS = "AKIABOBBOBBOBBOBBOB1"
PHONE = f"arn:aws:iam::{ACCOUNT}:mfa/phone"
TABLET = f"arn:aws:iam::{ACCOUNT}:mfa/tablet"
PASSKEY = f"arn:aws:iam::{ACCOUNT}:u2f/user/bob/passkey"
TOKEN = "GAHT12345678"
ALONE = "Until bob enrolls a new device, password or keys alone are enough to sign in."
STAY = "Sessions that were made with the device stay valid until they expire, 36 hours at most."


def loaded(iam: IamDouble, name: str = "bob", by: Session | None = None) -> AdministeredUser:
    user = AdministeredUser(iam.operation(), "dev", name, by)
    user.load()
    return user


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("a", True),
        ("x" * 64, True),
        ("a_+=,.@-9", True),
        ("", False),
        ("x" * 65, False),
        ("a b", False),
        ("a\n", False),
    ],
)
def test_names_of_users(name: str, valid: bool) -> None:
    if valid:
        check_user_name(name)
    else:
        with pytest.raises(UsageError) as error:
            check_user_name(name)
        assert error.value.slug == "user-name"


def test_the_administrators_session_signs(iam: IamDouble) -> None:
    assert loaded(iam).identity == Identity(ACCOUNT, "aws", "bob")
    assert {key for _, key in iam.calls} == {KEY}
    del iam.calls[:]
    own = session()
    user = loaded(iam, by=own)
    assert {key for _, key in iam.calls} == {own.access_key_id}
    assert (user.administrator, user.command("mfa-tui device list PROFILE")) == (
        "ana",
        "mfa-tui device list dev --user bob",
    )
    assert user.session_request().profile == "dev"
    assert user.owns(iam.bench.profile())


def test_when_the_administrator_must_log_in_again(iam: IamDouble) -> None:
    assert not loaded(iam).needs_session()  # Long-term keys need none.
    for left, needed in ((61, False), (60, True)):
        assert loaded(iam, by=session(left)).needs_session() == needed
    user = loaded(iam, by=session(0))
    assert user.find_session() is None
    user.use_session(session())
    assert not user.needs_session()
    error = user.error(AwsError("ExpiredToken", "", 403))
    assert (error.slug, error.what) == ("session-expired", "The session of dev has expired.")
    assert user.error(AwsError("AccessDenied", "", 403)).slug != "session-expired"


def test_an_unknown_user(iam: IamDouble) -> None:
    user = AdministeredUser(iam.operation(), "dev", "eve", None)
    assert user.administrator == "dev"
    assert not user.is_own
    with pytest.raises(UsageError) as error:
        user.load()
    assert (error.value.slug, iam.bench.cancel.waited) == ("user-unknown", [])
    with pytest.raises(UsageError):
        user.load(may_be_new=True)
    assert iam.bench.cancel.waited == [1.0, 2.0, 4.0]
    assert iam.names().count("list_devices") == 5


def test_devices_that_may_not_be_listed(iam: IamDouble) -> None:
    check_listed(loaded(iam))
    iam.failures["list_devices"] = denied("ListMFADevices")
    user = loaded(iam)
    assert user.devices is None
    with pytest.raises(AwsRefused) as error:
        check_listed(user)
    assert error.value.what == "AWS does not let ana list the MFA devices of bob."
    for failure in (AwsError("Throttling", "", 400), AwsUnreachable("dropped", "iam.amazonaws.com")):
        iam.failures["list_devices"] = failure
        with pytest.raises(MfaTuiError):
            loaded(iam)


def test_the_administrator_itself(iam: IamDouble) -> None:
    check_other(loaded(iam))
    iam.user = "Ana"
    iam.colleague = "ana"
    user = loaded(iam, "ana")
    for refused in (
        lambda: check_other(user),
        lambda: set_key_status(user, KEY, active=False),
        lambda: reset_devices(user, []),
    ):
        with pytest.raises(UsageError) as error:
            refused()
        assert error.value.slug == "own-user"


def test_the_keys(iam: IamDouble) -> None:
    user = loaded(iam)
    assert list_keys(user) == ()
    iam.colleagues_keys = {THEIRS: KeyRecord(active=False, created_at=NOW - 9 * DAY, used_at=None), "B": KeyRecord()}
    unused = KeyOfUser(THEIRS, active=False, created_at=NOW - 9 * DAY, last_used_at=None)
    used = KeyOfUser("B", active=True, created_at=NOW - 100 * DAY, last_used_at=NOW - DAY)
    assert list_keys(user) == (unused, used)
    iam.failures["last_use"] = denied("GetAccessKeyLastUsed")
    assert list_keys(user) == (unused._replace(use_known=False), used._replace(last_used_at=None, use_known=False))
    for failure in (no_such_entity(), AwsUnreachable("dropped", "iam.amazonaws.com")):
        iam.failures["list_access_keys"] = failure
        with pytest.raises(MfaTuiError):
            list_keys(user)
    iam.failures["list_access_keys"] = denied("ListAccessKeys")
    assert list_keys(user) is None


def test_disabling_and_enabling_a_key(iam: IamDouble) -> None:
    iam.colleagues_keys[THEIRS] = KeyRecord()
    user = loaded(iam)
    for active in (False, True):
        set_key_status(user, THEIRS, active=active)
        assert iam.colleagues_keys[THEIRS].active == active
    assert describe_key_change(user, THEIRS, active=True) == [f"The key {THEIRS} of bob works again, wherever it is."]
    assert describe_key_change(user, THEIRS, active=False) == [
        f"The key {THEIRS} of bob stops working, everywhere it is used.",
        "Sessions made with it may stop working too. It can be enabled again.",
    ]


@pytest.mark.parametrize(
    ("failure", "kind", "slug"),
    [
        (None, UsageError, "key-not-users"),
        (denied("UpdateAccessKey"), AwsRefused, "key-denied"),
        (AwsError("Throttling", "", 400), MfaTuiError, "throttled"),
        (AwsUnreachable("dropped", "iam.amazonaws.com"), NetworkProblem, "network-dropped"),
    ],
)
def test_keys_that_cannot_be_disabled(
    iam: IamDouble, failure: AwsError | AwsUnreachable | None, kind: type[MfaTuiError], slug: str
) -> None:
    if failure is not None:
        iam.failures["set_key_status"] = failure
    with pytest.raises(kind) as error:
        set_key_status(loaded(iam), THEIRS, active=False)
    assert error.value.slug == slug


def test_an_enrollment_in_words(iam: IamDouble) -> None:
    user = loaded(iam)
    creates = f"Creates and enables a virtual MFA device for bob (account {format_account(ACCOUNT)}), signed as ana."
    scans = "bob scans the QR code with an authenticator app."
    kept = "The secret is kept here: this machine can generate codes in the user's name."
    types = "Then bob types two consecutive codes, or reads them to you. The secret is not kept here."
    assert describe_enrollment(user, Keep.HERE, unfinished=False) == [creates, kept]
    assert describe_enrollment(user, Keep.BOTH, unfinished=False) == [creates, scans, kept]
    assert describe_enrollment(user, Keep.PHONE, unfinished=False) == [creates, scans, types]
    assert describe_enrollment(user, Keep.HERE, unfinished=True)[0] == creates.replace(
        "Creates and enables", "Finishes the enrollment of"
    )


def test_a_reset_in_words(iam: IamDouble) -> None:
    iam.colleagues_devices = [device(PHONE), device(TABLET), device(TOKEN), device(PASSKEY)]
    user = loaded(iam)
    of_bob = f"of bob (account {format_account(ACCOUNT)}), signed as ana."
    assert describe_reset(user, [PHONE]) == [
        f"Deactivates and deletes the MFA device phone {of_bob}", f"bob keeps tablet, {TOKEN} and passkey.", STAY,
    ]  # fmt: skip
    assert describe_reset(user, [TOKEN])[0] == f"Deactivates the MFA device {TOKEN} {of_bob}"
    assert ResetOutcome((MfaSerial(TOKEN),), "").sentence == f"Deactivated the MFA device {TOKEN}."
    assert describe_reset(user, [PHONE, TABLET, TOKEN, PASSKEY])[1:] == [ALONE, STAY]
    iam.colleagues_devices = [device(PASSKEY)]
    assert describe_reset(loaded(iam), [PASSKEY])[1:] == [
        ALONE, "Sign-ins to the console with it stay valid until they expire, 12 hours at most.",
    ]  # fmt: skip
    assert describe_reset(user, []) == ["Finishes the removal that was interrupted earlier, signed as ana."]
    with pytest.raises(UsageError) as error:
        describe_reset(loaded(iam), [PHONE])
    assert error.value.slug == "device-unknown"


def test_a_reset(iam: IamDouble) -> None:
    iam.colleagues_devices = [device(PHONE), device(TABLET)]
    done = reset_devices(loaded(iam), [PHONE])
    assert [serial.name for serial in done.removed] == ["phone"]
    assert done.sentence == "Deactivated and deleted the MFA device phone."
    assert [each.serial.name for each in iam.colleagues_devices] == ["tablet"]
    assert "Use tablet from now on." in done.message
    assert ("deactivate_device", KEY) in iam.calls
    assert ("delete_device", KEY) in iam.calls


def test_an_interrupted_reset_is_finished_first(iam: IamDouble) -> None:
    iam.colleagues_devices = [device(PHONE), device(TABLET)]
    iam.failures["delete_device"] = AwsUnreachable("dropped", "iam.amazonaws.com")
    with pytest.raises(NetworkProblem):
        reset_devices(loaded(iam), [PHONE])
    iam.failures.clear()
    done = reset_devices(loaded(iam), [PHONE, TABLET])
    assert [serial.name for serial in done.removed] == ["phone", "tablet"]
    assert done.sentence == "Deactivated and deleted the MFA devices phone and tablet."
    assert iam.colleagues_devices == []
