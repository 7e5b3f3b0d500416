"""What the services' tests of long-term keys share."""

import json
from typing import TYPE_CHECKING

from tests.support.homes.bench import KEY, NOW

if TYPE_CHECKING:
    from mfa_tui.adapters.keys.index import StoredKey
    from mfa_tui.services.keys.key_owner import KeyOwner
    from mfa_tui.services.keys.list_keys import OwnKey
    from mfa_tui.services.keys.store import StoreResult
    from tests.support.aws.iam_double import IamDouble


OTHER = "AKIAOTHEROTHEROTHER1"
"""The id of another key."""


def owner_of(iam: "IamDouble", profile: str = "dev") -> "KeyOwner":
    """The user behind a profile, loaded, as a new command of the user has it."""
    from mfa_tui.services.keys.key_owner import KeyOwner

    owner = KeyOwner(iam.operation(), profile)
    owner.load()
    return owner


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


def store(iam: "IamDouble", name: str = "dev", **options: object) -> "StoreResult":
    """Move the key of a profile into the keyring, or where *options* say."""
    from mfa_tui.services.keys.store import store_keys
    from mfa_tui.services.keys.store_plan import plan_store

    action = iam.operation()
    return store_keys(action, plan_store(action, name, **options))  # type: ignore[arg-type]


def restore(iam: "IamDouble", name: str = "dev") -> None:
    """Move the stored key of a profile back into the files."""
    from mfa_tui.services.keys.restore import plan_restore, restore_keys

    action = iam.operation()
    restore_keys(action, plan_restore(action, name))


def index(iam: "IamDouble") -> "dict[str, StoredKey]":
    """What the list says of the stored keys."""
    return iam.bench.context.key_store.index.read()


def note(iam: "IamDouble", entry: "StoredKey", key: str = KEY) -> None:
    """Let the list say something of a key."""
    iam.bench.context.key_store.index.update(key, entry)


def files(iam: "IamDouble") -> tuple[str, str]:
    """The config and the credentials file."""
    return iam.bench.config.read_text(), iam.bench.credentials.read_text()
