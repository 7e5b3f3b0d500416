"""What the bottom line says while a filter is typed."""

import pytest

from mfa_tui.ui.widgets.command_bar import fitting, while_filtering


def test_letters_are_no_commands_while_a_filter_is_typed() -> None:
    items = [("screen.command('login')", "⏎", "Log in", True), ("screen.command('export')", "y", "Export", True)]
    assert [key for _, key, _, _ in while_filtering(items, "⏎")] == ["a-z", "⏎", "↑↓", "tab", "esc"]
    assert [key for _, key, _, _ in while_filtering([], "⏎")] == ["a-z", "↑↓", "tab", "esc"]
    assert [key for _, key, _, _ in while_filtering(items, "")] == ["a-z", "↑↓", "tab", "esc"]


@pytest.mark.parametrize("key", ["L", "enter"], ids=["of the user's keymap", "in words, where there is only ASCII"])
def test_enter_logs_in_from_the_filter_whatever_the_key_on_the_list_is(key: str) -> None:
    items = [("screen.command('login')", key, "Log in", True), ("screen.command('renew')", "r", "Renew", True)]
    assert while_filtering(items, key)[1] == ("screen.command('login')", "⏎", "Log in", True)


def test_what_fits_after_a_long_item_is_gone_comes_back() -> None:
    items = [("copy", "y", "Copy", True), ("send", "a", "Send it to somebody", True), ("back", "esc", "Back", True)]
    assert [key for _, key, _, _ in fitting(items, 20, ["copy", "send"])] == ["y", "esc"]
    assert [key for _, key, _, _ in fitting(items, 10, ["copy", "send"])] == ["esc"]
