"""Sign-ins in CloudTrail's events: which count, and what is kept of them."""

import json
from typing import Any

import pytest

from mfa_tui.core.account.sign_in_events import parse_event
from mfa_tui.core.aws.response_checks import ImplausibleResponse

ARN = "arn:aws:iam::111122223333:user/ana"
EVENT: dict[str, Any] = {
    "eventName": "ConsoleLogin",
    "userIdentity": {"type": "IAMUser", "userName": "ana", "arn": ARN},
    "responseElements": {"ConsoleLogin": "Success"},
    "additionalEventData": {"MFAUsed": "No"},
}


def test_a_sign_in() -> None:
    found = parse_event(json.dumps(EVENT), 5, "eu-west-1")
    assert found is not None
    assert (tuple(found.sign_in), found.mfa) == ((5, ARN, "ana", "eu-west-1"), False)
    with_mfa = parse_event(json.dumps({**EVENT, "additionalEventData": {"MFAUsed": "Yes"}}), 5, "eu-west-1")
    assert with_mfa is not None
    assert with_mfa.mfa
    root = parse_event(json.dumps({**EVENT, "userIdentity": {"type": "Root", "arn": "r"}}), 5, "us-east-1")
    assert root is not None
    assert (root.sign_in.name, root.sign_in.arn) == ("root", "r")


@pytest.mark.parametrize(
    "changes",
    [
        {"eventName": "SwitchRole"},
        {"userIdentity": {"type": "AssumedRole", "arn": ARN}},
        {"responseElements": {"ConsoleLogin": "Failure"}},
        {"responseElements": "Success"},
    ],
)
def test_what_does_not_count(changes: dict[str, Any]) -> None:
    assert parse_event(json.dumps({**EVENT, **changes}), 5, "eu-west-1") is None


@pytest.mark.parametrize("text", [None, 5, "", "{", "[]", "5"])
def test_what_is_no_event(text: object) -> None:
    with pytest.raises(ImplausibleResponse, match="malformed"):
        parse_event(text, 5, "eu-west-1")


@pytest.mark.parametrize(
    "identity", [None, {}, {"type": ""}, {"type": 5}, "IAMUser", {"type": "IAMUser", "userName": None}]
)
def test_an_event_of_nobody(identity: object) -> None:
    with pytest.raises(ImplausibleResponse, match="who signed in"):
        parse_event(json.dumps({**EVENT, "userIdentity": identity}), 5, "eu-west-1")
