"""Remembering what AWS says of users, so that the list shows it at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.keys.known_users import KnownUsers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.adapters.aws.iam import Device, Identity
    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.models import AccessKeys, Session

LONG_TERM = "AKIA"
"""What the ids of long-term keys begin with. Other keys come and go."""


def remember_identity(paths: Paths, keys: AccessKeys | Session, identity: Identity) -> None:
    """Remember the account of the user whose *keys* made a call."""
    if (key := _long_term(keys)) and not identity.is_role:
        KnownUsers(paths).update(key, lambda user: user.changed(account=identity.account))


def remember_alias(paths: Paths, keys: AccessKeys | Session, alias: str) -> None:
    """Remember the alias of the account of the user whose *keys* made a call."""
    if key := _long_term(keys):
        KnownUsers(paths).update(key, lambda user: user.changed(alias=alias))


def remember_devices(paths: Paths, keys: AccessKeys | Session, devices: Sequence[Device]) -> None:
    """Remember the MFA device of the user whose *keys* made a call, if there is one choice, or that there is none."""
    if not (key := _long_term(keys)):
        return
    usable = [device.serial.text for device in devices if device.serial.usable]
    account = next((device.serial.account for device in devices if device.serial.account), "")
    KnownUsers(paths).update(
        key,
        lambda user: user.changed(
            account=account or user.account,
            serial=usable[0] if len(usable) == 1 else user.serial if user.serial in usable else "",
            fido_only=bool(devices) and not usable,
        ),
    )


def remember_login(paths: Paths, session: Session) -> None:
    """Remember the MFA device that a session was made with."""
    if session.serial and session.source_key_id.startswith(LONG_TERM):
        KnownUsers(paths).update(
            session.source_key_id, lambda user: user.changed(serial=session.serial, fido_only=False)
        )


def _long_term(keys: AccessKeys | Session) -> str:
    """The id of the long-term key that signs, or that a session of its user was made with; empty for others."""
    key = keys.source_key_id
    return key if key.startswith(LONG_TERM) and not getattr(keys, "roles", ()) else ""
