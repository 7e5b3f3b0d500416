"""Problems of profiles: their values, their roles and sources, their MFA serials, targets and sessions."""

from __future__ import annotations

from mfa_tui.core.problems.problem import HINT, WARNING, Problem

_BROKEN = "profile-broken"
_PART = "Everything after the = is part of the value."

PROFILES = (
    # A value that is not what its key takes: the same causes for each key. ``code`` may be the key's own.
    Problem(
        "value-comment",
        "{profile}: {key} ends in a comment.",
        f"{_PART} A comment needs a line of its own.",
        "{remedy}",
        page="Write the value alone; move the comment to a line of its own.",
    ),
    Problem(
        "value-quoted",
        "{profile}: {key} is in quotes.",
        f"{_PART} So are the quotes.",
        "{remedy}",
        page="Write the value without quotes.",
    ),
    Problem(
        "value-invisible",
        "{profile}: {key} contains an invisible or misplaced character ({character}).",
        "Copying from a web page, a document or a chat adds such characters.",
        "{remedy}",
        page="Type the value again, or write it as the message says.",
    ),
    Problem(
        "value-placeholder",
        "{profile}: {key} is a placeholder, not a value.",
        "It was copied from an example.",
        "Replace it with {wanted}.",
    ),
    Problem(
        "value-continued",
        "{profile}: {key} continues on the next line.",
        "Line {line} is indented, so it is part of the value above it, even below a comment or a blank line.",
        "{remedy}",
        page="Remove the lines that the message names, or put a # at the start.",
    ),
    Problem("value-empty", "{profile}: {key} is empty.", "", "Set it to {wanted}."),
    Problem("value-malformed", "{profile}: {key} is {not_valid}.", "", "Set it to {wanted}."),
    Problem(
        "region-unknown",
        "{profile}: region, {region}, is not one that the AWS SDK knows.",
        "It may be mistyped, or newer than the SDK.",
        "Correct region.{near}",
        WARNING,
    ),
    Problem(
        "region-input",
        "{region} is not the name of an AWS region.",
        "",
        "{near}",
        page="Use the name of a region, such as eu-central-1.",
    ),
    # Roles and where their credentials come from.
    Problem(
        "role-missing",
        "{profile}: source_profile is set, but role_arn is not.",
        "A source_profile only counts together with a role_arn; without one the profile has no credentials.",
        "Add role_arn to it, or log in to the source itself: {command}",
    ),
    Problem(
        "source-ignored",
        "{profile}: source_profile has no effect.",
        "It has no role_arn, so its own credentials are used.",
        "Delete the source_profile line, or add role_arn.",
        WARNING,
    ),
    Problem(
        "source-both",
        "{profile}: both source_profile and credential_source are set.",
        "A role's credentials come from one of them; AWS tools refuse a profile with both.",
        "Delete the credential_source line.",
    ),
    Problem(
        "credential-source-unknown",
        "{profile}: credential_source has an unknown value.",
        "It can be Environment, Ec2InstanceMetadata or EcsContainer, spelled exactly so.",
        "{remedy}",
        page="Write it as one of these.",
    ),
    Problem(
        "role-without-source",
        "{profile}: {problem}.",
        "Nothing says which profile's credentials assume the role.",
        "{remedy}",
        code=_BROKEN,
        page="Add source_profile: the profile whose credentials may assume the role.",
    ),
    Problem(
        "role-names-itself",
        "{profile}: {problem}.",
        "It names itself as its source_profile.",
        "{remedy}",
        code=_BROKEN,
        page="Name the profile with access keys as its source_profile, or add the keys.",
    ),
    Problem(
        "role-source",
        "{profile}: {problem}.",
        "",
        "{remedy}",
        code=_BROKEN,
        page="Correct source_profile, or add the profile or the keys that it needs.",
    ),
    Problem(
        "credentials-elsewhere",
        "{profile}: {problem}.",
        "",
        "{remedy}",
        HINT,
        _BROKEN,
        page="It works there (EC2, ECS); to log in here, set source_profile instead.",
    ),
    Problem(
        "sso-session-missing",
        "{profile}: sso_session {session} does not exist.",
        "The config file has no section [sso-session {session}].",
        "Add that section (aws configure sso-session).{near}",
    ),
    Problem(
        "sso-session-incomplete",
        "{profile}: sso_session {session} has no {missing}.",
        "IAM Identity Center needs sso_start_url and sso_region there.",
        "Add {missing} to [{header}].",
    ),
    Problem(
        "services-missing",
        "{profile}: the services section {session} does not exist.",
        "The config file has no section [services {session}], so AWS tools fail.",
        "Add that section, or delete the services line.{near}",
    ),
    # Keys.
    Problem(
        "key-secret-missing",
        "{profile}: aws_secret_access_key is missing.",
        "{why}",
        "{remedy}",
        code=_BROKEN,
        page="Add aws_secret_access_key in the same file; if it is lost, create a new access key.",
    ),
    Problem(
        "key-id-missing",
        "{profile}: aws_access_key_id is missing.",
        "It has only an aws_secret_access_key.",
        "Add aws_access_key_id next to the secret; the IAM console lists the user's keys.",
    ),
    Problem(
        "token-unneeded",
        "{profile}: there is a session token along with a long-term access key ({shortened}).",
        "Long-term keys (AKIA…) have no session token, and AWS refuses them with one.",
        "Delete the {key} line.",
    ),
    Problem(
        "token-missing",
        "{profile}: the access key ({shortened}) belongs to a session, but there is no aws_session_token.",
        "AWS refuses such a key without its token.",
        "Replace both keys with long-term ones (AKIA…): aws configure --profile PROFILE",
    ),
    Problem(
        "token-old",
        "{profile} has an aws_security_token that is not its aws_session_token.",
        "boto3 and the AWS CLI use the first, an older name for the second, and AWS refuses it.",
        "Delete the aws_security_token line.",
    ),
    Problem(
        "profile-without-keys",
        "{profile} names an MFA device, but has no credentials in the AWS files.",
        "A login needs its long-term access keys. Perhaps another tool keeps them in a keyring.",
        "aws configure --profile PROFILE",
        WARNING,
    ),
    Problem(
        "keys-shared",
        "{where} the same access key ({shortened}).",
        "Each copy must be changed when the key is rotated.",
        "Keep it in one profile, and name that as source_profile in the others.",
        HINT,
    ),
    Problem(
        "keys-shared-in-both",
        "{where} the same access key ({shortened}).",
        "AWS tools use the one in the credentials file.",
        "Delete both keys from the config file.",
        HINT,
        "keys-shared",
    ),
    Problem(
        "keys-differ",
        "{where} the same access key ({shortened}) with different secrets.",
        "A key has one secret, so at least one of them does not work.",
        "Delete the wrong ones; better, keep the key in one profile, and name that as source_profile in the others.",
        WARNING,
    ),
    Problem(
        "keys-differ-in-both",
        "{where} the same access key ({shortened}) with different secrets.",
        "AWS tools use the one in the credentials file.",
        "Keep the right one there, and delete both keys from the config file.",
        WARNING,
        "keys-differ",
    ),
    Problem(
        "secret-length",
        "{profile}: the secret access key has {length} characters.",
        "Those of AWS have 40.",
        "Copy it again, whole. If it is lost, create a new access key.",
        WARNING,
    ),
    # MFA serials.
    Problem(
        "serial-malformed",
        "The MFA serial in {where} is malformed.",
        "A serial is an ARN such as arn:aws:iam::123456789012:mfa/NAME, or the number on a hardware token.",
        "Look it up in the IAM console under your user's security credentials, and correct it.",
    ),
    Problem(
        "serial-not-a-device",
        "The MFA serial in {where} is the ARN of a {kind}, not of an MFA device.",
        "A device's ARN has mfa/ where this one has {kind}/; a device often, but not always, has its user's name.",
        "Copy the device's ARN: IAM console, your user, Security credentials, Multi-factor authentication.",
        code="serial-malformed",
    ),
    Problem(
        "serial-fido",
        "The MFA device in {where} is a FIDO key or passkey, which only works in the browser.",
        "AWS's API takes six-digit codes, which FIDO devices do not generate.",
        "Use the serial of a virtual MFA device. If there is none, assign an authenticator app in the console, or use "
        "aws login (AWS CLI 2.32+, takes passkeys).",
    ),
    Problem(
        "serial-sms",
        "The MFA device in {where} uses SMS, which AWS has retired.",
        "",
        "Enroll a virtual MFA device, and use its serial.",
    ),
    Problem(
        "serial-account",
        "{profile}: mfa_serial is in account {account}, but that of the source {source} is in {other}.",
        "Codes come from a device of the user whose keys are used, so both must be in the same account.",
        "Delete this line, so that the source's mfa_serial is used.",
        WARNING,
    ),
    Problem(
        "serial-missing",
        "{profile} names no MFA device.",
        "Each login asks AWS for it, which policies may not allow before MFA.",
        "mfa-tui login PROFILE --save-serial",
        HINT,
    ),
    Problem(
        "no-serial", "The profile names no MFA device.", "", "Add mfa_serial, or: mfa-tui login PROFILE --save-serial"
    ),
    # What a name means.
    Problem(
        "profile-unknown",
        "There is no such profile in the AWS files.",
        "",
        "mfa-tui list shows all; create one with aws configure.",
    ),
    Problem(
        "profile-kind",
        "The profile cannot log in with MFA.",
        "Its credentials come from somewhere else, or it has none.",
        "Log in to a profile with access keys; mfa-tui list shows all profiles.",
    ),
    Problem(
        "source-missing",
        "{profile} holds a session of {source}, which is in neither AWS file.",
        "It cannot be renewed.",
        "Add {source} again, or remove the session: mfa-tui logout PROFILE",
        WARNING,
    ),
    Problem(
        "process-source-missing",
        "{profile} asks mfa-tui for credentials of {source}, which is in neither AWS file.",
        "",
        "Add {source} again, or remove [{section}]: mfa-tui logout PROFILE",
        code="source-missing",
    ),
    Problem(
        "process-loop",
        "{profile} asks mfa-tui for credentials in a loop.",
        "{ring}",
        "Point its credential_process at a profile with credentials of its own.",
    ),
    Problem(
        "process-ring", "The credential process calls itself.", "", "Point it at a profile with credentials of its own."
    ),
    Problem(
        "process-missing",
        "{profile} runs {program} for its credentials, which is not a program on this machine.",
        "boto3 and the AWS CLI run it without a shell, and fail.",
        "Correct credential_process, or install the program.",
    ),
    Problem(
        "source-silent",
        "A profile did not provide its credentials.",
        "Its sign-in has expired, or its program failed; the message says which.",
        "Sign in again, as the message says.",
    ),
    # Targets and sessions.
    Problem(
        "target-name",
        "The section that login would write cannot have that name.",
        "Names have no ] or control characters and no space at either end; DEFAULT leaks into every section.",
        "Set mfa_tui_target = NAME in the profile, or use --as NAME at login.",
    ),
    Problem(
        "target-ignored",
        "The target has a role, a web identity or IAM Identity Center, so SDKs would ignore keys written there.",
        "",
        "Set mfa_tui_target = NAME in the profile, or use --as NAME at login.",
    ),
    Problem(
        "target-long-term",
        "The target holds long-term access keys; they are never overwritten.",
        "",
        "Set mfa_tui_target = NAME in the profile, or use --as NAME at login.",
    ),
    Problem(
        "target-ring",
        "The profile would get its credentials from itself.",
        "Its target is one of its sources.",
        "Set mfa_tui_target = NAME in the profile, or use --as NAME at login.",
    ),
    Problem(
        "target-foreign",
        "The target [{target}] of {profile} holds {foreign}.",
        "Login asks before it replaces that; scripts need --overwrite.",
        "Choose another section with --as, or replace it: mfa-tui login PROFILE --overwrite",
        HINT,
    ),
    Problem(
        "target-shared",
        "{sharing} have the same target, [{target}].",
        "Each login replaces the session of the other.",
        "Set mfa_tui_target to another name in one of them.",
        WARNING,
    ),
    Problem(
        "target-twice",
        "Two of the profiles would be saved in the same section.",
        "",
        "Log in to one of them, or set mfa_tui_target.",
    ),
    Problem(
        "target-unsafe",
        "The section cannot be edited without changing how others are read.",
        "",
        "Edit the file by hand, at the line that the message names.",
    ),
    Problem(
        "target-changed",
        "Another program has changed the target in the meantime.",
        "",
        "Check what it wrote, then log in again.",
    ),
    Problem(
        "session-ended",
        "The session in {profile} has expired.",
        "{why}",
        "{remedy}",
        HINT,
        page="mfa-tui login SOURCE, or renew it with the tool that wrote it.",
    ),
)
