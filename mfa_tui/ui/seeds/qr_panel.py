"""A QR code of a secret, with text beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.containers import Container

from mfa_tui.core.seeds.qr_drawing import qr_code
from mfa_tui.ui.seeds.qr_text import beside_code, no_blocks, too_small
from mfa_tui.ui.seeds.qr_view import QrView
from mfa_tui.ui.text.spans import EMPTY
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from mfa_tui.core.seeds.qr_drawing import QrCode
    from mfa_tui.models import Secret
    from mfa_tui.ui.text.spans import Line
    from mfa_tui.ui.text.terminal import HasGlyphs

BESIDE = 34
"""Cells beside a code in a terminal of 80 columns."""
_LEAST_BESIDE = 24
"""Cells that text beside the code needs to be worth it."""


class QrPanel(Container):
    """Shows the code where there is room for it; otherwise it says what to do."""

    DEFAULT_CSS = """
    QrPanel { layout: horizontal; height: 1fr; width: 1fr; }
    QrPanel > Lines { padding: 0 0 0 2; height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._code: QrCode | None = None
        self._seed: Secret | None = None
        self._text = ""
        self._more: list[Line] = []
        self._revealed = self._masked = False
        self._saved = ""

    def compose(self) -> ComposeResult:
        """Lay out the code and the text."""
        yield QrView()
        yield Lines()

    def show(self, uri: Secret | None, seed: Secret | None) -> None:
        """Set the secret to show."""
        self._code = qr_code(uri) if uri is not None else None
        self._seed = seed
        self._draw()

    def tell(self, text: str, more: list[Line]) -> None:
        """Set the text beside the code, and below the secret."""
        self._text, self._more = text, more
        self._draw()

    @property
    def reveals(self) -> str:
        """What :meth:`reveal` would do, as the label of a key."""
        return "Hide secret" if self._revealed else "Show secret"

    def reveal(self) -> None:
        """Show the secret as text, or hide it again."""
        self._revealed = not self._revealed
        self._draw()

    def saved(self, path: str) -> None:
        """Show where a picture of it was saved."""
        self._saved = path
        self._draw()

    def mask(self, masked: bool) -> None:
        """Hide the secret during a screenshot, or show it again."""
        self._masked = masked
        self.query_one(QrView).mask(masked)
        self._draw()

    def on_resize(self) -> None:
        """Draw again: there may be room for the code now."""
        self._draw()

    def _draw(self) -> None:
        code, seed = self._code, self._seed
        columns, rows = self.size
        if code is None or seed is None or not columns:
            return
        drawable = cast("HasGlyphs", self.app).has_blocks
        fits = drawable and code.columns <= columns and code.rows <= rows
        beside = columns - code.columns - 2 if fits else columns - 2
        self.query_one(QrView).show(code if fits else None)
        lines = self.query_one(Lines)
        lines.display = beside >= _LEAST_BESIDE
        # Where there is no code, its text would ask to scan nothing.
        text = beside_code(
            seed,
            text=self._text if fits else "",
            width=beside,
            masked=self._masked,
            revealed=self._revealed,
            saved=self._saved,
        )
        why_not = too_small(code, columns, rows, beside) if drawable else no_blocks(beside)
        lines.show([*([] if fits else [*why_not, EMPTY]), *text, *self._more])
