"""What the services' tests of long-term keys share."""

import json
from typing import TYPE_CHECKING

from tests.support.bench import NOW

if TYPE_CHECKING:
    from mfa_tui.services.keys.key_owner import KeyOwner
    from mfa_tui.services.keys.list_keys import OwnKey
    from tests.support.iam_double import IamDouble


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
