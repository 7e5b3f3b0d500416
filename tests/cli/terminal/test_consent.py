"""What a change will do is said first, and then asked about."""

import pytest

from mfa_tui.cli.terminal import output, tty
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.errors import NoTerminal

PLAN = ["Deletes the key of 'a\nb'.", "That cannot be undone."]
SAID = "Deletes the key of 'a b'.\nThat cannot be undone.\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal on which somebody says no; the questions."""
    questions: list[str] = []
    monkeypatch.setattr(tty, "is_available", lambda: True)

    def refuse(question: str, *, default: bool) -> bool:
        questions.append(question)
        return default

    monkeypatch.setattr(tty, "confirm", refuse)
    return questions


def test_with_yes_it_is_said_and_not_asked(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ask_consent(PLAN, "Delete it?", yes=True)
    assert (capsys.readouterr(), asked) == (("", SAID), [])


def test_without_a_terminal_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tty, "is_available", lambda: False)
    with pytest.raises(NoTerminal) as refused:
        ask_consent(PLAN, "Delete it?", yes=False, remedy="Use --yes to delete it.", otherwise="Nothing was deleted.")
    assert capsys.readouterr().err == SAID
    assert refused.value.lines() == [
        "There is no terminal to ask you on.", "Use --yes to delete it. Nothing was deleted."
    ]  # fmt: skip


@pytest.mark.parametrize("redirected", [False, True])
def test_who_answers_has_seen_it(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, redirected: bool
) -> None:
    monkeypatch.setattr(output, "stderr_is_terminal", lambda: not redirected)
    assert not ask_consent(PLAN, "Delete it?", yes=False)
    assert capsys.readouterr().err == f"{SAID}Nothing was changed.\n"
    assert asked == [f"{SAID if redirected else ''}Delete it?"]
