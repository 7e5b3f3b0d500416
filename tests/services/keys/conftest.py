"""Fixtures of the services' tests of long-term keys."""

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.bench import NOW, Bench

if TYPE_CHECKING:
    from mfa_tui.services.keys.key_owner import KeyOwner
    from mfa_tui.services.keys.list_keys import OwnKey
    from mfa_tui.services.operation import Operation
    from tests.support.iam_double import IamDouble


OTHER = "AKIAOTHEROTHEROTHER1"
"""The id of another key."""


@pytest.fixture
def iam(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> "IamDouble":
    """The user ``ana``, whose key the profile ``dev`` has; and a keyring, in a file of the bench."""
    from mfa_tui.demo.home.keyring_file import BACKEND, HOME_VARIABLE, FileKeyring
    from tests.support.iam_double import IamDouble

    monkeypatch.setattr("keyring.get_keyring", lambda: FileKeyring(str(bench.path)))
    bench.env.update({"PYTHON_KEYRING_BACKEND": BACKEND, HOME_VARIABLE: str(bench.path)})
    bench.renew()
    double = IamDouble(bench)
    double.connect()
    return double


def owner_of(iam: "IamDouble", profile: str = "dev") -> "KeyOwner":
    """The user behind a profile, loaded, as a new command of the user has it."""
    from mfa_tui.services.keys.key_owner import KeyOwner

    owner = KeyOwner(operation_of(iam), profile)
    owner.load()
    return owner


def operation_of(iam: "IamDouble") -> "Operation":
    """The action of a new command of the user."""
    iam.bench.renew()
    iam.connect()
    return iam.bench.operation()


def in_keyring(iam: "IamDouble") -> dict[str, str]:
    """The secrets of the keys in the keyring, by their ids."""
    path = iam.bench.path / "keyring.json"
    keys: dict[str, str] = json.loads(path.read_text()).get("mfa-tui keys", {}) if path.exists() else {}
    return keys


def own_key(**changes: object) -> "OwnKey":
    """An inactive key of the user that is thirty days old, was never used, and is not here."""
    from mfa_tui.services.keys.list_keys import OwnKey

    values = {
        "access_key_id": OTHER, "active": False, "created_at": NOW - 30 * 86_400, "used_at": None, "use_known": True,
        "kept": "none", "profiles": (), "current": False,
    }  # fmt: skip
    return OwnKey(**{**values, **changes})  # type: ignore[arg-type]
