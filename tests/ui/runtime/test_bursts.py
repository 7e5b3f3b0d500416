"""Keys that come in one burst, as on a slow line."""

import pytest
from textual import events
from textual.app import App, ComposeResult

from mfa_tui.ui.widgets.ordered_input import OrderedInput

KEYS = {"\t": "tab", "\x7f": "backspace", "<": "home", "~": "shift+tab"}


class Form(App[None]):
    """Two fields."""

    def compose(self) -> ComposeResult:
        """One below the other."""
        yield OrderedInput(id="first", select_on_focus=False)
        yield OrderedInput(id="second", select_on_focus=False)


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("ab\tcd", "ab", "cd"),
        ("9x\x7fh", "9h", ""),
        ("bc<a", "abc", ""),
        ("a\tb\x7fc~d", "ad", "c"),
    ],
)
async def test_each_takes_effect_before_the_next(typed: str, first: str, second: str) -> None:
    app = Form()
    async with app.run_test() as pilot:
        for key in typed:
            app.post_message(events.Key(KEYS.get(key, key), None if key in KEYS else key))
        await pilot.pause()
        await pilot.pause()
        assert [field.value for field in app.query(OrderedInput)] == [first, second]
