"""The filter over profiles: names, accounts and MFA devices, in the order of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.awsfiles.awsconfig import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig

_SEARCHED = ("mfa_serial", "aws_mfa_device", "role_arn", "source_profile", "sso_account_id")


class Filter:
    """Finds profiles by text.

    It searches the files' values as they are, gathered once: resolving ten thousand profiles for it would be too slow.
    """

    def __init__(self, aws: AwsConfig, names: Sequence[str]) -> None:
        self._aws = aws
        self._names = tuple(names)
        self._texts: list[tuple[str, str]] = []
        self._last: tuple[str, list[tuple[str, str]]] = ("", [])

    def prepare(self) -> None:
        """Gather the text to search, so that the first search is quick; any thread may do it."""
        if not self._texts:
            self._texts = [(name, self._searchable(name)) for name in self._names]

    def sort(self, names: Sequence[str]) -> None:
        """Use the order of *names* from now on; they are the same names."""
        self._names = tuple(names)
        if self._texts:
            texts = dict(self._texts)
            self._texts = [(name, texts[name]) for name in self._names]
        self._last = ("", [])

    def matching(self, wanted: str) -> tuple[str, ...]:
        """The names of the profiles in which every word of *wanted* occurs, in upper or lower case."""
        words = wanted.casefold().split()
        if not words:
            return self._names
        self.prepare()
        # Typing more narrows down what was found.
        last, found = self._last
        among = found if last and wanted.startswith(last) else self._texts
        hits = [item for item in among if all(word in item[1] for word in words)]
        self._last = (wanted, hits)
        return tuple(name for name, _ in hits)

    def _searchable(self, name: str) -> str:
        values = self._aws.merged(name)
        found = " ".join(text(values, key) for key in _SEARCHED if key in values)
        return f"{name} {found} {_dashed(found)}".casefold()


def _dashed(text_with_accounts: str) -> str:
    """The account ids in ARNs as the list shows them, so that they can be found that way, too."""
    numbers = [part for part in text_with_accounts.replace(":", " ").split() if len(part) == 12 and part.isdigit()]  # noqa: PLR2004
    return " ".join(f"{number[:4]}-{number[4:8]}-{number[8:]}" for number in numbers)


def occurrences(name: str, wanted: str) -> list[tuple[int, int]]:
    """Where the words of *wanted* occur in *name*, as (start, end) in characters."""
    folded = name.casefold()
    if len(folded) != len(name):
        return []
    starts = [(folded.find(word), len(word)) for word in wanted.casefold().split()]
    return sorted((start, start + length) for start, length in starts if start >= 0)
