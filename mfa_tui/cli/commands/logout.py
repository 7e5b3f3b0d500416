"""``mfa-tui logout``."""

from __future__ import annotations

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output, time_format
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.errors import Exit, MfaTuiError, UsageError
from mfa_tui.services.login.logout import log_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.services.login.logout import LogoutResult


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("logout", "Remove what login saved to the AWS files, and all cached sessions of the profile.")
    parser.add_argument("profiles", nargs="*", metavar="PROFILE", help="a profile, or what login saved for it")
    parser.add_argument("--all", action="store_true", help="log out of all profiles")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def run(arguments: list[str]) -> int:
    """Log out of each profile. The highest exit status is returned."""
    given = parser().parse_args(arguments)
    if given.all == bool(given.profiles):
        raise UsageError(
            "usage", "Name either profiles or --all.", "", "Use mfa-tui logout PROFILE… or mfa-tui logout --all"
        )
    context = open_context()
    statuses: list[int] = [Exit.DONE]
    results: list[dict[str, object]] = []
    for name in [None] if given.all else list(dict.fromkeys(given.profiles)):
        try:
            result = log_out(context, name, CancelScope())
        except MfaTuiError as error:
            statuses.append(output.print_error(error, name or ""))
            results.append({"profile": name, "error": output.error_as_json(error)})
            continue
        until = result.honoured_until
        results.append(
            {
                "profiles": list(result.profiles),
                "targets": list(result.targets),
                "sessions": result.sessions,
                "honoured_until": format_utc(until) if until else None,
            }
        )
        if not given.json:
            output.print_result(f"{name or 'all profiles'}: {_summary(result)}")
        if until:
            which, last = ("these sessions", ", the last") if result.sessions > 1 else ("the session", "")
            shown = time_format.until(until, context.clock.aws_now())
            output.say(f"Copies of {which} keep working at AWS{last} until {shown}.")
    if given.json:
        output.print_json({"logouts": results})
    return max(statuses)


def _summary(result: LogoutResult) -> str:
    if result.targets:
        return f"removed {', '.join(result.targets)}"
    return "removed the cached session" if result.sessions else "no session to remove"
