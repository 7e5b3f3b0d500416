"""The hot commands answer what the ordinary way does, which reads the AWS files; or they are silent."""

import os
import shutil
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui import boot_id
from tests.hot.conftest import ANA, ARGUMENTS, BOB, SERIAL, Sessions
from tests.support.runner.examples import generated
from tests.support.runner.thoroughness import quick_cases

Change = Callable[[Sessions], object]


def _settings(sessions: Sessions) -> None:
    sessions.home.write_settings("margin = 300\n")


def _rewrite(sessions: Sessions) -> None:
    """In place, of the same length, and with the old time: as some tools that keep times do."""
    times = sessions.home.credentials.stat()
    with sessions.home.credentials.open("r+") as file:
        file.write(sessions.home.credentials.read_text().replace(ANA, BOB))
    os.utime(sessions.home.credentials, ns=(times.st_atime_ns, times.st_mtime_ns))


def _first_line(sessions: Sessions, left: int) -> None:
    for path in sessions.cached.iterdir():
        path.write_text("\n".join([str(int(time.time()) + left), *path.read_text().splitlines()[1:]]) + "\n")


def _chmod(directory: str, mode: int) -> Change:
    def change(sessions: Sessions) -> None:
        for path in (sessions.home.path / ".cache/mfa-tui" / directory).iterdir():
            path.chmod(mode)

    return change


def _in_notes(old: str, new: str) -> Change:
    def change(sessions: Sessions) -> None:
        for path in sessions.ready.iterdir():
            assert old in path.read_text()
            path.write_text(path.read_text().replace(old, new, 1))

    return change


def _pipe(sessions: Sessions) -> None:
    for path in sessions.ready.iterdir():
        path.unlink()
        os.mkfifo(path, 0o600)


def _link(sessions: Sessions) -> None:
    sessions.ready.rename(sessions.home.path / "elsewhere")
    sessions.ready.symlink_to(sessions.home.path / "elsewhere")


def _clock(base: float, offset: float) -> Change:
    def change(sessions: Sessions) -> None:
        clock = sessions.context().clock
        file = sessions.home.path / ".cache/mfa-tui/clock"
        file.write_text(f"{boot_id()}\n{clock.now() - clock.monotonic() + base}\n{offset}\n")
        file.chmod(0o600)

    return change


def _env(**variables: str) -> Change:
    return lambda sessions: sessions.home.env.update(variables)


SERVED: dict[str, Change] = {
    "nothing": lambda _: None,
    "another directory's file": lambda sessions: (sessions.home.path / ".aws/cli").mkdir(),
    "long valid": lambda sessions: sessions.keep(ANA, left=5_000),
    "AWS's clock is ahead": _clock(0.0, 300.0),
    "the clock was set": _clock(-50.0, 0.0),
    "another shell's variables": _env(AWS_PROFILE="x", AWS_REGION="us-east-1", AWS_ACCESS_KEY_ID="ASIAX"),
    "exported before": _env(
        MFA_TUI_EXPORTED="AWS_REGION,AWS_CA_BUNDLE dev", AWS_REGION="eu-west-1", MFA_TUI_BEFORE_AWS_REGION="us-east-1",
        MFA_TUI_PROFILE="old", AWS_CREDENTIAL_EXPIRATION="x",
    ),
}  # fmt: skip
SILENT: dict[str, Change] = {
    "the credentials file has changed": lambda sessions: sessions.write_keys(BOB),
    "the config file has changed": lambda sessions: sessions.home.config.write_text("[profile dev]\n"),
    "changed and dated back": _rewrite,
    "the settings have changed": _settings,
    "other files": _env(AWS_CONFIG_FILE="/dev/null"),
    "other settings": _env(MFA_TUI_CONFIG="/dev/null"),
    "another cache": _env(XDG_CACHE_HOME="/nowhere"),
    "expired": lambda sessions: _first_line(sessions, -1),
    "within the margin": lambda sessions: _first_line(sessions, 890),
    "expired for AWS": _clock(0.0, 50_000.0),
    "the note is of other facts": _in_notes("900", "x"),
    "the note is cut": _in_notes("\ndev\n", "\n"),
    "the note names another session": _in_notes("\n", "\nother"),
    "the note may be another user's": _chmod("ready", 0o622),
    "the session may be another user's": _chmod("sessions", 0o606),
    "the directory may be another user's": lambda sessions: sessions.ready.chmod(0o770),
    "our directory may be another user's": lambda sessions: sessions.ready.parent.chmod(0o707),
    "the note is a pipe": _pipe,
    "the directory is a link": _link,
    "there is no note": lambda sessions: shutil.rmtree(sessions.ready),
    "the session is in the keyring": lambda sessions: [
        path.write_text(f"{path.read_text().splitlines()[0]}\nkeyring\n{{}}\n") for path in sessions.cached.iterdir()
    ],
    "output in two bytes a character": _env(PYTHONIOENCODING="utf-16"),
}


@quick_cases()
@pytest.mark.parametrize("change", SERVED)
def test_it_answers_as_the_ordinary_way(sessions: Sessions, change: str) -> None:
    sessions.note()
    SERVED[change](sessions)
    for command, arguments in ARGUMENTS.items():
        found = sessions.hot(*arguments)
        assert found is not None, command
        assert found == sessions.ordinary(*arguments), command


@quick_cases(4)
@pytest.mark.parametrize("change", SILENT)
def test_it_is_silent(sessions: Sessions, change: str) -> None:
    sessions.note()
    assert sessions.hot(*ARGUMENTS["credential-process"]) is not None
    SILENT[change](sessions)
    if "PYTHONIOENCODING" in sessions.home.env:
        # It counts when Python starts.
        found = sessions.really("exec python3 -m mfa_tui credential-process dev | head -c 2 | od -An -tx1")
        assert found.stdout.strip() == "7b 00"
        return
    for command, arguments in ARGUMENTS.items():
        assert sessions.hot(*arguments) is None, command


@quick_cases()
@pytest.mark.parametrize("token", ['"quoted"', "back\\slash", "ünï", "\x7f"])
def test_values_that_are_not_plain_take_the_ordinary_way(sessions: Sessions, token: str) -> None:
    sessions.keep(ANA, token=token)
    sessions.note()
    for arguments in ARGUMENTS.values():
        found = sessions.hot(*arguments)
        assert found is None or found == sessions.ordinary(*arguments)
    assert sessions.hot("env", "dev") is None


def test_arguments(sessions: Sessions) -> None:
    """All forms of them get the same answer, or none."""
    sessions.note()
    served = 0
    for line in (
        "--version", "-V x", "--help", "", "login", "nothing", "env", "env dev --shell fish", "env dev --shell sh",
        "env --shell powershell dev", "env dev --shell cmd", "env dev --shell dotenv", "env --shell json dev",
        "env dev --shell tcsh", "env dev --unset", "env --unset", "env dev --scope", "env dev dev", "env --help",
        "credential-process", "credential-process -h", "credential-process dev dev", "credential-process dev --scope",
        "exec", "exec dev", "exec dev --", "exec dev true", "exec dev -- false", "exec dev sh -c true",
        "exec dev /no/such", "exec dev ./x", "exec dev no-such", "exec dev /etc/hostname", "exec -- true",
        "exec --help",
        "exec dev /bin/sh/x", "exec dev -x", "exec dev -- -x", "env dev --x",
    ):  # fmt: skip
        found = sessions.hot(*line.split())
        served += found is not None
        assert found is None or found == sessions.ordinary(*line.split()), line
    assert served == 11


@quick_cases()
@pytest.mark.parametrize("name", ["a b", "ünï", "-x", "x" * 100, "x" * 128, "$(x)'\""])
def test_names(sessions: Sessions, name: str) -> None:
    text = sessions.home.credentials.read_text()
    sessions.home.credentials.write_text(text.replace("[dev]", f"[{name}]") + f"mfa_serial = {SERIAL}\n")
    sessions.note("credential-process", "--", name)
    found = sessions.hot("credential-process", name)
    assert (found is None) == (name[0] == "-" or len(name) > 100)
    assert found is None or found == sessions.ordinary("credential-process", name)


STEPS: dict[str, Change] = {
    "note": lambda sessions: sessions.note(),
    "ana": lambda sessions: sessions.write_keys(ANA),
    "bob": lambda sessions: sessions.write_keys(BOB),
    "away": lambda sessions: sessions.home.credentials.replace(sessions.home.path / "kept"),
    "back": lambda sessions: (sessions.home.path / "kept").replace(sessions.home.credentials),
    "settings": _settings,
    "region": lambda sessions: sessions.home.config.write_text(f"[profile dev]\nmfa_serial = {SERIAL}\n"),
    "renewed": lambda sessions: sessions.keep(ANA, left=41_000),
    "swapped": _rewrite,
}


@generated(3, 100)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=8))
def test_whatever_happens_to_the_files(sessions: Sessions, steps: list[str]) -> None:
    """After any changes in any order: the session of what the files say now, or no answer."""
    for step in steps:
        try:
            STEPS[step](sessions)
        except (OSError, AssertionError):
            # There is nothing to move, or no session of what the files say.
            continue
        for arguments in ARGUMENTS.values():
            found = sessions.hot(*arguments)
            assert found is None or found == sessions.ordinary(*arguments), (steps, step)
