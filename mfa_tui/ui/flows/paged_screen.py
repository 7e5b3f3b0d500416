"""Screens of one flow that asks its questions page by page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding

from mfa_tui.ui.flows.host_screen import HOST_SCREEN_CSS, HostScreen
from mfa_tui.ui.widgets.styled import INPUT_CSS

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from textual.binding import BindingType

    from mfa_tui.ui.runtime.key_gate import HasKeyGate


class PagedScreen(HostScreen):
    """Its flow waits for an answer to the page that is shown; the screen is dismissed with the flow's result.

    The pages are the children of ``#pages``. A screen of it says what ``choose`` and ``back`` do.
    """

    CSS_PATH = [INPUT_CSS, HOST_SCREEN_CSS]  # noqa: RUF012 - Textual declares it as it is
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", priority=True),
        Binding("up", "choose(-1)", show=False, priority=True),
        Binding("down", "choose(1)", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
    ]

    def __init__(self, opener: HostScreen) -> None:
        super().__init__(opener.app_state, opener.threads, opener.demo)
        self._opener = opener
        self._answer: asyncio.Future[str] | None = None

    def run_flow(self, result: Awaitable[str]) -> None:
        """Draw once a second while the flow runs, whose *result* the screen is dismissed with."""
        self.redraw()
        self.set_interval(1.0, self.redraw)
        self.run_worker(self._dismiss_with(result))

    async def _dismiss_with(self, result: Awaitable[str]) -> None:
        self.dismiss(await result)

    @property
    def waits(self) -> bool:
        """Whether the flow waits for an answer, rather than being at work."""
        return self._answer is not None

    async def wait_for_answer(self) -> str:
        """Wait for the user's answer to the current page."""
        self._answer = asyncio.get_running_loop().create_future()
        # The worker that handled a dialog's answer is the one that waits here.
        cast("HasKeyGate", self.app).keys.release()
        self.redraw()
        try:
            return await self._answer
        finally:
            self._answer = None

    def reply(self, answer: str) -> None:
        """Give the flow its answer; the first one counts."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    async def reload(self) -> None:
        """Read the files again."""
        await self._opener.reload()
        self.redraw()

    def on_resize(self) -> None:
        """Fit the lines to the new width at once, not at the next tick."""
        self.redraw()

    def action_scroll(self, pages: int) -> None:
        """Scroll the page, in a terminal too small for it."""
        for page in self.query("#pages > *"):
            page.scroll_relative(y=pages * max(1, page.size.height - 1), animate=False)
