"""A shell or a command with the session of a profile, on the terminal of the interface, which comes back after it.

As with ``mfa-tui exec``, the session is in the environment of the program and nowhere else.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from mfa_tui.adapters.programs.terminal_job import shell_command, user_shell
from mfa_tui.core.shells.variables import SHOWN_PROFILE, credential_variables, session_environment
from mfa_tui.core.text.display import shown
from mfa_tui.errors import MfaTuiError
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.services.sessions.shortcut import write_shortcut
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.runtime.lent_terminal import HasTerminal, Program
from mfa_tui.ui.sessions.login_flow import LoginFlow
from mfa_tui.ui.text.spans import format_time

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Session
    from mfa_tui.ui.flows.host_screen import HostScreen

_MOST = 50
"""Commands that are remembered, in memory: a command line may hold secrets."""


class _Environment(NamedTuple):
    """The environment of a program with a session."""

    variables: dict[str, str]
    until: str
    """When the session expires, as it is shown."""

    def __repr__(self) -> str:
        return f"_Environment({self.until})"


async def open_shell(host: HostScreen, name: str) -> None:
    """Open the user's shell with a session of the profile *name*, after a login if it has none."""
    found = await _get_environment(host, name)
    if found is None:
        return
    shell = user_shell(found.variables)
    first = (
        f"A shell with the session of {shown(name)}, valid until {found.until}.",
        "To come back to mfa-tui: exit",
    )
    status = await _run(host, name, Program([shell], found.variables, first))
    if status is not None:
        host.notify_success("Back in mfa-tui", _ended(f"The shell with {shown(name)}", status))


async def run_command(host: HostScreen, name: str, earlier: list[str]) -> None:
    """Ask for a command line, and run it in the user's shell with a session of the profile *name*.

    *earlier* has the lines that were run before, and gets this one.
    """
    from mfa_tui.ui.sessions.command_line_dialog import CommandLineDialog

    about = f"It runs in your shell, with the session of {shown(name)} in its environment."
    line = await host.ask(CommandLineDialog(f"Run with {shown(name)}", about, earlier))
    if not line:
        return
    earlier[:] = [*(before for before in earlier if before != line), line][-_MOST:]
    found = await _get_environment(host, name)
    if found is None:
        return

    def last(status: int) -> str:
        return f"{_ended(shown(line), status)} Press Enter to come back to mfa-tui."

    program = Program(shell_command(found.variables, line), found.variables, (f"{shown(name)} $ {line}",), last)
    status = await _run(host, name, program)
    if status is not None:
        host.notify_success(f"Ran with {shown(name)}", _ended(shown(line), status))


async def _get_environment(host: HostScreen, name: str) -> _Environment | None:
    """An environment with a session of the profile, after a login if it has none; None if there is no session.

    The action log says why.
    """
    if not cast("HasTerminal", host.app).can_lend_terminal():
        host.notify("This terminal cannot be lent to another program.", severity="warning", markup=False)
        return None
    # What is typed meanwhile is for the program.
    host.expect_dialog()
    flow = LoginFlow(host, LoginRequest(profile=name), notifies=False)
    if not await flow.run() or flow.done is None:
        return None
    session = flow.done.session
    made = await attempt(host, name, partial(_make_environment, host, name, session), step=_STEP)
    return None if made is None else _Environment(made, format_time(session.expires_at, host.app_state.now()))


_STEP = Progress("writing", "Starting the program")


def _make_environment(host: HostScreen, name: str, session: Session, _: CancelScope) -> dict[str, str]:
    """The environment of a program with *session*, which is valid; see ``mfa-tui exec``."""
    context = host.app_state.context
    settings = {**write_shortcut(context, name, session), SHOWN_PROFILE: name}
    return session_environment(context.env, credential_variables(session), settings)


async def _run(host: HostScreen, name: str, program: Program) -> int | None:
    """Run *program* on the terminal; returns its exit status, or None if it could not be started."""
    try:
        return await cast("HasTerminal", host.app).lend_terminal(program)
    except MfaTuiError as problem:
        host.app_state.action_log.end(name, problem=problem)
        return None
    finally:
        await host.reload()


def _ended(what: str, status: int) -> str:
    return f"{what}: exit status {status}." if status else f"{what}: done."
