"""Columns of tables, and the room that they get."""

from mfa_tui.ui.text.cells import fitting_columns, widened


def test_a_column_that_is_cut_gets_what_the_last_one_does_not_need() -> None:
    widths = {"SETTING": 18, "VALUE": 28, "MEANS": 60}
    assert widened(widths, {"SETTING": 10, "VALUE": 40, "MEANS": 50}) == {"SETTING": 18, "VALUE": 38, "MEANS": 50}
    assert widened(widths, {"SETTING": 20, "VALUE": 30, "MEANS": 10}) == {"SETTING": 20, "VALUE": 30, "MEANS": 56}
    assert widened(widths, {"SETTING": 20, "VALUE": 30, "MEANS": 70}) == widths
    # Its title needs room, too.
    assert widened({"A": 1, "LONG": 9}, {"A": 9, "LONG": 0}) == {"A": 6, "LONG": 4}


def test_a_narrow_column_comes_back_where_a_wide_one_made_more_room_than_was_needed() -> None:
    widths, spare = {"COMMAND": 18, "KEYS": 12, "SCREEN": 11, "DOES": 30}, ("SCREEN", "DOES")
    assert list(fitting_columns(widths, 77, spare)) == ["COMMAND", "KEYS", "SCREEN", "DOES"]
    assert list(fitting_columns(widths, 76, spare)) == ["COMMAND", "KEYS", "DOES"]
    assert fitting_columns(widths, 60, spare) == {"COMMAND": 18, "KEYS": 12, "SCREEN": 26}
    assert fitting_columns(widths, 40, spare) == {"COMMAND": 18, "KEYS": 20}
