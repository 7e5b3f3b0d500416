"""Trouble with MFA: what users can do themselves, and what an administrator must do; shown in the interface and docs/.

Calls and console paths are those of the IAM User Guide: "Recover an MFA protected identity in IAM", "Resynchronize
virtual and hardware MFA devices", "AWS: Allows MFA-authenticated IAM users to manage their own MFA device",
"Multi-factor authentication for AWS account root user", "Centrally manage root access for member accounts".
"""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One thing to do."""

    text: str
    """What to do, in one or two sentences."""
    command: str = ""
    """The command line to run; empty if there is none."""
    key: str = ""
    """The id of the interface's command that does the same; empty if there is none."""


class Topic(NamedTuple):
    """One kind of trouble, with the steps that solve it."""

    id: str
    """A short stable name."""
    title: str
    """The heading."""
    sign: str
    """How users recognize it."""
    here: tuple[Step, ...]
    """What users can do themselves."""
    administrator: tuple[Step, ...]
    """What an administrator of the account can do."""
    slugs: tuple[str, ...] = ()
    """The slugs of the errors that lead here."""


_CONSOLE = "In the console: IAM, Users, USER, Security credentials, Multi-factor authentication (MFA)"

TOPICS = (
    Topic(
        "lost",
        "The device is lost, or you have a new phone",
        "The device can no longer generate codes, or soon will not be able to.",
        (
            Step(
                "If its secret is stored on this machine, nothing is lost: show it to the new phone as a QR code.",
                "mfa-tui device export PROFILE",
                "device-export",
            ),
            Step(
                "If there is a backup of the secrets, restore it.",
                "mfa-tui device restore FILE",
                "device-restore",
            ),
            Step(
                "If the user has another device, log in with that one; mfa-tui lists the user's devices (^d in the "
                "code dialog).",
                "mfa-tui login PROFILE --serial ARN",
                "login",
            ),
            Step(
                "Then replace the lost device with a new one, so that the old one is useless to anyone who finds it.",
                "mfa-tui device replace PROFILE --serial ARN-OF-THE-LOST-ONE",
                "device-replace",
            ),
        ),
        (
            Step(
                "With mfa-tui: remove the lost device, and send the user the text that this prints. ADMIN is the "
                "administrator's own profile.",
                "mfa-tui device reset ADMIN --user USER",
            ),
            Step("Or with the AWS CLI: see which devices the user has.", "aws iam list-mfa-devices --user-name USER"),
            Step(
                "Deactivate the lost one, so that it is useless to anyone who finds it.",
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
        '"AWS did not accept the code": AWS gives the same answer for a wrong code, a used one, and another device\'s.',
        (
            Step("Wait for the next code, then try again: AWS takes each code only once."),
            Step(
                "Compare the device that mfa-tui asks for with the entry in the authenticator app: account and user "
                "must be the same.",
                "mfa-tui list",
            ),
            Step(
                "After several refusals, wait a few minutes: AWS may refuse even correct codes when a device's codes "
                "are tried too often."
            ),
            Step("Check this machine's clock, and whatever else may be wrong.", "mfa-tui doctor PROFILE"),
            Step(
                "If the phone's clock is wrong, set it to automatic: codes depend on the time.",
            ),
            Step(
                "If a correct code is still refused, the device's clock has drifted.",
                "mfa-tui device resync PROFILE",
                "device-resync",
            ),
            Step(
                "If a stored secret generates wrong codes, it is not the device's: import the right one.",
                "mfa-tui device import PROFILE",
                "device-import",
            ),
        ),
        (
            Step(
                "Check whether the serial in the user's profile is one of the user's devices.",
                "aws iam list-mfa-devices --user-name USER",
            ),
        ),
        ("code-refused", "codes-refused", "serial-refused"),
    ),
    Topic(
        "sync",
        "The device's clock has drifted",
        "Correct codes from the right device are refused. The clocks of hardware tokens drift over the years.",
        (
            Step(
                "Resynchronize it with two consecutive codes. If the secret is stored, mfa-tui does it "
                "by itself; otherwise type both codes.",
                "mfa-tui device resync PROFILE --serial ARN",
                "device-resync",
            ),
        ),
        (
            Step(
                "The user reads two consecutive codes to the administrator, who enters them at once. ADMIN is the "
                "administrator's own profile.",
                "mfa-tui device resync ADMIN --user USER",
            ),
            Step(
                "Or with the AWS CLI.",
                "aws iam resync-mfa-device --user-name USER --serial-number ARN --authentication-code1 CODE1 "
                "--authentication-code2 CODE2",
            ),
            Step(f"{_CONSOLE}: choose the device, Resync."),
        ),
    ),
    Topic(
        "locked",
        "Locked out",
        "Everything is denied: the policies require MFA, and no device generates codes, or none can be enabled.",
        (
            Step(
                "Look for another device of the user, or a backup of the secrets.",
                "mfa-tui device restore FILE",
                "device-restore",
            ),
            Step(
                "If the user has no device at all, enroll one: policies often allow that without MFA.",
                "mfa-tui device enroll PROFILE",
                "device-enroll",
            ),
            Step(
                "If the device's name is refused, use the user's name: policies often allow only names that begin with "
                "it.",
                "mfa-tui device enroll PROFILE --name USER",
                "device-enroll",
            ),
            Step("If the keys themselves are refused, they were deleted or deactivated.", "mfa-tui doctor PROFILE"),
        ),
        (
            Step(
                "See which devices the user has.",
                "aws iam list-mfa-devices --user-name USER",
            ),
            Step(
                "A device that was created but never enabled still blocks its name: find it.",
                "aws iam list-virtual-mfa-devices",
            ),
            Step(
                "Deactivate the device that the user can no longer use.",
                "aws iam deactivate-mfa-device --user-name USER --serial-number ARN",
            ),
            Step(
                "Delete it: only then can another be created with its name.",
                "aws iam delete-virtual-mfa-device --serial-number ARN",
            ),
            Step(
                "Let the user enroll without MFA: a policy that denies everything without MFA must leave out "
                "iam:CreateVirtualMFADevice, iam:EnableMFADevice and iam:ListMFADevices. Many policies also leave out "
                "sts:GetSessionToken, which has no effect: no policy can deny it.",
                "aws iam list-user-policies --user-name USER",
            ),
            Step("Check whether the access key is active.", "aws iam list-access-keys --user-name USER"),
        ),
        ("denied", "device-denied", "device-assigned"),
    ),
    Topic(
        "list",
        "No permission for ListMFADevices",
        '"AWS does not let this user list MFA devices before MFA": then mfa-tui cannot find the device by itself.',
        (
            Step(
                "Use the device's ARN: the console shows it under the user's security credentials.",
                "mfa-tui login PROFILE --serial ARN",
                "login",
            ),
            Step(
                "Save it in the profile, so that you are asked only once: tick that in the code dialog (^r), or set "
                "it by hand.",
                "aws configure set mfa_serial ARN --profile PROFILE",
                "remember",
            ),
        ),
        (
            Step("Tell the user the device's ARN.", "aws iam list-mfa-devices --user-name USER"),
            Step(
                "Or allow iam:ListMFADevices on arn:aws:iam::*:user/${aws:username}, even without MFA.",
                "aws iam put-user-policy --user-name USER --policy-name ListOwnMFADevices --policy-document "
                "file://policy.json",
            ),
        ),
        ("list-denied",),
    ),
    Topic(
        "fido",
        "FIDO keys or passkeys only",
        "The user's devices only work in the browser: AWS's API takes six-digit codes, which they do not generate.",
        (
            Step(
                "Add an authenticator app in the console, signed in with the key: the user's name at the top right, "
                "Security credentials, Assign MFA device, Authenticator app, Show secret key. In AWS's API, only a "
                "session made with a code can add a device.",
            ),
            Step(
                "Then store that secret here; or scan its QR code with a phone, and type the codes.",
                "mfa-tui device import PROFILE",
                "device-import",
            ),
            Step(
                "Or use no codes at all: aws login signs in through the browser, with FIDO keys and passkeys, and "
                "gives the AWS CLI and SDKs a session of up to 12 hours. It is AWS's own solution, and the simpler one "
                "if you have no other device. It needs AWS CLI 2.32 or newer, a console password, and a profile of its "
                "own: keys in a profile would override it.",
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
                "Create a virtual device for the user, and hand over its QR code.",
                "aws iam create-virtual-mfa-device --virtual-mfa-device-name USER --outfile qr.png "
                "--bootstrap-method QRCodePNG",
            ),
            Step(
                "Enable it with two consecutive codes, as the user reads them out.",
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
                "If root's device is lost: choose \"Troubleshoot MFA\" on the sign-in page, then use the account's "
                "email address and phone number.",
            ),
            Step(
                "Work as an IAM user or a role instead, and delete root's access keys.",
                "aws iam delete-access-key --access-key-id KEY-ID",
            ),
        ),
        (
            Step(
                "In an organization, the management account can manage the root users of member accounts. Turn that "
                "on.",
                "aws organizations enable-aws-service-access --service-principal iam.amazonaws.com",
            ),
            Step(
                "Let the management account manage the member accounts' root credentials.",
                "aws iam enable-organizations-root-credentials-management",
            ),
            Step(
                "Then get a session for one member account that may do just that.",
                "aws sts assume-root --target-principal ACCOUNT --task-policy-arn "
                "arn=arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
            ),
            Step(
                "With it, deactivate root's device; its password and access keys can be deleted in the same way.",
                "aws iam deactivate-mfa-device --serial-number arn:aws:iam::ACCOUNT:mfa/NAME",
            ),
        ),
        ("root-device",),
    ),
)


_WORDS = """\
PROFILE is one of your profiles, USER the IAM user's name, ARN a device's serial, such as
`arn:aws:iam::123456789012:mfa/ana`. In the interface, `h` shows these pages, and `d` a user's devices."""


def topic_of(slug: str) -> Topic | None:
    """The topic for an error's slug; None if there is none."""
    return next((topic for topic in TOPICS if slug in topic.slugs), None)


def markdown() -> str:
    """All topics as ``docs/trouble.md``."""
    parts = [
        "# Trouble with MFA",
        _WORDS,
        "\n".join(f"- [{topic.title}](#{_anchor(topic.title)})" for topic in TOPICS),
    ]
    for topic in TOPICS:
        parts += [f"## {topic.title}", topic.sign, "What you can do:", _listed(topic.here)]
        parts += ["What an administrator can do:", _listed(topic.administrator)]
    return "\n\n".join(parts) + "\n"


def _listed(steps: tuple[Step, ...]) -> str:
    return "\n".join(
        f"- {step.text}" + (f"\n  ```sh\n  {step.command}\n  ```" if step.command else "") for step in steps
    )


def _anchor(title: str) -> str:
    """The anchor that GitHub gives a heading: lower case, spaces as dashes, other signs left out."""
    return "".join("-" if letter == " " else letter for letter in title.lower() if letter.isalnum() or letter in " -")
