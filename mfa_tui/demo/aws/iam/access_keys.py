"""Long-term access keys of users: https://docs.aws.amazon.com/IAM/latest/APIReference/."""

from moto.iam.models import AccessKey, User

from mfa_tui.demo.aws.accounts.calls import Call, Handler
from mfa_tui.demo.aws.iam.users import authorize_on_user, target_user
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.clock import iso, seconds_of
from mfa_tui.demo.aws.protocol.parameters import Checks
from mfa_tui.demo.aws.protocol.xml_responses import Result

_LIMIT = 2
"""Keys that a user may have, inactive ones included (IAM quotas)."""
_ACTIVE, _INACTIVE = "Active", "Inactive"


def list_access_keys(call: Call) -> Result:
    """The keys of a user, without their secrets."""
    user = _user(call, Checks(call.parameters))
    keys = [
        {
            "UserName": user.name,
            "AccessKeyId": key.access_key_id,
            "Status": key.status,
            "CreateDate": iso(seconds_of(key.create_date)),
        }
        for key in user.access_keys
    ]
    return {"AccessKeyMetadata": keys, "IsTruncated": "false"}


def create_access_key(call: Call) -> Result:
    """A new key. The secret is in this answer only; STS and IAM know the key after the propagation delay."""
    user = _user(call, Checks(call.parameters))
    if len(user.access_keys) >= _LIMIT:
        raise aws_errors.limit_exceeded("AccessKeysPerUser", _LIMIT)
    key = call.directory.create_access_key(user, call.now)
    return {
        "AccessKey": {
            "UserName": user.name,
            "AccessKeyId": key.access_key_id,
            "Status": key.status,
            "SecretAccessKey": key.secret_access_key,
            "CreateDate": iso(call.now),
        }
    }


def update_access_key(call: Call) -> Result:
    """Activate or deactivate a key. Sessions that were made with it stop working while it is inactive."""
    checks = Checks(call.parameters)
    _check_key_id(checks)
    status = checks.choice("Status", [_ACTIVE, _INACTIVE], "")
    key = _key(call, _user(call, checks))
    key.status = status
    return {}


def delete_access_key(call: Call) -> Result:
    """Delete a key, active or not."""
    checks = Checks(call.parameters)
    _check_key_id(checks)
    user = _user(call, checks)
    key = _key(call, user)
    call.directory.backend(user.account_id).delete_access_key(key.access_key_id, user.name)
    return {}


def get_access_key_last_used(call: Call) -> Result:
    """When and for what a key was last used. A key that does not exist is answered like one that is denied."""
    checks = Checks(call.parameters)
    _check_key_id(checks)
    checks.done()
    account, key_id = call.caller.identity.account, call.parameters["AccessKeyId"]
    found = call.directory.access_key(key_id)
    if found is None or found[1].account_id != account:
        why = "because no identity-based policy allows the iam:GetAccessKeyLastUsed action"
        raise aws_errors.not_authorized(call.caller.identity.arn, f"iam:{call.action}", f"access key {key_id}", why)
    key, user = found
    authorize_on_user(call, user.name)
    used: Result = {"ServiceName": "N/A", "Region": "N/A"}
    if key.last_used is not None:
        used = {
            "LastUsedDate": iso(seconds_of(key.last_used.timestamp)),
            "ServiceName": key.last_used.service,
            "Region": key.last_used.region,
        }
    return {"UserName": user.name, "AccessKeyLastUsed": used}


def _user(call: Call, checks: Checks) -> User:
    """The user UserName. "If a temporary access key was used, then UserName is required" (UpdateAccessKey)."""
    checks.text("UserName", 1, 128, r"[\w+=,.@-]+")
    checks.done()
    if call.caller.session is not None and "UserName" not in call.parameters:
        raise aws_errors.validation("Must specify userName when calling with non-User credentials")
    name = target_user(call)
    authorize_on_user(call, name)
    return call.directory.user(call.caller.identity.account, name)


def _check_key_id(checks: Checks) -> None:
    checks.text("AccessKeyId", 16, 128, r"[\w]+", required=True)


def _key(call: Call, user: User) -> AccessKey:
    key_id = call.parameters["AccessKeyId"]
    key: AccessKey | None = next((key for key in user.access_keys if key.access_key_id == key_id), None)
    if key is None:
        raise aws_errors.no_such_entity(f"The Access Key with id {key_id} cannot be found.")
    return key


HANDLERS: dict[str, Handler] = {
    "ListAccessKeys": list_access_keys,
    "CreateAccessKey": create_access_key,
    "UpdateAccessKey": update_access_key,
    "DeleteAccessKey": delete_access_key,
    "GetAccessKeyLastUsed": get_access_key_last_used,
}
