"""``mfa-tui audit``."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.process import ctrl_c_raises
from mfa_tui.cli.commands.audit_policy import add_policy_options, apply_policy, check_policy_options, print_policy
from mfa_tui.cli.sessions.context import new_operation, open_context, show_event
from mfa_tui.cli.sessions.login_prompts import obtain_session
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.core.account.audit import State
from mfa_tui.core.account.findings import SEVERITIES, is_at_least
from mfa_tui.core.account.html_page import as_html
from mfa_tui.core.account.summary_text import counts_in_words, facts_in_words, heading, remedies, report_age, unchecked
from mfa_tui.core.account.text_formats import as_csv, as_json, as_markdown
from mfa_tui.core.text.display import in_one_line
from mfa_tui.errors import Exit, ProfileProblem
from mfa_tui.services.account.examination import AuditOptions
from mfa_tui.services.account.examine import account_caller, caller_without_login, examine, thresholds
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice
from mfa_tui.services.sessions.outcomes import LoginRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.core.account.audit import Audit
    from mfa_tui.services.progress import Progress

_MESSAGE_INTERVAL = 5.0
"""Seconds between two messages that differ only in a number."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "audit",
        "Check the whole account against best practice for MFA and long-term keys: users, root, password policy, "
        "access keys, role trust policies, console sign-ins. Nothing is changed, except by --apply. What the session's "
        "rights do not cover is left out, and named.",
    )
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help=PROFILE_HELP)
    formats = parser.add_mutually_exclusive_group()
    for name, words in {
        "json": "print the audit as JSON",
        "csv": "print the findings as CSV, safe to open in a spreadsheet",
        "markdown": "print the audit as Markdown",
        "html": "print one HTML page with pictures, which needs no other file",
    }.items():
        formats.add_argument(f"--{name}", dest="format", action="store_const", const=name, help=words)
    parser.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        metavar="SEVERITY",
        help=f"exit with status 1 if a finding is at least so severe: {', '.join(SEVERITIES)}",
    )
    parser.add_argument(
        "--no-sign-ins",
        dest="sign_ins",
        action="store_false",
        help="do not read console sign-ins from CloudTrail, which takes minutes in large accounts",
    )
    add_policy_options(parser)
    parser.epilog = (
        "AWS makes a new credential report only every four hours; how old it is, is shown. Ctrl+C while sign-ins are "
        "read prints what was found until then. "
        "Exit status: 0; 1 if a finding is as severe as --fail-on says, if a check failed for another reason than a "
        "missing right, or if nothing could be checked."
    )
    return parser


def run(arguments: list[str]) -> int:
    """Audit the account and print what was found."""
    given = parser().parse_args(arguments)
    check_policy_options(given)
    context = open_context(secrets=True)
    if given.policy:
        return print_policy(context, given.profile)
    if given.apply is not None:
        operation = new_operation(context)
        return apply_policy(operation, given, lambda: _get_caller(operation, given.profile))
    # Wrong settings are found before a code is sent.
    options = AuditOptions(thresholds(context.settings), sign_ins=given.sign_ins)
    caller = _get_caller(new_operation(context), given.profile)
    operation = Operation(context, CancelScope(), _ProgressPrinter(context.clock.monotonic).show)
    with _cancel_on_interrupt(operation.cancel):
        audit = examine(operation, caller, options)
    _print(audit, given.format, options)
    for check, words in unchecked(audit):
        if check.state == State.FAILED:
            output.say(f"mfa-tui: {check.title}: {in_one_line(words)}")
    if any(check.state == State.STOPPED for check in audit.checks):
        return Exit.INTERRUPTED
    return Exit.REFUSED if _is_failure(audit, given.fail_on) else Exit.DONE


def _get_caller(operation: Operation, profile: str | None) -> Caller:
    """Get a session of *profile*. One that cannot log in with MFA asks with the credentials that it has."""
    try:
        return account_caller(obtain_session(operation, LoginRequest(profile)))
    except ProfileProblem as problem:
        caller = caller_without_login(operation, profile, problem)
        operation.notify(f"{problem.what} The audit uses its credentials as they are.")
        return caller


@contextlib.contextmanager
def _cancel_on_interrupt(scope: CancelScope) -> Iterator[None]:
    """Let Ctrl+C cancel the audit, which keeps what is known, in place of ending the program."""
    if not ctrl_c_raises():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: scope.cancel())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _is_failure(audit: Audit, limit: str | None) -> bool:
    """Whether a finding is as severe as *limit*, a check failed, or nothing at all could be checked."""
    found = limit is not None and any(is_at_least(one.severity, limit) for one in audit.findings)
    return found or bool(audit.failed) or audit.facts.is_empty


def _print(audit: Audit, form: str | None, options: AuditOptions) -> None:
    if form == "json":
        output.print_json(as_json(audit))
    elif form == "csv":
        output.print_exact(as_csv(audit))
    elif form == "markdown":
        output.print_exact(as_markdown(audit))
    elif form == "html":
        output.print_exact(as_html(audit, options.thresholds))
    else:
        for line in _lines(audit):
            output.print_result(line)


def _lines(audit: Audit) -> Iterator[str]:
    yield heading(audit)
    yield report_age(audit)
    for name, words in facts_in_words(audit):
        yield f"  {name:<10} {words}"
    rows = [(one.severity, one.id, one.what) for one in audit.findings]
    rows += [
        ("denied" if check.state == State.DENIED else "not done", check.id, words) for check, words in unchecked(audit)
    ]
    if rows:
        rows.insert(0, ("SEVERITY", "FINDING", "WHAT"))
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        yield ""
        for severity, finding, what in rows:
            yield f"{severity:<{widths[0]}}  {finding:<{widths[1]}}  {in_one_line(what)}"
    yield ""
    yield f"Findings: {counts_in_words(audit)}."
    for rule in remedies(audit):
        yield f"  {rule.id}: {rule.remedy}"


class _ProgressPrinter:
    """Prints progress, but not each of many messages that differ only in a number."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = ""
        self._at = 0.0

    def show(self, event: Progress | Notice) -> None:
        """Print an event."""
        if not isinstance(event, Notice):
            beginning = event.text.partition(":")[0]
            now = self._now()
            if beginning == self._last and (":" not in event.text or now - self._at < _MESSAGE_INTERVAL):
                return
            self._last, self._at = beginning, now
        show_event(event)
