"""The commands of the account screen, and of the screen with the details of one of its rows."""

from __future__ import annotations

from typing import NamedTuple

from mfa_tui.ui.commands.command import Command


class AccountSituation(NamedTuple):
    """What the commands of the account screen depend on."""

    selected: bool = False
    """Whether the cursor is on a row."""
    is_user: bool = False
    """Whether that row is an IAM user."""
    no_devices: bool = False
    """Whether AWS has said that the user has no MFA device."""
    no_keys: bool = False
    """Whether AWS has said that the user has no long-term key."""
    examined: bool = False
    """Whether anything is known of the account."""
    running: bool = False
    """Whether an action is running for a user."""
    examining: bool = False
    """Whether the account is being examined."""


def _selected(now: AccountSituation) -> str:
    return "" if now.selected else "there is no row here"


def _user(now: AccountSituation) -> str:
    if now.running:
        return "something is running"
    return _selected(now) or ("" if now.is_user else "only IAM users have MFA devices and keys here")


def _has_device(now: AccountSituation) -> str:
    return _user(now) or ("the user has no MFA device" if now.no_devices else "")


def _has_key(now: AccountSituation) -> str:
    return _user(now) or ("the user has no long-term keys" if now.no_keys else "")


def _examined(now: AccountSituation) -> str:
    return "" if now.examined else "nothing is known of the account yet"


def _idle(now: AccountSituation) -> str:
    return "it is being done" if now.examining else "something is running" if now.running else ""


ACCOUNT_COMMANDS: tuple[Command[AccountSituation], ...] = (
    Command("account-open", "Details", "What is wrong and what to do, with the user's devices and keys.", _selected),
    Command("account-enroll", "Enroll", "Enroll an MFA device for the user, who scans the QR code.", _user),
    Command("account-reset", "Reset MFA", "Deactivate and delete a device that the user has lost.", _has_device),
    Command("account-keys", "Keys", "Disable a long-term key of the user, or enable it again.", _has_key),
    Command("account-sort", "Sort", "Sort by the next column; a click on a title sorts by that one.", _examined),
    Command("account-reverse", "Reverse", "Turn the order round.", _examined, in_footer=False),
    Command("account-filter", "Filter", "Show only the rows in which the words occur.", _examined),
    Command("account-export", "Export", "Write what was found to a file: HTML, CSV, Markdown or JSON.", _examined),
    Command("account-reload", "Reload", "Examine the account again.", _idle, in_footer=False, repaints=True),
    Command("account-help", "Help", "All keys, and why some do nothing now."),
    Command("account-back", "Back", "Stop what is running, else clear the filter, else go back to the profiles."),
)

SPARE = ("account-sort", "account-filter", "account-export", "account-keys", "account-reset", "account-enroll")
"""What the bottom line leaves out where there is little room, in this order."""
DETAILS = ("account-enroll", "account-reset", "account-keys", "account-reload", "account-help", "account-back")
"""The commands of the screen with the details of a row."""
DETAILS_COMMANDS = tuple(
    {
        "account-reload": command._replace(help="Ask AWS for the user's devices and keys again."),
        "account-back": command._replace(help="Stop what is running; if nothing is, go back to the table."),
    }.get(command.id, command)
    for command in ACCOUNT_COMMANDS
    if command.id in DETAILS
)
"""Those commands, with what they do there."""
