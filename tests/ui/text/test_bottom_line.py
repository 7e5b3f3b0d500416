"""What the bottom line says while a filter is typed."""

from mfa_tui.ui.widgets.command_bar import while_filtering


def test_letters_are_no_commands_while_a_filter_is_typed() -> None:
    items = [("screen.command('login')", "⏎", "Log in", True), ("screen.command('export')", "y", "Export", True)]
    assert [key for _, key, _, _ in while_filtering(items)] == ["a-z", "⏎", "↑↓", "tab", "esc"]
    assert [key for _, key, _, _ in while_filtering([])] == ["a-z", "↑↓", "tab", "esc"]
