"""For which profile and scope a ``credential_process`` runs mfa-tui."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.adapters.programs.own_command import credential_process_line
from mfa_tui.core.sessions.credential_process import (
    profile_of_command_line,
    profile_of_process,
    scope_of_command_line,
)

NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("arguments", "profile", "scope"),
    [
        ("dev", "dev", ""),
        ("-- dev", "dev", ""),
        ("dev --scope read-only", "dev", "read-only"),
        ("--scope read-only dev", "dev", "read-only"),
        ("--scope=read-only dev", "dev", "read-only"),
        ("--scope read-only -- -dev", "-dev", "read-only"),
        ("-- --scope", "--scope", ""),
        ("--scope", "", ""),
    ],
)
def test_the_ways_to_write_it(arguments: str, profile: str, scope: str) -> None:
    line = f"/opt/bin/mfa-tui credential-process {arguments}"
    assert (profile_of_process(line), scope_of_command_line(line)) == (profile, scope)
    shell = f"sh -c '{line}'"
    assert (profile_of_command_line(shell), scope_of_command_line(shell)) == (profile, scope)


@given(NAMES, st.just("") | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,9}", fullmatch=True))
def test_what_login_writes_is_read_back(profile: str, scope: str) -> None:
    line = credential_process_line(profile, scope)
    assert (profile_of_process(line), scope_of_command_line(line)) == (profile, scope)
