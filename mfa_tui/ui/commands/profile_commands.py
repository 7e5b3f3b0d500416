"""Every command of the interface, once: bindings, bottom line, palette and help are made from this table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.commands.command import Command
from mfa_tui.ui.state import keep_alive

if TYPE_CHECKING:
    from mfa_tui.services.listing.overview import Row
    from mfa_tui.ui.state.action_log import Entry


class Situation(NamedTuple):
    """What is under the cursor (nothing: None), what is going on with it, and the session's state now.

    ``kept``: its session is kept alive.
    """

    row: Row | None
    entry: Entry
    state: str = State.NONE
    kept: bool = False


def _none(now: Situation) -> str:
    return "" if now.row else "there is no profile here"


def _able(now: Situation) -> str:
    if now.row is None:
        return _none(now)
    return now.row.profile.problem


def _can_log_in(now: Situation) -> str:
    return _able(now) or ("it is logging in already" if now.entry.running else "")


def _can_renew(now: Situation) -> str:
    return _can_log_in(now) or ("it has no session yet" if now.state == State.NONE else "")


def _has_seed(now: Situation) -> str:
    return _able(now) or ("" if now.row and now.row.has_seed else "no secret is stored for it")


def _has_session(now: Situation) -> str:
    return _able(now) or ("it has no session" if now.state == State.NONE else "")


def _has_device(now: Situation) -> str:
    serial = now.row.profile.serial if now.row else None
    return _able(now) or ("its MFA device gives no codes" if serial is not None and not serial.usable else "")


def _has_user(now: Situation) -> str:
    if now.row is not None and not now.row.profile.has_user:
        return "no IAM user's access keys are behind it, and MFA devices belong to users"
    return _none(now) or ("something runs for it" if now.entry.running else "")


def _is_unsaved(now: Situation) -> str:
    return _none(now) or ("" if now.entry.unsaved_serial else "login has found no device that is not in the profile")


def _is_running(now: Situation) -> str:
    return "" if now.entry.running else "nothing is running"


def _can_keep(now: Situation) -> str:
    return _able(now) or ("" if now.row is None or now.kept else keep_alive.why_not(now.row))


def _has_problem(now: Situation) -> str:
    return "" if now.entry.problem or (now.row and now.row.profile.problem) else "there is no message"


COMMANDS: tuple[Command[Situation], ...] = (
    Command(
        "login", "enter", "Log in", "A session for the profile; says until when it is good if one is live.", _can_log_in
    ),
    Command("renew", "r", "Renew", "Get a new session even if one is live.", _can_renew),
    Command(
        "roles",
        "l",
        "All roles",
        "Log in to the user and to every role that comes from it, with one code.",
        _can_log_in,
        in_footer=False,
    ),
    Command("code", "c", "Code", "Copy the current code of the stored secret.", _has_seed),
    Command("export", "y", "Export", 'Copy "export AWS_PROFILE=…" for your shell.', _able),
    Command("logout", "o", "Log out", "Remove the session from the AWS files and the cache.", _has_session),
    Command(
        "import",
        "i",
        "Import",
        "Store the secret of the profile's MFA device on this machine.",
        _has_device,
    ),
    Command(
        "devices",
        "d",
        "Devices",
        "The MFA devices of the profile's user: enroll, import, resync, replace, remove, export.",
        _has_user,
    ),
    Command("filter", "slash", "Filter", "Show only profiles, accounts and devices that match."),
    Command("help", "question_mark", "Help", "All keys, and why some do nothing now."),
    Command("quit", "q,ctrl+q", "Quit", "Leave; a write that has begun is finished first."),
    Command(
        "cancel",
        "escape",
        "Cancel",
        "Stop what is running for the profile; else clear the filter.",
        _is_running,
        in_footer=False,
    ),
    Command(
        "remember",
        "m",
        "Save device",
        "Save the MFA device that AWS named in the profile.",
        _is_unsaved,
        in_footer=False,
    ),
    Command(
        "forget",
        "delete",
        "Remove secret",
        "Remove the stored secret from this machine; the device at AWS stays.",
        _has_seed,
        in_footer=False,
    ),
    Command("copy-message", "e", "Copy message", "Copy the message in the details.", _has_problem, in_footer=False),
    Command(
        "keep",
        "a",
        "Keep alive",
        "Renew the session whenever it is about to expire, while mfa-tui is open; or stop doing that.",
        _can_keep,
        in_footer=False,
    ),
    Command(
        "process",
        "x",
        "Self-renewing",
        "Let SDKs ask mfa-tui for the session (credential_process), which renews it; or write its keys again.",
        _can_log_in,
        in_footer=False,
    ),
    Command(
        "trouble",
        "h",
        "Trouble",
        "What to do when a device is lost, a code is refused, or nothing works any more.",
        in_footer=False,
    ),
    Command("pin", "p", "Pin", "Keep the profile at the top of the list, or stop doing that.", _none, in_footer=False),
    Command("order", "s", "Order", "The list as in the files, by name, or most recent first.", in_footer=False),
    Command("reload", "u,f5", "Reload", "Read the AWS files again (they are watched, too).", in_footer=False),
    Command("theme", "t", "Theme", "Choose colours: dark, light, or those of your terminal.", in_footer=False),
)

SPARE = ("import", "logout", "export", "renew", "filter", "code", "devices")
"""What the bottom line leaves out where there is little room, the first one first."""

BY_ID = {command.id: command for command in COMMANDS}
