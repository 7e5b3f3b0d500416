"""CloudTrail's events of sign-ins to the console, and where AWS records them.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from mfa_tui.core.account.account import SignIn, SignIns
from mfa_tui.core.aws.response_checks import ImplausibleResponse

DAYS = 90
"""How many days CloudTrail's event history goes back."""
INTERVAL = 0.5
"""Seconds between two requests to one Region: LookupEvents takes two a second."""
ROOT = "root"
_REGIONS = {
    "aws": ("us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2"),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-us-gov": ("us-gov-west-1", "us-gov-east-1"),
    "aws-eusc": ("eusc-de-east-1",),
}
"""Where sign-ins by the global endpoint are recorded: root's in us-east-1, users' in any of the Regions."""


def sign_in_regions(partition: str, own: str) -> tuple[str, ...]:
    """The Regions that record sign-ins: those of the global endpoint, and the profile's *own*, if it has one.

    A user who signs in by a regional endpoint is recorded in that Region only; people mostly use their own.
    """
    return tuple(dict.fromkeys((*_REGIONS.get(partition, ()), *filter(None, (own,)))))


class ConsoleLogin(NamedTuple):
    """A successful sign-in of an IAM user or of root."""

    sign_in: SignIn
    """Who and when."""
    mfa: bool
    """Whether it was with MFA."""


def parse_event(text: object, at: int, region: str) -> ConsoleLogin | None:
    """The sign-in in the JSON of an event, of the time *at*; None if it does not count.

    Only IAM users and root count: federated users and roles sign in elsewhere, where MFA is asked for. Failures do not.
    Raises ImplausibleResponse for what is no event: nobody would miss a sign-in that cannot be read.
    """
    try:
        event = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict) or not isinstance(event.get("eventName"), str):
        raise ImplausibleResponse("an event is malformed")
    if event["eventName"] != "ConsoleLogin":
        return None
    identity, response, details = (
        _table(event, name) for name in ("userIdentity", "responseElements", "additionalEventData")
    )
    if not identity.get("type") or not isinstance(identity["type"], str):
        raise ImplausibleResponse("an event does not say who signed in")
    if identity["type"] not in ("IAMUser", "Root") or response.get("ConsoleLogin") != "Success":
        return None
    name = ROOT if identity["type"] == "Root" else identity.get("userName")
    if not isinstance(name, str) or not name:
        raise ImplausibleResponse("an event does not say who signed in")
    arn = str(identity.get("arn", ""))
    return ConsoleLogin(SignIn(at, arn, name, region), details.get("MFAUsed") == "Yes")


def _table(event: dict[str, Any], name: str) -> dict[str, Any]:
    value = event.get(name)
    return value if isinstance(value, dict) else {}


class SignInLog:
    """Collects sign-ins, page by page."""

    def __init__(self) -> None:
        self._without: list[SignIn] = []
        self._days: dict[str, list[int]] = {}
        self._regions: list[str] = []

    def add(self, login: ConsoleLogin) -> None:
        """Count one sign-in."""
        from datetime import UTC, datetime

        day = datetime.fromtimestamp(login.sign_in.at, UTC).date().isoformat()
        self._days.setdefault(day, [0, 0])[0 if login.mfa else 1] += 1
        if not login.mfa:
            self._without.append(login.sign_in)

    def finish(self, region: str) -> None:
        """Note that all events of a Region were seen."""
        self._regions.append(region)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known: no sign-in was seen, and no Region to its end."""
        return not self._days and not self._regions

    def result(self) -> SignIns:
        """What was seen so far."""
        newest_first = sorted(self._without, key=lambda sign_in: -sign_in.at)
        days = tuple((day, counts[0], counts[1]) for day, counts in sorted(self._days.items()))
        return SignIns(tuple(newest_first), days, tuple(self._regions))
