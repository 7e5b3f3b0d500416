"""The keyring that Linux desktops have, for real."""

import json
import sys

import pytest

from mfa_tui.adapters.secretstores import age
from mfa_tui.adapters.secretstores.secret_service import BACKEND
from mfa_tui.demo.aws.server import Device, StrictAws
from tests.project.test_imports import LOADED
from tests.secretstores import secret_service
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

IDENTITY = age.new_identity()
RECIPIENT = age.recipient_of(IDENTITY)


@pytest.fixture
def device(aws: StrictAws, home: Home) -> Device:
    """The device of profile ``dev``; its secret is in ``secret``, and in no keyring yet."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    (home.path / "secret").write_text(device.seed)
    (home.path / "key").write_text(IDENTITY.reveal())
    return device


IMPORT = "$MFA device import dev <$IN/secret"


def test_a_secret_is_stored_used_and_removed(home: Home, aws: StrictAws, device: Device) -> None:
    results = secret_service.run(
        home,
        IMPORT,
        "$MFA code dev",
        "$MFA login dev",
        IMPORT,
        f"$MFA device backup $IN/backup --recipient {RECIPIENT}",
        "$MFA device forget dev --yes",
        "$MFA code dev",
        "$MFA device restore $IN/backup --identity $IN/key",
        "$MFA code dev",
    )
    assert [result.returncode for result in results] == [0, 0, 0, 0, 0, 0, 2, 0, 0]
    assert results[0].stdout == f"dev: stored the secret of {device.serial}\n"
    assert results[1].stdout.strip() in {device.code(steps) for steps in (-1, 0)}
    assert (results[2].stderr, aws.count()) == ("", 1)
    assert results[6].stderr.startswith("mfa-tui: No secret is stored for dev.\n")
    assert results[8].stdout.strip() in {device.code(steps) for steps in (-1, 0)}
    (home.path / "secret").unlink()
    stored = [path for path in home.path.rglob("*") if path.is_file() and device.seed.encode() in path.read_bytes()]
    assert stored == []


def test_a_secret_is_read_without_keyring_unless_only_keyring_knows_where(home: Home, device: Device) -> None:
    (home.path / "loaded.py").write_text(LOADED)
    code = f"{sys.executable} $IN/loaded.py code dev"
    configured = "mkdir -p $IN/own/python_keyring; echo >$IN/own/python_keyring/keyringrc.cfg"
    stored, *tried = secret_service.run(
        home,
        IMPORT,
        code,
        f"PYTHON_KEYRING_BACKEND={BACKEND} {code}",
        f"XDG_CURRENT_DESKTOP=Other:KDE {code}",
        f"{configured}; XDG_CONFIG_HOME=$IN/own {code}",
        f"KEYRING_PROPERTY_PREFERRED_COLLECTION=/org/freedesktop/secrets/collection/session {code}",
        f"{sys.executable} $IN/loaded.py doctor",
    )
    assert stored.returncode == 0
    statuses, keyring_was_loaded, slow = [], [], {"pyotp", "cryptography.hazmat.backends.openssl.backend"}
    for each in tried:
        status, modules = json.loads(each.stderr.splitlines()[-1])
        statuses.append(status)
        keyring_was_loaded.append("keyring" in modules)
        assert keyring_was_loaded[-1] or slow.isdisjoint(modules)
    assert keyring_was_loaded == [False, False, True, True, True, False]
    # The last code is asked for in another collection, where there is no secret.
    assert statuses == [0, 0, 0, 0, 2, 0]
    assert {each.stdout.strip() for each in tried[:-2]} <= {device.code(steps) for steps in (-1, 0, 1)}


READ = """
import sys
from secretstorage import util
from mfa_tui.adapters.secretstores.secret_service import LeftToKeyring, read

call, sent = util.DBusAddressWrapper.call, []
def note(self, method, *arguments):
    sent.append((method, call(self, method, *arguments)))
    return sent[-1][1]
util.DBusAddressWrapper.call = note
util.ALGORITHM_DH = sys.argv[2]
try:
    seed = read("mfa-tui", sys.argv[1]).reveal()
except LeftToKeyring:
    print("left to keyring", [method for method, _ in sent])
else:
    ((_, iv, secret, _),) = dict(sent)["GetSecret"]
    print(len(iv), sys.argv[3] in seed, sys.argv[3].encode() in bytes(secret), len(secret) % 16)
"""


def test_a_secret_is_read_encrypted_or_not_at_all(home: Home, device: Device) -> None:
    (home.path / "read.py").write_text(READ)
    read = f"{sys.executable} $IN/read.py {device.serial}"
    stored, encrypted, plain = secret_service.run(
        home, IMPORT, f"{read} dh-ietf1024-sha256-aes128-cbc-pkcs7 {device.seed}", f"{read} unknown {device.seed}"
    )
    assert stored.returncode == 0
    assert encrypted.stdout == "16 True False 0\n"
    assert plain.stdout == "left to keyring ['AddMatch', 'SearchItems', 'OpenSession']\n"


@long
def test_a_locked_keyring_is_said_at_once_and_a_typed_code_works(home: Home, aws: StrictAws, device: Device) -> None:
    results = secret_service.run(
        home,
        IMPORT,
        "$LOCK",
        "$MFA code dev",
        IMPORT,
        f"$MFA device backup $IN/backup --recipient {RECIPIENT}",
        "$MFA device forget dev --yes",
        "$MFA login dev",
        f"$MFA login dev --code {device.code()}",
    )
    locked = (
        "mfa-tui: The keyring is locked.\n"
        "  It is unlocked by your login, or by its own password.\n"
        "  Unlock it (log in to the desktop, or open its password manager), or type the code.\n"
    )
    assert [result.returncode for result in results] == [0, 0, 1, 1, 1, 1, 3, 0]
    assert all(result.stderr.endswith(locked) for result in results[2:6])
    assert not (home.path / "backup").exists()
    assert results[6].stderr.splitlines()[1] == "  The keyring is locked."
    assert aws.count() == 1


@pytest.mark.parametrize("address", ["", "unix:path=/nonexistent", "nonsense"])
def test_without_a_session_bus(home: Home, device: Device, address: str) -> None:
    home.store_seed(device)
    home.env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
    if address:
        home.env["DBUS_SESSION_BUS_ADDRESS"] = address
    for command in (
        "device import dev",
        "code dev",
        f"device backup b --recipient {RECIPIENT}",
        "device forget dev --yes",
    ):
        result = home.run(*command.split(), stdin=device.seed)
        assert "mfa-tui: There is no keyring on this machine, or in this session.\n" in result.stderr
        assert result.returncode == 1
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
