"""What a click on a line does."""

from mfa_tui.ui.commands.keymap import command_at
from mfa_tui.ui.text.spans import Span, Tone, line, span_at

KEYS = {"renew": "r", "export": "y", "console": "b", "help": "?"}


def test_the_span_at_a_cell() -> None:
    of = line("ab", Span("日本"), "c")
    assert [span_at(of, cell) for cell in range(8)] == [0, 0, 1, 1, 1, 1, 2, -1]
    assert span_at((), 0) == -1


def test_a_click_on_a_key_or_beside_the_only_one_is_its_command() -> None:
    one = line(Span("b     ", Tone.KEY), Span("open the console", Tone.DIM))
    assert [command_at(one, cell, KEYS) for cell in (0, 10, 21, 22)] == ["console", "console", "console", ""]
    two = line("until 12:00 ", Span("r", Tone.KEY), " ", Span("y", Tone.KEY))
    assert [command_at(two, cell, KEYS) for cell in (0, 12, 13, 14)] == ["", "renew", "", "export"]


def test_other_words_are_no_keys() -> None:
    assert command_at(line(Span("r", Tone.DIM), Span("→ ", Tone.KEY)), 0, KEYS) == ""
    assert command_at(line(Span("", Tone.KEY), "x"), 0, {"hidden": ""}) == ""
    assert command_at((), 0, KEYS) == ""
