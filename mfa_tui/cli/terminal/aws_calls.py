"""AWS requests that were made, as commands show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output
from mfa_tui.core.aws.api_call import call_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.core.aws.api_call import ApiCall


def show_calls(calls: Sequence[ApiCall]) -> None:
    """Show each AWS request that was made, with its parameters and AWS's request ID."""
    if calls:
        output.say("AWS requests:")
    for call in calls:
        output.say(f"  {call_words(call)}")


def calls_as_json(calls: Sequence[ApiCall]) -> list[dict[str, object]]:
    """The AWS requests that were made, for ``--json``."""
    return [
        {
            "service": call.service,
            "action": call.action,
            "parameters": dict(call.parameters),
            "request_id": call.request_id or None,
            "error": call.error or None,
        }
        for call in calls
    ]
