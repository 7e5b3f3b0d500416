"""The rows of an account as the screen shows them: filtered and sorted, without the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.account.audit import Audit
    from mfa_tui.ui.account.rows import AccountRow, AuditView

NAME, FINDINGS = 0, 6
"""Columns by which rows can be sorted; those between are the cells of a row."""


class AccountList:
    """The rows, and how they are filtered and sorted."""

    def __init__(self) -> None:
        self.view: AuditView | None = None
        """The audit; None until its first check has ended."""
        self.wanted = ""
        """The text of the filter."""
        self.sorted_by = FINDINGS
        """The index of the column that the rows are sorted by."""
        self.reverse = False
        """Whether the order is turned round."""
        self.shown: list[AccountRow] = []
        """The rows that match the filter, in their order."""
        self._kept = ""

    @property
    def audit(self) -> Audit | None:
        """The audit so far."""
        return self.view.audit if self.view is not None else None

    def take(self, view: AuditView, keep: AccountRow | None) -> None:
        """Use another state of the audit, or another audit. *keep* is the row under the cursor."""
        self.view = view
        self._show(keep)

    def filter(self, wanted: str, keep: AccountRow | None) -> None:
        """Show the rows in which every word of *wanted* occurs, in upper or lower case."""
        self.wanted = wanted
        self._show(keep)

    def sort(self, column: int, keep: AccountRow | None) -> None:
        """Sort by a column; the same column once more turns the order round."""
        self.reverse = not self.reverse if column == self.sorted_by else False
        self.sorted_by = column
        self._show(keep)

    def cursor_on(self, before: int) -> int:
        """The index of the row that had the cursor; near *before* if it is not there any more."""
        found = next((index for index, row in enumerate(self.shown) if row.key == self._kept), None)
        if found is not None:
            return found
        return 0 if self.wanted else min(before, max(0, len(self.shown) - 1))

    def _show(self, keep: AccountRow | None) -> None:
        self._kept = keep.key if keep is not None else ""
        if self.view is None:
            return
        words = self.wanted.casefold().split()
        pairs = zip(self.view.rows, self.view.texts, strict=True)
        rows = [row for row, text in pairs if all(word in text for word in words)]
        if self.sorted_by != NAME:
            # They come in the order of their names, and those that are equal stay in it.
            rows.sort(key=_rank_in(self.sorted_by), reverse=self.reverse)
        elif self.reverse:
            rows.reverse()
        self.shown = rows


def _rank_in(column: int) -> Callable[[AccountRow], float]:
    return lambda row: row.ranks[column - 1]
