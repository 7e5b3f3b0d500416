"""``login`` and ``use`` with a session that is saved: the hot way says what the ordinary way says, or nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.services.listing.preferences import load_preferences, update_preferences
from tests.hot.conftest import ANA, SAVED, Ran, Sessions
from tests.hot.test_output import WAYS, line
from tests.hot.test_same_answers import SERVED, SILENT, STEPS, Change
from tests.support.processes.terminals import terminal
from tests.support.runner.examples import generated
from tests.support.runner.thoroughness import quick_cases

READ = {
    # Compared, or part of a path that is.
    "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "MFA_TUI_CONFIG", "HOME",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
    # Not there, or the command takes the ordinary way; `use` removes them.
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "MFA_TUI_EXPORTED",
    "AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE",
    # Of argparse's help, of a keyring that is not asked, and of where leftovers may be.
    "COLUMNS", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "PYTHON_KEYRING_BACKEND", "TEMP", "TMP",
    "TMPDIR", "PATH", "MFA_TUI_DEMO_HOME", "PYTHONPATH",
}  # fmt: skip
"""The variables that the ordinary way reads, and why the hot way may answer without them."""

READING = """
import os, sys
read, before = set(), os._Environ.__getitem__
def noting(self, name):
    read.add(name)
    return before(self, name)
os._Environ.__getitem__ = noting
import mfa_tui
mfa_tui.serve = lambda *_: None
sys.argv = ["mfa-tui", *sys.argv[1:]]
from mfa_tui import main
main()
sys.stderr.write(" ".join(read))
"""


@pytest.fixture
def saved(sessions: Sessions) -> Sessions:
    """Ana's session is saved as ``dev-mfa``, and that is noted."""
    _save(sessions)
    return sessions


def same(one: Ran | None, other: Ran) -> bool:
    """Whether both say the same; a minute may have passed in between."""
    assert one is not None
    return _without_minutes(*one) == _without_minutes(*other)


def _without_minutes(status: int, *texts: str) -> tuple[object, ...]:
    return status, *(re.sub(r"[0-9]+ m left", "m left", text) for text in texts)


def _save(sessions: Sessions) -> None:
    for _ in range(2):
        for arguments in SAVED.values():
            sessions.note(*arguments)


def renew_session(sessions: Sessions) -> None:
    """A new session of the same key: the file holds the old one."""
    sessions.keep(ANA, session_id="ASIARENEWEDRENEWEDAA")


STILL_SERVED = {name: SERVED[name] for name in ("nothing", "AWS's clock is ahead")}
NOW_SILENT: dict[str, Change] = {
    **{name: change for name, change in {**SERVED, **SILENT}.items() if name not in STILL_SERVED},
    "the session was renewed": renew_session,
    "readable by others": lambda sessions: sessions.home.credentials.chmod(0o644),
    "left beside the files": lambda sessions: (sessions.home.path / ".aws/.config.mfa-tui.1.tmp").touch(),
    "left beside the sessions": lambda sessions: (sessions.cached / "x.1.tmp").touch(),
    "our other directories": lambda sessions: (sessions.home.path / ".local/share/mfa-tui").chmod(0o770),
    "a directory of ours is a file": lambda sessions: (sessions.home.path / ".cache/mfa-tui/flights").touch(),
    "another region": lambda sessions: sessions.home.env.update(AWS_DEFAULT_REGION="no region"),
}  # fmt: skip
for name in ("output in two bytes a character", "a directory of ours is a file"):
    NOW_SILENT.pop(name)


@quick_cases()
@pytest.mark.parametrize("change", STILL_SERVED)
def test_it_says_what_the_ordinary_way_says(saved: Sessions, change: str) -> None:
    STILL_SERVED[change](saved)
    files = saved.home.config.read_bytes(), saved.home.credentials.read_bytes()
    for arguments in (*SAVED.values(), ("use", "--shell", "fish", "dev"), ("use", "--shell", "powershell", "dev")):
        assert same(saved.hot(*arguments), saved.ordinary(*arguments)), arguments
    assert files == (saved.home.config.read_bytes(), saved.home.credentials.read_bytes())


@quick_cases(5)
@pytest.mark.parametrize("change", NOW_SILENT)
def test_it_says_nothing(saved: Sessions, change: str) -> None:
    NOW_SILENT[change](saved)
    for arguments in SAVED.values():
        assert saved.hot(*arguments) is None, arguments


def test_forms_of_the_command_line(saved: Sessions) -> None:
    for words in (
        "login", "login dev dev", "login dev --json", "login dev --force", "login --process dev", "login nobody",
        "use", "use dev --unset", "use --unset", "use --shell cmd dev", "use --shell", "use dev --export", "use -",
        "use --scope read-only dev", "login --help", "use dev dev",
    ):  # fmt: skip
        assert saved.hot(*words.split()) is None, words
    saved.home.env |= {"MFA_TUI_PREVIOUS": "dev", "AWS_PROFILE": "x", "MFA_TUI_PROFILE": "y"}
    assert same(saved.hot("use", "-"), saved.ordinary("use", "-"))
    # `use` removes them, and login warns of them.
    saved.home.env |= {"AWS_ACCESS_KEY_ID": "ASIAX", "AWS_SECRET_ACCESS_KEY": "x"}
    assert same(saved.hot("use", "dev"), saved.ordinary("use", "dev"))
    assert saved.hot("login", "dev") is None


def test_a_login_that_warns_is_not_noted(sessions: Sessions) -> None:
    sessions.home.write_settings("unknown = 1\n")
    for _ in range(3):
        sessions.run("ordinary", "login", "dev")
    assert sessions.hot("login", "dev") is None


@quick_cases()
@pytest.mark.parametrize("text", ["# ü\n", "[profile dev]\nregion = eu-central-1\n"])
def test_what_the_locale_or_any_device_decides_is_not_noted(sessions: Sessions, text: str) -> None:
    """Other bytes are read as the locale says; without a serial any device's session will do."""
    sessions.home.config.write_text(text + ("" if "[profile" in text else sessions.home.config.read_text()))
    for _ in range(3):
        sessions.run("ordinary", "login", "dev")
    assert sessions.hot("login", "dev") is None


def test_a_name_that_a_terminal_would_obey_is_not_noted(sessions: Sessions) -> None:
    name = "d\x1b[31mev"
    text = sessions.home.config.read_text().replace("[profile dev]", f'[profile "{name}"]')
    sessions.home.config.write_text(f"{text}mfa_tui_target = plain\n")
    sessions.home.credentials.write_text(sessions.home.credentials.read_text().replace("[dev]", f"[{name}]"))
    for _ in range(2):
        sessions.note("login", name)
    _, out, _ = sessions.ordinary("login", name)
    assert ("already saved as plain" in out, "\x1b" in out) == (True, False)
    assert sessions.hot("login", name) is None


@quick_cases()
@pytest.mark.parametrize("command", SAVED)
def test_no_other_variables_count(saved: Sessions, command: str) -> None:
    # What is there is read, too, where all variables are copied.
    saved.home.env = {name: saved.home.env[name] for name in ("HOME", "PATH", "PYTHONPATH")}
    done = saved.home.run_python("-c", READING, *SAVED[command])
    assert set(done.stderr.split()) <= READ


def test_uses_are_counted(saved: Sessions) -> None:
    """Those that were added are seen at once, and stay when the interface writes what it remembers."""
    paths = Paths(saved.home.env)

    def count() -> int:
        (dev,) = load_preferences(paths).uses
        return round(dev.score)

    before = count()
    for _ in range(2):
        assert saved.hot(*SAVED["use"]) is not None
    added = Path(paths.state, "uses")
    assert (count(), added.stat().st_mode & 0o777) == (before + 2, 0o600)
    update_preferences(paths, lambda now: now.with_pinned("dev", pinned=True))
    assert (count(), added.exists()) == (before + 2, False)
    assert saved.hot(*SAVED["use"]) is not None
    saved.ordinary(*SAVED["use"])
    assert (count(), load_preferences(paths).pinned) == (before + 4, ("dev",))
    # What is damaged does not count, and what has become long is counted in the ordinary way.
    added.write_text("x dev\n-1 dev\n1e300 dev\n\n")
    assert count() == before + 4
    added.write_text("1.0 dev\n" * 3_000)
    assert saved.hot(*SAVED["use"]) is None
    added.unlink()
    added.symlink_to(saved.home.path / "elsewhere")
    assert saved.hot(*SAVED["use"]) is None
    assert not (saved.home.path / "elsewhere").exists()


def test_what_a_person_is_told(saved: Sessions) -> None:
    """On a terminal the same lines, in the same order."""
    shown = []
    for way in WAYS:
        with terminal(saved.home, line(way, "login dev")) as tty:
            assert tty.status() == 0
            shown.append(re.sub(r"[0-9]+ m left", "m left", tty.screen))
    assert shown[0] == shown[1]
    assert "To use it: export AWS_PROFILE=dev-mfa" in shown[0]


@generated(3, 100)
@given(steps=st.lists(st.sampled_from([*sorted(STEPS), "login", "login", "renew"]), max_size=8))
def test_whatever_happens_to_the_files(sessions: Sessions, steps: list[str]) -> None:
    """After any changes in any order: what the files say now, or nothing."""
    changes: dict[str, Change] = {
        **STEPS,
        "login": _save,
        "renew": renew_session,
    }
    for step in steps:
        try:
            changes[step](sessions)
        except (OSError, AssertionError):
            continue
        for arguments in SAVED.values():
            found = sessions.hot(*arguments)
            assert found is None or same(found, sessions.ordinary(*arguments)), (steps, step)
