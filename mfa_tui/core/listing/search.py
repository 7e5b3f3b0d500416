"""Which profiles match what was typed, the best first: by how well they match, then by how much they are used."""

from __future__ import annotations

from bisect import bisect_left
from itertools import compress

from mfa_tui.core.listing.name_index import BEST, NameIndex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

IN_TEXT = BEST - 5
"""The score of a word that occurs as it is in what is known of a profile, and matches its name worse or not at all."""
HABIT = 5.0
"""What is added to the score of a profile in constant use, shared among the letters.

So a letter or two may mean what one always means; who types more of them gets what they say.
"""


class Search:
    """Searches the names of profiles by their letters, and what is known of each by whole words."""

    def __init__(self, names: Sequence[str], texts: Sequence[str]) -> None:
        """*names* are in the order of the list; *texts* are what is known of each, folded: accounts, roles, devices."""
        # Where profiles match equally, short names come first, then what comes first in the list.
        order = sorted(range(len(names)), key=lambda index: len(names[index]))
        self._names = [names[index] for index in order]
        self._texts = [texts[index] for index in order]
        self._places = {name: place for place, name in enumerate(self._names)}
        self._whole: dict[str, list[int]] = {}
        for place, name in enumerate(self._names):
            self._whole.setdefault(name.casefold(), []).append(place)
        self._index = NameIndex(self._names)
        self._found: dict[str, list[int]] = {}

    def ranked(self, wanted: str, habits: Mapping[str, float]) -> tuple[str, ...]:
        """The names of the profiles that every word of *wanted* matches, the best first.

        *habits* is how much profiles are used, from 0 to 1. *wanted* is not blank. Upper and lower case are alike.
        """
        words = wanted.casefold().split()
        scores = self._scores(words[0])
        for word in words[1:]:
            scores = [one and other and one + other for one, other in zip(scores, self._scores(word), strict=True)]
        self._forget_all_but(words)
        added = HABIT / sum(map(len, words))
        preferred = {}
        for name, habit in habits.items():
            place = self._places.get(name, -1)
            if place >= 0 and scores[place]:
                preferred[place] = scores[place] + added * habit
        # What is typed out is what is meant.
        preferred |= dict.fromkeys(self._whole.get(wanted.strip().casefold(), ()), float("inf"))
        for place in preferred:
            scores[place] = 0
        others = list(compress(range(len(scores)), scores))
        others.sort(key=scores.__getitem__, reverse=True)
        return tuple(map(self._names.__getitem__, _merged(others, scores, preferred)))

    def _scores(self, word: str) -> list[int]:
        scores, texts = self._index.scores(word), self._texts
        among = self._found.get(word[:-1], range(len(scores)))
        for place in [place for place in among if scores[place] < IN_TEXT and word in texts[place]]:
            scores[place] = IN_TEXT
        # A longer word is found among these.
        self._found[word] = list(compress(range(len(scores)), scores))
        return scores

    def _forget_all_but(self, words: Sequence[str]) -> None:
        self._index.keep(words)
        self._found = {word: found for word, found in self._found.items() if any(one.startswith(word) for one in words)}


def _merged(others: list[int], scores: Sequence[int], preferred: Mapping[int, float]) -> list[int]:
    """*others*, which are sorted by *scores*, with those of *preferred* put where their scores there belong."""
    result: list[int] = []
    start = 0
    for place, score in sorted(preferred.items(), key=lambda item: (-item[1], item[0])):
        end = bisect_left(others, -score, lo=start, key=lambda other: -scores[other])
        result += others[start:end]
        result.append(place)
        start = end
    return [*result, *others[start:]]


def by_habit(names: Sequence[str], habits: Mapping[str, float], pinned: Sequence[str] = ()) -> tuple[str, ...]:
    """*names*, those of *pinned* first, then those used most (see *habits*); the others stay in their order."""
    first = frozenset(pinned)
    return tuple(sorted(names, key=lambda name: (name not in first, -habits.get(name, 0.0))))
