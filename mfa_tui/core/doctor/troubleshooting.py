"""Trouble with MFA: what can be done here, and what an administrator must do, by whom the interface and docs/ tell it.

Calls and console paths are those of the IAM User Guide: «Recover an MFA protected identity in IAM»,
«Resynchronize virtual and hardware MFA devices», «AWS: Allows MFA-authenticated IAM users to manage their own MFA
device», «Multi-factor authentication for AWS account root user», «Centrally manage root access for member accounts».
"""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One thing to do. ``command`` is to be run; ``key`` is the interface's command that does the same."""

    text: str
    command: str = ""
    key: str = ""


class Topic(NamedTuple):
    """One kind of trouble. ``sign``: what one sees; ``slugs``: the errors that mean it."""

    id: str
    title: str
    sign: str
    here: tuple[Step, ...]
    administrator: tuple[Step, ...]
    slugs: tuple[str, ...] = ()


_CONSOLE = "In the console: IAM, Users, USER, Security credentials, Multi-factor authentication (MFA)"

TOPICS = (
    Topic(
        "lost",
        "The device is lost, or the phone is a new one",
        "The device's codes can no longer be made, or soon they cannot.",
        (
            Step(
                "If its secret is stored on this machine, nothing is lost: show it to the new phone as a QR code.",
                "mfa-tui device export PROFILE",
                "device-export",
            ),
            Step(
                "If there is a backup of the secrets, put it back.",
                "mfa-tui device restore FILE",
                "device-restore",
            ),
            Step(
                "If the user has another device, log in with that one; mfa-tui offers the user's devices (^d in the "
                "code dialog).",
                "mfa-tui login PROFILE --serial ARN",
                "login",
            ),
            Step(
                "Then replace the lost device with a new one, so that the old one is of no use to anyone who finds it.",
                "mfa-tui device replace PROFILE --serial ARN-OF-THE-LOST-ONE",
                "device-replace",
            ),
        ),
        (
            Step("See which devices the user has.", "aws iam list-mfa-devices --user-name USER"),
            Step(
                "Take the lost one from the user, which ends what its finder could do with it.",
                "aws iam deactivate-mfa-device --user-name USER --serial-number ARN",
            ),
            Step("Delete it, if it is a virtual one.", "aws iam delete-virtual-mfa-device --serial-number ARN"),
            Step(f"{_CONSOLE}: choose the device, Remove."),
            Step("Then the user enrolls a new one, with the same access keys.", "mfa-tui device enroll PROFILE"),
        ),
    ),
    Topic(
        "code",
        "A code is refused",
        '"AWS did not accept the code": AWS says the same of a wrong code, a used one, and one of another device.',
        (
            Step("Wait for the next code and give that one: AWS takes each code once only."),
            Step(
                "Compare the device that mfa-tui asks for with the entry in the authenticator app: account and user "
                "must be the same.",
                "mfa-tui list",
            ),
            Step(
                "After many refusals wait for some minutes: AWS may refuse right codes, too, when a device's codes are "
                "tried too often."
            ),
            Step("Check this machine's clock, and what else may be wrong.", "mfa-tui doctor PROFILE"),
            Step(
                "If the phone's clock is wrong, set it to automatic: codes are made from the time.",
            ),
            Step(
                "If the right code is still refused, the device is out of step.",
                "mfa-tui device resync PROFILE",
                "device-resync",
            ),
            Step(
                "If a stored secret makes wrong codes, it is not that of the device: import the right one.",
                "mfa-tui device import PROFILE",
                "device-import",
            ),
        ),
        (
            Step(
                "See whether the serial in the user's profile is one of the user's devices.",
                "aws iam list-mfa-devices --user-name USER",
            ),
        ),
        ("code-refused", "codes-refused", "serial-refused"),
    ),
    Topic(
        "sync",
        "A device is out of step",
        "Right codes of the right device are refused. Hardware tokens drift over the years.",
        (
            Step(
                "Have AWS find the device's time again, by two codes that follow each other. A stored secret does it "
                "by itself; otherwise type both.",
                "mfa-tui device resync PROFILE --serial ARN",
                "device-resync",
            ),
        ),
        (
            Step(
                "The user reads two codes that follow each other to the administrator, who gives them at once.",
                "aws iam resync-mfa-device --user-name USER --serial-number ARN --authentication-code1 CODE1 "
                "--authentication-code2 CODE2",
            ),
            Step(f"{_CONSOLE}: choose the device, Resync."),
        ),
    ),
    Topic(
        "locked",
        "Locked out",
        "Everything is denied: the policies want MFA, and no device gives codes, or none can be enabled.",
        (
            Step(
                "Look for another device of the user, or a backup of the secrets.",
                "mfa-tui device restore FILE",
                "device-restore",
            ),
            Step(
                "If the user has no device at all, enroll one: policies commonly allow that without MFA.",
                "mfa-tui device enroll PROFILE",
                "device-enroll",
            ),
            Step(
                "If a name is refused, take the user's own: policies commonly allow only names that begin with it.",
                "mfa-tui device enroll PROFILE --name USER",
                "device-enroll",
            ),
            Step("If the keys themselves are refused, they were deleted or deactivated.", "mfa-tui doctor PROFILE"),
        ),
        (
            Step(
                "See which devices the user has, and which belong to no user.",
                "aws iam list-mfa-devices --user-name USER",
            ),
            Step("A device that was made and never enabled holds its name.", "aws iam list-virtual-mfa-devices"),
            Step(
                "Remove what the user can no longer use.",
                "aws iam deactivate-mfa-device --user-name USER --serial-number ARN",
            ),
            Step(
                "Delete it: only then can another be made with its name.",
                "aws iam delete-virtual-mfa-device --serial-number ARN",
            ),
            Step(
                "Let the user enroll without MFA: a policy that denies everything without MFA must leave out "
                "iam:CreateVirtualMFADevice, iam:EnableMFADevice and iam:ListMFADevices. That policies leave out "
                "sts:GetSessionToken, too, is customary and without effect: none can deny it.",
                "aws iam list-user-policies --user-name USER",
            ),
            Step("See whether the access key is active.", "aws iam list-access-keys --user-name USER"),
        ),
        ("denied", "device-denied", "device-assigned"),
    ),
    Topic(
        "list",
        "No permission for ListMFADevices",
        '"AWS does not let this user list MFA devices before MFA": then mfa-tui cannot find the device by itself.',
        (
            Step(
                "Name the device: its ARN stands in the console under the user's security credentials.",
                "mfa-tui login PROFILE --serial ARN",
                "login",
            ),
            Step(
                "Save it in the profile, so that it is asked for once only: tick that in the code dialog (^r), or set "
                "it by hand.",
                "aws configure set mfa_serial ARN --profile PROFILE",
                "remember",
            ),
        ),
        (
            Step("Tell the user the device's ARN.", "aws iam list-mfa-devices --user-name USER"),
            Step(
                "Or allow iam:ListMFADevices on arn:aws:iam::*:user/${aws:username}, also without MFA.",
                "aws iam put-user-policy --user-name USER --policy-name ListOwnMFADevices --policy-document "
                "file://policy.json",
            ),
        ),
        ("list-denied",),
    ),
    Topic(
        "fido",
        "FIDO keys or passkeys only",
        "The user's devices work in the browser only: AWS's API takes six-digit codes, which they do not give.",
        (
            Step(
                "Add an authenticator app in the console, signed in with the key: the user's name at the top right, "
                "Security credentials, Assign MFA device, Authenticator app, Show secret key. AWS's API adds a device "
                "to others only for a session made with codes.",
            ),
            Step(
                "Then store that secret here; or scan its QR code with a phone, and type the codes.",
                "mfa-tui device import PROFILE",
                "device-import",
            ),
            Step(
                "Or do without codes: aws login signs in through the browser, with FIDO keys and passkeys, and gives "
                "the AWS CLI and SDKs a session that lasts up to 12 hours. It is AWS's own way, and the simpler one if "
                "you have no other device. It needs AWS CLI 2.32 or newer, a console password, and a profile of its "
                "own: keys in a profile would outrank it.",
                "aws login --profile NAME",
            ),
        ),
        (
            Step(
                "Allow aws login.",
                "aws iam attach-user-policy --user-name USER --policy-arn "
                "arn:aws:iam::aws:policy/SignInLocalDevelopmentAccess",
            ),
            Step(
                "Make a virtual device for the user, and hand its QR code over.",
                "aws iam create-virtual-mfa-device --virtual-mfa-device-name USER --outfile qr.png "
                "--bootstrap-method QRCodePNG",
            ),
            Step(
                "Enable it with two codes that follow each other, as the user reads them out.",
                "aws iam enable-mfa-device --user-name USER --serial-number ARN --authentication-code1 CODE1 "
                "--authentication-code2 CODE2",
            ),
        ),
        ("fido-only", "serial-fido"),
    ),
    Topic(
        "root",
        "The root user",
        "The keys are those of an account's root user, whose MFA devices cannot be managed through AWS's API.",
        (
            Step(
                "Do it in the console, signed in as root: the account's name at the top right, Security credentials, "
                "Multi-factor authentication (MFA), Assign MFA device.",
            ),
            Step(
                "If root's device is lost: at the sign-in page, \"Troubleshoot MFA\", then by the account's e-mail "
                "address and telephone.",
            ),
            Step(
                "Work as an IAM user or a role instead, and delete root's access keys.",
                "aws iam delete-access-key --access-key-id KEY-ID",
            ),
        ),
        (
            Step(
                "In an organisation, the management account can do without root in member accounts. Switch that on.",
                "aws organizations enable-aws-service-access --service-principal iam.amazonaws.com",
            ),
            Step(
                "Let the management account manage what root of the member accounts has.",
                "aws iam enable-organizations-root-credentials-management",
            ),
            Step(
                "Then, for one member account, take a session that may do just that.",
                "aws sts assume-root --target-principal ACCOUNT --task-policy-arn "
                "arn=arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
            ),
            Step(
                "With it, take root's device away; the password and the access keys go alike.",
                "aws iam deactivate-mfa-device --serial-number arn:aws:iam::ACCOUNT:mfa/NAME",
            ),
        ),
        ("root-device",),
    ),
)


_WORDS = """\
PROFILE is a profile of yours, USER the IAM user's name, ARN a device's serial, such as
`arn:aws:iam::123456789012:mfa/ana`. In the interface, `h` shows these pages, and `d` a user's devices."""


def topic_of(slug: str) -> Topic | None:
    """The trouble that an error means."""
    return next((topic for topic in TOPICS if slug in topic.slugs), None)


def markdown() -> str:
    """All topics as ``docs/trouble.md``."""
    parts = [
        "# Trouble with MFA",
        _WORDS,
        "\n".join(f"- [{topic.title}](#{_anchor(topic.title)})" for topic in TOPICS),
    ]
    for topic in TOPICS:
        parts += [f"## {topic.title}", topic.sign, "Here:", _listed(topic.here)]
        parts += ["An administrator:", _listed(topic.administrator)]
    return "\n\n".join(parts) + "\n"


def _listed(steps: tuple[Step, ...]) -> str:
    return "\n".join(
        f"- {step.text}" + (f"\n  ```sh\n  {step.command}\n  ```" if step.command else "") for step in steps
    )


def _anchor(title: str) -> str:
    """As GitHub makes it: lower case, spaces as dashes, other signs left out."""
    return "".join("-" if letter == " " else letter for letter in title.lower() if letter.isalnum() or letter in " -")
