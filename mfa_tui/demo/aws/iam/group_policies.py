"""IAM's groups and managed policies, strict: https://docs.aws.amazon.com/IAM/latest/APIReference/.

Limits: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

import json
import re
import urllib.parse
from typing import Any

from moto.iam.models import Group, ManagedPolicy, PolicyVersion

from mfa_tui.demo.aws.accounts.calls import Call, Handler
from mfa_tui.demo.aws.iam.users import authorize_on_user, target_user, user_description
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.clock import iso, seconds_of
from mfa_tui.demo.aws.protocol.paging import iam_page
from mfa_tui.demo.aws.protocol.parameters import Checks
from mfa_tui.demo.aws.protocol.xml_responses import Result

LONGEST_POLICY = 6144
"""Characters of a managed policy. "IAM does not count white space when calculating the size of a policy"."""
VERSIONS = 5
ATTACHED_TO_GROUP = 10
_ALLOWED_KEYS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}


def get_group(call: Call) -> Result:
    """A group and its users, a page at a time."""
    group = _group(call)
    page, more = iam_page(call.parameters, group.users)
    return {"Group": group_description(group), "Users": [user_description(user) for user in page], **more}


def list_groups_for_user(call: Call) -> Result:
    """The groups of a user."""
    name = target_user(call)
    authorize_on_user(call, name)
    call.directory.user(call.caller.identity.account, name)
    groups = call.directory.backend(call.caller.identity.account).get_groups_for_user(name)
    return {"Groups": [group_description(group) for group in groups], "IsTruncated": "false"}


def create_policy(call: Call) -> Result:
    """A new managed policy of the account."""
    checks = Checks(call.parameters)
    checks.text("PolicyName", 1, 128, r"[\w+=,.@-]+", required=True)
    checks.text("PolicyDocument", 1, 131_072, r"[\u0009\u000A\u000D\u0020-\u00FF]+", required=True)
    checks.text("Path", 1, 512, r"((/[A-Za-z0-9\.,\+@=_-]+)*)/")
    checks.done()
    name, path = call.parameters["PolicyName"], call.parameters.get("Path", "/")
    account = call.caller.identity.account
    arn = f"arn:aws:iam::{account}:policy{path}{name}"
    call.authorize(f"iam:{call.action}", arn, shown=f"policy {path}{name}")
    document = call.parameters["PolicyDocument"]
    _check_document(document)
    backend = call.directory.backend(account)
    if arn in backend.managed_policies:
        raise aws_errors.already_exists(f"A policy called {name} already exists. Duplicate names are not allowed.")
    description = call.parameters.get("Description", "")
    policy = ManagedPolicy(  # type: ignore[abstract]  # it is abstract for CloudFormation only
        name, account_id=account, region="us-east-1", description=description, document=document, path=path
    )
    backend.managed_policies[arn] = policy
    return {"Policy": policy_description(policy)}


def get_policy(call: Call) -> Result:
    """What a managed policy is, without its text."""
    return {"Policy": policy_description(_policy(call))}


def get_policy_version(call: Call) -> Result:
    """One version of a managed policy with its text."""
    policy = _policy(call)
    wanted = call.parameters.get("VersionId", "")
    version = next((each for each in policy.versions if each.version_id == wanted), None)
    if version is None:
        raise aws_errors.no_such_entity(f"Policy {policy.arn} version {wanted} does not exist or is not attachable.")
    return {"PolicyVersion": {"Document": encoded_document(version.document), **version_description(policy, version)}}


def list_policy_versions(call: Call) -> Result:
    """The versions of a managed policy, the newest first."""
    policy = _policy(call)
    versions = [version_description(policy, version) for version in reversed(policy.versions)]
    return {"Versions": versions, "IsTruncated": "false"}


def create_policy_version(call: Call) -> Result:
    """Another text of a managed policy: five at most are kept."""
    policy = _policy(call)
    document = call.parameters.get("PolicyDocument", "")
    _check_document(document)
    if len(policy.versions) >= VERSIONS:
        raise aws_errors.Refusal(
            409,
            "LimitExceeded",
            f"A managed policy can have up to {VERSIONS} versions. Before you create a new version, you must delete an "
            "existing version.",
        )
    default = call.parameters.get("SetAsDefault", "false") == "true"
    # Not by moto's own method, which refuses texts that AWS takes.
    version = PolicyVersion(policy.arn, document, default, f"v{policy.next_version_num}")
    policy.versions.append(version)
    policy.next_version_num += 1
    if default:
        policy.update_default_version(version.version_id)
    return {"PolicyVersion": version_description(policy, version)}


def attach_group_policy(call: Call) -> Result:
    """Attach a managed policy to a group; ten at most. Nothing happens if it is attached already."""
    group = _group(call)
    arn = call.parameters.get("PolicyArn", "")
    policy = _existing_policy(call, arn)
    if arn in group.managed_policies:
        return {}
    if len(group.managed_policies) >= ATTACHED_TO_GROUP:
        raise aws_errors.limit_exceeded("PoliciesPerGroup", ATTACHED_TO_GROUP)
    policy.attach_to(group)
    return {}


def detach_group_policy(call: Call) -> Result:
    """Detach a managed policy from a group."""
    group = _group(call)
    arn = call.parameters.get("PolicyArn", "")
    policy = _existing_policy(call, arn)
    if arn not in group.managed_policies:
        raise aws_errors.no_such_entity(f"Policy {arn} was not found.")
    policy.detach_from(group)
    return {}


def list_attached_group_policies(call: Call) -> Result:
    """The managed policies of a group; all on one page, since there are ten at most."""
    group = _group(call)
    return {"AttachedPolicies": attached_policies(group), "IsTruncated": "false"}


def _group(call: Call) -> Group:
    """The group of the call, which the caller may act on."""
    checks = Checks(call.parameters)
    checks.text("GroupName", 1, 128, r"[\w+=,.@-]+", required=True)
    checks.done()
    name, account = call.parameters["GroupName"], call.caller.identity.account
    group = call.directory.backend(account).groups.get(name)
    arn = group.arn if group is not None else f"arn:aws:iam::{account}:group/{name}"
    call.authorize(f"iam:{call.action}", arn, shown=f"group {name}")
    if group is None:
        raise aws_errors.no_such_entity(f"The group with name {name} cannot be found.")
    return group


def _policy(call: Call) -> ManagedPolicy:
    """The policy of the call, which the caller may act on."""
    checks = Checks(call.parameters)
    checks.text("PolicyArn", 20, 2048, r"[\u0009\u000A\u000D\u0020-\u007E]+", required=True)
    checks.done()
    arn = call.parameters["PolicyArn"]
    call.authorize(f"iam:{call.action}", arn, shown=f"policy {arn}")
    return _existing_policy(call, arn)


def _existing_policy(call: Call, arn: str) -> ManagedPolicy:
    policy = call.directory.backend(call.caller.identity.account).managed_policies.get(arn)
    if policy is None:
        raise aws_errors.no_such_entity(f"Policy {arn} was not found.")
    return policy


def _check_document(text: str) -> None:
    """Refuse what is no policy, or too long."""
    if len(re.sub(r"\s", "", text)) > LONGEST_POLICY:
        raise aws_errors.Refusal(409, "LimitExceeded", f"Cannot exceed quota for PolicySize: {LONGEST_POLICY}")
    try:
        document = json.loads(text)
        statements = document["Statement"]
        statements = statements if isinstance(statements, list) else [statements]
        problem = next((found for found in map(_statement_problem, statements) if found), "")
        if set(document) - {"Version", "Id", "Statement"} or not statements:
            problem = "Syntax errors in policy."
    except (ValueError, KeyError, TypeError, AttributeError):
        problem = "Syntax errors in policy."
    if problem:
        raise aws_errors.Refusal(400, "MalformedPolicyDocument", problem)


def _statement_problem(statement: dict[str, Any]) -> str:
    """What is wrong with a statement of an identity policy; empty if nothing is."""
    if set(statement) - _ALLOWED_KEYS or statement.get("Effect") not in ("Allow", "Deny"):
        return "Syntax errors in policy."
    if ("Action" in statement) == ("NotAction" in statement):
        return "Policy statement must contain actions."
    if ("Resource" in statement) == ("NotResource" in statement):
        return "Policy statement must contain resources."
    for action in _listed(statement, "Action", "NotAction"):
        if action != "*" and not re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9*?]+", action):
            return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    for resource in _listed(statement, "Resource", "NotResource"):
        if resource != "*" and not resource.startswith("arn:"):
            return f'Resource {resource} must be in ARN format or "*".'
    if not re.fullmatch(r"[A-Za-z0-9]*", statement.get("Sid", "")):
        return (
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
            "[0-9A-Za-z]*"
        )
    return ""


def _listed(statement: dict[str, Any], name: str, other: str) -> list[str]:
    found = statement[name if name in statement else other]
    return found if isinstance(found, list) else [found]


def attached_policies(holder: Any) -> list[Result]:
    """The managed policies of a user or a group."""
    return [{"PolicyName": each.name, "PolicyArn": each.arn} for each in holder.managed_policies.values()]


def encoded_document(text: str) -> str:
    """A policy document as IAM answers: JSON, percent-encoded (RFC 3986)."""
    return urllib.parse.quote(text, safe="")


def group_description(group: Group) -> dict[str, Any]:
    """A group as IAM shows it."""
    return {
        "Path": group.path,
        "GroupName": group.name,
        "GroupId": group.id,
        "Arn": group.arn,
        "CreateDate": iso(seconds_of(group.create_date)),
    }


def policy_description(policy: ManagedPolicy) -> dict[str, Any]:
    """A managed policy as IAM shows it, without its text."""
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version_id,
        "AttachmentCount": str(policy.attachment_count),
        "IsAttachable": "true",
        "CreateDate": iso(seconds_of(policy.create_date)),
        "UpdateDate": iso(seconds_of(policy.update_date)),
    }


def version_description(policy: ManagedPolicy, version: Any) -> dict[str, Any]:
    """A version of a managed policy as IAM shows it, without its text."""
    return {
        "VersionId": version.version_id,
        "IsDefaultVersion": "true" if version.version_id == policy.default_version_id else "false",
        "CreateDate": iso(seconds_of(version.create_date)),
    }


HANDLERS: dict[str, Handler] = {
    "GetGroup": get_group,
    "ListGroupsForUser": list_groups_for_user,
    "CreatePolicy": create_policy,
    "GetPolicy": get_policy,
    "GetPolicyVersion": get_policy_version,
    "ListPolicyVersions": list_policy_versions,
    "CreatePolicyVersion": create_policy_version,
    "AttachGroupPolicy": attach_group_policy,
    "DetachGroupPolicy": detach_group_policy,
    "ListAttachedGroupPolicies": list_attached_group_policies,
}
