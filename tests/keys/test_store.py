"""``keys store`` and ``keys restore``: out of the files and back, and what works in between."""

import json
from pathlib import Path

import pytest

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.services.context import Context
from tests.keys.conftest import Ana
from tests.keys.support import both_files, files_with, in_keyring
from tests.support.devices.devices import who
from tests.support.homes.home import Home
from tests.support.processes.consent import check_said_first, refused_plan

KEYRING = ("keyring.json",)


def test_stored_used_and_restored_to_the_byte(home: Home, aws: StrictAws, ana: Ana) -> None:
    before = both_files(home)
    plan = refused_plan(home.run("keys", "store", "dev"), "Use --yes to do it. Nothing was changed.")
    stored = home.run("keys", "store", "dev", "--yes")
    check_said_first(stored, plan)
    assert stored.stdout == "dev: the key is in the keyring\n"
    assert files_with(home, ana.user.secret_access_key, KEYRING) == []
    assert in_keyring(home, ana.user.access_key_id) == ana.user.secret_access_key
    config = home.config.read_text()
    assert f"mfa_tui_access_key_id = {ana.user.access_key_id}\n" in config
    assert "-m mfa_tui credential-process dev\n" in config
    login = home.run("login", "dev")
    assert login.returncode == 0, login.stderr
    assert who(home, aws) == ana.user.arn
    assert home.run("logout", "dev").returncode == 0
    plan = refused_plan(home.run("keys", "restore", "dev"), "Use --yes to do it. Nothing was changed.")
    restored = home.run("keys", "restore", "dev", "--yes")
    check_said_first(restored, plan)
    assert restored.stdout == "dev: the key is in the AWS files again\n"
    assert both_files(home) == before
    assert in_keyring(home, ana.user.access_key_id) == ""


def test_it_is_proven_at_aws_before_it_leaves_the_file(home: Home, aws: StrictAws, ana: Ana) -> None:
    home.credentials.write_text(home.credentials.read_text().replace(ana.user.secret_access_key, "x" * 40))
    before = both_files(home)
    refused = home.run("keys", "store", "dev", "--yes")
    assert refused.returncode == 1
    assert [request.action for request in aws.requests] == ["GetCallerIdentity"]
    assert both_files(home) == before
    assert in_keyring(home, ana.user.access_key_id) == ""
    assert json.loads((home.path / ".local/share/mfa-tui/keys.json").read_text())["keys"] == {}


def test_it_stays_in_the_file_where_aws_does_not_answer(home: Home, aws: StrictAws, ana: Ana) -> None:
    before = both_files(home)
    aws.fault(faults.dropped(), times=5)
    assert home.run("keys", "store", "dev", "--yes").returncode == 1
    assert both_files(home) == before
    assert in_keyring(home, ana.user.access_key_id) == ""


def test_without_a_yes_nothing_happens(home: Home, aws: StrictAws, ana: Ana) -> None:
    before = both_files(home)
    refused = home.run("keys", "store", "dev")
    assert refused.returncode == 3
    assert "Use --yes to do it. Nothing was changed." in refused.stderr
    assert both_files(home) == before
    assert aws.count() == 0
    assert in_keyring(home, ana.user.access_key_id) == ""


@pytest.mark.usefixtures("ana", "moved_time")
def test_an_earlier_backup_no_longer_has_it(home: Home, ana: Ana) -> None:
    home.run("login", "dev")
    home.credentials.write_text(home.credentials.read_text() + "\n[more]\nregion = x\n")
    home.run("login", "dev", "--force")
    assert files_with(home, ana.user.secret_access_key, ("credentials",)) != []
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    assert files_with(home, ana.user.secret_access_key, KEYRING) == []
    home.run("login", "dev", "--force")
    assert files_with(home, ana.user.secret_access_key, KEYRING) == []


def test_other_copies_are_named(home: Home, ana: Ana) -> None:
    backup = home.aws_dir / "credentials.bak"
    backup.write_text(home.credentials.read_text())
    home.env |= {"AWS_SECRET_ACCESS_KEY": ana.user.secret_access_key}
    stored = home.run("keys", "store", "dev", "--yes")
    assert f"which mfa-tui does not touch: {backup} and AWS_SECRET_ACCESS_KEY." in stored.stderr
    assert files_with(home, ana.user.secret_access_key, KEYRING) == [backup]


def test_profiles_with_the_same_key_move_together(home: Home, ana: Ana) -> None:
    home.add_profile("ops", ana.user, ana.device, output="json")
    before = both_files(home)
    stored = home.run("keys", "store", "ops", "--yes")
    assert stored.stdout == "ops: the key is in the keyring\ndev: the key is in the keyring\n"
    assert files_with(home, ana.user.secret_access_key, KEYRING) == []
    assert home.run("login", "dev", "ops").returncode == 0
    home.run("logout", "--all")
    assert home.run("keys", "restore", "dev", "--yes").returncode == 0
    assert both_files(home) == before


@pytest.mark.usefixtures("ana")
def test_roles_for_more_than_an_hour_are_named_before(home: Home) -> None:
    for name, seconds in (("short", 3600), ("long", 7200)):
        arn = f"role_arn = arn:aws:iam::111122223333:role/{name}"
        with home.config.open("a") as file:
            file.write(f"[profile {name}]\n{arn}\nsource_profile = dev\nduration_seconds = {seconds}\n")
    refused = home.run("keys", "store", "dev")
    assert "AWS tools will fail with the role 'long', configured for more than an hour" in refused.stderr
    assert "short" not in refused.stderr


@pytest.mark.parametrize("named", [True, False])
def test_what_codes_will_take_is_said_before(home: Home, aws: StrictAws, ana: Ana, *, named: bool) -> None:
    home.add_profile("ops", aws.add_user(), ana.device if named else None)
    refused = home.run("keys", "store", "ops")
    assert ("No MFA device is named in 'ops'" in refused.stderr) != named
    assert "No MFA secret is stored" not in refused.stderr
    home.run("device", "forget", "dev", "--yes")
    refused = home.run("keys", "store", "ops")
    assert ("No MFA secret is stored for 'ops'" in refused.stderr) == named
    refused_plan(refused, "Use --yes to do it. Nothing was changed.")


@pytest.mark.usefixtures("ana")
def test_bare_has_no_process(home: Home) -> None:
    before = both_files(home)
    assert home.run("keys", "store", "dev", "--bare", "--yes").returncode == 0
    assert "credential_process" not in home.config.read_text()
    assert home.run("login", "dev").returncode == 0
    home.run("logout", "dev")
    assert home.run("keys", "store", "dev").returncode == 0
    assert "credential_process" in home.config.read_text()
    # Nothing was moved this time.
    changed = "Changed what AWS tools get from dev; the key was in the keyring already."
    assert changed in home.run("history", "--limit", "1").stdout
    assert home.run("keys", "store", "dev", "--bare").returncode == 0
    assert "credential_process" not in home.config.read_text()
    assert home.run("keys", "restore", "dev", "--yes").returncode == 0
    assert both_files(home) == before


def test_only_the_credentials_file_knows_the_profile(home: Home, ana: Ana) -> None:
    home.config.unlink()
    before = home.credentials.read_bytes()
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    assert ana.user.access_key_id in home.config.read_text()
    assert home.run("keys", "restore", "dev", "--yes").returncode == 0
    assert (home.credentials.read_bytes(), home.config.read_bytes()) == (before, b"")


REFUSED = {
    "no keys": ("ops", "", "[profile ops]\nregion = x\n", "The profile 'ops' has no long-term keys of its own."),
    "another process": ("dev", "", "credential_process = /bin/other", "has a credential_process for it"),
    "login session": ("dev", "", "login_session = arn:aws:iam::111122223333:user/x", "has a login_session for it"),
    "its own role": (
        "dev",
        "",
        "role_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev",
        "It is a role with access keys of its own",
    ),
    "a role without a source": (
        "lost",
        "",
        "[profile lost]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = gone",
        "Source 'gone' is missing.",
    ),
}


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("case", list(REFUSED))
def test_what_cannot_be_moved_is_refused(home: Home, aws: StrictAws, case: str) -> None:
    name, _, lines, words = REFUSED[case]
    home.config.write_text(home.config.read_text().rstrip("\n") + f"\n{lines}\n")
    before = both_files(home)
    refused = home.run("keys", "store", name, "--yes")
    assert refused.returncode == 2, refused.stderr
    assert words in refused.stderr
    assert len(refused.stderr.splitlines()) <= 4
    assert both_files(home) == before
    assert aws.count() == 0


def test_a_key_that_the_keyring_has_lost(home: Home, ana: Ana) -> None:
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    (home.path / "keyring.json").unlink()
    for command in ("login dev --code 123456", "keys restore dev --yes", "credential-process dev", "device list dev"):
        failed = home.run(*command.split())
        assert failed.returncode == 1, command
        shortened = f"{ana.user.access_key_id[:4]}…{ana.user.access_key_id[-4:]}"
        assert f"The access key {shortened} of 'dev' is not in the keyring." in failed.stderr
        assert len(failed.stderr.splitlines()) <= 4


def test_keys_that_came_into_the_file_later(home: Home, aws: StrictAws, ana: Ana) -> None:
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    other = aws.add_user()
    own = f"aws_access_key_id = {other.access_key_id}\naws_secret_access_key = {other.secret_access_key}\n"
    home.credentials.write_text(home.credentials.read_text().replace("[dev]\n", f"[dev]\n{own}"))
    refused = home.run("keys", "restore", "dev", "--yes")
    assert refused.returncode == 2
    assert "has another access key" in refused.stderr
    assert in_keyring(home, ana.user.access_key_id) == ana.user.secret_access_key


def test_the_vault(home: Home, ana: Ana) -> None:
    home.write_settings('passphrase_command = "echo a-long-pass-phrase"\n')
    before = both_files(home)
    assert home.run("keys", "store", "dev", "--to", "vault", "--yes").returncode == 0
    assert in_keyring(home, ana.user.access_key_id) == ""
    assert files_with(home, ana.user.secret_access_key) == []
    assert home.run("login", "dev").returncode == 0
    home.run("logout", "dev")
    key = ana.user.access_key_id
    assert f"long-term keys in the vault: 1\n  {key}\n" in home.run("vault", "status").stdout
    moved = home.run("vault", "move", "keyring")
    assert f"moved to the keyring: {key}\n" in moved.stdout, moved.stderr
    assert in_keyring(home, key) == ana.user.secret_access_key
    assert home.run("vault", "move", "vault").returncode == 0
    assert in_keyring(home, key) == ""
    moved = home.run("keys", "store", "dev", "--to", "keyring", "--yes")
    assert (moved.returncode, moved.stdout) == (0, "dev: the key is in the keyring\n"), moved.stderr
    assert in_keyring(home, ana.user.access_key_id) == ana.user.secret_access_key
    assert home.run("keys", "restore", "dev", "--yes").returncode == 0
    assert both_files(home) == before


def test_modes_of_what_is_kept(home: Home, ana: Ana) -> None:
    home.credentials.chmod(0o600)
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    record = home.path / ".local/share/mfa-tui/keys.json"
    assert (record.stat().st_mode & 0o777, Path(record.parent).stat().st_mode & 0o777) == (0o600, 0o700)
    assert ana.user.secret_access_key not in record.read_text()


@pytest.mark.parametrize("place", ["credentials", "config"])
def test_a_login_that_began_before_goes_on(home: Home, ana: Ana, place: str) -> None:
    """It finds fewer keys in the files than when it began, or marks that are gone; neither is a loss."""
    if place == "config":
        keys = home.credentials.read_text().split("\n", 1)[1].rstrip("\n")
        home.config.write_text(home.config.read_text().replace("region", f"{keys}\nregion", 1))
        home.credentials.write_text("")
    files = Context(home.env, warn=lambda _: None).files
    for command in ("store", "restore"):
        start = files.load()
        done = home.run("keys", command, "dev", "--yes")
        assert done.returncode == 0, done.stderr

        def add(aws: AwsConfig, name: str = f"after-{command}") -> tuple[Document, Document]:
            return aws.config, aws.credentials.with_section(name, [("a", "b")])

        files.edit(add, start=start)
        assert f"[after-{command}]" in home.credentials.read_text()
        if command == "store":
            assert files_with(home, ana.user.secret_access_key, KEYRING) == []
    assert ana.user.secret_access_key in both_files(home)[place == "credentials"].decode()


def test_a_stored_secret_is_replaced_only_by_one_that_works(home: Home, ana: Ana) -> None:
    """AWS shows a secret only once."""
    store = home.run("keys", "store", "dev", "--yes")
    assert store.returncode == 0
    own = f"aws_access_key_id = {ana.user.access_key_id}\naws_secret_access_key = {'x' * 40}\n"
    home.credentials.write_text(home.credentials.read_text().replace("[dev]\n", f"[dev]\n{own}"))
    assert home.run("keys", "store", "dev", "--yes").returncode == 1
    assert in_keyring(home, ana.user.access_key_id) == ana.user.secret_access_key
    restored = home.run("keys", "restore", "dev", "--yes")
    assert restored.returncode == 2
    assert "has another access key" in restored.stderr
    assert in_keyring(home, ana.user.access_key_id) == ana.user.secret_access_key


@pytest.mark.parametrize("command", ["store", "restore"])
def test_the_mark_was_removed_by_hand(home: Home, ana: Ana, command: str) -> None:
    before = both_files(home)
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    home.config.write_bytes(before[0])
    done = home.run("keys", command, "dev", "--yes")
    assert done.returncode == 0, done.stderr
    if command == "store":
        assert ana.user.access_key_id in home.config.read_text()
        assert home.run("login", "dev").returncode == 0
    else:
        assert both_files(home) == before
        assert in_keyring(home, ana.user.access_key_id) == ""


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "list lost"])
def test_a_failed_proof_leaves_what_was_stored(home: Home, ana: Ana, *, listed: bool) -> None:
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    record = home.path / ".local/share/mfa-tui/keys.json"
    before = record.read_text()
    if not listed:
        record.unlink()
    own = f"aws_access_key_id = {ana.user.access_key_id}\naws_secret_access_key = {'x' * 40}\n"
    home.credentials.write_text(home.credentials.read_text().replace("[dev]\n", f"[dev]\n{own}"))
    assert home.run("keys", "store", "dev", "--yes").returncode == 1
    assert in_keyring(home, ana.user.access_key_id) == ana.user.secret_access_key
    assert json.loads(record.read_text())["keys"] == (json.loads(before)["keys"] if listed else {})


@pytest.mark.usefixtures("ana")
def test_without_a_keyring_nothing_is_noted(home: Home) -> None:
    refused = home.run("keys", "store", "dev", "--yes", env={"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})
    assert refused.returncode == 1
    assert "Start one, then try again." in refused.stderr
    assert json.loads((home.path / ".local/share/mfa-tui/keys.json").read_text())["keys"] == {}


@pytest.mark.usefixtures("ana")
def test_a_locked_vault_is_said_with_what_helps(home: Home) -> None:
    home.write_settings('passphrase_command = "echo a-long-pass-phrase"\n')
    assert home.run("keys", "store", "dev", "--to", "vault", "--yes").returncode == 0
    home.settings.unlink()
    locked = home.run("keys", "restore", "dev", "--yes")
    assert locked.returncode == 3
    assert "The vault is locked." in locked.stderr
    # A code does not help: it is the key that is missing.
    assert "--code" not in locked.stderr
    assert "set passphrase_command in the settings" in locked.stderr


def test_a_keyring_that_is_gone_does_not_block_the_move_to_the_vault(home: Home, ana: Ana) -> None:
    home.write_settings('passphrase_command = "echo a-long-pass-phrase"\n')
    before = home.credentials.read_text()
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    home.credentials.write_text(before)
    gone = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    moved = home.run("keys", "store", "dev", "--to", "vault", "--yes", env=gone)
    assert (moved.returncode, moved.stdout) == (0, "dev: the key is in the vault\n"), moved.stderr
    assert f"keyring del 'mfa-tui keys' {ana.user.access_key_id}" in moved.stderr
    assert home.run("keys", "restore", "dev", "--yes", env=gone).returncode == 0
