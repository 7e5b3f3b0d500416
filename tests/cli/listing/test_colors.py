"""``mfa-tui list`` in color: only on a terminal, and never by color alone."""

import io
import json
import sys

import pytest

from mfa_tui.adapters.keys.known_users import KnownUsers
from mfa_tui.cli.commands import list as list_command
from mfa_tui.cli.terminal import output
from mfa_tui.services.listing.overview import Overview
from mfa_tui.services.sessions.lookup import SIGNS, SessionState, State
from mfa_tui.ui.profiles.columns import session_cell
from mfa_tui.ui.text.spans import Tone
from tests.support.homes.bench import NOW, Bench

CONFIG = "[profile dev]\nmfa_serial = arn:aws:iam::111122223333:mfa/ana\n[profile lost]\nrole_arn = x\n"
SETTINGS = '[accounts."111122223333"]\nname = "acme-PROD"\ncolor = "red"\n'
TONES = {Tone.GOOD: output.Sgr.GREEN, Tone.WARN: output.Sgr.YELLOW, Tone.DIM: output.Sgr.NONE}


def shown(bench: Bench, monkeypatch: pytest.MonkeyPatch, *arguments: str, terminal: bool) -> str:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, "utf-8", write_through=True)
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(list_command, "open_context", lambda: bench.context)
    assert list_command.run([*arguments]) == 0
    return written.getvalue().decode()


@pytest.fixture
def accounts(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    bench.write(CONFIG)
    bench.set(SETTINGS)
    return bench


def test_a_terminal_gets_the_colors_of_accounts_and_sessions(accounts: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    heads, dev, lost = shown(accounts, monkeypatch, terminal=True).splitlines()
    assert heads.split() == ["PROFILE", "KIND", "ACCOUNT", "MFA", "SESSION"]
    assert dev.startswith("\x1b[31mdev ")
    assert "\x1b[31m▲ acme-PROD\x1b[0m  ana" in dev
    assert dev.endswith("  none"), "what is dim cannot be read everywhere"
    assert "\x1b[31m✗ " in lost


@pytest.mark.parametrize("variable", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_otherwise_there_are_words_and_signs(
    accounts: Bench, monkeypatch: pytest.MonkeyPatch, variable: dict[str, str]
) -> None:
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    text = shown(accounts, monkeypatch, terminal=bool(variable))
    assert "\x1b" not in text
    assert "acme-PROD" in text.splitlines()[1]


def test_what_aws_has_said_of_accounts_is_used(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    key, other = "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"
    bench.write(
        "",
        "".join(
            f"[{name}]\naws_access_key_id = {key_id}\naws_secret_access_key = x\n"
            for name, key_id in (("dev", key), ("ops", other))
        ),
    )
    bench.set(SETTINGS)
    assert [line.split()[2] for line in shown(bench, monkeypatch, terminal=False).splitlines()[1:]] == ["–", "–"]
    users = KnownUsers(bench.context.paths)
    users.update(key, lambda user: user.changed(account="111122223333"))
    users.update(other, lambda user: user.changed(account="444455556666", alias="acme-dev"))
    dev, ops = shown(bench, monkeypatch, terminal=False).splitlines()[1:]
    assert "▲ acme-PROD" in dev
    assert "acme-dev" in ops
    profiles = json.loads(shown(bench, monkeypatch, "--json", terminal=False))["profiles"]
    assert [each["account"] for each in profiles] == ["111122223333", "444455556666"]


def test_sessions_have_the_colors_and_signs_of_the_interface(bench: Bench) -> None:
    row = Overview(bench.context).row("dev")
    for state in (State.NONE, State.LIVE, State.ENDING, State.ENDED, State.UNVERIFIED):
        row.session = SessionState(state, NOW + 99 if state != State.ENDED else NOW - 1)
        cell = session_cell(row.session, NOW)
        assert list_command._session_color(row, NOW) == TONES[cell.tone]
        sign = SIGNS.get(state, "none")
        assert cell.text.startswith(sign)
        assert list_command._session(row, NOW).startswith(sign)
