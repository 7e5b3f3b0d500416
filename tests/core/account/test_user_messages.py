"""The texts that an administrator sends to a user: they speak of the kinds of devices that there were, and are."""

import pytest

from mfa_tui.core.account.user_messages import enrolled_message, reset_message
from mfa_tui.core.aws.mfa_serial import MfaSerial

APP, APP_2, KEY, TOKEN = map(
    MfaSerial,
    (
        "arn:aws:iam::111122223333:mfa/tom",
        "arn:aws:iam::111122223333:mfa/tom-2",
        "arn:aws:iam::111122223333:u2f/user/tom/blue-ABC",
        "GAHT12345678",
    ),
)
GONE = "for the AWS account 1 was removed and no longer works."
ONE_ENTRY = "Delete the old entry from your authenticator app."
PASSKEY = "If you saved a passkey for it, delete that passkey from your phone or password manager."
ENROLL = "Enroll a new device:"


@pytest.mark.parametrize(
    ("removed", "left", "lines"),
    [
        ([APP], [], [f"your MFA device tom {GONE}", ONE_ENTRY, ENROLL]),
        ([KEY], [], [f"your security key or passkey blue-ABC {GONE}", PASSKEY, ENROLL]),
        ([TOKEN], [], [f"your hardware token GAHT12345678 {GONE}", ENROLL]),
        (
            [APP, APP_2],
            [KEY],
            [
                "your MFA devices tom and tom-2 for the AWS account 1 were removed and no longer work.",
                "Delete the old entries from your authenticator app.",
                "You can still use blue-ABC in the AWS console. To get a device that generates codes:",
            ],
        ),
        (
            [APP, KEY],
            [TOKEN, APP_2],
            [
                (
                    "your MFA device tom and security key or passkey blue-ABC for the AWS account 1 were removed "
                    "and no longer work."
                ),
                ONE_ENTRY,
                PASSKEY,
                "Use GAHT12345678 and tom-2 from now on.",
            ],
        ),
    ],
)
def test_a_reset(removed: list[MfaSerial], left: list[MfaSerial], lines: list[str]) -> None:
    text = reset_message("tom", "1", removed, left).splitlines()
    assert text[0] == "Hello tom,"
    assert [line for line in text[1:-1] if not line.startswith("  ")] == lines
    assert text[-1] == "If you did not ask for this, tell your administrator at once."


def test_an_enrollment() -> None:
    assert "authenticator" not in enrolled_message("tom", "1", APP)
    assert "authenticator" not in (text := enrolled_message("tom", "1", APP, [KEY]))
    assert "Your security key or passkey blue-ABC no longer works." in text
    assert ONE_ENTRY in enrolled_message("tom", "1", APP_2, [APP])
