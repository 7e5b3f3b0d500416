"""What to do in trouble: topics to choose from, and a page of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from mfa_tui.core.doctor.troubleshooting import TOPICS, topic_of
from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.help.troubleshooting_text import page, titles
from mfa_tui.ui.text.spans import Line, Span, Tone, wrapped
from mfa_tui.ui.widgets.choice_list import ChoiceList
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.core.doctor.troubleshooting import Topic
    from mfa_tui.ui.help.troubleshooting_text import HelpContext


class TroubleScreen(Dialog[None]):
    """Starts on the page for the error *slug*, if there is one. Escape leads to all topics, and then out."""

    AUTO_FOCUS = ""
    WIDEST = 75
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"open({number - 1})", show=False) for number in range(1, len(TOPICS) + 1)),
        Binding("enter,right", "open", "Open", priority=True),
        Binding("up,k", "move(-1)", show=False, priority=True),
        Binding("down,j", "move(1)", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
        Binding("pagedown,space", "scroll(1)", show=False, priority=True),
        Binding("home,g", "scroll(-1000)", show=False, priority=True),
        Binding("end,G", "scroll(1000)", show=False, priority=True),
        Binding("escape,left", "back", "Back", priority=True),
    ]

    def __init__(self, where: HelpContext, slug: str = "") -> None:
        super().__init__()
        self._where = where
        self._topic: Topic | None = topic_of(slug)
        self._cursor = TOPICS.index(self._topic) if self._topic else 0

    def compose(self) -> ComposeResult:
        """Lay out the topics, or the page of one."""
        box = Vertical(classes="dialog")
        with box:
            yield ChoiceList(id="topics")
            with VerticalScroll(id="page", can_focus=False):
                yield Lines(id="text")
            yield CommandBar()

    def _draw(self) -> None:
        box, topic = self.query_one(".dialog"), self._topic
        box.border_title = Content(topic.title if topic else "Troubleshooting")
        self.query_one("#topics").display = topic is None
        self.query_one("#page").display = topic is not None
        # Below it are an empty line and the keys.
        self.query_one("#page").styles.max_height = max(1, self.highest - 2)
        width = self.text_width
        intro: list[Line] = wrapped("What's wrong?", width, Tone.DIM, first=Span("  "))
        self.query_one("#topics", ChoiceList).offer(
            [[*intro, ()], *titles(self._cursor, width)], cursor=self._cursor + 1
        )
        if topic is not None:
            self.query_one("#text", Lines).show(page(topic, self._where, self.scrolled_width))
        self.query_one(CommandBar).show(
            [
                *([("screen.open", "⏎", "Open", True)] if topic is None else []),
                ("screen.move(1)", "↑↓", "Scroll" if topic else "Choose", True),
                ("screen.back", "esc", "All topics" if topic else "Close", True),
            ]
        )

    def on_choice_list_chosen(self, message: ChoiceList.Chosen) -> None:
        """Open the topic that was clicked; the first line is the question."""
        message.stop()
        if message.index:
            self.action_open(message.index - 1)

    def action_open(self, index: int | None = None) -> None:
        """Open a topic."""
        if self._topic is None:
            self._cursor = self._cursor if index is None else index
            self._topic = TOPICS[self._cursor]
            self.query_one("#page").scroll_home(animate=False)
            self._draw()

    def action_move(self, by: int) -> None:
        """Move among the topics, or scroll the page."""
        if self._topic is None:
            self._cursor = (self._cursor + by) % len(TOPICS)
            self._draw()
        else:
            self.query_one("#page").scroll_relative(y=by, animate=False)

    def action_scroll(self, pages: int) -> None:
        """Scroll by one page."""
        box = self.query_one("#page")
        box.scroll_relative(y=pages * max(1, box.size.height - 1), animate=False)

    def action_back(self) -> None:
        """Go to all topics; from there, leave."""
        if self._topic is None:
            self.dismiss(None)
        else:
            self._topic = None
            self._draw()
