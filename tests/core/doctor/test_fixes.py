"""How each finding can be fixed, by its code and its remedy."""

import pytest

from mfa_tui.core.doctor import fixes
from mfa_tui.core.doctor.fixes import Fix, FixKind, command_line, fix_of, permission_change
from mfa_tui.core.problems.catalogue import CATALOGUE
from mfa_tui.core.problems.finding import Finding, Severity
from mfa_tui.core.settings.interface import PROFILE_KEYS


def finding(code: str, remedy: str = "", profile: str = "") -> Finding:
    return Finding(code, Severity.WARNING, "what", "why", remedy, profile)


@pytest.mark.parametrize(
    ("code", "remedy", "change"),
    [
        ("credentials-open", "chmod 600 /home/ana/.aws/credentials", ("600", "/home/ana/.aws/credentials")),
        ("credentials-open", "chmod 600 '/home/a b/it'", ("600", "/home/a b/it")),
        ("directory-open", "chmod go-w /home/ana", ("go-w", "/home/ana")),
        # Nobody but the owner of the machine should do that.
        ("credentials-open", 'sudo chown "$USER" /x && chmod 600 /x', None),
        ("credentials-open", "chmod 600 /x /y", None),
        ("credentials-open", "chmod 777 /x", None),
        ("credentials-open", "chgrp 600 /x", None),
        ("credentials-open", "chmod 600 'x", None),
        ("credentials-open", "", None),
        ("directory-of-others", "chmod go-w /x", None),
    ],
)
def test_a_plain_chmod_is_ours_to_do(code: str, remedy: str, change: tuple[str, str] | None) -> None:
    found = finding(code, remedy)
    assert permission_change(found) == change
    assert (fix_of(found) == Fix(FixKind.REPAIR, "Fix", remedy)) == (change is not None)


def test_what_the_interface_fixes_is_done_there_if_the_profile_is_known() -> None:
    assert fix_of(finding("settings-theme")) == Fix(FixKind.SCREEN, "Settings", "settings")
    assert fix_of(finding("no-profiles", "Run mfa-tui to set one up.")) == Fix(FixKind.SCREEN, "Set up", "setup")
    rotate = "Replace it with a new one: mfa-tui keys rotate dev"
    assert fix_of(finding("key-old", rotate, "dev")) == Fix(FixKind.SCREEN, "Keys", "keys")
    assert fix_of(finding("key-old", rotate)) == Fix(FixKind.COMMAND, "Copy command", "mfa-tui keys rotate dev")
    assert fix_of(finding("serial-missing", "", "dev")) == Fix(FixKind.SCREEN, "Log in", "login")


def test_what_a_person_has_to_decide_has_no_fix() -> None:
    assert fix_of(finding("value-malformed", "Set it to a number.", "dev")) is None
    assert fix_of(finding("value-malformed")) is None


@pytest.mark.parametrize(
    ("remedy", "command"),
    [
        ("Finish it: mfa-tui vault move keyring", "mfa-tui vault move keyring"),
        ("unset AWS_PROFILE", "unset AWS_PROFILE"),
        ("Correct the variable, or unset MFA_TUI_CONFIG", "unset MFA_TUI_CONFIG"),
        ("Remove it: rm '/home/a b/it'", "rm '/home/a b/it'"),
        ("mfa-tui login dev, or renew it with the tool that wrote it.", "mfa-tui login dev"),
        ("Use a UTF-8 locale: export LC_ALL=C.UTF-8 (on Windows: set PYTHONUTF8=1).", "export LC_ALL=C.UTF-8"),
        ("Continue with a profile of that user: mfa-tui device enroll PROFILE", ""),
        ("Write it as [profile broken]", ""),
        ("Correct it.", ""),
        ("", ""),
    ],
)
def test_the_command_line_of_a_remedy_can_be_run_as_it_is(remedy: str, command: str) -> None:
    assert command_line(remedy) == command


def test_the_table_names_findings_and_commands_that_exist() -> None:
    codes = {problem.slug for problem in CATALOGUE.values()}
    assert set(fixes._SCREEN_OF) <= codes
    assert codes >= fixes._REPAIRED
    assert set(fixes._SCREENS) <= set(PROFILE_KEYS)
