"""How well the letters that were typed match a name, and which letters of the name they are.

A word matches if its letters occur in the name in their order. A match has a cost, the lower the better: letters cost
little or nothing if they begin a word of the name (in ``mobile-prod`` and ``mobileProd`` there are two) or follow the
one before.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

INSIDE = 3
"""The cost of a first letter that does not begin a word of the name."""
NEXT_WORD = 2
"""The cost of a letter that begins a word further on."""
ANYWHERE = 4
"""The cost of any other letter further on. In the same word it is the number of letters that are skipped, if less."""
WORST = 15
"""The highest cost of a match: all that are worse cost as much."""

_WORD_START = re.compile(r"(?<![Aa])[Aa]|(?<=a)A|(?<=A)A(?=a)|(?<!0)0")
"""Where a word begins, in terms of :class:`_Classes`; in ``AWSProd2`` there are three."""


class _Classes(dict[int, str]):
    """The class of a character, by its code: ``A`` upper case, ``a`` another letter, ``0`` a digit, ``-`` the rest."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        found = "A" if sign.isupper() else "a" if sign.isalpha() else "0" if sign.isdigit() else "-"
        self[code] = found
        return found


_CLASSES: Mapping[int, str] = _Classes()


def folded(name: str) -> tuple[str, str]:
    """*name* as it is searched, in which upper and lower case are alike, and as it is cased, at the same length."""
    text = name.casefold()
    return text, name if len(text) == len(name) else text


def word_starts(cased: str) -> list[int]:
    """The indexes at which the words of *cased* begin."""
    return [found.start() for found in _WORD_START.finditer(cased.translate(_CLASSES))]


def matched_letters(name: str, wanted: str) -> list[tuple[int, int]]:
    """Where the words of *wanted* match *name* best, as (start, end) in characters, from left to right.

    Words that do not match it are left out: they may have matched an account or a device.
    """
    text, cased = folded(name)
    starts = frozenset(word_starts(cased))
    found: set[int] = set()
    for word in wanted.casefold().split():
        best = _best_match(text, starts, word)
        if best is not None:
            found.update(best[1])
    if len(text) != len(name):
        origins = [index for index, sign in enumerate(name) for _ in sign.casefold()]
        found = {origins[index] for index in found}
    return _runs(found)


def match_cost(name: str, word: str) -> int | None:
    """The cost of the best match of *word*, which is folded; None if there is none."""
    text, cased = folded(name)
    best = _best_match(text, frozenset(word_starts(cased)), word)
    return best[0] if best else None


def _best_match(text: str, starts: frozenset[int], word: str) -> tuple[int, list[int]] | None:
    """The cost of the best match of *word* in *text*, and the indexes of its letters; the first of equal ones."""
    # For each letter of the word: the best cost of ending on an index, and the index of the letter before.
    steps: list[dict[int, tuple[int, int]]] = []
    for letter in word:
        at = [index for index, sign in enumerate(text) if sign == letter]
        if not steps:
            ends = {index: (0 if index in starts else INSIDE, -1) for index in at}
        else:
            ends = _next_ends(steps[-1], at, starts)
        if not ends:
            return None
        steps.append(ends)
    if not steps:
        return None
    index = min(steps[-1], key=lambda end: (steps[-1][end][0], end))
    cost, indexes = steps[-1][index][0], []
    for ends in reversed(steps):
        indexes.append(index)
        index = ends[index][1]
    return min(cost, WORST), indexes


def _next_ends(before: dict[int, tuple[int, int]], at: list[int], starts: frozenset[int]) -> dict[int, tuple[int, int]]:
    """The best ends on the indexes *at*, after the ends *before* of the letter before."""
    ends: dict[int, tuple[int, int]] = {}
    waiting = iter(before.items())
    following = next(waiting, None)
    nearest: tuple[int, int] | None = None
    for index in at:
        # The cheapest end of the letter before that is further left, wherever it is.
        while following is not None and following[0] < index:
            end, (cost, _) = following
            if nearest is None or cost < nearest[0]:
                nearest = (cost, end)
            following = next(waiting, None)
        if nearest is None:
            continue
        options = [(nearest[0] + (NEXT_WORD if index in starts else ANYWHERE), nearest[1])]
        if index - 1 in before:
            options.append((before[index - 1][0], index - 1))
        for skipped in range(1, ANYWHERE):
            # Letters are skipped inside one word only.
            if index - skipped in starts or index in starts:
                break
            end = index - skipped - 1
            if end in before:
                options.append((before[end][0] + skipped, end))
        ends[index] = min(options)
    return ends


def _runs(indexes: set[int]) -> list[tuple[int, int]]:
    """Neighboring *indexes* together, as (start, end)."""
    runs: list[tuple[int, int]] = []
    for index in sorted(indexes):
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs
