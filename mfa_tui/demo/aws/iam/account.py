"""IAM's actions on a whole account: https://docs.aws.amazon.com/IAM/latest/APIReference/."""

from typing import Any

from mfa_tui.demo.aws.accounts.calls import Call, Handler
from mfa_tui.demo.aws.iam.group_policies import (
    attached_policies,
    encoded_document,
    group_description,
    policy_description,
    version_description,
)
from mfa_tui.demo.aws.iam.users import user_description
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.clock import iso, seconds_of
from mfa_tui.demo.aws.protocol.paging import iam_page
from mfa_tui.demo.aws.protocol.parameters import Checks
from mfa_tui.demo.aws.protocol.xml_responses import Entries, Result

_KINDS = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]
_FLAGS = (
    "RequireSymbols",
    "RequireNumbers",
    "RequireUppercaseCharacters",
    "RequireLowercaseCharacters",
    "AllowUsersToChangePassword",
)


def get_account_summary(call: Call) -> Result:
    """Counts and flags. AccountMFAEnabled, AccountPasswordPresent and AccountAccessKeysPresent are of root."""
    call.authorize(f"iam:{call.action}", "*")
    account = call.caller.identity.account
    backend, root = call.directory.backend(account), call.directory.state(account).root
    counts = {
        "Users": len(backend.users),
        "UsersQuota": 5000,
        "Groups": len(backend.groups),
        "Roles": len(list(backend.get_roles())),
        "MFADevices": len(backend.virtual_mfa_devices),
        "MFADevicesInUse": sum(len(user.mfa_devices) for user in backend.users.values()) + bool(root.device),
        "AccountMFAEnabled": int(bool(root.device)),
        "AccountAccessKeysPresent": int(root.keys > 0),
        "AccountPasswordPresent": int(root.password),
        "AccountSigningCertificatesPresent": 0,
    }
    return {"SummaryMap": Entries({"key": name, "value": str(count)} for name, count in counts.items())}


def get_account_password_policy(call: Call) -> Result:
    """The policy; a missing one is an error."""
    call.authorize(f"iam:{call.action}", "*")
    policy = call.directory.state(call.caller.identity.account).password_policy
    if policy is None:
        raise _no_policy(call)
    return {"PasswordPolicy": policy}


def update_account_password_policy(call: Call) -> Result:
    """Replace the whole policy: what is not given gets its default."""
    checks = Checks(call.parameters)
    length = checks.number("MinimumPasswordLength", 6, 128, 6)
    age = checks.number("MaxPasswordAge", 1, 1095, 0)
    reuse = checks.number("PasswordReusePrevention", 1, 24, 0)
    flags = {name: checks.choice(name, ["true", "false"], "false") for name in (*_FLAGS, "HardExpiry")}
    checks.done()
    call.authorize(f"iam:{call.action}", "*")
    policy = {"MinimumPasswordLength": str(length), **flags, "ExpirePasswords": "true" if age else "false"}
    if age:
        policy["MaxPasswordAge"] = str(age)
    if reuse:
        policy["PasswordReusePrevention"] = str(reuse)
    call.directory.state(call.caller.identity.account).password_policy = policy
    return {}


def delete_account_password_policy(call: Call) -> Result:
    """Remove the policy; a missing one is an error."""
    call.authorize(f"iam:{call.action}", "*")
    state = call.directory.state(call.caller.identity.account)
    if state.password_policy is None:
        raise _no_policy(call)
    state.password_policy = None
    return {}


def _no_policy(call: Call) -> aws_errors.Refusal:
    account = call.caller.identity.account
    return aws_errors.no_such_entity(f"The Password Policy with domain name {account} cannot be found.")


def get_account_authorization_details(call: Call) -> Result:
    """Users, groups, roles and policies of the kinds in Filter, a page at a time over all of them."""
    wanted = [value for name, value in sorted(call.parameters.items()) if name.startswith("Filter.member.")]
    if any(kind not in _KINDS for kind in wanted):
        raise aws_errors.invalid(
            [f"Value '{wanted}' at 'filter' failed to satisfy constraint: Member must satisfy enum value set: {_KINDS}"]
        )
    call.authorize(f"iam:{call.action}", "*")
    backend = call.directory.backend(call.caller.identity.account)
    groups = _groups_of_users(backend)
    entries = [
        ("UserDetailList", "User", lambda one: _user_detail(one, groups), backend.users.values()),
        ("GroupDetailList", "Group", _group_detail, backend.groups.values()),
        ("RoleDetailList", "Role", _role_description, backend.get_roles()),
        ("Policies", "LocalManagedPolicy", _policy_detail, _policies(backend, own=True)),
        ("Policies", "AWSManagedPolicy", _policy_detail, _policies(backend, own=False)),
    ]
    everything: list[Any] = [
        (field, describe, one)
        for field, kind, describe, those in entries
        if kind in wanted or not wanted
        for one in those
    ]
    page, more = iam_page(call.parameters, everything)
    lists: dict[str, list[Result]] = {field: [] for field, *_ in entries}
    for field, describe, one in page:
        lists[field].append(describe(one))
    return {**lists, **more}


def list_roles(call: Call) -> Result:
    """All roles with their trust policies, a page at a time."""
    call.authorize(f"iam:{call.action}", f"arn:aws:iam::{call.caller.identity.account}:role/")
    roles = sorted(call.directory.backend(call.caller.identity.account).get_roles(), key=lambda one: str(one.name))
    page, more = iam_page(call.parameters, roles)
    return {"Roles": [_role_description(role) for role in page], **more}


def list_service_specific_credentials(call: Call) -> Result:
    """The credentials of one user, or with AllUsers of all."""
    everybody = call.parameters.get("AllUsers") == "true"
    name = call.parameters.get("UserName")
    if everybody and name:
        raise aws_errors.validation("UserName cannot be specified when AllUsers is true.")
    name = name or call.caller.identity.user_name
    account = call.caller.identity.account
    call.authorize(f"iam:{call.action}", "*" if everybody else f"arn:aws:iam::{account}:user/{name}")
    service = call.parameters.get("ServiceName")
    found = [
        one
        for one in call.directory.state(account).credentials
        if (everybody or one.user == name) and service in (None, one.service)
    ]
    page, more = iam_page(call.parameters, found)
    described = [
        {
            "UserName": one.user,
            "Status": one.status,
            "CreateDate": iso(one.created_at),
            "ServiceSpecificCredentialId": one.id,
            "ServiceName": one.service,
            **({"ExpirationDate": iso(one.expires_at)} if one.expires_at is not None else {}),
        }
        for one in page
    ]
    return {"ServiceSpecificCredentials": described, **more}


def _user_detail(user: Any, groups: dict[str, list[str]]) -> Result:
    return {
        **user_description(user),
        "UserPolicyList": _inline(user),
        "GroupList": groups.get(user.name, []),
        "AttachedManagedPolicies": attached_policies(user),
    }


def _group_detail(group: Any) -> Result:
    return {
        **group_description(group),
        "GroupPolicyList": _inline(group),
        "AttachedManagedPolicies": attached_policies(group),
    }


def _role_description(role: Any) -> Result:
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": iso(seconds_of(role.create_date)),
        "AssumeRolePolicyDocument": encoded_document(role.assume_role_policy_document),
        "MaxSessionDuration": str(role.max_session_duration or 3600),
    }


def _policy_detail(policy: Any) -> Result:
    versions = [
        {"Document": encoded_document(version.document), **version_description(policy, version)}
        for version in policy.versions
    ]
    return {**policy_description(policy), "PolicyVersionList": versions}


def _policies(backend: Any, *, own: bool) -> list[Any]:
    """The account's own policies, or those of AWS that are attached to something."""
    return [policy for policy in backend.managed_policies.values() if (":iam::aws:" not in policy.arn) == own]


def _groups_of_users(backend: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for group in backend.groups.values():
        for user in group.users:
            found.setdefault(user.name, []).append(group.name)
    return found


def _inline(holder: Any) -> list[Result]:
    return [{"PolicyName": name, "PolicyDocument": encoded_document(text)} for name, text in holder.policies.items()]


HANDLERS: dict[str, Handler] = {
    "GetAccountSummary": get_account_summary,
    "GetAccountPasswordPolicy": get_account_password_policy,
    "UpdateAccountPasswordPolicy": update_account_password_policy,
    "DeleteAccountPasswordPolicy": delete_account_password_policy,
    "GetAccountAuthorizationDetails": get_account_authorization_details,
    "ListRoles": list_roles,
    "ListServiceSpecificCredentials": list_service_specific_credentials,
}
