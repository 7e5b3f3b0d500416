"""``mfa-tui login``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.control import Control
from mfa_tui.cli import moments, output, terminal
from mfa_tui.cli.arguments import Parser
from mfa_tui.cli.asking import logged_in
from mfa_tui.cli.environment import open_context
from mfa_tui.core.expiry import format_utc, parse_duration
from mfa_tui.core.totp import checked_code
from mfa_tui.errors import Cancelled, Exit, MfaTuiError, UsageError
from mfa_tui.services.outcomes import LoginRequest

if TYPE_CHECKING:
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context
    from mfa_tui.services.outcomes import Done


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("login", "A session with MFA for each profile, written to the AWS files. A live one is kept.")
    add = parser.add_argument
    add("profiles", nargs="*", metavar="PROFILE", help="default: AWS_PROFILE, else default; a target means its source")
    add("--code", help="the MFA code; - reads it from standard input (default: a stored secret, else a prompt)")
    add("--serial", default="", metavar="ARN", help="the MFA device (default: mfa_serial, else AWS is asked)")
    add("--save-serial", action="store_true", help="save the MFA device as mfa_serial in the profile, if it works")
    add("--duration", help="of a new session: 12h, 90m, 3600 (default: the settings', else 12h)")
    add("--as", dest="target", metavar="TARGET", help="the section to write (default: PROFILE-mfa)")
    add("--force", action="store_true", help="renew: make a new session though one is live")
    add("--overwrite", action="store_true", help="replace temporary credentials that mfa-tui did not write")
    add("--json", action="store_true", help="print the result as JSON")
    return parser


def run(arguments: list[str]) -> int:
    """Log in to each profile; the highest exit status is returned."""
    given = parser().parse_args(arguments)
    profiles: list[str | None] = list(dict.fromkeys(given.profiles)) or [None]
    if len(profiles) > 1 and (given.code is not None or given.target):
        raise UsageError(
            "usage",
            "--code and --as go with one profile only.",
            "AWS takes each code once, and each session needs a section of its own.",
            "Log in to the profiles one by one.",
        )
    request = LoginRequest(
        code=_code(given.code),
        serial=given.serial,
        duration=parse_duration(given.duration) if given.duration is not None else None,
        target=_target(given.target),
        renew=given.force,
        overwrite=given.overwrite,
        remember_serial=given.save_serial,
    )
    return _log_in_to_all(profiles, request, as_json=given.json)


def _target(given: str | None) -> str:
    if given == "":
        raise UsageError("usage", "--as needs a name.", "It is empty.", "Leave it out to write the usual section.")
    return given or ""


def _code(given: str | None) -> Secret | None:
    if given is None:
        return None
    return checked_code(terminal.piped_line() if given == "-" else given)


def _log_in_to_all(profiles: list[str | None], request: LoginRequest, *, as_json: bool) -> int:
    from dataclasses import replace

    context = open_context(secrets=True)
    statuses: list[int] = [Exit.DONE]
    results: list[dict[str, object]] = []
    for name in profiles:
        try:
            done = logged_in(context, replace(request, profile=name), Control())
        except Cancelled:
            # Whoever presses Ctrl+D at a prompt does not want to be asked for the next profile.
            raise Cancelled("Cancelled." if results else "Cancelled; nothing was changed.") from None
        except MfaTuiError as error:
            statuses.append(output.problem(error, name or "" if len(profiles) > 1 else ""))
            results.append({"profile": name, "error": output.as_json(error)})
        else:
            results.append(_as_json(done))
            _show(context, done, quiet=as_json)
    if as_json:
        output.document({"logins": results})
    return max(statuses)


def _show(context: Context, done: Done, *, quiet: bool) -> None:
    for notice in done.notices:
        output.say(f"mfa-tui: {notice}")
    if quiet:
        return
    good_until = moments.until(done.session.expires_at, context.clock.aws_now())
    output.result(f"{done.profile}: session in [{done.target}], {'still ' if done.kept else ''}good until {good_until}")
    if done.unsaved_serial:
        output.remark(
            f"Its MFA device is {done.unsaved_serial}, which {done.profile} does not name: "
            "the next login would look for another. --save-serial keeps it in the profile."
        )
    output.remark(f"Use it: export AWS_PROFILE={_quoted(done.target)}")


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)


def _as_json(done: Done) -> dict[str, object]:
    return {
        "profile": done.profile,
        "target": done.target,
        "expires": format_utc(done.session.expires_at),
        "kept": done.kept,
        "mfa_serial": done.session.serial,
        "access_key_id": done.session.access_key_id,
        "notices": list(done.notices),
    }
