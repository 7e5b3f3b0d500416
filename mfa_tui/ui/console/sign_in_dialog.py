"""The dialog beside a user's sign-in page: what to type there, and the code with the seconds that it has left.

Without a browser here, as over SSH, it shows the page's address, to be opened elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from mfa_tui.core.seeds.totp import PERIOD
from mfa_tui.core.text.display import format_account
from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.text.spans import EMPTY, HIDDEN_CODE, Line, Span, Tone, line, wrapped
from mfa_tui.ui.text.status_lines import code_line, problem_lines
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.services.console.sign_in import UserPage
    from mfa_tui.services.seeds.current_code import Code


class SignInDialog(Dialog[None]):
    """Open while the user signs in. The first code is copied at once, others by a key.

    Without a browser here, the address is copied first, so no code is.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "code", "Next code", priority=True),
        Binding("a", "address", "Copy address", priority=True),
        Binding("u", "user", "Copy user name", priority=True),
        Binding("enter,escape", "close", "Close", priority=True),
    ]

    def __init__(
        self,
        profile: str,
        page: UserPage,
        codes: Callable[[], Awaitable[Code]] | str,
        now: Callable[[], float],
        *,
        unopened: str = "",
    ) -> None:
        """*codes* gets a code that was not used yet, and copies it; or it says how else the user signs in.

        *now* is AWS's time; *unopened* says why no browser here shows the page, if none does.
        """
        super().__init__()
        self._profile = profile
        self._page = page
        self._codes = codes
        self._now = now
        self._unopened = unopened
        self._code: Code | None = None
        self._waiting = False
        self._problem: MfaTuiError | None = None
        self._masked = False

    def compose(self) -> ComposeResult:
        """Lay out what to type, the code and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(f"Sign in to the console as {self._profile}")
        with box:
            yield Lines(id="page")
            yield Lines(id="code")
            yield CommandBar()

    def on_mount(self) -> None:
        """Get the first code, and start the countdown."""
        self.set_interval(1.0, self._draw)
        if not self._unopened:
            self.action_code()
        self._draw()

    def _page_lines(self) -> list[Line]:
        account = self._page.alias or format_account(self._page.account)
        lines = wrapped("The sign-in page is open in your browser.", self.text_width)
        if self._unopened:
            lines = wrapped(f"{self._unopened} Open this address in another browser:", self.text_width)
            lines += wrapped(self._page.address, self.text_width, Tone.STRONG)
        return [
            *lines,
            EMPTY,
            line(Span("account    ", Tone.DIM), Span(account, Tone.STRONG)),
            line(Span("user name  ", Tone.DIM), Span(self._page.user or "(root user)", Tone.STRONG)),
        ]

    def mask(self, masked: bool) -> None:
        """Hide the code while a screenshot is taken."""
        self._masked = masked
        self._draw()

    def action_code(self) -> None:
        """Get a code that was not used yet, and copy it."""
        if not isinstance(self._codes, str) and not self._waiting:
            self.run_worker(self._get_code(self._codes))
        self._draw()

    async def _get_code(self, reserve: Callable[[], Awaitable[Code]]) -> None:
        self._waiting, self._problem = True, None
        self._draw()
        try:
            self._code = await reserve()
        except Cancelled:
            pass
        except MfaTuiError as problem:
            self._problem = problem
        self._waiting = False
        self._draw()

    def action_address(self) -> None:
        """Copy the address of the page, if no browser here shows it."""
        if self._unopened:
            self.app.copy_to_clipboard(self._page.address)
            self.notify("The address of the sign-in page.", title="Sent to the clipboard", markup=False)

    def action_user(self) -> None:
        """Copy the user name."""
        self.app.copy_to_clipboard(self._page.user)
        self.notify(self._page.user, title="Sent to the clipboard", markup=False)

    def action_close(self) -> None:
        """Close the dialog."""
        self.dismiss(None)

    def _draw(self) -> None:
        if not self.is_open:
            return
        self.query_one("#page", Lines).show(self._page_lines())
        self.query_one("#code", Lines).show(self._code_lines())
        self.query_one(CommandBar).show(
            [
                ("screen.address", "a", "Copy address", bool(self._unopened)),
                (
                    "screen.code",
                    "c",
                    "Code" if self._unopened and self._code is None else "Next code",
                    not isinstance(self._codes, str) and not self._waiting,
                ),
                ("screen.user", "u", "Copy user name", bool(self._page.user)),
                ("screen.close", "esc", "Close", True),
            ]
        )

    def _code_lines(self) -> list[Line]:
        width = self.text_width
        if isinstance(self._codes, str):
            return wrapped(self._codes, width, Tone.DIM)
        if self._problem is not None:
            return problem_lines(self._problem, width)
        if self._code is None and not self._waiting:
            return wrapped("Press c for a code.", width, Tone.DIM)
        if self._waiting or self._code is None:
            return [line(Span("◌ ", Tone.BUSY), "Waiting for a code that was not used yet")]
        left = (self._code.step + 1) * PERIOD - self._now()
        if left <= 0:
            return wrapped("The code has expired. Press c for the next one.", width, Tone.WARN)
        return [
            code_line(HIDDEN_CODE if self._masked else self._code.value.reveal(), left),
            *wrapped("Sent to the clipboard, and recorded as used.", width, Tone.DIM),
        ]
