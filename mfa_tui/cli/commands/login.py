"""``mfa-tui login``."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.sessions.context import new_operation, open_context, show_event
from mfa_tui.cli.sessions.login_prompts import log_in, login_words, obtain_session, show_login
from mfa_tui.cli.sessions.scope_option import add_scope_option
from mfa_tui.cli.terminal import output, tty
from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.core.sessions.expiry import format_utc, parse_duration
from mfa_tui.errors import AwsRefused, Cancelled, ConfigError, MfaTuiError, ProfileProblem, UsageError
from mfa_tui.services.login.login_many import ManyLogins
from mfa_tui.services.login.saved_target import note_saved_target
from mfa_tui.services.operation import Operation
from mfa_tui.services.profiles.resolve import source_and_scope
from mfa_tui.services.progress import Notice
from mfa_tui.services.sessions.outcomes import LoginRequest, NeedsCode, NeedsSerial

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context
    from mfa_tui.services.login.login_many import PlannedLogin
    from mfa_tui.services.login.parallel_sessions import Outcome
    from mfa_tui.services.progress import Progress
    from mfa_tui.services.sessions.outcomes import LoginResult, ObtainedSession


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "login",
        "Get a session with MFA for each profile and save it to the AWS files. A session that is still valid is kept.",
    )
    add = parser.add_argument
    add("profiles", nargs="*", metavar="PROFILE", help=PROFILE_HELP)
    add("--code", help="the MFA code; - reads it from standard input (default: from the stored secret, else a prompt)")
    add("--serial", default="", metavar="ARN", help="the MFA device (default: mfa_serial, else looked up at AWS)")
    add("--save-serial", action="store_true", help="save the MFA device as mfa_serial in the profile if it works")
    add("--duration", help="how long a new session lasts: 12h, 90m, 3600 (default: from the settings, else 12h)")
    add("--as", dest="target", metavar="TARGET", help="the profile to save it as (default: PROFILE-mfa)")
    add(
        "--all-roles",
        action="store_true",
        help="also log in to the role profiles that use them (without PROFILE: to all roles)",
    )
    add_scope_option(parser, "; saved as PROFILE-NAME")
    add(
        "--process",
        action="store_true",
        help="save a credential_process instead of keys: AWS tools ask mfa-tui for the session, which it renews",
    )
    add("--force", action="store_true", help="get a new session even if there is a valid one")
    add("--overwrite", action="store_true", help="replace temporary credentials that mfa-tui did not save")
    add("--json", action="store_true", help="print the result as JSON")
    return parser


def run(arguments: list[str]) -> int:
    """Log in to each profile. The highest exit status is returned."""
    given = parser().parse_args(arguments)
    profiles: list[str | None] = list(dict.fromkeys(given.profiles)) or [None]
    if (len(profiles) > 1 and given.code is not None) or (given.target and (len(profiles) > 1 or given.all_roles)):
        raise UsageError(
            "usage",
            "--code and --as work with one profile only.",
            "AWS accepts each code once, and each session needs a name of its own.",
            "Log in to the profiles one at a time.",
        )
    request = LoginRequest(
        code=_read_code(given.code),
        serial=given.serial,
        duration=parse_duration(given.duration) if given.duration is not None else None,
        target=given.target or "",
        renew=given.force,
        overwrite=given.overwrite,
        remember_serial=given.save_serial,
        scope=given.scope or "",
        process=given.process,
    )
    report = _Report(open_context(secrets=True), as_json=given.json)
    report.note = request if arguments == given.profiles else None
    try:
        if given.all_roles:
            _log_in_to_roles(given.profiles, request, report)
        else:
            _log_in_to_each(profiles, request, report)
    except MfaTuiError:
        # An early end does not undo the logins before it: report them.
        if report.results:
            report.finish()
        raise
    return report.finish()


def _read_code(given: str | None) -> Secret | None:
    if given is None:
        return None
    return checked_code(tty.read_piped_line() if given == "-" else given)


class _Report:
    """The result of each login: printed at once, or as one JSON document at the end."""

    def __init__(self, context: Context, *, as_json: bool) -> None:
        self.context = context
        self._notices: dict[str | None, list[str]] = {}
        self.results: list[dict[str, object]] = []
        self._as_json = as_json
        self._status = 0
        self.note: LoginRequest | None = None
        """The request of a login without options, which may be noted; see ``note_saved_target``."""

    def operation(self, name: str | None) -> Operation:
        """The operation of the login to *name*, whose notices are printed at once, and kept for the JSON document."""
        notices = self._notices.setdefault(name, [])

        def report(event: Progress | Notice) -> None:
            show_event(event)
            if isinstance(event, Notice):
                notices.append(event.text)

        return Operation(self.context, CancelScope(), report)

    def add_notices(self, name: str | None, notices: Sequence[str]) -> None:
        """Print the notices of the login to *name*, and keep them for the JSON document."""
        output.print_notices(notices)
        self._notices.setdefault(name, []).extend(notices)

    def add_login(self, done: LoginResult, name: str | None) -> None:
        """The login to *name*, as it was given, is done."""
        self.results.append(_as_json(done, [*self._notices.get(name, ()), *done.notices]))
        output.print_notices(done.notices)
        if not self._as_json:
            show_login(self.context, done)
        if self.note is not None and name is not None and not output.has_spoken():
            result, remarks = login_words(done)
            note_saved_target(self.context, "login", name, self.note, done, result=result, remarks=remarks)

    def add_error(self, name: str | None, error: MfaTuiError, *, named: bool) -> None:
        self._status = max(self._status, output.print_error(error, name or "" if named else ""))
        self.results.append({"profile": name, "error": output.error_as_json(error)})

    def add_skipped(self, name: str, error: ProfileProblem) -> None:
        """Warn of a profile that cannot log in. The user did not name it, so the command does not fail."""
        output.warn(f"{error.what} {error.why}")
        self.results.append({"profile": name, "error": output.error_as_json(error)})

    def finish(self) -> int:
        """Print the JSON document if one is wanted, and return the exit status."""
        if self._as_json:
            output.print_json({"logins": self.results})
        return self._status


def _log_in_to_each(profiles: list[str | None], request: LoginRequest, report: _Report) -> None:
    for name in profiles if len(profiles) == 1 else _without_duplicates(report.context, profiles):
        try:
            done = log_in(report.operation(name), request._replace(profile=name))
        except Cancelled:
            # Someone who presses Ctrl+D at a prompt does not want to be asked for the next profile.
            raise Cancelled("Cancelled." if report.results else "Cancelled; nothing was changed.") from None
        except MfaTuiError as error:
            report.add_error(name, error, named=len(profiles) > 1)
        else:
            report.add_login(done, name)


def _without_duplicates(context: Context, names: Sequence[str | None]) -> list[str | None]:
    """*names* without those that mean the same profile as an earlier one. A target means its source."""
    meant: dict[tuple[str, str], str | None] = {}
    settings = context.settings
    aws, _ = context.files.load_readable()
    for name in names:
        try:
            meaning = source_and_scope(aws, name, context.env, settings.target_pattern, tuple(settings.scopes))
        except ProfileProblem:
            meaning = name or "", ""
        meant.setdefault(meaning, name)
    return list(meant.values())


def _log_in_to_roles(profiles: list[str], request: LoginRequest, report: _Report) -> None:
    """Log in to these profiles and to their roles. All sessions are saved in one write."""
    logins = ManyLogins(report.context, profiles, request._replace(code=None))
    end = _get_sessions(logins, request.code, profiles, report)
    written = logins.write(new_operation(report.context))
    _report_problems(logins, profiles, report)
    for done in written:
        report.add_login(done, done.profile)
    if end is not None:
        raise Cancelled("Cancelled.") if written and isinstance(end, Cancelled) else end


def _get_sessions(logins: ManyLogins, code: Secret | None, profiles: list[str], report: _Report) -> MfaTuiError | None:
    """Get a session for each login. Returns the error that ended this early, if any did."""
    plan = logins.plan()
    try:
        # Only the first needs a code. The others use its session.
        while planned := _next(plan, logins, profiles, report):
            try:
                logins.add(planned, _ask_for_session(planned, code, report))
            except (AwsRefused, ConfigError) as error:
                if not _goes_on(error, planned, report):
                    return None
                if isinstance(error, AwsRefused) and error.slug != "source-silent":
                    # AWS was asked, and accepted the code.
                    code = None
            else:
                break
        rest = list(plan)
        _report_problems(logins, profiles, report)
        if rest:
            _get_sessions_in_parallel(logins, rest, report)
    except MfaTuiError as error:
        return error
    return None


def _next(
    plan: Iterator[PlannedLogin], logins: ManyLogins, profiles: list[str], report: _Report
) -> PlannedLogin | None:
    planned = next(plan, None)
    _report_problems(logins, profiles, report)
    return planned


def _ask_for_session(planned: PlannedLogin, code: Secret | None, report: _Report) -> ObtainedSession:
    request, operation = planned.request, report.operation(planned.request.profile)
    return obtain_session(operation, request._replace(code=code), planned.continuation)


def _get_sessions_in_parallel(logins: ManyLogins, rest: list[PlannedLogin], report: _Report) -> None:
    """Get the other sessions, until an error concerns them all. Raises what ends the command early."""
    from mfa_tui.services.login.parallel_sessions import get_sessions

    with closing(get_sessions(report.context, rest)) as outcomes:
        for number, (login, outcome) in enumerate(outcomes, start=1):
            output.show_in_place("")
            report.add_notices(login.planned.request.profile, login.notices)
            try:
                logins.add(login.planned, _session_in(login.planned, outcome, logins, report))
            except (AwsRefused, ConfigError) as error:
                if not _goes_on(error, login.planned, report):
                    return
            if number < len(rest):
                output.show_in_place(f"Getting sessions from AWS: {number} of {len(rest)} …")


def _session_in(planned: PlannedLogin, outcome: Outcome, logins: ManyLogins, report: _Report) -> ObtainedSession:
    """The session, if it was obtained; what is missing for it is asked for. Raises its error."""
    if isinstance(outcome, MfaTuiError):
        raise outcome
    if isinstance(outcome, NeedsCode | NeedsSerial):
        return _ask_for_session(logins.with_known_serial(planned), None, report)
    return outcome


def _goes_on(error: AwsRefused | ConfigError, planned: PlannedLogin, report: _Report) -> bool:
    """Report the error of one login; returns whether it says nothing about the next."""
    report.add_error(planned.request.profile, error, named=True)
    return isinstance(error, ConfigError) or error.slug in _ONE_ROLE_ONLY


def _report_problems(logins: ManyLogins, profiles: list[str], report: _Report) -> None:
    """Report the problems found so far."""
    for name, problem in logins.problems.items():
        if name in profiles or not logins.any or not isinstance(problem, ProfileProblem):
            report.add_error(name, problem, named=True)
        else:
            report.add_skipped(name, problem)
    logins.problems.clear()


_ONE_ROLE_ONLY = ("role-denied", AwsErrorKind.DURATION, "source-silent")
"""Refusals of one role, which say nothing about the next role."""


def _as_json(done: LoginResult, notices: list[str]) -> dict[str, object]:
    return {
        "profile": done.profile,
        "target": done.target,
        "expires": format_utc(done.session.expires_at),
        "kept": done.kept,
        "mfa_serial": done.session.serial,
        "access_key_id": done.session.access_key_id,
        "process": done.process,
        **({"scope": done.scope} if done.scope else {}),
        "notices": notices,
    }
