"""The filter over profiles: names, accounts and MFA devices, the best matches first."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from mfa_tui.core.awsfiles.awsconfig import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.listing.search import Search

_SEARCHED = ("mfa_serial", "aws_mfa_device", "role_arn", "source_profile", "sso_account_id")


class Filter:
    """Finds profiles by the letters of their names, and by the text of their accounts, roles and MFA devices.

    It searches the files' values as they are, gathered once: resolving ten thousand profiles for it would be too slow.
    """

    def __init__(self, aws: AwsConfig, names: Sequence[str]) -> None:
        self._aws = aws
        self._names = tuple(names)
        self._texts: dict[str, str] = {}
        self._search: Search | None = None
        self._preparing = Lock()
        self._last: tuple[str, Mapping[str, float], tuple[str, ...]] | None = None

    def prepare(self) -> Search:
        """Gather what to search, so that the first search is quick; any thread may do it."""
        from mfa_tui.core.listing.search import Search

        with self._preparing:
            if not self._texts:
                self._texts = {name: self._searchable(name) for name in self._names}
            if self._search is None:
                self._search = Search(self._names, [self._texts[name] for name in self._names])
            return self._search

    def sort(self, names: Sequence[str]) -> None:
        """Use the order of *names* from now on; they are the same names."""
        with self._preparing:
            self._names = tuple(names)
            self._search = self._last = None

    def matching(self, wanted: str, habits: Mapping[str, float]) -> tuple[str, ...]:
        """The names of the profiles that every word of *wanted* matches, the best first; all in their order if none.

        *habits* is how much each profile is used; see ``Search.ranked``.
        """
        if not wanted.strip():
            return self._names
        if self._last is None or (self._last[0], self._last[1]) != (wanted, habits):
            self._last = (wanted, habits, self.prepare().ranked(wanted, habits))
        return self._last[2]

    def _searchable(self, name: str) -> str:
        values = self._aws.merged(name)
        found = " ".join(text(values, key) for key in _SEARCHED if key in values)
        return f"{found} {_dashed(found)}".casefold()


def _dashed(text_with_accounts: str) -> str:
    """The account ids in ARNs as the list shows them, so that they can be found that way, too."""
    numbers = [part for part in text_with_accounts.replace(":", " ").split() if len(part) == 12 and part.isdigit()]  # noqa: PLR2004
    return " ".join(f"{number[:4]}-{number[4:8]}-{number[8:]}" for number in numbers)
