"""The fields for two codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from mfa_tui.core.seeds.totp import DIGITS
from mfa_tui.ui.codes.code_field import CodeField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from mfa_tui.ui.codes.typed_two_codes import TypedTwoCodes


class TwoCodesField(Vertical):
    """One code below the other."""

    DEFAULT_CSS = """
    TwoCodesField { height: auto; width: auto; }
    TwoCodesField CodeField { margin: 0 0 1 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._fields = (CodeField(), CodeField())

    def compose(self) -> ComposeResult:
        """Lay out both fields."""
        yield from self._fields

    def show(self, typed: TypedTwoCodes) -> None:
        """Show what was typed so far."""
        first, second = typed
        self._fields[0].digits, self._fields[1].digits = first, second
        self._fields[1].idle = len(first) < DIGITS

    def mask(self, masked: bool) -> None:
        """Hide the digits during a screenshot, or show them again."""
        for field in self._fields:
            field.masked = masked
