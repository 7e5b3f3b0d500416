"""``keys import``: from files, standard input, prompts and other tools, into the keyring or the credentials file."""

import json
import os
from pathlib import Path

import pytest

from mfa_tui.core.text.display import format_account
from mfa_tui.demo.aws.server import StrictAws, User
from tests.keys.conftest import Ana
from tests.keys.support import both_files, files_with, in_keyring
from tests.support.devices.devices import who
from tests.support.homes.home import Home
from tests.support.processes.consent import refused_plan

KEYRING = ("keyring.json",)


def lines(user: User) -> str:
    return f"export AWS_ACCESS_KEY_ID={user.access_key_id}\nexport AWS_SECRET_ACCESS_KEY={user.secret_access_key}\n"


def test_a_new_profile_in_the_keyring(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    done = home.run("keys", "import", "dev", "--region", "eu-west-1", "--yes", stdin=lines(user))
    assert (done.returncode, done.stdout) == (0, f"dev: the key {user.access_key_id} is in the keyring\n"), done.stderr
    assert f"AKIA…{user.access_key_id[-4:]}, with a secret of 40 characters (not shown)" in done.stderr
    assert user.secret_access_key not in done.stderr
    assert f"of {user.name}, account {format_account(user.account)}, goes into the keyring." in done.stderr
    assert in_keyring(home, user.access_key_id) == user.secret_access_key
    assert files_with(home, user.secret_access_key, KEYRING) == []
    assert "[profile dev]\nregion = eu-west-1\n" in home.config.read_text()
    device = user.add_device(user.name)
    home.store_seed(device)
    login = home.run("login", "dev", "--serial", device.serial)
    assert login.returncode == 0, login.stderr
    assert who(home, aws) == user.arn
    listed = json.loads(home.run("keys", "list", "dev", "--json").stdout)["keys"]
    assert [(key["kept"], key["profiles"]) for key in listed] == [("keyring", ["dev"])]


def test_a_new_profile_in_the_credentials_file(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    done = home.run("keys", "import", "dev", "--to", "credentials", "--yes", stdin=lines(user))
    assert done.returncode == 0, done.stderr
    assert home.credentials.read_text() == (
        f"[dev]\naws_access_key_id = {user.access_key_id}\naws_secret_access_key = {user.secret_access_key}\n"
    )
    assert home.credentials.stat().st_mode & 0o777 == 0o600
    assert not home.config.exists() or home.config.read_text() == ""


def test_the_csv_of_the_console(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    path = home.path / f"{user.name}_accessKeys.csv"
    path.write_text(f"\ufeffAccess key ID,Secret access key\r\n{user.access_key_id},{user.secret_access_key}\r\n")
    done = home.run("keys", "import", "dev", "--file", str(path), "--yes")
    assert done.returncode == 0, done.stderr
    assert f"{path} still has the key" in done.stderr
    path.write_text("user,arn,user_creation_time\nana,arn:aws:iam::111122223333:user/ana,x\n")
    refused = home.run("keys", "import", "dev", "--file", str(path), "--yes")
    assert refused.returncode == 2
    assert "It has the credential report of an account." in refused.stderr
    assert len(refused.stderr.splitlines()) <= 4


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("place", ["keyring", "credentials"])
def test_another_key_of_the_same_user(home: Home, aws: StrictAws, ana: Ana, place: str, stored: bool) -> None:
    before = both_files(home)
    if stored:
        assert home.run("keys", "store", "dev", "--yes").returncode == 0
    other = aws.account().add_key(ana.user.name)
    secret = ana.user.access_keys()[other][1]
    done = home.run("keys", "import", "dev", "--to", place, "--yes", stdin=f"{other} {secret}")
    assert done.returncode == 0, done.stderr
    assert "It takes the place of the key" in done.stderr
    assert home.run("login", "dev").returncode == 0
    home.run("logout", "dev")
    if place == "keyring":
        assert in_keyring(home, other) == secret
        assert files_with(home, secret, KEYRING) == []
        assert home.run("keys", "restore", "dev", "--yes").returncode == 0
    replaced = before[1].replace(ana.user.access_key_id.encode(), other.encode())
    assert both_files(home) == (before[0], replaced.replace(ana.user.secret_access_key.encode(), secret.encode()))


REFUSED = {
    "zero-width": ("AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7\u200bMDENG", 2, "U+200B, ZERO WIDTH SPACE"),
    "temporary": ("ASIAIOSFODNN7EXAMPLE wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", 2, "temporary credentials"),
    "nothing": ("hello", 2, "The input has no access key that can be read.\n  Pass both"),
    "empty": ("\n", 2, "The input has no access key that can be read.\n  It is empty.\n  Pass both"),
    "half": ("AKIAIOSFODNN7EXAMPLE", 2, "It has no secret access key."),
    "unknown at AWS": (
        "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
        1,
        "AWS does not recognize the access key AKIA…MPLE.\n  It is mistyped",
    ),
}


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("case", REFUSED)
def test_refused(home: Home, case: str) -> None:
    text, status, words = REFUSED[case]
    before = both_files(home)
    refused = home.run("keys", "import", "dev", "--yes", stdin=text)
    assert (refused.returncode, words in refused.stderr) == (status, True), refused.stderr
    errors = refused.stderr[refused.stderr.index("mfa-tui:") :]
    assert len(errors.splitlines()) <= 4
    assert "wJalr" not in refused.stderr
    assert both_files(home) == before
    assert not (home.path / "keyring.json").exists() or "mfa-tui keys" not in (home.path / "keyring.json").read_text()


def test_a_secret_of_another_key(home: Home, ana: Ana) -> None:
    before = both_files(home)
    given = f"{ana.user.access_key_id} {ana.user.secret_access_key[:-1]}"
    refused = home.run("keys", "import", "dev", "--yes", stdin=given)
    assert (refused.returncode, "This secret access key does not belong to" in refused.stderr) == (1, True)
    # No file has anything to do with it.
    assert "Copy both values again." in refused.stderr
    assert "file" not in refused.stderr
    assert both_files(home) == before


@pytest.mark.parametrize("region", ["mars", "eu-central-1a", "xx-east-1", "no region"])
def test_what_is_no_region(home: Home, aws: StrictAws, region: str) -> None:
    user = aws.add_user()
    given = f"{lines(user)}export AWS_REGION='{region}'\n"
    for refused in (
        home.run("keys", "import", "x", "--region", region, "--yes", stdin=lines(user)),
        home.run("keys", "import", "x", "--yes", stdin=given),
    ):
        assert (refused.returncode, f"'{region}' is not the name of an AWS region." in refused.stderr) == (2, True)
    assert not home.config.exists()


def test_an_existing_profile_keeps_its_region(home: Home, ana: Ana) -> None:
    done = home.run("keys", "import", "dev", "--region", "us-east-1", "--yes", stdin=lines(ana.user))
    assert (done.returncode, "Its region stays eu-central-1" in done.stderr) == (0, True), done.stderr
    assert "us-east-1" not in home.config.read_text()


@pytest.mark.parametrize("with_serial", [False, True])
def test_a_key_of_another_account(home: Home, aws: StrictAws, with_serial: bool) -> None:
    user, other = aws.add_user(), aws.add_user(account="444455556666")
    home.add_profile("dev", user, user.add_device(user.name) if with_serial else None)
    before = both_files(home)
    refused = home.run("keys", "import", "dev", "--yes", stdin=lines(other))
    assert refused.returncode == 2
    assert "This key is of the account 4444-5555-6666, and the profile 'dev' of 1111-2222-3333." in refused.stderr
    assert both_files(home) == before


@pytest.mark.usefixtures("ana")
def test_profiles_of_other_kinds_and_bad_names(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    with home.config.open("a") as file:
        file.write("[profile role]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = dev\n")
    for name in ("role", "a]b"):
        refused = home.run("keys", "import", name, "--yes", stdin=lines(user))
        assert refused.returncode == 2, refused.stderr


def test_without_a_yes_nothing_happens(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    refused = home.run("keys", "import", "dev", stdin=lines(user))
    # What it found, then what it would do.
    refused_plan(refused, "Use --yes to do it. Nothing was imported.")
    assert not home.config.exists()
    assert in_keyring(home, user.access_key_id) == ""


def program(home: Home, name: str, text: str, status: int = 0) -> Path:
    """A program of that name on PATH, which prints *text*, and where it notes its arguments."""
    directory, seen = home.path / "bin", home.path / "arguments"
    directory.mkdir(exist_ok=True)
    (home.path / "printed").write_text(text)
    script = directory / name
    script.write_text(f'#!/bin/sh\necho "$@" > {seen}\ncat {home.path / "printed"}\nexit {status}\n')
    script.chmod(0o755)
    home.env["PATH"] = f"{directory}{os.pathsep}{home.env['PATH']}"
    return seen


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("aws-vault", "export --no-session --format=json dev"), ("granted", "credential-process --profile=dev")],
)
def test_from_another_tool(home: Home, aws: StrictAws, tool: str, arguments: str) -> None:
    user = aws.add_user()
    given = {"Version": 1, "AccessKeyId": user.access_key_id, "SecretAccessKey": user.secret_access_key}
    seen = program(home, tool, json.dumps(given))
    asked = home.run("keys", "import", "dev", "--from", tool)
    assert refused_plan(asked, "Use --yes to do it. Nothing was imported.") == [f"Runs: {tool} {arguments}"]
    assert not seen.exists()
    done = home.run("keys", "import", "dev", "--from", tool, "--yes")
    assert done.returncode == 0, done.stderr
    assert seen.read_text() == f"{arguments}\n"
    assert in_keyring(home, user.access_key_id) == user.secret_access_key
    program(home, tool, "", 3)
    failed = home.run("keys", "import", "dev", "--from", tool, "--yes")
    assert (failed.returncode, "It ended with status 3." in failed.stderr) == (1, True)
    (home.path / "bin" / tool).unlink()
    missing = home.run("keys", "import", "dev", "--from", tool, "--yes")
    assert (missing.returncode, f"{tool} cannot be started." in missing.stderr) == (2, True)
