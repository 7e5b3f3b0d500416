"""What can go wrong at login, in a table: codes, keys and MFA devices, and a code that nobody can be asked for.

Each row has all that is said, the exit status, and how often AWS was asked. The AWS files stay as they are, byte for
byte, and at most four lines are said.
"""

import json

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import NOTHING_BEFORE_MFA
from tests.cli.trouble.scene import CODE, Row, Scene, check
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import quick_cases

pytestmark = pytest.mark.both_ways

SIX_DIGITS = """\
An MFA code has six digits.
{why}
Type the 6-digit code that your device shows; nothing was sent."""
NOT_ACCEPTED = """\
AWS did not accept the code for dev.
It may be mistyped, from another device, or already used: AWS takes each code once.
Wait for the next code, then try again."""


def reused_code(scene: Scene) -> None:
    other = Home(scene.home.path / "other", scene.aws.url)
    other.add_profile("dev", scene.user, scene.device)
    scene.env["SPENT"] = scene.device.code()
    assert other.run("login", "dev", "--code", scene.env["SPENT"]).returncode == 0
    scene.aws.reset()


def denied(scene: Scene) -> None:
    scene.forget_serial()
    scene.user.set_policy(NOTHING_BEFORE_MFA)


def several_devices(scene: Scene) -> None:
    scene.forget_serial()
    scene.user.add_device(scene.user.name + "-tablet")


def fido_only(scene: Scene) -> None:
    scene.user = scene.aws.add_user()
    scene.user.add_fido_device("key")
    scene.home.add_profile("fay", scene.user)


def no_device(scene: Scene) -> None:
    scene.user = scene.aws.add_user()
    scene.home.add_profile("new", scene.user)


TROUBLE = {
    # The code and options that were typed.
    "five digits": Row("login dev --code 12345", SIX_DIGITS.replace("{why}", "It has 5 digits."), 2),
    "letters": Row("login dev --code 12a456", SIX_DIGITS.replace("{why}", "It has characters other than digits."), 2),
    "full-width digits": Row(
        "login dev --code １２３４５６",
        SIX_DIGITS.replace("{why}", "Its digits are not the plain 0 to 9; switch the keyboard to ASCII."),
        2,
    ),
    "an empty code": Row(
        "login dev --code=",
        """\
--code is empty.
A variable in the command may not be set.
Give it a value, or leave it out; see mfa-tui login --help""",
        2,
    ),
    "duration out of range": Row(
        CODE + " --duration 5m",
        """\
AWS does not allow a session of 5 m.
Sessions last from 15 minutes to 36 hours (one hour at most for root).
Use --duration between 15m and 36h.""",
        2,
    ),
    "no duration": Row(
        CODE + " --duration soon",
        """\
'soon' is not a duration.
Write it as 12h, 90m, 1h30m or in seconds.""",
        2,
    ),
    "no serial": Row(
        CODE + " --serial dev",
        """\
The MFA serial in --serial is malformed.
A serial is an ARN such as arn:aws:iam::123456789012:mfa/NAME, or the number on a hardware token.
Look it up in the IAM console under your user's security credentials, and correct it.""",
        2,
    ),
    # Codes, keys and devices that AWS does not accept.
    "wrong code": Row("login dev --code 000000", NOT_ACCEPTED, 1, 1),
    "reused code": Row("login dev --code {SPENT}", NOT_ACCEPTED, 1, 1, reused_code),
    "wrong serial": Row(
        CODE + " --serial {device}x",
        """\
AWS does not recognize this MFA serial as one of the user's devices.
It was {device}x.
Look up the serial (mfa-tui device list dev, or the IAM console), then correct mfa_serial of dev or use --serial.""",
        1,
        1,
    ),
    "deleted key": Row(
        CODE,
        """\
AWS does not recognize the access key {key} of dev.
It was deleted or deactivated, or belongs to another partition.
If it was deactivated, an administrator can activate it: mfa-tui keys enable PROFILE --user NAME. Else put a new \
key into the credentials file.""",
        1,
        1,
        lambda scene: scene.user.delete_key(),
    ),
    "wrong secret": Row(
        CODE,
        """\
The secret access key of dev does not belong to {key}.
AWS refused the signature.
Copy both keys into the credentials file again. If the secret is lost, create a new access key.""",
        1,
        1,
        lambda scene: scene.home.credentials.write_text(
            f"[dev]\naws_access_key_id = {scene.user.access_key_id}\naws_secret_access_key = wrong\n"
        ),
    ),
    "FIDO serial configured": Row(
        CODE,
        """\
The MFA device in the profile 'dev' is a FIDO key or passkey, which only works in the browser.
AWS's API takes six-digit codes, which FIDO devices do not generate.
Use the serial of a virtual MFA device. If there is none, assign an authenticator app in the console, or use \
aws login (AWS CLI 2.32+, takes passkeys).""",
        2,
        0,
        lambda scene: scene.set(old=":mfa/", new=":u2f/user/"),
    ),
    "FIDO devices only": Row(
        "login fay --code 123456",
        """\
The user of fay has FIDO keys or passkeys only; they work in the browser, not in the API.
AWS's API takes six-digit codes, and only a session made with one can add a device.
Assign an authenticator app in the console, signed in with the key, then: mfa-tui device import fay; or use aws login \
(AWS CLI 2.32+, takes passkeys).""",
        2,
        1,
        fido_only,
    ),
    "no device": Row(
        "login new --code 123456",
        """\
The user of new has no MFA device.
Enroll one: mfa-tui device enroll new""",
        2,
        1,
        no_device,
    ),
    # Questions without a terminal to ask on.
    "nobody to type a code": Row(
        "login dev",
        """\
A code for dev is needed, and there is no terminal to ask on.
No secret is stored for {device}.
Log in with a code: mfa-tui login dev --code CODE; or store the secret: mfa-tui device import dev""",
        3,
    ),
    "nobody to type a code of the device that was named": Row(
        "login dev --serial {device}-tablet",
        """\
A code for dev is needed, and there is no terminal to ask on.
No secret is stored for {device}-tablet.
Log in with a code: mfa-tui login dev --serial {device}-tablet --code CODE; or store the secret: \
mfa-tui device import dev --serial {device}-tablet""",
        3,
    ),
    "several devices": Row(
        CODE,
        """\
The MFA device of dev is not known, and there is no terminal to ask on.
The user has several MFA devices. They are {device} and {device}-tablet.
Use --serial ARN, or add mfa_serial to the profile.""",
        3,
        1,
        several_devices,
    ),
    "devices may not be listed": Row(
        CODE,
        """\
The MFA device of dev is not known, and there is no terminal to ask on.
AWS does not let this user list MFA devices before MFA.
Use --serial ARN, or add mfa_serial to the profile.""",
        3,
        1,
        denied,
    ),
}


@quick_cases(5)
@pytest.mark.parametrize("row", TROUBLE.values(), ids=TROUBLE)
def test_trouble(scene: Scene, row: Row) -> None:
    check(scene, row)


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{code[0]}{code[1]}{code[2]} {code[3]}{code[4]}{code[5]}\t"])
def test_a_code_may_be_pasted_with_spaces(scene: Scene, typed: str) -> None:
    result = scene.home.run("login", "dev", "--code", typed.format(code=scene.device.code()))
    assert (result.returncode, result.stderr, scene.aws.count()) == (0, "", 1)


@pytest.mark.parametrize("seconds", [600, -600])
def test_a_clock_that_is_off_by_ten_minutes_needs_no_second_code(scene: Scene, seconds: int) -> None:
    # The first request is refused for its signature's time, before AWS looks at the code.
    scene.aws.clock.offset = seconds
    result = scene.home.run("login", "dev", "--code", scene.device.code())
    off = "10 m behind" if seconds > 0 else "10 m ahead of"
    assert (
        result.stderr == f"mfa-tui: This machine's clock is {off} AWS's; that was allowed for. Set it when you can.\n"
    )
    assert (result.returncode, scene.aws.count()) == (0, 2)
    assert len(scene.aws.steps(scene.device.serial).attempted) == 1


def test_json_has_the_same_error(scene: Scene) -> None:
    result = scene.home.run("login", "dev", "--code", "000000", "--json")
    assert json.loads(result.stdout) == {
        "logins": [
            {
                "profile": "dev",
                "error": {
                    "code": "code-refused",
                    "what": "AWS did not accept the code for dev.",
                    "why": "It may be mistyped, from another device, or already used: AWS takes each code once.",
                    "remedy": "Wait for the next code, then try again.",
                    "exit_status": 1,
                },
            }
        ]
    }
    assert result.returncode == 1
