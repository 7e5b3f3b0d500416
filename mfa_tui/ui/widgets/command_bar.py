"""The bottom line: what can be done now, with its keys. A click does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from mfa_tui.core.text.glyphs import key_in_words
from mfa_tui.ui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events

    from mfa_tui.ui.text.terminal import HasGlyphs

Item = tuple[str, str, str, bool]
"""Action, key, label, and whether it can be done now. Without an action it is a note that cannot be clicked."""

_GAP = 2
_ENTER = "⏎"
_TYPED: tuple[Item, ...] = (("", "a-z", "Filter", True),)
_LEFT: tuple[Item, ...] = (
    ("", "↑↓", "Move", True), ("leave_filter(False)", "tab", "To the list", True),
    ("leave_filter(True)", "esc", "Clear", True),
)  # fmt: skip


def _length(item: Item) -> int:
    return len(item[1]) + 1 + len(item[2])


def fitting(items: Sequence[Item], width: int, spare: Sequence[str] = ()) -> tuple[Item, ...]:
    """Those of *items* that fit into *width* columns, each as a whole.

    First those whose actions are in *spare* are left out, in its order, then the others from the right; the last one
    stays, as it leads out. Shorter ones come back where a longer one made more room than was needed.
    """
    first = [item for action in spare for item in items if item[0] == action]
    going = [*first, *(item for item in reversed(items[:-1]) if item not in first)]
    left_out: list[Item] = []

    def used(without: Sequence[Item]) -> int:
        kept = [item for item in items if item not in without]
        return sum(map(_length, kept)) + _GAP * (len(kept) - 1)

    while going and used(left_out) > width:
        left_out.append(going.pop(0))
    for item in reversed(left_out[:-1]):
        without = [other for other in left_out if other is not item]
        if used(without) <= width:
            left_out = without
    return tuple(item for item in items if item not in left_out)


def while_filtering(items: Sequence[Item], key: str) -> list[Item]:
    """The bottom line while a filter is typed: letters are no commands then.

    Enter does what *key* does on the list: usually it is that key. Without one, it does nothing else.
    """
    return [*_TYPED, *((item[0], _ENTER, *item[2:]) for item in items if key and item[1] == key), *_LEFT]


class _Filtered(Protocol):
    """A screen with a filter."""

    FILTER_ENTER: str
    key_labels: Mapping[str, str]


class CommandBar(Widget):
    """Shows items that can be run now, as far as there is room; their actions run where the widget is.

    Below a dialog, which says itself what its keys do, it shows nothing. *spare*: see ``fitting``.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CommandBar { dock: bottom; height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; }
    """

    covered: reactive[bool] = reactive(default=False, init=False)
    """Whether a dialog has the keys, and nothing of this can be done meanwhile."""
    _under_mouse: reactive[int] = reactive(-1)

    def __init__(self, *, spare: Sequence[str] = (), drawn: Callable[[], None] = lambda: None) -> None:
        """*drawn* is called after each drawing, which is the last one of its screen."""
        super().__init__()
        self._drawn = drawn
        self._spare = spare
        self._items: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """The items, left to right, including those that cannot be run now or do not fit."""
        return self._items

    @property
    def _shown(self) -> tuple[Item, ...]:
        able = [item for item in self._items if item[3]]
        focused = self.screen.focused
        if isinstance(focused, FilterLine) and focused.shows_keys:
            filtered = cast("_Filtered", self.screen)
            able = while_filtering(able, filtered.key_labels.get(filtered.FILTER_ENTER, ""))
        if cast("HasGlyphs", self.app).ascii_only:
            able = [(*item[:1], key_in_words(item[1]), *item[2:]) for item in able]
        return fitting(able, self.content_size.width, self._spare)

    def on_mount(self) -> None:
        """Follow the focus: what is typed into a filter is no command."""
        self.watch(self.screen, "focused", self.follow_focus, init=False)

    def follow_focus(self) -> None:
        """Show what can be done where the focus is now."""
        self.refresh()

    def action_leave_filter(self, clear: bool) -> None:
        """Go back to the list, with the filter cleared if *clear*."""
        if isinstance(line := self.screen.focused, FilterLine):
            line.post_message(FilterLine.Left(clear=clear))

    def show(self, items: Sequence[Item]) -> None:
        """Set the items, left to right."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.refresh()

    def render(self) -> Content:
        """The line."""
        self._drawn()
        if self.covered:
            return Content()
        parts: list[Content] = []
        for index, (action, key, label, _) in enumerate(self._shown):
            hover = " underline" if action and index == self._under_mouse else ""
            parts.append(Content.assemble((key, "bold $accent"), " ", (label, f"$foreground{hover}")))
        return Content(" " * _GAP).join(parts)

    def _at(self, x: int) -> int:
        """The item at a column of the content; -1 between them."""
        start = 0
        for index, item in enumerate(self._shown):
            end = start + _length(item)
            if start <= x < end:
                return index
            start = end + _GAP
        return -1

    async def on_click(self, event: events.Click) -> None:
        """Run the command that was clicked."""
        index = self._at(event.x - self.styles.padding.left)
        action = self._shown[index][0] if index >= 0 else ""
        if action:
            event.stop()
            await self.run_action(action)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Highlight the command under the mouse."""
        self._under_mouse = self._at(event.x - self.styles.padding.left)

    def on_leave(self) -> None:
        """Highlight nothing."""
        self._under_mouse = -1
