"""What stands for our signs where a terminal has ASCII only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

import mfa_tui.ui
from mfa_tui.core.text.glyphs import (
    IN_TEXT,
    KEYS,
    LINES,
    SIGNS,
    has_blocks,
    in_ascii,
    in_plain_words,
    is_ascii_only,
    key_in_words,
)


def texts_of(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_what_stands_for_a_sign_is_ascii_and_as_wide_as_it_is() -> None:
    for sign, plain in (SIGNS | LINES).items():
        assert plain.isascii(), sign
        assert len(plain) == cell_len(sign), sign
    assert all(plain.isascii() for plain in (*IN_TEXT.values(), *KEYS.values()))


def test_all_that_the_interface_draws_is_in_the_table() -> None:
    (folder,) = mfa_tui.ui.__path__
    drawn = {character for text in texts_of(Path(folder)) for character in in_ascii(text) if not character.isascii()}
    assert not drawn


def test_the_states_of_sessions_stay_different() -> None:
    assert len({in_ascii(sign) for sign in "✓!?✗◌–"}) == 6


@pytest.mark.parametrize(
    ("env", "encoding", "only"),
    [
        ({"LANG": "en_US.UTF-8", "TERM": "xterm-256color"}, "utf-8", False),
        ({"LANG": "C"}, "utf-8", False),
        ({"LC_ALL": "C.utf8"}, None, False),
        ({}, None, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "de_DE.ISO-8859-1"}, None, True),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "de_DE.ISO-8859-1"}, None, True),
        ({"LANG": "en_US.ISO-8859-1", "LC_ALL": "en_US.UTF-8"}, None, False),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, "utf-8", True),
        ({"LANG": "en_US.UTF-8"}, "ISO-8859-1", True),
    ],
)
def test_where_only_ascii_is_drawn(env: dict[str, str], encoding: str | None, only: bool) -> None:
    assert is_ascii_only(env, encoding) is only


def test_which_encodings_have_what_qr_codes_are_drawn_with() -> None:
    assert [has_blocks(encoding) for encoding in ("utf-8", "cp437", "iso-8859-1", "ascii")] == [
        True,
        True,
        False,
        False,
    ]


def test_in_sentences_and_for_keys_there_are_words() -> None:
    assert in_plain_words("✓ dev → ops… · é") == "ok dev -> ops... ~ é"
    labels = [key_in_words(label) for label in ("⏎", "␣", "⇧↑", "^p", "↑↓")]
    assert labels == ["enter", "space", "shift+up", "^p", "up/down"]
