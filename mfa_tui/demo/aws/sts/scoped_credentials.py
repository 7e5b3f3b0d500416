"""GetScopedCredentials, strict: a session of the same identity with fewer permissions or a shorter life.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html, and botocore 1.44.8's model of it.
Where AWS says nothing: no Allow is needed but a Deny counts, and the session keeps the MFA that it was made with.
"""

import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

from mfa_tui.demo.aws.accounts import policy
from mfa_tui.demo.aws.accounts.calls import Call, Handler
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.aws_errors import Refusal
from mfa_tui.demo.aws.protocol.parameters import Checks
from mfa_tui.demo.aws.protocol.xml_responses import Result
from mfa_tui.demo.aws.sts.actions import VERSION, credentials_description

MOST_LAYERS = 3
"""Policies that a session may carry."""
PACKED_LIMIT = 2400
"""Bytes of all packed policies of a session. AWS does not tell its limit, nor how it packs: this is our own."""
_GLOBAL = "sts.amazonaws.com"
_ACTION = r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+"
_LONGEST_LIFE = 129_600


def get_scoped_credentials(call: Call) -> Result:
    """Temporary credentials only, never past their end; at most three policies; not on the global endpoint."""
    if call.host.partition(":")[0] == _GLOBAL:
        raise aws_errors.invalid_action(call.action, VERSION)
    checks = Checks(call.parameters)
    checks.text("Policy", 1, 2048, r"[\u0009\u000A\u000D\u0020-\u00FF]+")
    checks.text("ScopedSessionDescription", 2, 256, r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*")
    checks.number("MinimumSessionTokenSize", 0, 4096, 0)
    duration = checks.number("DurationSeconds", 1, _LONGEST_LIFE, 0)
    checks.done()
    parent = call.caller.session
    if parent is None:
        raise Refusal(403, "AccessDenied", f"Cannot call {call.action} with IAM user or root credentials")
    text = call.parameters.get("Policy", "")
    if not text and not duration:
        raise aws_errors.validation("At least one of Policy or DurationSeconds must be specified.")
    if call.decision(f"sts:{call.action}", "*") == policy.DENIED:
        raise aws_errors.not_authorized(call.caller.identity.arn, f"sts:{call.action}", "*", "with an explicit deny")
    scopes = _with_policy(parent.scopes, text) if text else parent.scopes
    left = int(parent.expires_at - call.now)
    if duration > left:
        raise Refusal(
            400,
            "InsufficientSessionLifetime",
            f"The requested DurationSeconds, {duration}, exceeds the remaining lifetime of the session, {left}.",
        )
    expires_at = call.now + duration if duration else parent.expires_at
    session = call.sessions.issue(
        parent.identity, expires_at, parent.mfa_at, scopes=scopes, source_key_id=parent.source_key_id
    )
    identity = parent.identity
    return {
        "Credentials": credentials_description(session),
        "SessionInfo": {"ScopedSessionId": identity.user_id, "Arn": identity.arn},
        "ScopedPoliciesCount": str(len(scopes)),
        "SessionTokenSize": str(len(session.session_token)),
        "SessionTokenUtilization": str(_packed(scopes) * 100 // PACKED_LIMIT),
    }


def _with_policy(scopes: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The policies of a session with one more. Refuses one that is malformed, one too many, and too much of them."""
    _check_policy(text)
    scopes = (*scopes, text)
    if len(scopes) > MOST_LAYERS:
        raise Refusal(403, "AccessDenied", f"A session can have at most {MOST_LAYERS} scope-down policies.")
    if (packed := _packed(scopes)) > PACKED_LIMIT:
        message = f"The session token size of {packed} bytes exceeds the maximum of {PACKED_LIMIT} bytes."
        raise Refusal(400, "PackedPolicyTooLarge", message)
    return scopes


def _packed(scopes: tuple[str, ...]) -> int:
    return sum(len(zlib.compress(each.encode())) for each in scopes)


def _check_policy(text: str) -> None:
    """Refuse what is no IAM policy that a session can have: MalformedPolicyDocument."""
    try:
        document = json.loads(text)
        statements = document["Statement"]
        message = "" if document.keys() <= {"Version", "Id", "Statement"} else "Syntax errors in policy."
        for statement in statements if isinstance(statements, list) else [statements]:
            message = message or _mistake(statement)
    except (ValueError, KeyError, AttributeError, TypeError):
        message = "Syntax errors in policy."
    if message:
        raise Refusal(400, "MalformedPolicyDocument", message)


def _mistake(statement: Mapping[str, Any]) -> str:
    """What is wrong with a statement; empty if nothing is."""
    if statement["Effect"] not in ("Allow", "Deny"):
        return "Invalid effect."
    if statement.keys() & {"Principal", "NotPrincipal"}:
        return "Policy document should not specify a principal."
    if ("Action" in statement) == ("NotAction" in statement):
        return "Policy statement must contain actions."
    if ("Resource" in statement) == ("NotResource" in statement):
        return "Policy statement must contain resources."
    actions = statement.get("Action", statement.get("NotAction"))
    for action in actions if isinstance(actions, list) else [actions]:
        if re.fullmatch(_ACTION, action) is None:
            return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    return ""


HANDLERS: dict[str, Handler] = {"GetScopedCredentials": get_scoped_credentials}
