"""The texts about an entry: for a support ticket, and for an administrator."""

import pytest

from mfa_tui.core.aws.api_call import ApiCall, arn_in
from mfa_tui.core.history.call_sentences import done_sentences
from mfa_tui.core.history.entry import Entry, as_document, parse_entry
from mfa_tui.core.history.since import parse_since
from mfa_tui.core.history.texts import administrator_text, cli_command, ticket_text, user_in
from mfa_tui.errors import UsageError

ANA = "arn:aws:iam::111122223333:user/staff/ana"
DEVICE = "arn:aws:iam::111122223333:mfa/ana"
NOW = 1_795_521_342
DENIED = (
    f"User: {ANA} is not authorized to perform: iam:ResyncMFADevice on resource: {ANA} because no identity-based "
    "policy allows the iam:ResyncMFADevice action"
)
CODES = "--authentication-code1 CODE1 --authentication-code2 CODE2"
RESYNC = ApiCall(
    "iam", "ResyncMFADevice", {"UserName": "ana", "SerialNumber": DEVICE}, "id-2", "AccessDenied", DENIED, "", "AKIAANA"
)
ENTRY = Entry(
    NOW, "dev", "device-resync", "refused", "AWS does not let ana resync the MFA device ana.", "No policy.",
    "device-denied", "", ANA, "AKIAANA", (ApiCall("iam", "ListMFADevices", {}, "id-1"), RESYNC),
)  # fmt: skip


def test_a_ticket_has_it_all() -> None:
    assert ticket_text(ENTRY, "1.2.3").splitlines() == [
        "Device resync: refused",
        "Time: 2026-11-24T11:55:42Z",
        "Profile: dev",
        "What: AWS does not let ana resync the MFA device ana.",
        "Why: No policy.",
        "Error: device-denied",
        "User: ana",
        f"ARN: {ANA}",
        "Account: 1111-2222-3333",
        "Access key: AKIAANA",
        "mfa-tui: 1.2.3",
        "Requests to AWS:",
        "  iam:ListMFADevices  (request ID id-1)",
        f"  iam:ResyncMFADevice UserName=ana SerialNumber={DEVICE}  (refused: AccessDenied; request ID id-2)",
        f"    AWS's words: {DENIED}",
    ]


def test_an_administrator_gets_the_call_and_what_can_be_done() -> None:
    lines = administrator_text(ENTRY).splitlines()
    assert lines[:9] == [
        "Hello,",
        "AWS refused a request of mine: iam:ResyncMFADevice.",
        f"Call: aws iam resync-mfa-device --user-name ana --serial-number {DEVICE} {CODES}",
        "User: ana",
        f"ARN: {ANA}",
        "Account: 1111-2222-3333",
        "Access key: AKIAANA",
        "Time: 2026-11-24T11:55:42Z",
        "Request ID: id-2",
    ]
    assert "Please allow iam:ResyncMFADevice, or make the call for me." in lines
    # From the page of troubleshooting, with the names filled in.
    assert "What an administrator can do (locked out):" in lines
    assert f"  aws iam deactivate-mfa-device --user-name ana --serial-number {DEVICE}" in lines
    assert "  aws iam list-mfa-devices --user-name ana" in lines


def test_whose_key_it_is_can_be_looked_up() -> None:
    login = ApiCall("sts", "GetSessionToken", {"SerialNumber": DEVICE}, "id-3", "AccessDenied", "No.")
    entry = Entry(NOW, "dev", "login", "refused", "No.", error="code-refused", signer="AKIAANA", calls=(login,))
    lines = administrator_text(entry).splitlines()
    assert f"Call: aws sts get-session-token --serial-number {DEVICE} --token-code CODE" in lines
    assert "  aws iam get-access-key-last-used --access-key-id AKIAANA" in lines
    assert "Account: 1111-2222-3333" in lines
    assert "  aws iam list-mfa-devices --user-name USER" in lines
    assert not any(line.startswith("Please allow") for line in lines)


def test_a_role_is_named() -> None:
    role = "arn:aws:iam::444455556666:role/admin"
    call = ApiCall("sts", "AssumeRole", {"RoleArn": role, "ExternalId": "…"}, "id-4", "AccessDenied", "No.")
    entry = ENTRY._replace(action="role-login", error="role-denied", calls=(call,))
    wanted = f"Please allow sts:AssumeRole on {role}, in the user's policies and in the role's trust policy."
    assert wanted in administrator_text(entry).splitlines()
    assert cli_command(call) == f"aws sts assume-role --role-arn {role} --external-id …".replace("…", "'…'")


@pytest.mark.parametrize(
    "entry", [ENTRY._replace(result="done"), ENTRY._replace(result="failed"), ENTRY._replace(calls=())]
)
def test_without_a_refusal_there_is_nothing_to_ask(entry: Entry) -> None:
    assert administrator_text(entry) == ""


def test_what_a_terminal_would_obey_is_escaped() -> None:
    hostile = RESYNC._replace(message="No.\x1b]0;x\x07", parameters={"UserName": "a\nb"})
    entry = ENTRY._replace(profile="d\x1b[2J", calls=(hostile,))
    for text in (ticket_text(entry, "1"), administrator_text(entry)):
        assert "\x1b" not in text
        assert "\x07" not in text


def test_a_link_is_no_command_of_the_aws_cli() -> None:
    assert cli_command(ApiCall("signin", "getSigninToken", {}, "")) == "signin:getSigninToken"


def test_documents() -> None:
    assert parse_entry(as_document(ENTRY), "u") == ENTRY._replace(uid="u")
    assert (ENTRY.account, ENTRY.request_id, ENTRY.denied) == ("111122223333", "id-2", RESYNC)


@pytest.mark.parametrize("damage", [{"at": "x"}, {"calls": {}}, {"calls": [{}]}, {"text": 1}, {"arn": None}])
def test_damaged_documents(damage: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        parse_entry({**as_document(ENTRY), **damage}, "u")


def test_identities() -> None:
    assert arn_in(DENIED) == ANA
    assert (arn_in("No."), user_in(ANA), user_in("arn:aws:sts::1:assumed-role/a/b")) == ("", "ana", "")


def test_sentences() -> None:
    calls = [
        ApiCall("sts", "GetSessionToken", {"DurationSeconds": "43200"}, ""),
        ApiCall("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::1:role/x/admin"}, ""),
        ApiCall("iam", "UpdateAccessKey", {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Status": "Inactive"}, ""),
        ApiCall("iam", "DeactivateMFADevice", {"SerialNumber": DEVICE}, "", "AccessDenied"),
        ApiCall("iam", "ListUsers", {}, ""),
    ]
    assert done_sentences(calls) == (
        "Got a session for 12 h. Assumed the role admin for the usual time. Made the access key AKIA…MPLE inactive."
    )


def test_moments() -> None:
    assert parse_since("90m", NOW) == NOW - 5400
    assert parse_since(" 2W", NOW) == NOW - 14 * 86_400
    assert parse_since("2026-11-24T11:55:42Z", 0.0) == NOW
    for wrong in ("", "7", "d", "-1d", "soon", "2026-13-01", "٣d"):
        with pytest.raises(UsageError):
            parse_since(wrong, NOW)
