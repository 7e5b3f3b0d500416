"""How well a word matches thousands of names at once (see ``fuzzy_match``).

All names are in one long row of bits, a bit for each letter, and Python's integers work on the whole row in one step.
For each cost there is a row that marks where a match of the letters so far can end at that cost or less; another letter
makes the next rows from these by shifting. So a letter takes some hundred operations on integers, however many names
there are. (The idea is that of Baeza-Yates and Gonnet, "A new approach to text searching", 1992; to carry a mark to the
end of its name by an addition is Myers's, "A fast bit-vector algorithm for approximate string matching", 1999.)
"""

from __future__ import annotations

import re
from operator import itemgetter

from mfa_tui.core.listing.fuzzy_match import ANYWHERE, INSIDE, NEXT_WORD, WORST, folded, word_starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Rows = tuple[int, ...]
    """For each cost from 0 to WORST: where a match can end that costs as much or less."""

BEST = WORST + 1
"""The score of a match that costs nothing: the score is this less the cost."""
_PAD = "\0"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class NameIndex:
    """Names, prepared for :meth:`scores`. The rows of the prefixes of a word are kept: typing goes on from them."""

    def __init__(self, names: Sequence[str]) -> None:
        self._count = len(names)
        texts, cased, ends, length = [], [], [], 0
        for name in names:
            text, original = folded(name)
            # At least one bit more than letters, which marks the end, and whole bytes.
            room = len(text) // 8 * 8 + 8
            texts.append(text.ljust(room, _PAD))
            cased.append(original.ljust(room, _PAD))
            length += room
            ends.append(length // 8 - 1)
        self._text = "".join(texts)
        self._size = length // 8
        # The first letter is the lowest bit, the last digit of a number.
        self._ascii = _NOT_ASCII.sub(_PAD, self._text).encode("ascii")[::-1]
        self._ends = self._bits(end * 8 + 7 for end in ends)
        self._letters = (1 << length) - 1 ^ self._ends
        self._starts = self._bits(word_starts("".join(cased)))
        self._inner = self._letters ^ self._starts
        self._pick: Callable[[bytes], tuple[int, ...]] = itemgetter(*ends, 0) if ends else lambda _: (0,)
        self._masks: dict[str, int] = {}
        self._rows: dict[str, Rows] = {}

    def scores(self, word: str) -> list[int]:
        """How well *word*, which is folded and not empty, matches each name: 0 if not at all, else from 1 to BEST."""
        rows = self._rows_of(word)
        if not rows[WORST]:
            return [0] * self._count
        total = 0
        last, ended = 0, 0
        for row in rows:
            if row is not last:
                # The addition carries each mark up to the bit that ends its name.
                last, ended = row, (self._letters + row & self._ends) >> 7
            total += ended
        # The last byte of each name now holds the number of rows in which it has a mark.
        return list(self._pick(total.to_bytes(self._size, "little"))[: self._count])

    def keep(self, words: Sequence[str]) -> None:
        """Forget what is known of other words than *words* and their prefixes."""
        self._rows = {
            prefix: rows for prefix, rows in self._rows.items() if any(word.startswith(prefix) for word in words)
        }

    def _rows_of(self, word: str) -> Rows:
        rows = self._rows.get(word)
        if rows is None:
            mask = self._mask(word[-1])
            if len(word) == 1:
                rows = (mask & self._starts,) * INSIDE + (mask,) * (WORST + 1 - INSIDE)
            else:
                rows = self._next_rows(self._rows_of(word[:-1]), mask)
            self._rows[word] = rows
        return rows

    def _next_rows(self, rows: Rows, mask: int) -> Rows:
        """The rows after one more letter, which is at the bits of *mask*."""
        result: list[int] = []
        further: list[int] = []
        # Where the letter can be in the same word, at this cost or less.
        inner = 0
        for cost, row in enumerate(rows):
            further.append(further[-1] if cost and row is rows[cost - 1] else self._further(row))
            inner = (row | inner) << 1 & self._inner
            found = row << 1 | inner
            if cost >= NEXT_WORD:
                found |= further[cost - NEXT_WORD] & self._starts
            if cost >= ANYWHERE:
                found |= further[cost - ANYWHERE]
            if cost == WORST:
                found = further[cost]
            found &= mask
            # Equal rows are one object, which is cheaper.
            result.append(result[-1] if result and result[-1] == found else found)
        return tuple(result)

    def _further(self, row: int) -> int:
        """All places in a name to the right of its first mark."""
        return ((self._letters + row ^ self._letters | row) & self._letters) << 1

    def _mask(self, letter: str) -> int:
        mask = self._masks.get(letter)
        if mask is None:
            if letter == _PAD:
                mask = 0
            elif letter.isascii():
                table = bytes(48 + (code == ord(letter)) for code in range(256))
                mask = int(self._ascii.translate(table) or b"0", 2)
            else:
                mask = self._bits(found.start() for found in re.finditer(re.escape(letter), self._text))
            self._masks[letter] = mask
        return mask

    def _bits(self, places: Iterable[int]) -> int:
        """A row with marks at *places*."""
        length = self._size * 8
        digits = bytearray(b"0") * length
        for place in places:
            digits[length - 1 - place] = 49
        return int(digits or b"0", 2)
