"""Calls to AWS, as a record of what was done shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_ANSWER = "no-answer"
"""In place of an error code, if the connection broke before AWS answered."""
_READ_ONLY = ("Get", "List", "Lookup", "Generate", "Simulate")
"""What the names of actions begin with that change nothing."""
_ISSUING = ("GetSessionToken", "GetScopedCredentials")
"""Actions that give credentials, in spite of their names."""
_SIGNER = r"User: (arn:[\w-]+:\S+) is not authorized"
"""AWS's words about a request that it denies."""
_LONGEST = 120
"""Characters of a parameter that are shown."""


class ApiCall(NamedTuple):
    """One call to AWS. It holds no secrets and no MFA codes."""

    service: str
    """The service: ``iam``."""
    action: str
    """The action, such as ``EnableMFADevice``."""
    parameters: Mapping[str, str]
    """The parameters as text, except codes."""
    request_id: str
    """AWS's id of the request, by which CloudTrail and AWS Support find it; empty if there was no answer."""
    error: str = ""
    """AWS's error code; ``no-answer`` if there was none; empty if AWS did it."""
    message: str = ""
    """AWS's own words about the error, without codes."""
    arn: str = ""
    """Who made the call, where AWS's answer or refusal says it."""
    key_id: str = ""
    """The access key ID that signed it."""

    @property
    def changes(self) -> bool:
        """Whether it changes something at AWS, or gives credentials."""
        return self.action in _ISSUING or not self.action.startswith(_READ_ONLY)


def arn_in(message: str) -> str:
    """The ARN of who made a request that AWS denied, in AWS's *message*; empty if it is not there."""
    found = re.match(_SIGNER, message)
    return found[1] if found else ""


def call_words(call: ApiCall) -> str:
    """A call that was made, in one line: action, parameters and request ID."""
    parameters = "".join(f" {name}={_short(value)}" for name, value in call.parameters.items())
    request = f"request ID {call.request_id}" if call.request_id else "no answer"
    refused = f"refused: {call.error}; " if call.error and call.request_id else ""
    return f"{call.service}:{call.action}{parameters}  ({refused}{request})"


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
