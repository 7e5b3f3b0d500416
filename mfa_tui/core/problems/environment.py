"""Problems of the environment, and of settings on which the AWS SDK fails."""

from __future__ import annotations

from mfa_tui.core.problems.problem import WARNING, Problem

_KEYS = "Every SDK uses keys in the environment before any profile.{by}"

ENVIRONMENT = (
    Problem(
        "env-keys",
        "AWS_ACCESS_KEY_ID is set in this shell: it overrides AWS_PROFILE.",
        "The AWS CLI and most SDKs look there first, unless a command names its profile (--profile).{by}",
        "{unset}",
        WARNING,
        page="mfa-tui use --unset, or unset the variables that the message names.",
    ),
    Problem(
        "env-keys-incomplete",
        "AWS_ACCESS_KEY_ID is set in this shell, but AWS_SECRET_ACCESS_KEY is not.",
        "Every SDK looks there first, and boto3 fails on half a pair.{by}",
        "{unset}",
        page="Unset what the message names.",
    ),
    Problem(
        "env-keys-ended",
        "The credentials in this shell's environment have expired.",
        "Every SDK uses them before any profile, and AWS refuses them.{by}",
        "{unset}",
        page="Unset what the message names.",
    ),
    Problem(
        "env-token-missing",
        "AWS_ACCESS_KEY_ID holds a session's key, but AWS_SESSION_TOKEN is not set.",
        "AWS refuses such a key without its token.{by}",
        "{unset}",
        page="Unset what the message names.",
    ),
    Problem(
        "env-token-unneeded",
        "{variable} is set in this shell along with a long-term access key (AKIA…).",
        "Long-term keys have no session token, and AWS refuses them with one.{by}",
        "unset {variable}",
    ),
    Problem(
        "env-token-old",
        "AWS_SECURITY_TOKEN and AWS_SESSION_TOKEN differ.",
        "boto3 and the AWS CLI use the first, which is an older name for the second.",
        "unset AWS_SECURITY_TOKEN",
    ),
    Problem(
        "env-keys-malformed",
        "{variable} {cause}.",
        f"{_KEYS}",
        "Export it again without that, or: unset {variable}",
    ),
    Problem(
        "env-region",
        "{variable} is not a region: it {cause}.",
        "It overrides the region of every profile.",
        "{remedy}",
        page="Export the name of a region, such as eu-central-1, or unset the variable.",
    ),
    Problem(
        "env-region-unknown",
        "{variable} is {region}, which is not a region that the AWS SDK knows.",
        "It overrides the region of every profile; it may be mistyped, or newer than the SDK.",
        "Correct it, or unset the variable.{near}",
        WARNING,
    ),
    Problem(
        "env-profile-empty",
        "{variable} is set, but empty.",
        "boto3 and the AWS CLI look for a profile without a name, and fail.",
        "unset {variable}",
    ),
    Problem(
        "env-profile-unknown",
        "{variable} names {name}, which is in neither AWS file.",
        "Every SDK and the AWS CLI fail because of that.",
        "Name another (mfa-tui list shows all), or unset {variable}",
    ),
    Problem(
        "env-profile-unwritten",
        "{variable} names {name}, where the session of {source} is saved, but there is none yet.",
        "Until there is, every SDK and the AWS CLI fail.",
        "mfa-tui login PROFILE",
        WARNING,
    ),
    Problem(
        "env-profiles-differ",
        "AWS_PROFILE is {first}, AWS_DEFAULT_PROFILE is {second}.",
        "mfa-tui, AWS CLI 2 and most SDKs use the first; boto3 and AWS CLI 1 use the second.",
        "unset AWS_DEFAULT_PROFILE",
        WARNING,
    ),
    Problem(
        "ca-bundle",
        "{what} names {path}, {wrong}.",
        "Every request to AWS fails because of that.",
        "{remedy}",
        page="Set it to a file of certificates (PEM), or unset it.",
    ),
    Problem(
        "proxy-malformed",
        "{variable} is not the address of a proxy.",
        "{why}",
        "Write it as http://HOST:PORT, or unset {variable}",
    ),
    Problem(
        "endpoint-malformed",
        "The endpoint that is set for {service} is not a URL.",
        "A URL starts with https://, or with http:// for this machine.",
        "Correct it, or remove it.",
    ),
    Problem(
        "endpoint-plain",
        "The endpoint {endpoint} is not encrypted; nothing is sent to it.",
        "Plain http is for this machine only.",
        "Change it to https, or remove it.",
    ),
    Problem(
        "botocore",
        "The AWS SDK cannot work with {setting}.",
        "{why}",
        "{remedy}",
        page="Correct or delete the setting at the place that the message names.",
    ),
    Problem(
        "default-outranks",
        "The program would use other credentials than the session's.",
        "A setting of the default profile overrides the environment.",
        "Run it as the message says.",
    ),
)
