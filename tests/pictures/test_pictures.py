"""The pictures of the interface are those that were looked at.

After a change that is meant, ``make pictures`` writes them again.
"""

import difflib

import pytest

from tests.pictures.__main__ import EXPECTED, drawn
from tests.pictures.all_plays import PLAYS


@pytest.mark.long
@pytest.mark.parametrize("name", PLAYS)
def test_the_picture_is_as_it_was(name: str) -> None:
    expected = (EXPECTED / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    shown = drawn(name).splitlines()
    changes = "\n".join(difflib.unified_diff(expected, shown, "expected", "shown", n=1, lineterm=""))
    assert shown == expected, f"{name} differs; if it is meant: make pictures ARGS={name}\n{changes}"


def test_there_is_no_picture_that_nothing_draws() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == set(PLAYS)
