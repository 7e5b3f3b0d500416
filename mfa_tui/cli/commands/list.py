"""``mfa-tui list``."""

from __future__ import annotations

from itertools import repeat

from mfa_tui.adapters.keys.known_users import KnownUsers
from mfa_tui.adapters.system.garbage_collection import NoCollections
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output, time_format
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.target import stored_expiry
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.settings.account_label import sign_of
from mfa_tui.core.text.display import format_account, in_one_line, in_words, is_clean
from mfa_tui.errors import Exit
from mfa_tui.services.listing.accounts import Accounts
from mfa_tui.services.listing.overview import Overview
from mfa_tui.services.sessions.lookup import SIGNS, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.core.keys.known_user import KnownUser
    from mfa_tui.services.listing.overview import ProfileRow


_WIDEST = 32
"""Cells wider than this do not widen the column: they push the rest of their line to the right."""
_COLORS = {
    "red": output.Sgr.RED,
    "yellow": output.Sgr.YELLOW,
    "green": output.Sgr.GREEN,
    "blue": output.Sgr.CYAN,
    "purple": output.Sgr.PURPLE,
}
"""Of accounts. A terminal's own blue can hardly be read on black."""
_STATES = {
    State.LIVE: output.Sgr.GREEN,
    State.ENDING: output.Sgr.YELLOW,
    State.ENDED: output.Sgr.YELLOW,
    State.UNVERIFIED: output.Sgr.YELLOW,
}
"""Of sessions, as in the interface."""


def parser() -> Parser:
    """The parser of its arguments."""
    from mfa_tui.cli.terminal.parser import Parser

    parser = Parser("list", "List all profiles: kind, account, MFA device, whether its secret is stored, and session.")
    parser.add_argument("--json", action="store_true", help="print the profiles as JSON, with what login saved")
    parser.epilog = (
        "SESSION: ✓ valid; ! expired, or about to expire; ? keys that may not belong to the current access key; "
        "· created on demand; ✗ the profile cannot log in, and why. "
        "In the other columns, – means that it is not known. ACCOUNT has names and colors of the settings ([accounts])."
    )
    return parser


def run(arguments: list[str]) -> int:
    """Show every profile, as a table or as JSON."""
    # argparse is loaded only for help and mistakes.
    as_json = arguments == ["--json"] or (arguments != [] and bool(parser().parse_args(arguments).json))
    with NoCollections():
        return _show_all(as_json=as_json)


def _show_all(*, as_json: bool) -> int:
    context = open_context()
    overview = Overview(context)
    rows = [overview.row(name) for name in overview.names]
    accounts = Accounts(context)
    users = KnownUsers(context.paths).read()
    accounts.use(users)
    if as_json:
        output.print_json({"profiles": [_as_json(row, accounts) for row in rows], "targets": _targets(overview)})
        return Exit.DONE
    if not rows:
        from mfa_tui.services.profiles.resolve import FIRST_PROFILE

        output.say(
            f"There are no profiles in {context.files.config_path} and {context.files.credentials_path}.\n"
            f"  {FIRST_PROFILE}"
        )
        return Exit.DONE
    context.settings.check_accounts()
    _print_table(accounts, users, rows, context.clock.aws_now())
    return Exit.DONE


def _print_table(accounts: Accounts, users: Mapping[str, KnownUser], rows: list[ProfileRow], now: float) -> None:
    known = accounts.any_known
    columns = [
        ["PROFILE", *[row.profile.name for row in rows]],
        ["KIND", *[row.profile.kind for row in rows]],
        ["ACCOUNT"]
        + [_account(accounts, row) if known else format_account(row.profile.account) or "–" for row in rows],
        ["MFA", *[_mfa(row, users) for row in rows]],
        ["SESSION", *[_session(row, now) for row in rows]],
    ]
    # Names and other values come from files, and may contain control characters.
    if not is_clean("".join(map("".join, columns))):
        columns = [list(map(in_one_line, column)) for column in columns]
    # One long name does not widen every line, and nothing follows the last column.
    widths = [*[max(filter(_WIDEST.__ge__, map(len, column))) for column in columns[:-1]], 0]
    # Not as lists: all texts with their blanks would take as much memory as the profiles.
    filled = [map(str.ljust, column, repeat(width)) for column, width in zip(columns, widths, strict=True)]
    if not output.is_colored():
        output.print_lines(list(map("  ".join, zip(*filled, strict=True))))
        return
    labeled = accounts.have_labels
    colors = ["", *[_account_color(accounts, row) if labeled else "" for row in rows]]
    states = ["", *[_session_color(row, now) for row in rows]]
    plain = [""] * len(colors)
    lines = zip(*map(zip, filled, (colors, plain, colors, plain, states)), strict=True)
    output.print_colored(lines, between="  ")


def _account(accounts: Accounts, row: ProfileRow) -> str:
    """The account as the user calls it, with its sign; else by its alias or ID, as far as is known."""
    known, label = accounts.known(row), accounts.label(row)
    account = known.alias or format_account(known.account)
    return (f"{sign_of(label)} {label.name or account}".strip() if label else account) or "–"


def _account_color(accounts: Accounts, row: ProfileRow) -> str:
    label = accounts.label(row)
    return _COLORS.get(label.color, "") if label else ""


def _session_color(row: ProfileRow, now: float) -> str:
    if row.profile.kind == Kind.BROKEN:
        return output.Sgr.RED
    return _STATES.get(row.session.at(now), output.Sgr.NONE)


def _mfa(row: ProfileRow, users: Mapping[str, KnownUser]) -> str:
    serial = row.profile.serial
    if serial is None:
        user = users.get(row.profile.access_key_id)
        return "FIDO (not for the API)" if user is not None and user.fido_only else "–"
    if not serial.usable:
        return f"{serial.name} ({serial.kind}: not for the API)"
    return f"{serial.name} (secret stored)" if row.has_seed else serial.name


def _session(row: ProfileRow, now: float) -> str:
    """The session, and the targets that have one with a scope."""
    profile, session = row.profile, row.session
    if profile.problem:
        text = f"✗ {profile.problem}"
    elif row.process and session.state in (State.NONE, State.ENDED):
        text = f"· {row.target} gets a session on demand"
    elif session.state == State.NONE:
        text = "none"
    elif session.state == State.ENDED:
        text = f"{SIGNS[session.state]} {row.target} expired"
    else:
        end = time_format.until(session.expires_at, now) if session.expires_at is not None else "an unknown time"
        renewed = "renews on demand, now valid " if row.process else ""
        text = f"{SIGNS[session.state]} {row.target} {renewed}until {end}"
    return f"{text}; limited: {in_words([target.name for target in row.limited])}" if row.limited else text


def _as_json(row: ProfileRow, accounts: Accounts) -> dict[str, object]:
    profile, session = row.profile, row.session
    return {
        "name": profile.name,
        "kind": profile.kind,
        "account": accounts.known(row).account or None,
        "region": profile.region or None,
        "mfa_serial": profile.serial.text if profile.serial else None,
        "seed_stored": row.has_seed,
        "can_log_in": profile.can_log_in,
        "problem": profile.problem or None,
        "source": profile.source or None,
        "chain": list(profile.chain),
        "target": row.target or None,
        "credential_process": row.process,
        "session": {
            "state": session.state,
            "expires": format_utc(session.expires_at) if session.expires_at is not None else None,
        },
    }


def _targets(overview: Overview) -> list[dict[str, object]]:
    """The profiles with temporary credentials, from mfa-tui or another program."""
    found: list[dict[str, object]] = []
    for profile in overview.targets():
        expires_at = stored_expiry(overview.aws.merged(profile.name))
        found.append(
            {
                "name": profile.name,
                "source": profile.source or None,
                "kind": profile.kind,
                "expires": format_utc(expires_at) if expires_at is not None else None,
                **({"scope": scope} if (scope := overview.aws.scope_of_target(profile.name)) else {}),
            }
        )
    return found
