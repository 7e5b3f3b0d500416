"""How much a test tries: some of everything in ``make test``, all of it in ``make test-long`` (``--long``)."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

T = TypeVar("T")

_chosen = {"long": False}

long = pytest.mark.long
"""Marks a test, or a case of one, that only ``make test-long`` runs: ``pytest.param(…, marks=long)``."""


quick_cases = pytest.mark.quick_cases
"""How many cases of a parametrised test each run takes, spread from the first to the last; all without a number.

Without this mark, tests that start processes or screens take the first case, and all others all of them.
"""

_STARTING = {"new_home", "fire"}
"""Fixtures of tests that start processes or screens. All homes are made by ``new_home``."""
_IN_PROCESS = {"new_setup", "bench"}
"""Fixtures with a home for what runs in this process."""


def left_out(items: Sequence[pytest.Item], *, trials: bool) -> set[pytest.Item]:
    """What only the long form runs of *items*; *trials*: those in ``tests/fire`` run at full length."""
    chosen = [item for item in items if not (trials and item.get_closest_marker("trial"))]
    found = {item for item in chosen if item.get_closest_marker("long")}
    functions: dict[str, list[pytest.Item]] = {}
    for item in chosen:
        if item not in found and hasattr(item, "callspec"):
            functions.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for cases in functions.values():
        found |= set(cases) - set(spread(cases, _quick_cases(cases[0]) or len(cases)))
    return found


def _quick_cases(item: pytest.Item) -> int | None:
    """How many cases of its function each run takes; None: all."""
    if (mark := item.get_closest_marker("quick_cases")) is not None:
        return mark.args[0] if mark.args else None
    fixtures = set(getattr(item, "fixturenames", ()))
    return 1 if fixtures & _STARTING and not fixtures & _IN_PROCESS else None


def choose(*, long: bool) -> None:
    """What ``--long`` says; before any test is imported."""
    _chosen["long"] = long
    # What hypothesis does where a test does not say it. A machine that is busy is no error.
    settings.register_profile(
        "ours", max_examples=100 if long else 25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("ours")


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
