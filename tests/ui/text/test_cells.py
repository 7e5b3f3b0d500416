"""Columns of tables, and the room that they get."""

from mfa_tui.ui.text.cells import widened


def test_a_column_that_is_cut_gets_what_the_last_one_does_not_need() -> None:
    widths = {"SETTING": 18, "VALUE": 28, "MEANS": 60}
    assert widened(widths, {"SETTING": 10, "VALUE": 40, "MEANS": 50}) == {"SETTING": 18, "VALUE": 38, "MEANS": 50}
    assert widened(widths, {"SETTING": 20, "VALUE": 30, "MEANS": 10}) == {"SETTING": 20, "VALUE": 30, "MEANS": 56}
    assert widened(widths, {"SETTING": 20, "VALUE": 30, "MEANS": 70}) == widths
    # Its title needs room, too.
    assert widened({"A": 1, "LONG": 9}, {"A": 9, "LONG": 0}) == {"A": 6, "LONG": 4}
