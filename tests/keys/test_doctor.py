"""What doctor says of stored keys."""

import json

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.keys.conftest import Ana
from tests.support.homes.home import Home


def codes(home: Home, *, env: dict[str, str] | None = None) -> list[tuple[str, str]]:
    found = json.loads(home.run("doctor", "dev", "--json", env=env).stdout)
    return [(each["code"], each["severity"]) for each in found["findings"]]


@pytest.fixture(autouse=True)
def _stored(home: Home, ana: Ana) -> None:  # noqa: ARG001 - its profile
    assert home.run("keys", "store", "dev", "--yes").returncode == 0


def test_nothing_is_wrong(home: Home) -> None:
    assert codes(home) == []


def test_the_keyring_has_lost_the_key(home: Home) -> None:
    path = home.path / "keyring.json"
    entries = json.loads(path.read_text())
    del entries["mfa-tui keys"]
    path.write_text(json.dumps(entries))
    assert codes(home) == [("key-missing", "error")]


def test_there_is_no_keyring(home: Home) -> None:
    assert ("keyring-missing", "error") in codes(home, env={"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})


def test_the_file_has_keys_again(home: Home, ana: Ana) -> None:
    own = f"aws_access_key_id = {ana.user.access_key_id}\naws_secret_access_key = {ana.user.secret_access_key}\n"
    home.credentials.write_text(home.credentials.read_text().replace("[dev]\n", f"[dev]\n{own}"))
    assert codes(home) == [("key-stored-and-in-file", "warning")]
    again = home.run("keys", "store", "dev", "--yes")
    assert again.returncode == 0, again.stderr
    assert codes(home) == []


def test_the_process_was_edited_by_hand(home: Home) -> None:
    config = home.config.read_text()
    line = next(line for line in config.splitlines() if line.startswith("credential_process"))
    home.config.write_text(config.replace(line, "credential_process = /bin/sh -c true"))
    assert codes(home) == [("key-process-changed", "warning")]
    # Ours is never run by ourselves, nor is another: the stored key is used.
    assert home.run("login", "dev").returncode == 0


def test_the_list_is_damaged(home: Home) -> None:
    (home.path / ".local/share/mfa-tui/keys.json").write_text("[]")
    assert codes(home) == [("keys-index", "error")]
    # The key is found without it.
    assert home.run("login", "dev").returncode == 0


@pytest.mark.parametrize("phase", ["storing", "restoring"])
def test_a_move_was_interrupted(home: Home, phase: str) -> None:
    path = home.path / ".local/share/mfa-tui/keys.json"
    path.write_text(
        path.read_text().replace('"stored",', f'"{phase}",').replace('"phase": "stored"', f'"phase": "{phase}"')
    )
    assert codes(home) == [("key-move-unfinished", "warning")]
    assert home.run("keys", "store" if phase == "storing" else "restore", "dev", "--yes").returncode == 0
    assert codes(home) == []


def test_the_age_of_a_key_once_it_is_known(home: Home, aws: StrictAws, ana: Ana) -> None:
    aws.account().date_key(ana.user.name, ana.user.access_key_id, age=91, used=0)
    assert codes(home) == []
    assert home.run("keys", "list", "dev").returncode == 0
    before = aws.count()
    assert codes(home) == [("key-old", "warning")]
    assert aws.count("ListAccessKeys") == 1, aws.requests[before:]
    home.write_settings("key_age_days = 92\n")
    assert codes(home) == []
