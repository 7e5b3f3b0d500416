"""Whom and what a refusal of AWS names."""

from typing import Any

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.core.profiles.role import Role
from mfa_tui.errors import AwsTrouble, MfaTuiError
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.sessions.refusals import clock_words, error_for, network_problem
from tests.support.awsfiles.saved_sessions import new_session

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


KEYS = AccessKeys("AKIAIOSFODNN7EXAMPLE", Secret("s"))
USER = Caller("dev", KEYS)


def error(code: str, message: str = "", status: int = 400, caller: Caller = USER, **given: Any) -> MfaTuiError:
    return error_for(AwsError(code, message, status), caller, **given)


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (5, "5 s behind AWS's"),
        (-89, "1 m ahead of AWS's"),
        (89, "1 m behind AWS's"),
        (90, "2 m behind AWS's"),
        (-149, "2 m ahead of AWS's"),
        (150, "3 m behind AWS's"),
        (59, "59 s behind AWS's"),
    ],
)
def test_how_far_a_clock_is_off(offset: float, words: str) -> None:
    assert clock_words(offset) == words


def test_a_clock_that_is_off_by_an_unknown_time() -> None:
    def what(offset: float) -> str:
        return error("SignatureDoesNotMatch", "Signature expired: x", 403, offset=offset).what

    assert what(0.0) == "This machine's clock is wrong, so AWS refuses its requests."
    assert what(-400) == "This machine's clock is 7 m ahead of AWS's, so AWS refuses its requests."


CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "


@pytest.mark.parametrize(
    ("made_by", "what", "remedy"),
    [
        ("", "AWS did not accept the code for dev.", "Wait for the next code, then try again."),
        ("keyring", "two codes from the stored secret for dev.", "Import the right secret: mfa-tui device import dev,"),
        ("vault", "two codes from the stored secret for dev.", "Import the right secret: mfa-tui device import dev,"),
        ("command", "the secret that seed_command prints for dev.", "Correct seed_command"),
        ("code-command", "two codes from code_command for dev.", "Correct code_command"),
        ("yubikey", "two codes from the YubiKey for dev.", "Correct yubikey"),
    ],
)
def test_a_code_that_is_refused(made_by: str, what: str, remedy: str) -> None:
    refusal = error("AccessDenied", CODE, 403, serial="x", made_by=made_by)
    assert refusal.slug == "code-refused"
    assert refusal.what.endswith(what)
    assert refusal.remedy.startswith(remedy)


def test_a_device_that_aws_does_not_know() -> None:
    message = (
        "MultiFactorAuthentication failed, unable to validate MFA code.  "
        "Please verify your MFA serial number is valid and associated with this user."
    )
    named = USER._replace(serial_of="base")
    unknown = error("AccessDenied", message, 403, named, serial="arn:x")
    assert (unknown.slug, unknown.why) == ("serial-refused", "It was arn:x.")
    assert "mfa_serial of base" in unknown.remedy
    assert "mfa_serial of dev" in error("AccessDenied", message, 403).remedy
    new = error("AccessDenied", message, 403, named, serial="arn:x", new_device=True)
    assert (new.slug, new.what) == ("code-refused", "AWS does not accept codes of the new device yet.")


@pytest.mark.parametrize(
    ("serial", "session_serial", "needs_mfa"), [("", "", True), ("x", "", False), ("", "x", False)]
)
def test_a_role_that_requires_mfa(serial: str, session_serial: str, *, needs_mfa: bool) -> None:
    caller = USER._replace(keys=new_session(serial=session_serial))
    assert ("requires MFA" in error_for(DENIED, caller, role=ROLE, serial=serial).why) == needs_mfa
    assert "requires MFA" in error_for(DENIED, USER, role=ROLE).why


def test_a_role_and_its_external_id() -> None:
    with_id = Role("admin", ROLE.arn, external_id="abc")
    assert error_for(DENIED, USER, role=with_id).why.endswith("or it requires another external_id.")
    assert error_for(DENIED, USER, role=ROLE).why.endswith(
        "or it requires an external_id, which the profile does not have."
    )
    assert error_for(DENIED, USER).what == "AWS denied the request of dev."


def test_a_session_that_is_too_long() -> None:
    long = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    chained = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    assert "the role's maximum" in error("ValidationError", long, role=ROLE).why
    assert "role chaining" in error("ValidationError", chained, role=ROLE).why
    assert error("ValidationError", long).remedy == "Use a shorter --duration; root gets one hour at most."


def test_whose_keys_are_wrong() -> None:
    of_base = USER._replace(keys_of="base")
    assert "AKIA…MPLE of base" in error("InvalidClientTokenId", "", 403, of_base).what
    assert "AKIA…MPLE of dev" in error("InvalidClientTokenId", "", 403).what
    # A refusal that has nothing to do with the keys names the profile itself.
    assert error("AccessDenied", "No.", 403, of_base).what == "AWS denied the request of dev."


def test_aws_own_words() -> None:
    assert error("Strange", "It is so").why == "It is so."
    assert error("Strange", "It is so.").why == "It is so."
    assert error("Strange").why == "Strange."
    nameless = error("", "", 418)
    assert (nameless.what, nameless.why) == ("AWS refused: 418.", "HTTP status 418.")
    trouble = error("InternalFailure", "", 500)
    assert (trouble.slug, isinstance(trouble, AwsTrouble)) == ("aws-trouble", True)
    assert not isinstance(error("Strange"), AwsTrouble)


@pytest.mark.parametrize(
    ("kind", "connected", "counts"),
    [
        ("timeout", True, True),
        ("timeout", False, False),
        ("dropped", True, True),
        ("gateway", True, True),
        ("unread", True, True),
        ("unreachable", True, False),
        ("tls", True, False),
    ],
)
def test_whether_a_code_may_count_as_used(kind: str, *, connected: bool, counts: bool) -> None:
    failure = AwsUnreachable(kind, "sts", connected=connected)
    again = "Try again with the next code: this one may count as used."
    assert (error_for(failure, USER, serial="x").remedy == again) == counts
    assert network_problem(failure).remedy != again


@pytest.mark.parametrize(
    ("status", "why"), [("407", "a user name"), ("403", "does not allow"), ("502", "cannot connect")]
)
def test_a_proxy_that_refuses(status: str, why: str) -> None:
    problem = network_problem(AwsUnreachable("proxy-status", "", status, proxy="https_proxy"))
    assert why in problem.why
    assert problem.what == f"The proxy answered with status {status} instead of connecting to AWS."
    assert "{" not in problem.remedy
    assert "https_proxy" in network_problem(AwsUnreachable("proxy", "sts", proxy="https_proxy")).remedy
    assert "HTTPS_PROXY" in network_problem(AwsUnreachable("proxy", "sts")).remedy
