"""IAM's calls for groups and the account's managed policies (https://docs.aws.amazon.com/IAM/latest/APIReference/).

Every method raises AwsError, AwsUnreachable, ConfigError, Cancelled. What changes something is sent only once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from mfa_tui.adapters.aws.paging import pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.sts import Aws
    from mfa_tui.adapters.system.cancellation import CancelScope

    T = TypeVar("T")


class GroupMember(NamedTuple):
    """A user in a group."""

    name: str
    """The user's name."""
    arn: str
    """The user's ARN, with its path."""


class GroupPolicies:
    """The calls, made as one caller."""

    def __init__(self, aws: Aws, caller: Caller, cancel: CancelScope) -> None:
        self._aws = aws
        self._caller = caller
        self._cancel = cancel

    def members(self, group: str) -> tuple[GroupMember, ...]:
        """The users in a group (GetGroup)."""

        def call(client: Any) -> tuple[GroupMember, ...]:
            found = [user for page in pages(client, "get_group", GroupName=group) for user in page["Users"]]
            return tuple(GroupMember(str(user["UserName"]), str(user["Arn"])) for user in found)

        return self._call(call, attempts=2)

    def attached(self, group: str) -> tuple[str, ...]:
        """The ARNs of the managed policies that are attached to a group (ListAttachedGroupPolicies)."""

        def call(client: Any) -> tuple[str, ...]:
            found = pages(client, "list_attached_group_policies", GroupName=group)
            return tuple(str(one["PolicyArn"]) for page in found for one in page["AttachedPolicies"])

        return self._call(call, attempts=2)

    def default_version(self, policy_arn: str) -> str:
        """The id of a managed policy's default version, the one that counts (GetPolicy)."""
        return self._call(
            lambda client: str(client.get_policy(PolicyArn=policy_arn)["Policy"]["DefaultVersionId"]), attempts=2
        )

    def text(self, policy_arn: str, version: str) -> str:
        """The text of a version of a managed policy (GetPolicyVersion)."""

        def call(client: Any) -> str:
            answer = client.get_policy_version(PolicyArn=policy_arn, VersionId=version)
            document = answer["PolicyVersion"]["Document"]
            # botocore has decoded the text already, if it was JSON.
            return document if isinstance(document, str) else json.dumps(document)

        return self._call(call, attempts=2)

    def create(self, name: str, text: str, description: str) -> None:
        """Create a managed policy of the account (CreatePolicy)."""
        self._call(
            lambda client: client.create_policy(PolicyName=name, PolicyDocument=text, Description=description),
            attempts=1,
        )

    def create_version(self, policy_arn: str, text: str) -> None:
        """Give a managed policy another text, which counts from now on (CreatePolicyVersion)."""
        self._call(
            lambda client: client.create_policy_version(PolicyArn=policy_arn, PolicyDocument=text, SetAsDefault=True),
            attempts=1,
        )

    def attach(self, group: str, policy_arn: str) -> None:
        """Attach a managed policy to a group (AttachGroupPolicy)."""
        self._call(lambda client: client.attach_group_policy(GroupName=group, PolicyArn=policy_arn), attempts=1)

    def _call(self, call: Callable[[Any], T], *, attempts: int) -> T:
        return self._aws.call("iam", self._caller, call, self._cancel, attempts=attempts)
