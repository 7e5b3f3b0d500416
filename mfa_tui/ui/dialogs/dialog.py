"""What all dialogs have in common: a box in the middle, over a dimmed screen."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual.binding import Binding
from textual.screen import ModalScreen, ScreenResultType

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.await_complete import AwaitComplete
    from textual.binding import BindingType
    from textual.worker import Worker

    from mfa_tui.ui.runtime.key_gate import HasKeyGate

AnswerType = TypeVar("AnswerType")


_SHARE = 0.96
"""So much of the terminal a box takes at most; the style sheet says the same."""
_FRAME = 7
"""Cells of a box that are no text: its border, the space within it, and a scrollbar."""
_FRAME_HEIGHT = 4
"""Its border, and the space within it."""


class Dialog(ModalScreen[ScreenResultType]):
    """A box of class ``dialog`` holds what is shown, in lines of at most ``WIDEST`` cells."""

    CSS_PATH = os.path.join(os.path.dirname(__file__), "dialog.tcss")
    WIDEST: ClassVar[int] = 58
    asker: Worker[Any] | None = None
    """What goes on with the answer; until it has, what is typed is not for the screen below."""

    @property
    def text_width(self) -> int:
        """The cells that a line of text has in this terminal."""
        return min(self.WIDEST, int(self.app.size.width * _SHARE) - _FRAME)

    @property
    def highest(self) -> int:
        """The lines that a box has room for in this terminal."""
        return int(self.app.size.height * _SHARE) - _FRAME_HEIGHT

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Go away with the answer."""
        keys = cast("HasKeyGate", self.app).keys
        if self.asker is not None and self.is_current:
            if result is None:
                # Asked and given nothing: no earlier answer of the same flow is being checked any more.
                keys.release()
            else:
                keys.hold(self.asker, self.app.screen_stack[-2])
        return super().dismiss(result)

    def on_mount(self) -> None:
        """Show the first picture."""
        self._draw()

    def on_resize(self) -> None:
        """Lay the text out anew."""
        self._draw()

    def _draw(self) -> None:
        """Show what there is to show, in lines of ``text_width``."""
        raise NotImplementedError


class StayingDialog(Dialog[None], Generic[AnswerType]):
    """It stays until :meth:`close`, so that another answer can be given where one was refused.

    ``cancel`` ends what runs meanwhile; it is called when the user wants to be asked no more.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", priority=True)]

    def __init__(self) -> None:
        super().__init__()
        self.cancel: Callable[[], None] = lambda: None
        self._answer: asyncio.Future[AnswerType | None]
        self._ask_again()

    async def answer(self) -> AnswerType | None:
        """What is given; None if the dialog was cancelled."""
        answer = await self._answer
        if answer is not None:
            self._ask_again()
        return answer

    def close(self) -> None:
        """Go away."""
        if self in self.app.screen_stack:
            # If another dialog lies on top, this one goes once that is gone.
            self.dismiss(None) if self.is_current else self.set_timer(0.2, self.close)

    def action_cancel(self) -> None:
        """Ask no more, and end what runs."""
        self.cancel()
        if not self._answer.done():
            self._answer.set_result(None)
        self.dismiss(None)

    def _ask_again(self) -> None:
        self._answer = asyncio.get_running_loop().create_future()
