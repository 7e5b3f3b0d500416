"""What a trial by fire counts, and the table of all trials."""

import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

from tests.support.runner.thoroughness import spread

T = TypeVar("T")

FAULTS = ("lost", "leaked", "claimed", "hung")
"""What may never happen: the user's data is lost, a secret leaks, success is claimed falsely, a command hangs."""
PROPERTY = "fire"
"""The name under which a test report carries a trial's counts."""


class Fire:
    """The counts of one trial. ``long`` says that ``make fire`` runs it; ``random`` is seeded by the trial's name."""

    def __init__(self, name: str, *, long: bool) -> None:
        self.name = name
        self.long = long
        self.random = random.Random(name)  # noqa: S311 - repeatable, not secret
        self.count = 0
        self.faults: list[tuple[str, str]] = []

    def rounds(self, *, short: int, long: int) -> int:
        """How often to try: *short* in ``make test``, *long* in ``make fire``."""
        return long if self.long else short

    def sample(self, values: Iterable[T], *, short: int) -> Sequence[T]:
        """All *values* in ``make fire``; in ``make test`` *short* of them, spread evenly from the first to the last."""
        whole = list(values)
        return whole if self.long else spread(whole, short)

    def tried(self, times: int = 1) -> None:
        """Count what was tried."""
        self.count += times

    def lost(self, what: str) -> None:
        """Report that something of the user's was lost or damaged."""
        self.faults.append(("lost", what))

    def leaked(self, what: str) -> None:
        """Report that a secret was found where it should not be."""
        self.faults.append(("leaked", what))

    def claimed(self, what: str) -> None:
        """Report that something was said to have happened that had not, or the other way round."""
        self.faults.append(("claimed", what))

    def hung(self, what: str) -> None:
        """Report that something did not end in time."""
        self.faults.append(("hung", what))

    @property
    def counts(self) -> dict[str, int]:
        """What was tried, and how often each fault happened."""
        return {"tried": self.count} | {fault: sum(kind == fault for kind, _ in self.faults) for fault in FAULTS}


def table(trials: Iterable[tuple[str, dict[str, int]]]) -> list[str]:
    """The lines of the table: a row for each trial, those of one name added up, and the sum of all."""
    columns = ("tried", *FAULTS)
    rows: dict[str, dict[str, int]] = {}
    for name, counts in trials:
        row = rows.setdefault(name, dict.fromkeys(columns, 0))
        for column in columns:
            row[column] += counts[column]
    whole = {column: sum(row[column] for row in rows.values()) for column in columns}
    width = max((len(name) for name in rows), default=0)
    lines = [" " * width + "".join(f"{column:>9}" for column in columns)]
    for name, row in [*sorted(rows.items()), ("all", whole)]:
        lines.append(f"{name:<{width}}" + "".join(f"{row[column]:>9,}" for column in columns))
    return lines
