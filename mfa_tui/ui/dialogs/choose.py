"""A question with several answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped
from mfa_tui.ui.widgets.choice_list import ChoiceList
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType


class Answer(NamedTuple):
    """One answer. ``about`` describes it; ``why_not``, if not empty, says why it cannot be chosen."""

    label: str
    about: str = ""
    why_not: str = ""


class Choose(Dialog["int | None"]):
    """A question with numbered answers. Dismissed with the answer's index, or None on Escape."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"give({number - 1})", show=False, priority=True) for number in range(1, 10)),
        Binding("enter", "give", "Choose", priority=True),
        Binding("up,k", "move(-1)", show=False, priority=True),
        Binding("down,j", "move(1)", show=False, priority=True),
        Binding("escape", "leave", "Cancel", priority=True),
    ]

    def __init__(self, title: str, paragraphs: Iterable[str], answers: Sequence[Answer], *, leave: str) -> None:
        """*leave* says what Escape does."""
        super().__init__()
        self._title = title
        self._paragraphs = tuple(paragraphs)
        self._answers = tuple(answers)
        self._leave = leave
        self._able = [index for index, answer in enumerate(self._answers) if not answer.why_not]
        self._cursor = self._able[0] if self._able else 0

    def compose(self) -> ComposeResult:
        """Lay out the question and its answers."""
        box = Vertical(classes="dialog")
        box.border_title = Content(self._title)
        with box:
            yield Lines()
            with VerticalScroll(id="answers", can_focus=False):
                yield ChoiceList()
            yield CommandBar()

    def _draw(self) -> None:
        lines: list[Line] = []
        for paragraph in self._paragraphs:
            lines += [*([EMPTY] if lines else []), *wrapped(paragraph, self.text_width)]
        self.query_one(Lines).show(lines)
        self.query_one(Lines).display = bool(lines)
        # The answers scroll between the question and the keys, which have an empty line each.
        around = (len(lines) + 1 if lines else 0) + 2
        self.query_one("#answers").styles.max_height = max(3, self.highest - around)
        self.query_one(ChoiceList).offer([self._answer(index) for index in range(len(self._answers))])
        self.query_one(CommandBar).show(
            [
                ("screen.give", "⏎", "Choose", bool(self._able)),
                ("screen.move(1)", "↑↓", "Move", len(self._able) > 1),
                ("screen.leave", "esc", self._leave, True),
            ]
        )

    def _answer(self, index: int) -> list[Line]:
        answer, chosen = self._answers[index], index == self._cursor
        about = answer.why_not or answer.about
        if answer.why_not:
            first = line(Span(f"✗ {answer.label}", Tone.DIM))
        else:
            mark = Span("◉ ", Tone.KEY) if chosen else Span("○ ", Tone.DIM)
            first = line(mark, Span(answer.label, Tone.STRONG if chosen else Tone.PLAIN))
        return [first, *(wrapped(about, self.text_width, Tone.DIM, first=Span("  ")) if about else [])]

    def on_choice_list_chosen(self, message: ChoiceList.Chosen) -> None:
        """Choose the answer that was clicked."""
        message.stop()
        self.action_give(message.index)

    def action_move(self, by: int) -> None:
        """Move among the answers that can be chosen."""
        if self._able:
            self._cursor = self._able[(self._able.index(self._cursor) + by) % len(self._able)]
            self._draw()
            box = self.query_one("#answers", VerticalScroll)
            above = sum(len(self._answer(index)) for index in range(self._cursor))
            box.scroll_to(y=max(0, above - box.size.height // 2), animate=False)

    def action_give(self, index: int | None = None) -> None:
        """Choose an answer: the one with this index, or the one at the cursor."""
        index = self._cursor if index is None else index
        if index in self._able:
            self.dismiss(index)

    def action_leave(self) -> None:
        """Dismiss the dialog without an answer."""
        self.dismiss(None)
