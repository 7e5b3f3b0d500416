"""``mfa-tui doctor``: what it finds, how it says so, and that it changes nothing."""

import json
import os
import stat
from pathlib import Path

import pytest

from mfa_tui.demo.aws.server import Device
from tests.cli.commands.doctor_runs import KEYS, ROLE, SERIAL, TEMPORARY, codes, doctor, furnish
from tests.support.homes.home import Home


def test_all_is_well(home: Home, device: Device) -> None:
    assert doctor(home) == {"findings": [], "other_tools": []}
    assert home.run("doctor").stdout == "✓ No problems found (1 profile).\n"
    home.run("login", "dev", "--code", device.code())
    assert doctor(home, AWS_PROFILE="dev-mfa") == {"findings": [], "other_tools": []}


def test_how_findings_are_shown(home: Home) -> None:
    furnish(home, f"[profile dev]\n[profile prod]\n{ROLE}source_profile = dve\n")
    told = home.run("doctor", env={"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"}).stdout
    assert told.replace(str(home.path), "HOME") == (
        """1 error, 1 warning, 1 hint in 2 profiles:

✗ 'prod': source 'dve' is missing.
    See HOME/.aws/config, line 4: [profile prod] source_profile
    Add a profile 'dve', or correct source_profile in 'prod'. Did you mean 'dev'?

! AWS_ACCESS_KEY_ID is set in this shell: it overrides AWS_PROFILE.
    The AWS CLI and most SDKs look there first, unless a command names its profile (--profile).
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY

· 'dev' names no MFA device.
    Each login asks AWS for it, which policies may not allow before MFA.
    mfa-tui login dev --save-serial
"""
    )
    assert home.run("doctor", "dev").stdout.startswith(
        "✓ No problems found (1 profile).\n\n· 'dev' names no MFA device."
    )


@pytest.mark.usefixtures("device")
def test_permissions_of_others_are_taken_away_if_asked_for(home: Home) -> None:
    home.credentials.chmod(0o644)
    told = home.run("doctor")
    assert told.stdout.startswith("1 warning in 1 profile:")
    assert told.stdout.endswith("To fix 1 of them now: mfa-tui doctor --fix\n")
    assert stat.S_IMODE(home.credentials.stat().st_mode) == 0o644
    fixed = home.run("doctor", "--fix")
    assert (fixed.returncode, fixed.stdout) == (0, "✓ No problems found (1 profile).\n")
    assert fixed.stderr == f"Fixed: {home.credentials} can be read by other users of this machine.\n"
    assert stat.S_IMODE(home.credentials.stat().st_mode) == 0o600


def test_no_files(home: Home) -> None:
    assert codes(doctor(home)) == [("no-profiles", "warning", None)]


@pytest.mark.parametrize("bad", ["config", "credentials"])
def test_a_broken_file_is_a_finding_and_the_other_is_read(home: Home, bad: str) -> None:
    furnish(home, f"[profile dev]\n{SERIAL}[profile prod]\n{ROLE}", f"[dev]\n{KEYS}[ops]\naws_access_key_id = A\n")
    path = home.aws_dir / bad
    path.write_text(path.read_text() + "verysecret\n")
    document = doctor(home, status=1, AWS_PROFILE="elsewhere")
    broken, *others = document["findings"]
    line = len(path.read_text().splitlines())
    assert broken["what"] == f"{path}, line {line}: no AWS tool can read this file."
    assert broken["code"] == "file-defect"
    assert ("ops" if bad == "config" else "prod") in [finding["profile"] for finding in others]
    # What may be in the unreadable file is not reported as missing.
    assert "env-profile-unknown" not in [finding["code"] for finding in others]
    assert codes(doctor(home, "elsewhere", status=1))[0][0] == "file-defect"


def test_both_files_broken(home: Home) -> None:
    furnish(home, "x\n", "y\n")
    assert codes(doctor(home, status=1)) == [("file-defect", "error", None)] * 2


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_credentials_that_others_can_read(home: Home) -> None:
    furnish(home)
    home.credentials.chmod(0o640)
    (finding,) = doctor(home)["findings"]
    assert (finding["code"], finding["remedy"]) == ("credentials-open", f"chmod 600 {home.credentials}")


def test_files_that_a_login_could_not_write(home: Home) -> None:
    furnish(home)
    os.link(home.credentials, home.path / "other name")
    (finding,) = doctor(home, status=1)["findings"]
    assert finding["code"] == "file-hard-link"


def test_files_that_the_environment_names(home: Home) -> None:
    furnish(home)
    (home.path / "mine").write_text("[mine]\n")
    missing = doctor(home, AWS_CONFIG_FILE=str(home.path / "nowhere"))
    assert ("file-missing", "warning", None) in codes(missing)
    assert codes(doctor(home, "mine", AWS_SHARED_CREDENTIALS_FILE=str(home.path / "mine")))[0][0] == "credentials-open"


@pytest.mark.parametrize(
    ("settings", "code", "severity"),
    [
        ("timeuot = 5\n", "settings-unknown-key", "warning"),
        ("timeout = 0\n", "settings-value", "error"),
        ("= 5\n", "settings-syntax", "error"),
    ],
)
def test_settings(home: Home, settings: str, code: str, severity: str) -> None:
    furnish(home)
    path = home.path / "config.toml"
    path.write_text(settings)
    document = doctor(home, status=int(severity == "error"), MFA_TUI_CONFIG=str(path))
    assert codes(document) == [(code, severity, None)]
    assert str(path) in document["findings"][0]["what"]


def test_where_secrets_are(home: Home, tmp_path: Path) -> None:
    """A vault with a missing file, missing programs, an unfinished enrollment."""
    furnish(home)
    settings = tmp_path / "settings.toml"
    settings.write_text(
        'seed_store = "vault"\n'
        '[devices."arn:aws:iam::111122223333:mfa/ben"]\nseed_command = "no-such-program read"\n'
        '[devices."arn:aws:iam::111122223333:mfa/cat"]\nyubikey = "AWS:cat"\n'
    )
    data = home.path / ".local/share/mfa-tui"
    (data / "vault").mkdir(parents=True)
    (data / "vault/identity.age").write_text("sealed")
    (data / "seeds.json").write_text(
        '{"version": 1, "seeds": {"arn:aws:iam::111122223333:mfa/ana": {"store": "vault"}}}'
    )
    note = {
        "serial": "arn:aws:iam::111122223333:mfa/dan",
        "account": "111122223333",
        "user": "dan",
        "keep": "here",
        "phase": "made",
    }
    (data / "enrolments.json").write_text(json.dumps({"version": 1, "enrolments": [note]}))
    found = doctor(home, status=1, MFA_TUI_CONFIG=str(settings))
    assert codes(found) == [
        ("vault-damaged", "error", None),
        ("seed-program-missing", "error", None),
        ("seed-program-missing", "error", None),
        ("enrolment-unfinished", "warning", None),
    ]
    what = [finding["what"] for finding in found["findings"]]
    assert [
        word in text for word, text in zip(("seeds.age", "no-such-program", "ykman", "dan"), what, strict=True)
    ] == [True] * 4
    # All profiles depend on it.
    assert codes(doctor(home, "dev", status=1, MFA_TUI_CONFIG=str(settings))) == codes(found)
    (data / "seeds.json").write_text("{")
    damaged, *_ = doctor(home, status=1, MFA_TUI_CONFIG=str(settings))["findings"]
    assert (damaged["code"], "seeds.json" in damaged["what"]) == ("seeds-index", True)


def test_the_settings_name_the_targets(home: Home) -> None:
    furnish(home, f"[profile dev]\n{SERIAL}[profile t-dev]\nsso_start_url = https://x\n")
    path = home.path / "config.toml"
    path.write_text('target_pattern = "t-{profile}"\n')
    assert codes(doctor(home, status=1, MFA_TUI_CONFIG=str(path))) == [("target-ignored", "error", "dev")]
    assert codes(doctor(home)) == []


@pytest.mark.parametrize(
    "directory",
    [".cache/mfa-tui", ".local/share/mfa-tui", ".local/state/mfa-tui", ".cache", ".cache/mfa-tui/sessions"],
)
def test_our_own_directories(home: Home, directory: str) -> None:
    furnish(home)
    path = home.path / directory
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    (finding,) = doctor(home, status=1)["findings"]
    assert (finding["code"], finding["what"]) == ("directory-unusable", f"{path} cannot be used.")


@pytest.mark.parametrize("profile", ["prod", "prod-mfa", "base"])
def test_one_profile_with_its_sources_and_targets(home: Home, profile: str) -> None:
    furnish(
        home,
        f"[profile prod]\n{ROLE}source_profile = base\n[profile broken]\n{ROLE}",
        f"[base]\n{KEYS}[base-mfa]\n{TEMPORARY}mfa_tui_source = base\nx_security_token_expires = 2020-01-01T00:00:00Z\n"
        f"[alone-long-term]\n{KEYS.replace('DEV', 'ONE')}",
    )
    (home.path / ".awsume").mkdir()
    (home.path / ".awsume/config.yaml").write_text("")
    document = doctor(home, profile)
    assert codes(document) == [("serial-missing", "hint", "base"), ("session-ended", "hint", "base-mfa")]
    assert document["other_tools"] == []
    assert len(doctor(home, status=1)["other_tools"]) == 2


@pytest.mark.parametrize("broken", ["config", "credentials"])
def test_what_the_other_file_may_contain_is_not_reported_missing(home: Home, broken: str) -> None:
    furnish(home)
    path = home.aws_dir / broken
    path.write_text(path.read_text() + "words only\n")
    (finding,) = doctor(home, status=1)["findings"]
    assert finding["code"] == "file-defect"


def test_an_unknown_profile(home: Home) -> None:
    furnish(home)
    for arguments in (["doctor", "dve"], ["doctor", "dve", "--json"]):
        result = home.run(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == (
            "mfa-tui: There is no profile 'dve' in the AWS files.\n"
            "  Did you mean dev? mfa-tui list shows all profiles.\n"
        )


def test_bad_usage(home: Home) -> None:
    assert home.run("doctor", "a", "b").returncode == 2
    assert home.run("doctor", "--nonsense").returncode == 2


@pytest.mark.skipif(os.name != "posix", reason="a script that can be run is POSIX's")
def test_programs_that_profiles_run(home: Home) -> None:
    tool = home.path / "my tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o700)
    furnish(
        home,
        f"[profile good]\ncredential_process = '{tool}' --json\n[profile gone]\ncredential_process = my-vault 'a b'\n"
        "[profile open]\ncredential_process = 'x\n[profile set]\ncredential_process = TOKEN=hush my-vault\n"
        "[profile keys]\ncredential_process = my-vault\n",
        f"[keys]\n{SERIAL}{KEYS}",
    )
    document = doctor(home, status=1)
    assert codes(document) == [("process-missing", "error", name) for name in ("gone", "open", "set")]
    assert document["findings"][0]["what"].startswith("'gone' runs 'my-vault' for its credentials")
    assert document["findings"][2]["what"].startswith("'set' runs 'TOKEN=…' for its credentials")


def test_the_sdk_is_not_loaded_for_profiles_that_leave_it_nothing_to_refuse(home: Home) -> None:
    serial = "mfa_serial = arn:aws:iam::111122223333:mfa/ana\n"
    furnish(home, f"[profile dev]\nregion = eu-central-1\n{serial}", f"[dev]\n{KEYS}")
    script = (
        "import json, os, sys; sys.argv = ['mfa-tui', 'doctor'];"
        "[os.environ.pop(name) for name in list(os.environ) if name.startswith('AWS_ENDPOINT_URL')];"
        "from mfa_tui import main; main();"
        "print(json.dumps([name.partition('.')[0] for name in sys.modules]), file=sys.stderr)"
    )
    loaded = set(json.loads(home.run_python("-c", script).stderr.splitlines()[-1]))
    assert "mfa_tui" in loaded
    assert loaded.isdisjoint({"boto3", "botocore"})
    # Without the keyring, which loads some of them.
    home.write_settings('seed_store = "vault"\n')
    loaded = set(json.loads(home.run_python("-c", script).stderr.splitlines()[-1]))
    slow = {"argparse", "difflib", "hashlib", "keyring", "shutil", "sqlite3", "subprocess", "urllib"}
    assert loaded & slow == set()


def test_what_it_imports(home: Home) -> None:
    furnish(home)
    script = (
        "import json, sys; sys.argv = ['mfa-tui', 'doctor']; from mfa_tui import main; main();"
        "print(json.dumps([name.partition('.')[0] for name in sys.modules]), file=sys.stderr)"
    )
    loaded = set(json.loads(home.run_python("-c", script).stderr))
    assert "mfa_tui" in loaded
    # It asks the SDK and the keyring about the setup; nothing else knows.
    assert loaded.isdisjoint({"boto3", "textual", "rich", "pyotp", "moto"})
