"""Lists of IAM: all pages are read, and a list that AWS cannot have meant is refused."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from mfa_tui.adapters.aws.paging import MOST_PAGES, note_page, pages
from mfa_tui.core.aws.response_checks import ImplausibleResponse


class Client:
    """IAM with one list, whose pages *answer* makes of the marker and of a number from 0."""

    def __init__(self, answer: Callable[[str, int], dict[str, Any]]) -> None:
        self._answer = answer
        self._numbers = count()

    def list_things(self, *, Marker: str = "", **about: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        assert about == {"UserName": "ana"}
        return self._answer(Marker, next(self._numbers))


def read(answer: Callable[[str, int], dict[str, Any]]) -> list[str]:
    return [page["Thing"] for page in pages(Client(answer), "list_things", UserName="ana")]


def test_all_pages() -> None:
    following = {"": "m", "m": "n"}

    def answer(marker: str, _: int) -> dict[str, Any]:
        more = {"IsTruncated": True, "Marker": following[marker]} if marker in following else {}
        return {"Thing": marker, **more}

    assert read(answer) == ["", "m", "n"]


@pytest.mark.parametrize(
    "marker",
    [lambda _: "m", lambda number: "mn"[number % 2], lambda number: f"m{number}"],
    ids=["the same", "two in turn", "always another"],
)
def test_a_list_without_an_end(marker: Callable[[int], str]) -> None:
    with pytest.raises(ImplausibleResponse, match="does not end"):
        read(lambda _, number: {"Thing": "", "IsTruncated": True, "Marker": marker(number)})


@pytest.mark.parametrize("more", [{}, {"Marker": ""}])
def test_a_list_that_goes_on_nowhere(more: dict[str, str]) -> None:
    with pytest.raises(ImplausibleResponse, match="there is no marker"):
        read(lambda _, __: {"Thing": "", "IsTruncated": True, **more})


def test_the_most_pages() -> None:
    seen = {str(number) for number in range(MOST_PAGES - 1)}
    note_page("one", seen)
    with pytest.raises(ImplausibleResponse, match="does not end"):
        note_page("two", seen)
