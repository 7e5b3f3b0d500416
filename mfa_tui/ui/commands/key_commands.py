"""The commands of the screen of long-term keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.profiles.kind import Kind
from mfa_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from mfa_tui.services.keys.list_keys import OwnKey


class KeySituation(NamedTuple):
    """What the commands of the screen of keys depend on."""

    key: OwnKey | None = None
    """The key under the cursor."""
    kind: str = ""
    """The kind of the profile that has the user's keys."""
    running: bool = False
    """Whether something is running."""


def _free(now: KeySituation) -> str:
    return "something is running" if now.running else ""


def _chosen(now: KeySituation) -> str:
    return _free(now) or ("" if now.key else "there is no key here")


def _can_rotate(now: KeySituation) -> str:
    other = "another program provides the key" if now.kind not in (Kind.ACCESS_KEYS, Kind.STORED_KEYS) else ""
    return _free(now) or other


def _can_store(now: KeySituation) -> str:
    return _free(now) or ("" if now.kind == Kind.ACCESS_KEYS else "the profile has no key in the AWS files")


def _can_restore(now: KeySituation) -> str:
    return _free(now) or ("" if now.kind == Kind.STORED_KEYS else "the profile's key is not stored")


def _can_disable(now: KeySituation) -> str:
    return _chosen(now) or ("" if now.key and now.key.active else "the key is inactive already")


def _can_enable(now: KeySituation) -> str:
    return _chosen(now) or ("the key is active already" if now.key and now.key.active else "")


def _can_delete(now: KeySituation) -> str:
    if now.key is not None and now.key.profiles:
        return _free(now) or "a key in use is never deleted"
    return _chosen(now) or ("deactivate it first" if now.key and now.key.active else "")


KEY_COMMANDS: tuple[Command[KeySituation], ...] = (
    Command(
        "key-rotate", "Rotate", "Replace the profile's key with a new one, and deactivate the old one.", _can_rotate
    ),
    Command(
        "key-store", "Store", "Move the profile's key out of the AWS files, into the keyring or the vault.", _can_store
    ),
    Command(
        "key-restore", "Put back", "Put the profile's stored key back into the AWS files, as it was.", _can_restore
    ),
    Command("key-disable", "Deactivate", "Deactivate the key; its sessions may stop working.", _can_disable),
    Command("key-enable", "Activate", "Activate the key again.", _can_enable),
    Command("key-delete", "Delete", "Delete an inactive key that nothing here uses.", _can_delete),
    Command("key-import", "Import", "Import a key for the profile: paste it, type it, or read a file.", _free),
    Command("key-reload", "Reload", "Ask AWS for the keys again.", _free, in_footer=False, repaints=True),
    Command("key-help", "Help", "All keys, and why some do nothing now."),
    Command("key-back", "Back", "Stop what is running; if nothing is, go back to the profiles."),
)
SPARE = ("key-import", "key-enable", "key-restore", "key-disable", "key-store", "key-delete")
"""What the bottom line leaves out where there is little room, in this order."""
COMMAND_LINE = {
    # Where to, is chosen on the command line only: no key does the same.
    "--to vault": ("", ""),
    "mfa-tui keys rotate": ("key-rotate", "rotate the key"),
    "mfa-tui keys list": ("key-reload", "list the keys again"),
    "mfa-tui keys store": ("key-store", "store the key"),
    "mfa-tui keys restore": ("key-restore", "put the key back"),
    "try again": ("key-reload", "try again"),
}
"""Command lines that remedies name: for each, the id of this screen's command that does the same, and what it does."""
