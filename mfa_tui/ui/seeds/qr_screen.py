"""A stored secret as a QR code, over the whole screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from mfa_tui.ui.flows.host_screen import HOST_SCREEN_CSS, HostScreen
from mfa_tui.ui.seeds.qr_panel import BESIDE, QrPanel
from mfa_tui.ui.seeds.qr_text import comparison
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.services.seeds.export_seed import ExportedSeed


class QrScreen(HostScreen):
    """Shows the exported secret of the device called *device*, until Enter or Escape."""

    CSS_PATH = HOST_SCREEN_CSS
    VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-high")]  # noqa: RUF012 - Textual declares it as it is
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape", "close", "Done", priority=True),
        Binding("s", "reveal", show=False, priority=True),
        Binding("w", "save", show=False, priority=True),
    ]

    def __init__(self, opener: HostScreen, device: str, exported: ExportedSeed) -> None:
        super().__init__(opener.app_state, opener.threads)
        self._device = device
        self._exported = exported
        self._masked = False

    def compose(self) -> ComposeResult:
        """Lay out the title, the code and the keys."""
        yield Lines(id="title")
        yield QrPanel()
        yield CommandBar()

    def on_mount(self) -> None:
        """Show the secret."""
        self.query_one("#title", Lines).show([line(Span(f"Secret of {self._device}", Tone.STRONG))])
        self.query_one(QrPanel).show(self._exported.uri, self._exported.seed)
        self.redraw()
        self.set_interval(1.0, self.redraw)

    async def reload(self) -> None:
        """Do nothing: the files are not shown here."""

    def draw(self) -> None:
        """Show the current code."""
        if not self.is_attached:
            return
        self.query_one(CommandBar).show(
            [
                ("screen.close", "⏎", "Done", True),
                ("screen.reveal", "s", self.query_one(QrPanel).reveals, True),
                ("screen.save", "w", "Save picture", True),
            ]
        )
        more: list[Line] = comparison(self._exported.seed, self.app_state.now(), masked=self._masked)
        if self._exported.doubt:
            more += [EMPTY, *wrapped(self._exported.doubt, BESIDE, first=Span("! ", Tone.WARN))]
        self.query_one(QrPanel).tell("Scan this with the authenticator app on the other phone.", more)

    def mask(self, masked: bool) -> None:
        """Hide everything while a screenshot is taken."""
        self._masked = masked
        self.query_one(QrPanel).mask(masked)
        self.redraw()

    def action_reveal(self) -> None:
        """Show the secret as text, or hide it again."""
        self.query_one(QrPanel).reveal()
        self.redraw()

    def action_save(self) -> None:
        """Save the QR code as a picture."""
        from mfa_tui.ui.seeds.save_qr_flow import save_picture

        saved = self.query_one(QrPanel).saved
        self.run_worker(save_picture(self, self._exported.uri, self._device, saved))

    def action_close(self) -> None:
        """Close the screen."""
        self.dismiss("")
