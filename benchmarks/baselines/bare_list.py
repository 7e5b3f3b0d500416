"""A bare Textual app: a list with so many rows as the argument says, of which only the visible ones are drawn."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import OptionList


class BareList(App[None]):
    """Nothing but the list."""

    def compose(self) -> ComposeResult:
        """The list."""
        yield OptionList(*(f"team-{number:05d}" for number in range(int(sys.argv[1]))))


BareList().run()
