"""``mfa-tui history``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mfa_tui import __version__
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.aws_calls import calls_as_json
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.history.entry import Entry, Result, action_words
from mfa_tui.core.history.since import parse_since
from mfa_tui.core.history.texts import administrator_text, ticket_text
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.text.display import in_one_line, quoted
from mfa_tui.errors import Exit, ProfileProblem, UsageError
from mfa_tui.services.profiles.resolve import source_and_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.services.context import Context

_LIMIT = 50
_MOST = 1_000_000
_MARKS = {Result.DONE: "✓", Result.REFUSED: "✗", Result.FAILED: "✗", Result.CANCELLED: "·"}


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "history",
        "Show what was done with mfa-tui, the latest first: logins and logouts, changes of devices and keys, console "
        "sign-ins, and what an administrator did for others. Each entry has AWS's request ID.",
    )
    add = parser.add_argument
    add("profile", nargs="?", metavar="PROFILE", help="only what was done with this profile (default: all)")
    add("--since", metavar="WHEN", help="only later entries: 90m, 12h, 7d, 2w, or a date such as 2026-11-28")
    add("--limit", metavar="N", help=f"at most N entries (default: {_LIMIT}; all if --since is given)")
    add("--failed", action="store_true", help="only what AWS refused, or what failed")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the entries as JSON, with every request to AWS")
    form.add_argument(
        "--text",
        choices=("ticket", "administrator"),
        help="print each entry as a text: for a support ticket, or for an administrator who can allow what was refused",
    )
    parser.epilog = "Entries are kept for 90 days (history_days in the settings; 0 for no history)."
    return parser


def run(arguments: list[str]) -> int:
    """Show the entries."""
    given = parser().parse_args(arguments)
    context = open_context()
    now = context.clock.aws_now()
    limit = _parse_limit(given.limit) if given.limit is not None else (_MOST if given.since else _LIMIT)
    since = parse_since(given.since, now) if given.since is not None else 0.0
    if context.settings.history_days == 0:
        output.say(" ".join(problem("history-off").lines()))
    profile = _profile(context, given.profile) if given.profile is not None else None
    before = context.history.log.was_damaged()
    entries = context.history.entries(profile=profile, since=since)
    if context.history.log.was_damaged() and not before:
        output.warn("The history was damaged, and begins again; mfa-tui doctor says more.")
    wanted = (entry for entry in entries if not given.failed or entry.result in (Result.REFUSED, Result.FAILED))
    if given.text == "administrator":
        wanted = (entry for entry in wanted if entry.denied)
    _show([entry for entry, _ in zip(wanted, range(limit), strict=False)], given.text, as_json=given.json)
    return Exit.DONE


def _parse_limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST):
        raise UsageError("usage", f"--limit cannot be {quoted(text)}.", "", f"Use a number from 1 to {_MOST}.")
    return int(text)


def _profile(context: Context, name: str) -> str:
    """The profile that *name* means. It may no longer be in the files while the history still has it."""
    aws, _ = context.files.load_readable()
    settings = context.settings
    try:
        return source_and_scope(aws, name, context.env, settings.target_pattern, tuple(settings.scopes))[0]
    except ProfileProblem:
        return name


def _show(entries: Sequence[Entry], text: str | None, *, as_json: bool) -> None:
    if as_json:
        output.print_json({"entries": [_as_json(entry) for entry in entries]})
    elif not entries:
        output.say("There is no such refusal." if text == "administrator" else "There are no entries.")
    elif text:
        texts = [
            ticket_text(entry, __version__) if text == "ticket" else administrator_text(entry) for entry in entries
        ]
        output.print_result("\n\n".join(texts))
    else:
        _print_table(entries)


def _print_table(entries: Sequence[Entry]) -> None:
    heads = ("TIME", "PROFILE", "ACTION", "REQUEST ID", "RESULT")
    lines = [heads, *(_cells(entry) for entry in entries)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads) - 1)]
    for *cells, last in lines:
        row = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        output.print_result(f"{row}  {last}".rstrip())


def _cells(entry: Entry) -> tuple[str, ...]:
    action = action_words(entry.action) + (f" for {entry.user}" if entry.user else "")
    return (
        time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.at)),
        in_one_line(entry.profile) or "–",
        in_one_line(action),
        entry.request_id or "–",
        f"{_MARKS.get(entry.result, '?')} {in_one_line(entry.text) or entry.result}",
    )


def _as_json(entry: Entry) -> dict[str, object]:
    calls = [
        {**shown, "message": call.message or None}
        for shown, call in zip(calls_as_json(entry.calls), entry.calls, strict=True)
    ]
    return {
        "at": format_utc(entry.at),
        "profile": entry.profile or None,
        "action": entry.action,
        "result": entry.result,
        "request_id": entry.request_id or None,
        "what": entry.text or None,
        "why": entry.why or None,
        "error": entry.error or None,
        "user": entry.user or None,
        "account": entry.account or None,
        "arn": entry.arn or None,
        "access_key_id": entry.signer or None,
        "calls": calls,
    }
