"""Lists that AWS hands out page by page. One that has no end, or whose next page cannot be asked for, is not AWS's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mfa_tui.core.aws.response_checks import ImplausibleResponse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_PAGES = 1000
"""How many pages a list of IAM has at most: an account has some thousands of users and of roles."""


def pages(client: Any, method: str, **parameters: str) -> Iterator[dict[str, Any]]:
    """The pages that *method* of IAM's *client* returns. Raises ImplausibleResponse."""
    marker, seen = "", set[str]()
    while True:
        answer = getattr(client, method)(**parameters, **({"Marker": marker} if marker else {}))
        yield answer
        marker = next_marker(answer, seen)
        if not marker:
            return


def next_marker(answer: Mapping[str, Any], seen: set[str]) -> str:
    """What the page after *answer* is asked for with; empty if it is the last one.

    *seen* has the markers of the pages before, and gets this one. Raises ImplausibleResponse.
    """
    if not answer.get("IsTruncated"):
        return ""
    marker = str(answer.get("Marker", ""))
    if not marker:
        raise ImplausibleResponse("the list goes on, and there is no marker")
    note_page(marker, seen)
    return marker


def note_page(marker: str, seen: set[str], most: int = MOST_PAGES) -> None:
    """Add the *marker* of a further page to those that were *seen*. Raises ImplausibleResponse."""
    if marker in seen or len(seen) >= most:
        raise ImplausibleResponse("the list does not end")
    seen.add(marker)
