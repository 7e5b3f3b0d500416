"""Results on standard output and everything else on standard error, also when these are closed, full or gone."""

import io
import json
import re
import subprocess
import sys

import pytest

from mfa_tui.cli.terminal import output
from tests.support.homes.home import Home
from tests.support.runner.timeouts import scaled

LOST = "mfa-tui: The output could not be written to standard output.\n  {}.\n  The command did everything else.\n"


def shell(home: Home, script: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Runs a shell script in which ``$MFA`` is the program."""
    return subprocess.run(
        ["bash", "-c", script],
        env=home.env | {"MFA": f"{sys.executable} -m mfa_tui"} | env,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=scaled(60),
        start_new_session=True,
        cwd=home.path,
    )


@pytest.fixture
def many(home: Home) -> Home:
    """A home with more profiles than a pipe holds."""
    home.config.write_text("".join(f"[profile p{number}]\nregion = eu-central-1\n" for number in range(3000)))
    return home


@pytest.mark.parametrize("command", ["list", "list --json"])
def test_a_reader_that_stops_early_is_not_a_failure(many: Home, command: str) -> None:
    result = shell(many, f"$MFA {command} | head -1; echo ${{PIPESTATUS[0]}}")
    lines = result.stdout.decode().splitlines()
    assert (len(lines), lines[-1], result.stderr) == (2, "0", b"")


def test_a_reader_that_has_gone_before_anything_is_written(home: Home) -> None:
    home.config.write_text("[profile dev]\n")
    result = shell(home, "$MFA list | true; echo ${PIPESTATUS[0]}")
    assert (result.stdout, result.stderr) == (b"0\n", b"")


@pytest.mark.parametrize("command", ["list", "list --json", "--version", "--help", "login --help", "device --help"])
@pytest.mark.parametrize(
    ("redirection", "why"), [(">&-", "It is closed"), (">/dev/full", "No space left on device")], ids=["closed", "full"]
)
def test_a_result_that_cannot_be_written(home: Home, command: str, redirection: str, why: str) -> None:
    home.config.write_text("[profile dev]\n")
    result = shell(home, f"$MFA {command} {redirection}")
    assert (result.returncode, result.stderr.decode()) == (1, LOST.format(why))


def test_the_exit_status_counts_when_standard_error_is_closed_or_gone(home: Home) -> None:
    closed = shell(home, "$MFA login nobody 2>&-")
    gone = shell(home, "{ $MFA login nobody 2>&1 >/dev/null; echo $? >status; } | true; exit $(cat status)")
    assert (closed.returncode, gone.returncode) == (2, 2)


def test_all_descriptors_closed(home: Home) -> None:
    assert shell(home, "$MFA login nobody <&- >&- 2>&-").returncode == 2
    assert shell(home, "$MFA login nobody --code - <&- ").stderr.startswith(b"mfa-tui: An MFA code has six digits.\n")


def test_a_locale_without_our_characters(home: Home) -> None:
    home.config.write_text("[profile dév]\n", encoding="utf-8")
    result = shell(home, "$MFA list && $MFA list --json", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"d\\xe9v" in result.stdout
    assert b'"d\\u00e9v"' in result.stdout


@pytest.mark.parametrize(
    ("terminal", "term", "shown"),
    [(True, "linux", "ok a... é\n"), (True, "xterm", "✓ a… é\n"), (False, "linux", "✓ a… é\n")],
)
def test_the_linux_console_gets_words_for_our_signs(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, term: str, shown: str
) -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, "utf-8", write_through=True)
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("LC_ALL", raising=False)
    output.print_result("✓ a… é")
    assert written.getvalue().decode() == shown


def test_json_is_one_document_in_ascii(home: Home) -> None:
    home.config.write_text("[profile dév]\n", encoding="utf-8")
    result = shell(home, "$MFA list --json")
    assert result.stdout.isascii()
    assert json.loads(result.stdout)["profiles"][0]["name"] == "dév"


def test_without_home_the_files_that_the_environment_names_are_used(home: Home) -> None:
    home.config.write_text("[profile dev]\n")
    files = {"AWS_CONFIG_FILE": str(home.config), "AWS_SHARED_CREDENTIALS_FILE": str(home.credentials)}
    result = shell(home, "unset HOME USERPROFILE; $MFA list", **files)
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"dev" in result.stdout


BROKEN = """
import sys
from mfa_tui.cli import main
from mfa_tui.cli.commands import list as broken_command

def broken(arguments):
    secret = "canary-secret"
    raise {error}

broken_command.run = broken
sys.exit(main.run(["list"], lambda context, profile: 0, None))
"""


@pytest.mark.parametrize(
    ("error", "name", "why"),
    [
        ("RuntimeError(f'about {secret}')", "RuntimeError", "This is a bug in mfa-tui."),
        ("KeyError(secret)", "KeyError", "This is a bug in mfa-tui."),
        ("PermissionError(13, 'Permission denied', secret)", "PermissionError", "The system said: Permission denied."),
        ("ExceptionGroup(secret, [ValueError(secret)])", "ExceptionGroup", "This is a bug in mfa-tui."),
    ],
)
def test_an_unexpected_error_is_one_message_without_secrets(home: Home, error: str, name: str, why: str) -> None:
    result = home.run_python("-c", BROKEN.format(error=error), env={"PYTHONFAULTHANDLER": "1"})
    assert re.fullmatch(
        rf"mfa-tui \S+ ran into an unexpected error: {name} in cli/main\.py, line \d+\.\n"
        rf"  {re.escape(why)}\n"
        r"  Please report the first line and what you did. It contains no secrets\.\n",
        result.stderr.removeprefix("mfa-tui: "),
    )
    assert (result.returncode, result.stdout) == (1, "")
