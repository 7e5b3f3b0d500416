"""Command lines of credential processes: for which profile they run mfa-tui."""

import shlex
import subprocess

import pytest
from botocore.compat import compat_shell_split
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.sessions.credential_process import (
    COMMAND,
    process_output,
    profile_of_process,
    scope_of_command_line,
)
from mfa_tui.models import Secret, Session

NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
"""Names of profiles: anything but control characters."""
DIRECTORIES = st.lists(NAMES.filter(lambda name: "/" not in name), max_size=4).map("/".join)


def words(program: list[str], profile: str) -> list[str]:
    return [*program, COMMAND, *(["--"] if profile.startswith("-") else []), profile]


@given(DIRECTORIES, NAMES, st.booleans())
def test_our_own_processes_are_recognized(directory: str, profile: str, module: bool) -> None:
    program = [f"/{directory}/python", "-P", "-m", "mfa_tui"] if module else [f"/{directory}/mfa-tui"]
    line = shlex.join(words(program, profile))
    assert profile_of_process(line) == profile
    assert compat_shell_split(line, "linux") == words(program, profile)


@given(DIRECTORIES.filter(lambda path: '"' not in path), NAMES.filter(lambda name: not set(name) & set("\"'\\")))
def test_on_windows_too(directory: str, profile: str) -> None:
    program = ["C:\\" + directory.replace("/", "\\").replace("'", "") + "\\mfa-tui.exe"]
    line = subprocess.list2cmdline(words(program, profile))
    assert profile_of_process(line) == profile
    assert compat_shell_split(line, "win32") == words(program, profile)


@pytest.mark.parametrize(
    ("line", "profile"),
    [
        ("mfa-tui credential-process dev", "dev"),
        ("/usr/bin/env X=1 mfa-tui credential-process -- -dev", "-dev"),
        ("aws-vault exec --json dev", ""),
        ("tool credential-process dev", ""),
        ("mfa-tui credential-process", ""),
        ("mfa-tui 'credential-process dev", ""),
        ("my-mfa-tui credential-process dev", ""),
        ("sh -c 'mfa-tui credential-process dev'", ""),
        ("", ""),
    ],
)
def test_processes_of_other_programs(line: str, profile: str) -> None:
    assert profile_of_process(line) == profile


@given(st.text(max_size=40).map(lambda text: f"mfa-tui credential-process {text}"))
def test_any_line_is_accepted(line: str) -> None:
    assert isinstance(profile_of_process(line), str)


def test_what_sdks_get() -> None:
    made = Session(
        access_key_id="ASIAX", secret_access_key=Secret("s"), session_token=Secret("t"), expires_at=1_795_521_342,
        duration=900, source_key_id="AKIAX", serial="",
    )  # fmt: skip
    assert process_output(made) == (
        '{"Version": 1, "AccessKeyId": "ASIAX", "SecretAccessKey": "s", "SessionToken": "t", '
        '"Expiration": "2026-11-24T11:55:42Z"}'
    )


@pytest.mark.parametrize(
    ("line", "scope"),
    [
        ("mfa-tui credential-process --scope ci dev", "ci"),
        ("mfa-tui credential-process dev --scope ci", "ci"),
        ("mfa-tui credential-process --scope=ci dev", "ci"),
        ("sh -c 'mfa-tui credential-process --scope ci dev'", "ci"),
        ("mfa-tui credential-process dev", ""),
        ("other credential-process --scope ci dev", ""),
        ("mfa-tui login --scope ci dev", ""),
    ],
)
def test_the_scope_that_it_asks_for(line: str, scope: str) -> None:
    assert scope_of_command_line(line) == scope
