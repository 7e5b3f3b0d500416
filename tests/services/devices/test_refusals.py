"""What IAM's refusals say to a user: the cause, and who can do what about it."""

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.errors import NetworkProblem
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.devices.refusals import Action, DeviceRefused, DeviceRequest, device_error, device_left

CALLER = Caller("dev", AccessKeys("AKIAIOSFODNN7EXAMPLE", Secret("s")))
SERIAL = "arn:aws:iam::111122223333:mfa/{}"


def refused(
    code: str, action: str, device: str = "ana-2", *, message: str = "", fido_only: bool = False
) -> DeviceRefused:
    request = DeviceRequest(CALLER, "ana", action, SERIAL.format(device), fido_only=fido_only)
    error = device_error(AwsError(code, message, 403 if code == "AccessDenied" else 409), request)
    assert isinstance(error, DeviceRefused)
    assert error.code == code
    return error


@pytest.mark.parametrize(
    ("code", "action", "slug", "words"),
    [
        ("EntityAlreadyExists", Action.CREATE, "device-taken", "--name ana-NAME"),
        ("EntityAlreadyExists", Action.ENABLE, "device-assigned", "mfa-tui login dev"),
        ("LimitExceeded", Action.CREATE, "device-limit", "mfa-tui device remove dev --serial ARN"),
        ("LimitExceeded", Action.ENABLE, "device-limit", "mfa-tui device remove dev --serial ARN"),
        ("InvalidAuthenticationCode", Action.RESYNC, "codes-refused", "Wait for the next code"),
        ("NoSuchEntity", Action.DELETE, "device-gone", "mfa-tui device list dev"),
        ("DeleteConflict", Action.DELETE, "device-in-use", "mfa-tui device remove dev"),
        ("EntityTemporarilyUnmodifiable", Action.DEACTIVATE, "device-busy", "Try again in a minute."),
    ],
)
def test_each_code(code: str, action: str, slug: str, words: str) -> None:
    error = refused(code, action)
    assert error.slug == slug
    assert words in error.remedy
    assert "ana" in error.what


def test_names_that_policies_commonly_allow() -> None:
    other, own = refused("AccessDenied", Action.CREATE, "phone"), refused("AccessDenied", Action.CREATE, "ana-2")
    assert other.why.endswith("mfa/ana…")
    assert other.remedy == "Use such a name: mfa-tui device enroll dev --name ana"
    assert other.what == "AWS does not let ana create a virtual MFA device called phone."
    assert own.remedy.startswith("An administrator can allow iam:CreateVirtualMFADevice")
    # The name matters only where a device is created.
    assert refused("AccessDenied", Action.ENABLE, "phone").remedy.startswith("An administrator can allow")


def test_users_with_passkeys_only() -> None:
    assert "passkeys only" in refused("AccessDenied", Action.ENABLE, fido_only=True).why
    assert "Use such a name" in refused("AccessDenied", Action.CREATE, "phone", fido_only=True).remedy
    assert refused("AccessDenied", Action.ENABLE, message="Not with 123456.").why.startswith("Not with")


def test_other_failures_are_told_as_anywhere() -> None:
    listing = device_error(AwsError("AccessDenied", "No.", 403), DeviceRequest(CALLER, "ana"))
    assert not isinstance(listing, DeviceRefused)
    assert listing.what == "AWS denied the request of dev."
    assert isinstance(device_error(AwsUnreachable("dropped", "iam"), DeviceRequest(CALLER, "ana")), NetworkProblem)
    assert device_left(SERIAL.format("x"), "and so on").endswith(f"--serial-number {SERIAL.format('x')}")
