"""How much a test tries: some of everything in ``make test``, all of it in ``make test-long`` (``--long``)."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")

_chosen = {"long": False}

long = pytest.mark.long
"""Marks a test, or a case of one, that only ``make test-long`` runs: ``pytest.param(…, marks=long)``."""


def choose(*, long: bool) -> None:
    """What ``--long`` says; before any test is imported."""
    _chosen["long"] = long


def is_long() -> bool:
    """Whether the tests run with ``--long``."""
    return _chosen["long"]


def examples(number: int, *, short: int) -> int:
    """How many examples to generate: *number* in the long form."""
    return number if _chosen["long"] else short


def sample(values: Iterable[T], *, short: int) -> Sequence[T]:
    """All *values* in the long form; else *short* of them, spread evenly from the first to the last."""
    whole = list(values)
    return whole if _chosen["long"] else spread(whole, short)


def spread(whole: Sequence[T], number: int) -> Sequence[T]:
    """So many of the values, spread evenly from the first to the last; all if there are no more."""
    if len(whole) <= number:
        return whole
    return [whole[at * (len(whole) - 1) // max(1, number - 1)] for at in range(number)]
