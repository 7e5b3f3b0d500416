"""Pages of long answers. A client gets the position of the next page as a token, which it cannot read."""

import base64
from collections.abc import Mapping, Sequence
from typing import TypeVar

from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.parameters import Checks

_Entry = TypeVar("_Entry")


def token_of(position: int) -> str:
    """The token of a page that begins at *position*."""
    return base64.b64encode(str(position).encode()).decode()


def position_in(token: str | None) -> int:
    """Where the page of *token* begins: 0 without one. Raises ValueError."""
    return int(base64.b64decode(token or "MA==", validate=True))


def iam_page(parameters: Mapping[str, str], everything: Sequence[_Entry]) -> tuple[Sequence[_Entry], dict[str, str]]:
    """The page of *everything* that Marker and MaxItems ask for, and what IAM says of the next page."""
    checks = Checks(parameters)
    checks.text("Marker", 1, 320, r"[ -\u00FF]+")
    size = checks.number("MaxItems", 1, 1000, 100)
    checks.done()
    try:
        start = position_in(parameters.get("Marker"))
    except ValueError:
        raise aws_errors.validation("Invalid Marker.") from None
    end = start + size
    if end < len(everything):
        return everything[start:end], {"IsTruncated": "true", "Marker": token_of(end)}
    return everything[start:], {"IsTruncated": "false"}
