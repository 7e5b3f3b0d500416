"""What the doctor finds in files, variables, settings and directories, and how much of it where a profile is named."""

import os

import pytest

from mfa_tui.adapters.keys.known_users import KnownUsers
from mfa_tui.core.keys.known_user import KnownUser
from mfa_tui.core.problems.finding import Severity
from mfa_tui.errors import ProfileProblem
from mfa_tui.services.doctor.examine import examine as examine_all
from mfa_tui.services.history.recorder import Action
from tests.services.doctor.conftest import Examine
from tests.support.homes.bench import DEV, NOW, ROLES, SERIAL, Bench

OPS = DEV.replace("[dev]", "[ops]").replace("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPL2")
TARGET = (
    "[dev-mfa]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\naws_session_token = t\n"
    "x_security_token_expires = 2020-01-01T00:00:00Z\nmfa_tui_source = dev\n"
)


def examined(bench: Bench, name: str | None = None) -> int:
    return examine_all(bench.env, name).examined


def test_a_set_up_without_faults(bench: Bench, examine: Examine) -> None:
    bench.write(ROLES)
    assert {code for code, finding in examine().items() if finding.severity != Severity.HINT} == set()


def test_how_many_profiles_are_examined(bench: Bench) -> None:
    bench.write(ROLES, DEV + OPS + TARGET)
    assert examined(bench) == 4
    # A profile with its sources; the targets of these are examined with them, but not counted.
    assert {name: examined(bench, name) for name in ("dev", "dev-mfa", "admin", "audit", "ops", "ops-mfa")} == {
        "dev": 1, "dev-mfa": 1, "admin": 2, "audit": 3, "ops": 1, "ops-mfa": 1,
    }  # fmt: skip
    bench.write("", TARGET)
    assert examined(bench, "dev-mfa") == 1
    with pytest.raises(ProfileProblem):
        examined(bench, "nobody")
    bench.write("[profile x]\nregion\n", DEV)
    # It may be in the file that cannot be read.
    assert examined(bench, "nobody") == 0


def test_keys_in_the_environment_are_no_profile_of_the_files(bench: Bench) -> None:
    bench.env |= {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"}
    assert examined(bench) == 1


def test_the_most_serious_comes_first(bench: Bench) -> None:
    bench.write(credentials=DEV + OPS.replace("region", "regoin"))
    bench.credentials.chmod(0o644)
    bench.env["AWS_CONFIG_FILE"] = str(bench.path / "missing")
    severities = [finding.severity for finding in examine_all(bench.env).findings]
    order = [Severity.ERROR, Severity.WARNING, Severity.HINT]
    assert severities == sorted(severities, key=order.index)
    assert len(set(severities)) > 1


def test_files_that_are_missing_or_open_to_others(bench: Bench, examine: Examine) -> None:
    assert examine().keys().isdisjoint({"credentials-open", "file-missing", "settings-missing", "no-profiles"})
    bench.credentials.chmod(0o644)
    assert str(bench.credentials) in examine()["credentials-open"].what
    gone = str(bench.path / "gone")
    assert "AWS_CONFIG_FILE" in examine(AWS_CONFIG_FILE=gone)["file-missing"].what
    assert "AWS_SHARED_CREDENTIALS_FILE" in examine(AWS_SHARED_CREDENTIALS_FILE=gone)["file-missing"].what
    assert gone in examine(MFA_TUI_CONFIG=gone)["settings-missing"].what
    assert "settings-missing" not in examine(MFA_TUI_CONFIG=os.devnull)
    bench.write("", "")
    assert "no-profiles" in examine()
    bench.write("[profile x]\nregion\n", "")
    assert "no-profiles" not in examine()


def test_a_directory_in_place_of_a_file_is_told_once(bench: Bench, examine: Examine) -> None:
    bench.credentials.unlink()
    bench.credentials.mkdir()
    assert [finding.code for finding in examine.all()].count("file-kind") == 1


def test_what_is_missing_may_be_in_the_file_that_cannot_be_read(bench: Bench, examine: Examine) -> None:
    bare = DEV.replace(f"mfa_serial = {SERIAL}\n", "")
    bench.write("", bare)
    assert "serial-missing" in examine()
    bench.write("[profile x]\nregion\n", bare)
    assert "serial-missing" not in examine()


def test_a_user_with_fido_keys_only_is_not_told_to_log_in(bench: Bench, examine: Examine) -> None:
    bench.write("", (DEV + OPS).replace(f"mfa_serial = {SERIAL}\n", ""))
    assert "fido-only" not in examine()
    KnownUsers(bench.context.paths).update("AKIAIOSFODNN7EXAMPL2", lambda _: KnownUser("111122223333", fido_only=True))
    found = examine()
    assert (found["fido-only"].profile, found["serial-missing"].profile) == ("ops", "dev")


def test_settings(bench: Bench, examine: Examine) -> None:
    bench.set('theme = "neon"\nstrange = 1\n[keymap]\n"no.such" = "x"\n')
    found = examine()
    assert found["settings-theme"].severity == Severity.WARNING
    assert "strange" in found["settings-unknown-key"].what
    assert "no.such" in found["settings-keymap"].what + found["settings-keymap"].why
    (bench.path / ".config/mfa-tui/config.toml").write_text("margin = -1\n")
    assert any(code.startswith("settings") for code in examine())


def test_every_wrong_setting_is_found_and_correcting_it_helps(bench: Bench, examine: Examine) -> None:
    lines = [
        "key_age_days = 0",
        'key_unused_days = "x"',
        "timeout = 0",
        'browser = "firefox {addr}"',
        "[scopes.a]\nread_olny = true",
        "[scopes.b]",
        '[devices."arn:aws:iam::111122223333:mfa/ben"]\ncode_command = 5',
    ]
    path = bench.path / ".config/mfa-tui/config.toml"
    path.parent.mkdir(parents=True)
    for left in range(len(lines), -1, -1):
        path.write_text("\n".join(lines[-left:] if left else []))
        found = [each for each in examine.all() if each.code == "settings-value"]
        assert len(found) == left
    assert "settings-value" not in examine()


def test_the_other_settings_count_beside_a_wrong_one(bench: Bench, examine: Examine) -> None:
    path = bench.path / ".config/mfa-tui/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('timeout = 0\ntheme = "neon"\n')
    assert {"settings-value", "settings-theme"} <= examine().keys()


@pytest.mark.parametrize("key", ["browser", "passphrase_command"])
def test_a_program_that_a_setting_names_is_missing(bench: Bench, examine: Examine, key: str) -> None:
    bench.set(f'{key} = "no-such-program --x"\n')
    found = examine()["settings-program-missing"]
    assert (found.severity, key in found.what, "'no-such-program'" in found.what) == (Severity.ERROR, True, True)
    program = bench.path / "bin/no-such-program"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    # Each way that the remedy names.
    assert "settings-program-missing" not in examine(PATH=f"{program.parent}{os.pathsep}{bench.env['PATH']}")
    bench.set(f'{key} = "true --x"\n')
    assert "settings-program-missing" not in examine()
    bench.set("")
    assert "settings-program-missing" not in examine()


def test_a_browser_that_the_environment_names_is_missing(bench: Bench, examine: Examine) -> None:
    found = examine(BROWSER="no-such-browser %s")["env-browser-missing"]
    assert (found.severity, "no-such-browser" in found.what) == (Severity.WARNING, True)
    assert "env-browser-missing" not in examine(BROWSER="true %s")
    # The next one is used.
    assert "env-browser-missing" not in examine(BROWSER=f"no-such-browser{os.pathsep}true")
    bench.set('browser = "true"\n')
    assert "env-browser-missing" not in examine(BROWSER="no-such-browser")


def test_directories_of_our_own(bench: Bench, examine: Examine) -> None:
    state = bench.path / ".local/state"
    state.parent.mkdir()
    state.write_text("in the way")
    found = examine()["directory-unusable"]
    assert found.what == f"{state} cannot be used."
    assert found.why.endswith("Used codes are recorded there, so that none is sent twice.")
    state.unlink()
    assert "directory-unusable" not in examine()
    (bench.path / ".cache/mfa-tui").mkdir(parents=True)
    (bench.path / ".cache/mfa-tui/sessions").write_text("in the way")
    assert examine()["directory-unusable"].why.endswith("Sessions are kept there.")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("true", None),
        ("/no/such/program --x", "/no/such/program"),
        ("no-such-program", "no-such-program"),
        ("'unclosed", ""),
        ("SECRET=abc true", "SECRET=…"),
    ],
)
def test_programs_of_credential_processes(bench: Bench, examine: Examine, line: str, told: str | None) -> None:
    bench.write(f"[profile p]\ncredential_process = {line}\nregion = eu-west-1\n", DEV)
    found = examine().get("process-missing")
    assert (found is None) == (told is None)
    if found is not None:
        assert found.profile == "p"
        assert (told or "") in found.what
        assert "abc" not in found.what
    assert "process-missing" not in examine("dev")


def test_traces_of_other_tools_on_the_disk_concern_all_profiles(bench: Bench) -> None:
    (bench.path / ".aws/cli/cache").mkdir(parents=True)
    (bench.path / ".granted").mkdir()
    (bench.path / ".granted/config").write_text("DefaultBrowser = 'x'\n")
    os.utime(bench.path / ".granted/config", (NOW, NOW))
    everything, one = examine_all(bench.env).other_tools, examine_all(bench.env, "dev").other_tools
    assert len(everything) >= len(one)


def test_the_history(bench: Bench, examine: Examine) -> None:
    log = bench.context.history.log
    bench.context.history.run(Action("logout", "dev"), lambda: "Done.", str)
    assert "history-damaged" not in examine()
    os.truncate(log.path, 0)
    with open(log.path, "wb") as file:
        file.write(b"no database" * 100)
    bench.renew().history.entries()
    assert examine()["history-damaged"].severity == Severity.WARNING
    bench.set("history_days = 0\n")
    assert "history-damaged" not in examine()


def test_settings_that_are_unknown_or_no_toml(bench: Bench, examine: Examine) -> None:
    bench.set("colour = 5\n")
    found = examine()["settings-unknown-key"]
    assert (found.severity, found.remedy) == (Severity.WARNING, "Correct it.")
    assert "'colour'" in found.what
    (bench.path / ".config/mfa-tui/config.toml").write_text("= 5\n")
    assert examine()["settings-syntax"].severity == Severity.ERROR
