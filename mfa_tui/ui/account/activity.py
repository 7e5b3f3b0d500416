"""What is going on, in lines; and the help of the account's screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.account.rows import MARKS
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped
from mfa_tui.ui.text.status_lines import notice_lines, problem_lines, progress_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.ui.commands.account_commands import AccountSituation
    from mfa_tui.ui.commands.command import Command
    from mfa_tui.ui.flows.host_screen import HostScreen


def activity_lines(host: HostScreen, name: str, width: int, hint: str = "") -> list[Line]:
    """What is running under a name of the action log, or how the last action went, and why the last key did nothing."""
    entry = host.app_state.action_log.entry(name)
    lines: list[Line] = []
    if entry.running and entry.progress is not None:
        lines = progress_lines(entry.progress, width, host.app_state.context.clock.monotonic())
    elif entry.problem is not None:
        lines = problem_lines(entry.problem, width)
    else:
        lines = notice_lines(entry.notices, width)
    return [*lines, *wrapped(hint, width, Tone.DIM, first=Span("– ", Tone.WARN))] if hint else lines


async def show_help(
    host: HostScreen,
    table: tuple[Command[AccountSituation], ...],
    situation: AccountSituation,
    keys: Mapping[str, str],
) -> None:
    """Show the keys of a screen, and why some do nothing now."""
    from mfa_tui.ui.help.command_lines import command_lines
    from mfa_tui.ui.help.screen import HelpScreen

    def lines(width: int) -> list[Line]:
        signs = [line(f"    {mark.text}  ", Span(severity)) for severity, mark in MARKS.items()]
        signs.append(line("    ?  ", Span("denied, or not complete")))
        return [*command_lines(table, situation, keys, width), EMPTY, *signs]

    await host.ask(HelpScreen(lines, ""))
