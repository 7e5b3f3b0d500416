"""Long-term keys on a machine without a usable keyring: what is said leads to the vault, and works."""

import json
import re
import shlex

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.keys.conftest import Ana
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long

NO_KEYRING = "keyring.backends.fail.Keyring"


@pytest.fixture(autouse=True)
def _passphrase(home: Home) -> None:
    settings = home.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('passphrase_command = "echo four words of mine"\n')


def suggested(text: str) -> list[str]:
    """The arguments of the command with the vault in a message."""
    found = re.search(r"mfa-tui (keys [^;:]* --to vault)", text)
    assert found is not None, text
    return shlex.split(found[1])


@pytest.mark.parametrize("backend", [NO_KEYRING, "keyring.backends.null.Keyring", "no.such.Backend"])
def test_store(home: Home, ana: Ana, backend: str) -> None:
    home.env["PYTHON_KEYRING_BACKEND"] = backend
    refused = home.run("keys", "store", "dev", "--yes")
    assert refused.returncode == 1, refused.stderr
    errors = refused.stderr[refused.stderr.rindex("mfa-tui: ", 0, refused.stderr.index("--to vault")) :]
    assert len(errors.splitlines()) <= 4
    assert ana.user.secret_access_key in home.credentials.read_text()
    if backend != NO_KEYRING:
        return
    done = home.run(*suggested(refused.stderr), "--yes")
    assert (done.returncode, done.stdout) == (0, "dev: the key is in the vault\n"), done.stderr
    assert ana.user.secret_access_key not in home.credentials.read_text()


def test_import(home: Home, aws: StrictAws) -> None:
    home.env["PYTHON_KEYRING_BACKEND"] = NO_KEYRING
    user = aws.add_user()
    given = f"{user.access_key_id} {user.secret_access_key}"
    refused = home.run("keys", "import", "a b", "--yes", stdin=given)
    assert refused.returncode == 1, refused.stderr
    done = home.run(*suggested(refused.stderr), "--yes", stdin=given)
    assert (done.returncode, done.stdout) == (0, f"a b: the key {user.access_key_id} is in the vault\n"), done.stderr


def test_what_doctor_says_of_an_interrupted_store(home: Home, ana: Ana) -> None:
    before = home.config.read_bytes(), home.credentials.read_bytes()
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    # As if it had been killed before the files were written.
    home.config.write_bytes(before[0])
    home.credentials.write_bytes(before[1])
    listed = home.path / ".local/share/mfa-tui/keys.json"
    listed.write_text(listed.read_text().replace('"phase": "stored"', '"phase": "storing"'))
    assert finding(home, "key-move-unfinished") == "Finish it: mfa-tui keys store dev"
    home.env["PYTHON_KEYRING_BACKEND"] = NO_KEYRING
    advice = finding(home, "key-move-unfinished")
    assert advice == "Finish it: mfa-tui keys store dev --to vault"
    done = home.run(*suggested(advice), "--yes")
    assert (done.returncode, done.stdout) == (0, "dev: the key is in the vault\n"), done.stderr
    assert f"keyring del 'mfa-tui keys' {ana.user.access_key_id}" in done.stderr
    assert finding(home, "key-move-unfinished") == ""


def test_what_doctor_says_of_an_interrupted_store_whose_key_only_the_keyring_has(home: Home, ana: Ana) -> None:
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    listed = home.path / ".local/share/mfa-tui/keys.json"
    listed.write_text(listed.read_text().replace('"phase": "stored"', '"phase": "storing"'))
    home.env["PYTHON_KEYRING_BACKEND"] = NO_KEYRING
    assert ana.user.secret_access_key not in home.credentials.read_text()
    assert finding(home, "key-move-unfinished") == "Finish it once the keyring responds: mfa-tui keys store dev"


@long
def test_what_doctor_says_of_an_interrupted_rotation(home: Home, ana: Ana) -> None:
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    assert home.run("keys", "rotate", "dev", "--yes").returncode == 0
    journal = home.path / ".local/share/mfa-tui/key-rotations.json"
    journal.write_text(journal.read_text().replace('"retired"', '"retiring"'))
    assert finding(home, "rotation-unfinished") == "Finish it: mfa-tui keys rotate dev"
    home.env["PYTHON_KEYRING_BACKEND"] = NO_KEYRING
    advice = finding(home, "rotation-unfinished")
    assert advice.startswith("Finish it once the keyring responds: mfa-tui keys rotate dev; or use another key")
    keys = ana.user.access_keys()
    other = next(key for key, (status, _) in keys.items() if status == "Active")
    done = home.run(*suggested(advice), "--yes", stdin=f"{other} {keys[other][1]}")
    assert done.returncode == 0, done.stderr
    assert finding(home, "rotation-unfinished") == "Finish it: mfa-tui keys rotate dev"
    # The first rotation took the current code.
    done = home.run("keys", "rotate", "dev", "--yes", "--code", ana.device.code(1))
    assert done.returncode == 0, done.stderr
    assert finding(home, "rotation-unfinished") == ""


def finding(home: Home, code: str) -> str:
    """The advice of doctor's finding of that code; empty if there is none."""
    found = json.loads(home.run("doctor", "dev", "--json").stdout)["findings"]
    return next((str(each["remedy"]) for each in found if each["code"] == code), "")


@pytest.mark.parametrize("command", ["keys import new", "device import dev"])
@pytest.mark.usefixtures("ana")
def test_nobody_types_what_cannot_be_stored(home: Home, command: str) -> None:
    home.env["PYTHON_KEYRING_BACKEND"] = NO_KEYRING
    with terminal(home, f"mfa-tui {command}") as shown:
        assert shown.status() == 1
    assert "There is no keyring on this machine" in shown.screen
    assert "not shown" not in shown.screen
    assert ("--to vault" in shown.screen) == command.startswith("keys")
