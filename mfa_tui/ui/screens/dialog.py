"""What all dialogs have in common: a box in the middle, over a dimmed screen."""

from __future__ import annotations

from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType]):
    """A box of class ``dialog`` holds what is shown; lines of text in it are ``TEXT_WIDTH`` cells long."""

    CSS_PATH = "dialog.tcss"
    TEXT_WIDTH = 58
