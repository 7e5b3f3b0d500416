"""STS, strict: each handler answers one action as https://docs.aws.amazon.com/STS/latest/APIReference/ says."""

import json

from mfa_tui.demo.aws.accounts import policy
from mfa_tui.demo.aws.accounts.calls import Call, Handler
from mfa_tui.demo.aws.accounts.identities import Identity, TemporaryCredentials
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.clock import iso
from mfa_tui.demo.aws.protocol.parameters import Checks
from mfa_tui.demo.aws.protocol.xml_responses import Result

VERSION = "2011-06-15"

_CHAINED = 3600
"""Seconds that a role assumed with temporary credentials may last."""


def get_caller_identity(call: Call) -> Result:
    """Needs no permission."""
    identity = call.caller.identity
    return {"Arn": identity.arn, "UserId": identity.user_id, "Account": identity.account}


def get_session_token(call: Call) -> Result:
    """Long-term keys only; 900 to 129,600 seconds; needs no permission."""
    checks = Checks(call.parameters)
    duration = checks.number("DurationSeconds", 900, 129_600, 43_200)
    _check_mfa(checks)
    checks.done()
    if call.caller.session is not None:
        raise aws_errors.session_credentials(call.action)
    with_mfa = call.verify_code()
    session = call.sessions.issue(
        call.caller.identity,
        call.now + duration,
        call.now if with_mfa else None,
        source_key_id=call.logged.access_key_id,
    )
    return {"Credentials": credentials_description(session)}


def assume_role(call: Call) -> Result:
    """The role's trust policy and the caller's own policies decide; role chaining lasts an hour at most."""
    checks = Checks(call.parameters)
    checks.text(
        "RoleArn", 20, 2048, r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD]+", required=True
    )
    checks.text("RoleSessionName", 2, 64, r"[\w+=,.@-]*", required=True)
    checks.text("ExternalId", 2, 1224, r"[\w+=,.@:\/-]*")
    duration = checks.number("DurationSeconds", 900, 43_200, 3600)
    _check_mfa(checks)
    checks.done()
    with_mfa = call.verify_code()
    role_arn = call.parameters["RoleArn"]
    role = call.directory.role(role_arn)
    if role is None or not _may_assume(call, json.loads(role.assume_role_policy_document), role_arn, with_mfa):
        raise aws_errors.not_authorized(call.caller.identity.arn, "sts:AssumeRole", role_arn)
    if call.caller.session is not None and duration > _CHAINED:
        raise aws_errors.validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        )
    if duration > int(role.max_session_duration or _CHAINED):
        raise aws_errors.validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    name = call.parameters["RoleSessionName"]
    identity = Identity(
        account=role.account_id,
        arn=f"arn:{role.partition}:sts::{role.account_id}:assumed-role/{role.name}/{name}",
        user_id=f"{role.id}:{name}",
        role_arn=role_arn,
    )
    session = call.sessions.issue(identity, call.now + duration, None, chained=call.caller.session is not None)
    return {
        "Credentials": credentials_description(session),
        "AssumedRoleUser": {"AssumedRoleId": identity.user_id, "Arn": identity.arn},
    }


def _may_assume(call: Call, trust: policy.Statement, role_arn: str, with_mfa: bool) -> bool:
    """Both sides are asked. Within one account a trust policy that names the caller itself is enough."""
    identity = call.caller.identity
    context = call.caller.context(call.now)
    if with_mfa:
        context |= {"aws:multifactorauthpresent": "true", "aws:multifactorauthage": "0"}
    if "ExternalId" in call.parameters:
        context["sts:externalid"] = call.parameters["ExternalId"]
    context["sts:rolesessionname"] = call.parameters["RoleSessionName"]
    itself = [identity.arn] if identity.role_arn is None else [identity.arn, identity.role_arn]
    account = [identity.account, f"arn:aws:iam::{identity.account}:root"]
    own = call.decision("sts:AssumeRole", role_arn, context)
    limited = call.caller.session is not None and bool(call.caller.session.scopes)
    if own == policy.DENIED or (limited and own != policy.ALLOWED):
        return False
    if policy.decide([trust], "sts:AssumeRole", context, principals=itself + account) != policy.ALLOWED:
        return False
    named = policy.decide([trust], "sts:AssumeRole", context, principals=itself) == policy.ALLOWED
    same_account = role_arn.split(":")[4] == identity.account
    return own == policy.ALLOWED or (named and same_account)


def _check_mfa(checks: Checks) -> None:
    checks.text("SerialNumber", 9, 256, r"[\w+=/:,.@-]*")
    checks.text("TokenCode", 6, 6, r"[\d]*")


def credentials_description(session: TemporaryCredentials) -> Result:
    """Temporary credentials as STS answers with them."""
    return {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key,
        "SessionToken": session.session_token,
        "Expiration": iso(session.expires_at),
    }


HANDLERS: dict[str, Handler] = {
    "GetCallerIdentity": get_caller_identity,
    "GetSessionToken": get_session_token,
    "AssumeRole": assume_role,
}
