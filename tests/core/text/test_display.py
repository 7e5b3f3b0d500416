"""Text in messages: names in sentences and commands, and limits of length."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import mfa_tui
from mfa_tui.core.text.display import format_account, in_words, is_clean, sanitize, shell_command
from mfa_tui.core.text.display import shown as short


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_names_in_a_sentence(names: list[str], words: str) -> None:
    assert in_words(names, 3) == words


@pytest.mark.parametrize(
    ("profile", "command", "shown"),
    [
        ("dev", "mfa-tui login PROFILE --code CODE", "mfa-tui login dev --code CODE"),
        ("a b", "mfa-tui login PROFILE", "mfa-tui login 'a b'"),
        ("-x", "mfa-tui login PROFILE --code CODE", "mfa-tui login --code CODE -- -x"),
        ("-x", "Add keys: aws configure --profile PROFILE", "Add keys: aws configure --profile=-x"),
        ("-x", "unset AWS_PROFILE", "unset AWS_PROFILE"),
        ("-x", "Correct it.", "Correct it."),
    ],
)
def test_the_profile_in_a_command(profile: str, command: str, shown: str) -> None:
    assert shell_command(profile, command) == shown


def test_no_message_puts_a_profile_into_a_command_by_itself() -> None:
    by_hand = re.compile(r"(mfa-tui [a-z -]*|--profile )\{(shlex\.)?(quote|shell_word)\((?!path|serial)")
    for path in Path(mfa_tui.__file__).parent.rglob("*.py"):
        assert by_hand.search(path.read_text(encoding="utf-8")) is None, path


@pytest.mark.parametrize(("cut", "longest"), [(short, 60), (sanitize, 300)])
def test_long_text_is_cut(cut: Callable[[str], str], longest: int) -> None:
    assert cut("x" * longest) == "x" * longest
    assert cut("x" * (longest + 1)) == "x" * (longest - 1) + "…"
    assert cut("a\n\tb\x1b") == "a b\\x1b"


@pytest.mark.parametrize(("number", "shown"), [("111122223333", "1111-2222-3333"), ("acme-dev", "acme-dev"), ("", "")])
def test_an_account_id_as_people_read_it(number: str, shown: str) -> None:
    assert format_account(number) == shown


@pytest.mark.parametrize("length", [1, 5000])
def test_no_control_character_is_clean_however_long_the_text_is(length: int) -> None:
    assert is_clean("a" * length)
    assert [code for code in range(0x100) if is_clean("a" * length + chr(code))] == [
        code for code in range(0x100) if chr(code).isprintable()
    ]
