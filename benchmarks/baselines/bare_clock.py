"""A bare Textual app: one label, which counts the seconds."""

from textual.app import App, ComposeResult
from textual.widgets import Label


class BareClock(App[None]):
    """Nothing but the label."""

    seconds = 0

    def compose(self) -> ComposeResult:
        """The label."""
        yield Label("0 seconds")

    def on_mount(self) -> None:
        """Starts to count."""
        self.set_interval(1.0, self.count)

    def count(self) -> None:
        """Counts on."""
        self.seconds += 1
        self.query_one(Label).update(f"{self.seconds} seconds")


BareClock().run()
