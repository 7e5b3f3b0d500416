"""Whom and what a refusal of AWS names."""

from mfa_tui.adapters.aws.caller import AwsError, Caller
from mfa_tui.core.profiles.role import Role
from mfa_tui.services.sessions.refusals import error_for
from tests.support.awsfiles import new_session

ROLE = Role("admin", "arn:aws:iam::111122223333:role/admin")
DENIED = AwsError("AccessDenied", "User is not authorized to perform: sts:AssumeRole", 403)


def test_keys_are_called_those_of_whom_they_are() -> None:
    refusal = error_for(
        AwsError("InvalidClientTokenId", "", 403), Caller("admin", new_session(), keys_of="base"), role=ROLE
    )
    assert refusal.what == "AWS does not recognize the access key ASIA…LE00 of base."


def test_whom_a_role_does_not_trust() -> None:
    user, role = new_session(), new_session(roles=("arn:aws:iam::111122223333:role/first  ",))
    assert "does not trust this user" in error_for(DENIED, Caller("admin", user), role=ROLE).why
    assert "does not trust the role before it in the chain" in error_for(DENIED, Caller("admin", role), role=ROLE).why
