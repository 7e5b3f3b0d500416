"""A policy that enforces MFA: without it, IAM users can do nothing but manage their own MFA devices.

It follows AWS's example "Allows MFA-authenticated IAM users to manage their own MFA device"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html).
``docs/administrators.md`` says where it differs, and why.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

NAME = "EnforceMFA"
"""What the managed policy is called, unless the user names it otherwise."""
MOST_VERSIONS = 5
"""Versions that IAM keeps of a managed policy."""

BEFORE_MFA = (
    "iam:CreateVirtualMFADevice",
    "iam:DeleteVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
)
"""The actions that users can still perform without MFA, on themselves only.

DeleteVirtualMFADevice removes what a failed enrollment has left. It cannot weaken anything: AWS deletes no device that
is enabled, and deactivating one is not in the list. sts:GetSessionToken is here because readers look for it: no policy
can deny it.
"""


def enforce_policy(partition: str) -> dict[str, Any]:
    """The policy for accounts of *partition* (``aws``, ``aws-cn``, …), as a document."""
    # A user's ARN has the user's path before the name, if there is one; no name contains a slash.
    own = [f"arn:{partition}:iam::*:user/${{aws:username}}", f"arn:{partition}:iam::*:user/*/${{aws:username}}"]
    devices = [f"arn:{partition}:iam::*:mfa/${{aws:username}}", f"arn:{partition}:iam::*:mfa/${{aws:username}}-*"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AllowListVirtualMFADevices",
                "Effect": "Allow",
                "Action": "iam:ListVirtualMFADevices",
                "Resource": "*",
            },
            {
                "Sid": "AllowManageOwnVirtualMFADevices",
                "Effect": "Allow",
                "Action": ["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice"],
                "Resource": devices,
            },
            {
                "Sid": "AllowManageOwnMFA",
                "Effect": "Allow",
                "Action": [
                    "iam:DeactivateMFADevice",
                    "iam:EnableMFADevice",
                    "iam:GetMFADevice",
                    "iam:GetUser",
                    "iam:ListMFADevices",
                    "iam:ResyncMFADevice",
                ],
                "Resource": own,
            },
            {
                "Sid": "DenyAllExceptListedIfNoMFA",
                "Effect": "Deny",
                "NotAction": list(BEFORE_MFA),
                "Resource": "*",
                # IfExists: long-term keys send no such value, and are to be denied, too.
                "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
            },
        ],
    }


def policy_text(document: Mapping[str, Any]) -> str:
    """A policy as text, indented for people to read."""
    return json.dumps(document, indent=2)


def is_same_policy(text: str, document: Mapping[str, Any]) -> bool:
    """Whether a policy's *text* means the same as *document*, apart from white space and the order of keys."""
    try:
        return bool(json.loads(text) == document)
    except ValueError:
        return False
