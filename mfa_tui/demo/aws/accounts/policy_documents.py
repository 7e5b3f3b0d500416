"""Policies that the embedded AWS's users carry, after the examples in AWS's documentation."""

from typing import Any

Document = dict[str, Any]

SELF_SERVICE: Document = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "iam:*",
            "Resource": ["arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:mfa/${aws:username}*"],
        },
        {"Effect": "Allow", "Action": ["sts:AssumeRole", "iam:ListVirtualMFADevices"], "Resource": "*"},
    ],
}
"""What a user of the embedded AWS may do unless told otherwise: manage itself, assume roles."""


def self_service_mfa(names: str = "${aws:username}", *, delete: bool = True) -> Document:
    """Manage one's own MFA devices and, before MFA, nothing else, after the example in AWS's documentation.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html
    ``names``: how a virtual device may be called; at first AWS's example allowed the user's name alone, now it allows
    ``*``. ``delete``: whether virtual devices may be deleted, after MFA only; AWS's present example does not allow it.
    """
    own = "arn:aws:iam::*:user/${aws:username}"
    unprotected = [
        "iam:CreateVirtualMFADevice",
        "iam:EnableMFADevice",
        "iam:GetUser",
        "iam:GetMFADevice",
        "iam:ListMFADevices",
        "iam:ListVirtualMFADevices",
        "iam:ResyncMFADevice",
        "sts:GetSessionToken",
    ]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AllowViewAccountInfo",
                "Effect": "Allow",
                "Action": "iam:ListVirtualMFADevices",
                "Resource": "*",
            },
            {
                "Sid": "AllowManageOwnVirtualMFADevice",
                "Effect": "Allow",
                "Action": ["iam:CreateVirtualMFADevice", *(["iam:DeleteVirtualMFADevice"] if delete else [])],
                "Resource": f"arn:aws:iam::*:mfa/{names}",
            },
            {
                "Sid": "AllowManageOwnUserMFA",
                "Effect": "Allow",
                "Action": [
                    "iam:DeactivateMFADevice",
                    "iam:EnableMFADevice",
                    "iam:GetUser",
                    "iam:GetMFADevice",
                    "iam:ListMFADevices",
                    "iam:ResyncMFADevice",
                ],
                "Resource": own,
            },
            {
                "Sid": "DenyAllExceptListedIfNoMFA",
                "Effect": "Deny",
                "NotAction": unprotected,
                "Resource": "*",
                "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
            },
        ],
    }


SELF_SERVICE_MFA = self_service_mfa()
"""Devices called exactly as the user. Before MFA a device that was not enabled cannot be deleted."""
SELF_SERVICE_MFA_PREFIX = self_service_mfa("${aws:username}*")
"""The same for names that begin with the user's."""

NOTHING_BEFORE_MFA: Document = {
    "Version": "2012-10-17",
    "Statement": [
        *SELF_SERVICE["Statement"],
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
        },
    ],
}
"""The same after MFA; before it not even iam:ListMFADevices, so that no serial can be looked up."""

ADMINISTRATOR: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
"""Everything, as AWS's own policy AdministratorAccess."""

HELP_DESK: Document = {
    "Version": "2012-10-17",
    "Statement": [
        *SELF_SERVICE["Statement"],
        {
            "Effect": "Allow",
            "Action": [
                "iam:CreateVirtualMFADevice",
                "iam:DeactivateMFADevice",
                "iam:DeleteVirtualMFADevice",
                "iam:EnableMFADevice",
                "iam:ListMFADevices",
                "iam:ResyncMFADevice",
            ],
            "Resource": ["arn:aws:iam::*:user/*", "arn:aws:iam::*:mfa/*"],
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        },
    ],
}
"""Change other users' MFA devices, and nothing else of theirs, in a session that was made with MFA."""


def trust(
    *principals: str,
    mfa: bool = False,
    mfa_max_age: int | None = None,
    external_id: str | None = None,
) -> Document:
    """A role's trust policy for these principals (ARNs of users, roles, or of an account's ``:root``).

    ``mfa`` asks for aws:MultiFactorAuthPresent, ``mfa_max_age`` (seconds) for a younger aws:MultiFactorAuthAge,
    ``external_id`` for that sts:ExternalId.
    """
    condition: dict[str, dict[str, str]] = {}
    if mfa:
        condition["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    if mfa_max_age is not None:
        condition["NumericLessThan"] = {"aws:MultiFactorAuthAge": str(mfa_max_age)}
    if external_id is not None:
        condition["StringEquals"] = {"sts:ExternalId": external_id}
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": list(principals)},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
