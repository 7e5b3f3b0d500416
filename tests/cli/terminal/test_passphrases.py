"""Typed passphrases: asked for again while they are refused, but not forever."""

from collections.abc import Callable

import pytest

from mfa_tui.cli.terminal import tty
from mfa_tui.cli.terminal.passphrases import ask_new_passphrase, open_with_passphrase
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

LONG, LONGER = "four words of nonsense", "five words of more nonsense"


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Type these lines, one at each prompt; returns the prompts."""

    def types(*lines: str) -> list[str]:
        left, prompts = list(lines), list[str]()

        def ask(prompt: str, _: object) -> Secret:
            prompts.append(prompt)
            return Secret(left.pop(0))

        monkeypatch.setattr(tty, "ask_secret", ask)
        monkeypatch.setattr("mfa_tui.cli.terminal.passphrases._read_piped", lambda: None)
        return prompts

    return types


def test_a_new_one_is_asked_for_until_it_is_long_enough_and_typed_twice(
    typing: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    typing("short", LONG, LONGER, LONG, LONG)
    assert ask_new_passphrase("New: ") == Secret(LONG)
    said = capsys.readouterr().err
    assert "at least 12 characters" in said
    assert "are different" in said


@pytest.mark.parametrize(
    ("lines", "slug"),
    [(("short",) * 3, "passphrase-short"), (("short", LONG, LONGER, LONGER, LONG), "passphrase-differs")],
)
def test_a_new_one_is_not_asked_for_forever(
    typing: Callable[..., list[str]], lines: tuple[str, ...], slug: str
) -> None:
    prompts = typing(*lines)
    with pytest.raises(UsageError) as caught:
        ask_new_passphrase("New: ")
    assert (caught.value.slug, len(prompts)) == (slug, len(lines))


def attempt(passphrase: Callable[[], Secret]) -> str:
    """Opens only with the passphrase LONG."""
    if passphrase() != Secret(LONG):
        raise UsageError("wrong", "That is not the passphrase.")
    return "open"


def test_a_wrong_one_is_asked_for_three_times(
    typing: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    typing("this", "that", LONG)
    assert open_with_passphrase("it", "wrong", attempt) == "open"
    assert capsys.readouterr().err == "That is not the passphrase.\n" * 2
    prompts = typing("this", "that", "other", LONG)
    with pytest.raises(UsageError):
        open_with_passphrase("it", "wrong", attempt)
    assert len(prompts) == 3


def test_another_failure_ends_it(typing: Callable[..., list[str]]) -> None:
    prompts = typing("this", LONG)
    with pytest.raises(UsageError):
        open_with_passphrase("it", "something else", attempt)
    assert len(prompts) == 1


def test_a_wrong_one_that_was_piped_is_not_asked_for_again(
    typing: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts = typing(LONG)
    monkeypatch.setattr("mfa_tui.cli.terminal.passphrases._read_piped", lambda: Secret("piped"))
    with pytest.raises(UsageError):
        open_with_passphrase("it", "wrong", attempt)
    assert prompts == []
