"""A bare Textual app: a header, an input, a table with the profile names given as arguments, and a footer."""

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Header, Input


class BareApp(App[None]):
    """Nothing but the widgets."""

    BINDINGS: ClassVar = [("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        """Header, input, table, footer."""
        yield Header()
        yield Input(placeholder="filter")
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        """Fills the table."""
        table = self.query_one(DataTable)
        table.add_columns("PROFILE", "MFA", "SESSION")
        for name in sys.argv[1:]:
            table.add_row(name, "phone", "-")
        table.focus()


BareApp().run()
