"""Sessions in the keyring, for those who want no token in a file of the cache."""

import json
from pathlib import Path

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.demo.home.keyring_file import FileKeyring
from mfa_tui.models import Session
from mfa_tui.services.context import Context
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.operation import Operation
from tests.support.homes.home import Home


@pytest.fixture
def keyring_home(home: Home, aws: StrictAws) -> Home:
    """A home whose settings put sessions into the keyring, with a session for ``dev``."""
    (home.path / ".config/mfa-tui").mkdir(parents=True)
    (home.path / ".config/mfa-tui/config.toml").write_text('session_store = "keyring"\n')
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    done = home.run("login", "dev", "--code", device.code())
    assert done.returncode == 0, done.stderr
    return home


def cache_files(home: Home) -> list[Path]:
    return [path for path in (home.path / ".cache/mfa-tui/sessions").iterdir() if path.is_file()]


def test_the_cache_holds_no_token(keyring_home: Home) -> None:
    (file,) = cache_files(keyring_home)
    assert file.read_text().splitlines()[1] == "keyring"
    (kept,) = json.loads((keyring_home.path / "keyring.json").read_text())["mfa-tui session"].values()
    assert json.loads(kept)["SessionToken"] in keyring_home.credentials.read_text()
    assert json.loads(kept)["SessionToken"] not in file.read_text()


def test_the_session_is_kept_and_written_elsewhere_without_a_request(keyring_home: Home, aws: StrictAws) -> None:
    before = aws.count()
    assert "already saved" in keyring_home.run("login", "dev").stdout
    assert keyring_home.run("login", "dev", "--as", "other").returncode == 0
    assert "[other]" in keyring_home.credentials.read_text()
    assert aws.count() == before


def test_list_asks_no_keyring(keyring_home: Home) -> None:
    shown = keyring_home.run("list", env={"PYTHON_KEYRING_BACKEND": "no.such.Backend"})
    assert "✓ dev-mfa" in shown.stdout
    assert shown.stderr == ""


def test_a_users_devices_take_one_look_into_the_keyring(
    keyring_home: Home, aws: StrictAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Watched(FileKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            asked.append(service)
            return super().get_password(service, username)

    for name, value in keyring_home.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("keyring.get_keyring", lambda: Watched(str(keyring_home.path)))
    user = IamUser(Operation(Context(keyring_home.env, warn=lambda _: None), CancelScope()), "dev")
    user.load()
    assert not user.needs_session()
    for _ in range(2):
        assert user.call(lambda caller: user.context.iam.list_devices(caller, user.operation.cancel))
    assert [request.action for request in aws.requests[-2:]] == ["ListMFADevices"] * 2
    assert all(request.access_key_id.startswith("ASIA") for request in aws.requests[-2:])
    assert asked == ["mfa-tui session"]


def test_a_session_at_hand_is_gone_by_though_the_keyring_lost_another(
    keyring_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in keyring_home.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("keyring.get_keyring", lambda: FileKeyring(str(keyring_home.path)))
    user = IamUser(Operation(Context(keyring_home.env, warn=lambda _: None), CancelScope()), "dev")
    user.load()
    kept = user.find_session()
    assert kept is not None
    (keyring_home.path / "keyring.json").unlink()
    made = Session(
        access_key_id="ASIAANOTHER",
        secret_access_key=kept.secret_access_key,
        session_token=kept.session_token,
        expires_at=kept.expires_at,
        duration=kept.duration,
        source_key_id=kept.source_key_id,
        serial=kept.serial,
    )
    user.use_session(made)
    assert user.find_session() is made


def test_a_keyring_that_lost_it_means_a_new_session(keyring_home: Home, aws: StrictAws) -> None:
    (keyring_home.path / "keyring.json").unlink()
    before = aws.count()
    asked = keyring_home.run("login", "dev", "--force")
    assert asked.returncode == 3
    assert aws.count() == before


def test_an_expired_session_leaves_the_keyring_when_another_is_kept(keyring_home: Home, aws: StrictAws) -> None:
    (file,) = cache_files(keyring_home)
    _, *rest = file.read_text().splitlines()
    file.write_text("\n".join(["1", *rest]) + "\n")
    other = aws.add_user()
    phone = other.add_device(other.name)
    keyring_home.add_profile("other", other, phone)
    assert keyring_home.run("login", "other", "--code", phone.code()).returncode == 0
    kept = json.loads((keyring_home.path / "keyring.json").read_text())["mfa-tui session"]
    assert set(kept) == {path.name for path in cache_files(keyring_home)} != {file.name}
    assert len(kept) == 1


def test_logout_empties_both(keyring_home: Home) -> None:
    assert keyring_home.run("logout", "dev").returncode == 0
    assert cache_files(keyring_home) == []
    assert not json.loads((keyring_home.path / "keyring.json").read_text()).get("mfa-tui session")
