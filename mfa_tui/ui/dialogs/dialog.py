"""What all dialogs have in common: a box in the middle, over a dimmed screen."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual.binding import Binding
from textual.screen import ModalScreen, ScreenResultType

from mfa_tui.ui.dialogs.dimmed_screen import dimmed
from mfa_tui.ui.widgets.styled import INPUT_CSS

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType
    from textual.await_complete import AwaitComplete
    from textual.binding import BindingType
    from textual.worker import Worker

    from mfa_tui.ui.runtime.key_gate import HasKeyGate

AnswerType = TypeVar("AnswerType")


_SHARE = 0.96
"""The largest share of the terminal that a box takes; the style sheet says the same."""
_FRAME = 7
"""Columns of a box that hold no text: its border, the space within it, and a scrollbar."""
_FRAME_HEIGHT = 4
"""Rows of its border, and of the space within it."""


class Dialog(ModalScreen[ScreenResultType]):
    """A box of class ``dialog`` with text in lines of at most ``WIDEST`` columns."""

    CSS_PATH = [INPUT_CSS, os.path.join(os.path.dirname(__file__), "dialog.tcss")]  # noqa: RUF012 - Textual declares it so
    WIDEST: ClassVar[int] = 58
    DIMS: ClassVar[bool] = True
    """Whether what is below it is dim."""
    asker: Worker[Any] | None = None
    """The worker that continues with the answer. Until it has, keys are not passed to the screen below."""

    @property
    def is_open(self) -> bool:
        """Whether there is something to draw in: a result may come while the dialog is being taken apart."""
        return self.is_attached and self.display

    @property
    def text_width(self) -> int:
        """The columns that a line of text has in this terminal."""
        return min(self.WIDEST, int(self.app.size.width * _SHARE) - _FRAME)

    @property
    def scrolled_width(self) -> int:
        """The same for text that scrolls: a column stays free beside its scroll bar."""
        return self.text_width - 1

    @property
    def highest(self) -> int:
        """The rows of text that a box has room for in this terminal."""
        return int(self.app.size.height * _SHARE) - _FRAME_HEIGHT

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close the dialog with its result."""
        keys = cast("HasKeyGate", self.app).keys
        if self.asker is not None and self.is_current:
            if result is None:
                # The user saw an open dialog: no earlier answer of the same flow is still being checked.
                keys.release()
            else:
                keys.hold(self.asker, self.app.screen_stack[-2])
        return super().dismiss(result)

    def render(self) -> RenderableType:
        """What is below the box."""
        below = super().render()
        return dimmed(self, below) if self.DIMS else below

    def on_mount(self) -> None:
        """Draw for the first time."""
        self._draw()

    def on_resize(self) -> None:
        """Wrap the text for the new size."""
        self._draw()

    def _draw(self) -> None:
        """Draw everything, in lines of ``text_width``."""
        raise NotImplementedError


class StayingDialog(Dialog[None], Generic[AnswerType]):
    """A dialog that stays open until :meth:`close`, so that the user can correct an answer that was refused.

    ``cancel`` cancels what is running; it is called when the user dismisses the dialog.
    """

    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012 - Textual declares it as it is
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", priority=True)]

    def __init__(self) -> None:
        super().__init__()
        self.cancel: Callable[[], None] = lambda: None
        self._answer: asyncio.Future[AnswerType | None]
        self._ask_again()

    async def answer(self) -> AnswerType | None:
        """Wait for the answer; None if the dialog was cancelled."""
        answer = await self._answer
        if answer is not None:
            self._ask_again()
        return answer

    def close(self) -> None:
        """Close the dialog."""
        if self in self.app.screen_stack:
            # If another dialog is on top, this one closes after that one.
            self.dismiss(None) if self.is_current else self.set_timer(0.2, self.close)

    def action_cancel(self) -> None:
        """Dismiss the dialog, and cancel what is running."""
        self.cancel()
        if not self._answer.done():
            self._answer.set_result(None)
        self.dismiss(None)

    def _ask_again(self) -> None:
        self._answer = asyncio.get_running_loop().create_future()
