"""CloudTrail's event history: 90 days, by Region, 50 events a page, two requests a second.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import json
from typing import Any

from mfa_tui.demo.aws.accounts.calls import Call, Handler
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.paging import position_in, token_of
from mfa_tui.demo.aws.protocol.xml_responses import Result

DAYS = 90
_DAY = 86_400
_MOST = 50
"""Events on a page."""


def lookup_events(call: Call) -> Result:
    """The events of the Region that was called, the newest first, that match the one attribute."""
    call.authorize(f"cloudtrail:{call.action}", "*")
    state = call.directory.state(call.caller.identity.account)
    if not state.may_look_up(call.region, call.now):
        raise aws_errors.throttling()
    wanted: dict[str, Any] = json.loads(call.parameters["Body"] or "{}")
    attributes = wanted.get("LookupAttributes", [])
    if len(attributes) > 1:
        raise aws_errors.Refusal(
            400, "InvalidLookupAttributesException", "Currently, only one lookup attribute is supported."
        )
    size = wanted.get("MaxResults", _MOST)
    if not isinstance(size, int) or not 1 <= size <= _MOST:
        raise aws_errors.Refusal(400, "InvalidMaxResultsException", "Number of results must be between 1 and 50.")
    start, end = float(wanted.get("StartTime", 0)), float(wanted.get("EndTime", call.now))
    if start > end:
        raise aws_errors.Refusal(400, "InvalidTimeRangeException", "StartTime is later than EndTime.")
    found = [
        event
        for event in sorted(state.events.get(call.region, ()), key=lambda one: -one.at)
        if max(start, call.now - DAYS * _DAY) <= event.at <= end and _matches(event.name, event.user, attributes)
    ]
    first = _first(wanted.get("NextToken"))
    result: dict[str, Any] = {
        "Events": [
            {
                "EventId": event.id,
                "EventName": event.name,
                "ReadOnly": "false",
                "EventTime": event.at,
                "EventSource": "signin.amazonaws.com",
                "Username": event.user,
                "Resources": [],
                "CloudTrailEvent": json.dumps(event.record),
            }
            for event in found[first : first + size]
        ]
    }
    if first + size < len(found):
        result["NextToken"] = token_of(first + size)
    return result


def _matches(name: str, user: str, attributes: list[dict[str, str]]) -> bool:
    values = {"EventName": name, "Username": user, "EventSource": "signin.amazonaws.com"}
    return all(values.get(one["AttributeKey"]) == one["AttributeValue"] for one in attributes)


def _first(token: str | None) -> int:
    try:
        return position_in(token)
    except ValueError:
        raise aws_errors.Refusal(400, "InvalidNextTokenException", "Invalid NextToken.") from None


HANDLERS: dict[str, Handler] = {"LookupEvents": lookup_events}
