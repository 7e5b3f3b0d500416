"""The commands of the main screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding

from mfa_tui.core.profiles.kind import USABLE_BY_SDKS, Kind
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.commands.command import Command, bar_items, command_action, key_bindings
from mfa_tui.ui.state import keep_alive
from mfa_tui.ui.widgets.line_list import MOVES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mfa_tui.services.listing.overview import ProfileRow
    from mfa_tui.ui.state.action_log import Entry
    from mfa_tui.ui.widgets.command_bar import Item


class Situation(NamedTuple):
    """What the commands of the main screen depend on: the profile under the cursor."""

    row: ProfileRow | None
    """The profile with its session; None if there is none."""
    entry: Entry
    """What is running for it, or how the last action went."""
    state: str = State.NONE
    """The state of its session now."""
    kept: bool = False
    """Whether its session is kept alive."""
    empty: bool = False
    """Whether there are no profiles at all."""


def _none(now: Situation) -> str:
    return "" if now.row else "there is no profile here"


def _able(now: Situation) -> str:
    if now.row is None:
        return _none(now)
    return now.row.profile.problem


def _can_log_in(now: Situation) -> str:
    return _able(now) or ("a login is already running for it" if now.entry.running else "")


def _can_ask(now: Situation) -> str:
    # What other programs provide may ask about the account, too.
    able = "" if now.row and now.row.profile.kind in USABLE_BY_SDKS else _able(now)
    return able or ("something is running for it" if now.entry.running else "")


def _can_renew(now: Situation) -> str:
    return _can_log_in(now) or ("it has no session yet" if now.state == State.NONE else "")


def _has_console(now: Situation) -> str:
    if now.row is not None and now.row.profile.kind in (Kind.BROKEN, Kind.NO_CREDENTIALS):
        return now.row.profile.problem
    return _none(now) or ("something is running for it" if now.entry.running else "")


def _has_seed(now: Situation) -> str:
    return _able(now) or ("" if now.row and now.row.has_seed else "no secret is stored for it")


def _has_session(now: Situation) -> str:
    return _able(now) or ("it has no session" if now.state == State.NONE else "")


def _can_log_out(now: Situation) -> str:
    limited = now.row is not None and bool(now.row.limited)
    return _able(now) if limited else _has_session(now)


def _has_codes(now: Situation) -> str:
    serial = now.row.profile.serial if now.row else None
    return _able(now) or ("its MFA device does not generate codes" if serial is not None and not serial.usable else "")


def _has_user(now: Situation) -> str:
    if now.row is not None and not now.row.profile.has_user:
        return "it does not use the access keys of an IAM user, and only users have MFA devices"
    return _none(now) or ("something is running for it" if now.entry.running else "")


def _has_keys(now: Situation) -> str:
    if now.row is not None and now.row.profile.kind != Kind.NO_CREDENTIALS and not now.row.profile.has_user:
        return "it does not use the access keys of an IAM user"
    return _none(now) or ("something is running for it" if now.entry.running else "")


def _is_unsaved(now: Situation) -> str:
    return _none(now) or ("" if now.entry.unsaved_serial else "there is no discovered device to save")


def _is_running(now: Situation) -> str:
    return "" if now.entry.running else "nothing is running"


def _can_keep(now: Situation) -> str:
    return _able(now) or ("" if now.row is None or now.kept else keep_alive.why_not(now.row))


def _has_problem(now: Situation) -> str:
    return "" if now.entry.problem or (now.row and now.row.profile.problem) else "there is no message"


def sets_up(now: Situation) -> bool:
    """Whether what comes next is a setup: there are no profiles, or the one under the cursor has no credentials."""
    return now.empty or (now.row is not None and now.row.profile.kind == Kind.NO_CREDENTIALS)


COMMANDS: tuple[Command[Situation], ...] = (
    Command(
        "cancel",
        "Cancel",
        "Stop what is running for the profile; if nothing is, clear the filter.",
        _is_running,
    ),
    Command("login", "Log in", "Get a session for the profile, unless it has a valid one.", _can_log_in),
    Command("renew", "Renew", "Get a new session now.", _can_renew),
    Command(
        "roles",
        "All roles",
        "Log in to the user and to every role assumed from it, with one code.",
        _can_log_in,
        in_footer=False,
    ),
    Command("code", "Code", "Copy the current code from the stored secret.", _has_seed),
    Command("export", "Export", 'Copy "export AWS_PROFILE=NAME" for your shell.', _able),
    Command(
        "console",
        "Console",
        "Open the AWS console in the browser: signed in as the role, or on the sign-in page of the user.",
        _has_console,
    ),
    Command(
        "shell",
        "Shell",
        "Open a shell with the profile's session, after a login if it has none; exit comes back to the list.",
        _can_log_in,
        in_footer=False,
    ),
    Command(
        "run",
        "Run",
        "Run a command with the profile's session, after a login if it has none, and come back to the list.",
        _can_log_in,
        in_footer=False,
    ),
    Command(
        "keep",
        "Keep alive",
        "Turn keep-alive on or off: renew the session in time, as long as mfa-tui is open.",
        _can_keep,
    ),
    Command(
        "remember",
        "Save device",
        "Save the discovered MFA device in the profile.",
        _is_unsaved,
    ),
    Command("logout", "Log out", "Remove the session from the AWS files and the cache.", _can_log_out),
    Command(
        "import",
        "Import",
        "Store the secret of the profile's MFA device on this machine.",
        _has_codes,
        in_footer=False,
    ),
    Command(
        "devices",
        "Devices",
        "The MFA devices of the profile's user: enroll, import, resync, replace, remove, export.",
        _has_user,
    ),
    Command(
        "keys",
        "Keys",
        "The access keys of the profile's user: rotate, store, put back, deactivate, activate, delete, import.",
        _has_keys,
    ),
    Command(
        "account",
        "Account",
        "Check the whole account: users without MFA, old keys, root, roles, sign-ins; and help users with their MFA.",
        _can_ask,
    ),
    Command(
        "history",
        "History",
        "What was done, with AWS's request IDs; copy an entry for a support ticket or an administrator.",
        in_footer=False,
    ),
    Command(
        "doctor",
        "Doctor",
        "What is wrong with the setup: files, profiles, variables, settings; and the fix of each finding.",
        in_footer=False,
    ),
    Command(
        "setup",
        "New profile",
        "Set up a profile: its access key, pasted or from the console's CSV; a region; an MFA device, or a code.",
        in_footer=False,
    ),
    Command("filter", "Filter", "Show only the profiles whose name, account or MFA device matches.", in_footer=False),
    Command("help", "Help", "All keys, and why some do nothing now."),
    Command("quit", "Quit", "Quit. A write that has begun is finished first."),
    Command(
        "forget",
        "Remove secret",
        "Remove the stored secret from this machine. The device at AWS stays.",
        _has_seed,
        in_footer=False,
    ),
    Command("copy-message", "Copy message", "Copy the message from the details.", _has_problem, in_footer=False),
    Command(
        "process",
        "On demand",
        "Let AWS tools get the session from mfa-tui, which renews it (credential_process); or store its keys again.",
        _can_log_in,
        in_footer=False,
    ),
    Command(
        "trouble",
        "Troubleshoot",
        "What to do when a device is lost, a code is refused, or nothing works.",
        in_footer=False,
    ),
    Command("pin", "Pin", "Pin the profile to the top of the list, or unpin it.", _none, in_footer=False),
    Command(
        "mark",
        "Mark",
        "Mark the profile, or unmark it. Log in, renew, log out and keep alive then act on all marked ones.",
        _none,
        in_footer=False,
    ),
    Command(
        "order",
        "Order",
        "Sort the list: in groups, as in the files, by name, most recent first, or by another column.",
        in_footer=False,
    ),
    Command("today", "Today", "Show or hide the timeline of the sessions that are valid now.", in_footer=False),
    Command(
        "reload",
        "Reload",
        "Read the AWS files again, and repaint the screen. Changes are also noticed automatically.",
        in_footer=False,
        repaints=True,
    ),
    Command(
        "settings",
        "Settings",
        "All settings: what each means, its value and default, the theme, the keys of commands.",
        in_footer=False,
    ),
    Command("theme", "Theme", "Choose the colors: dark, light, or those of your terminal.", in_footer=False),
)

SPARE = ("keys", "account", "keep", "console", "logout", "export", "renew", "code", "remember", "devices")
"""What the bottom line leaves out where there is little room, in this order."""

BY_ID = {command.id: command for command in COMMANDS}


def main_bar(commands: Iterable[Command[Situation]], now: Situation, keys: Mapping[str, str]) -> list[Item]:
    """The bottom line for those of *commands* that can be run now; it begins with what helps where no login can."""
    items = bar_items(commands, now, keys)
    if sets_up(now) and "setup" in keys:
        return [(command_action("setup"), keys["login"], "Set up", True), *items]
    if now.row is not None and now.row.profile.kind == Kind.BROKEN and "doctor" in keys:
        return [(command_action("doctor"), keys["doctor"], BY_ID["doctor"].label, True), *items]
    return items


FOLDS = {"left": "fold(True)", "right": "fold(False)"}
"""Keys that hide the profiles of a group, and show them again."""


def list_bindings() -> Iterator[Binding]:
    """The keys of these commands, and those that move in the list.

    All have priority, so that keys typed in a burst take effect in their order: Textual looks for
    one without it only after the focused widget has handled the key, when later keys may be handled already.
    """
    yield from key_bindings(COMMANDS)
    for digit in "0123456789":
        yield Binding(digit, f"digit({digit!r})", show=False, priority=True)
    for keys, action in (MOVES | FOLDS).items():
        yield Binding(keys, action, show=False, priority=True)
