"""``mfa-tui use``: prints what switches the profile of a shell; the function of ``shell-init`` runs it there."""

from __future__ import annotations

import os

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output, time_format, tty
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.shells import switching
from mfa_tui.core.shells.quoting import INTERACTIVE, assignments
from mfa_tui.errors import Cancelled, Exit, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.cli.commands.registry import Picker
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.core.shells.switching import EnvironmentChange
    from mfa_tui.services.context import Context


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "use",
        "Switch the profile of this shell, logging in first if there is no live session. "
        "It needs the function that mfa-tui shell-init prints.",
    )
    add = parser.add_argument
    add("profile", nargs="?", metavar="PROFILE", help="- is the previous one (default: pick it from the list)")
    add("--export", action="store_true", help="export the keys themselves, in place of AWS_PROFILE")
    add("--unset", action="store_true", help="use no profile any more")
    add("--shell", choices=INTERACTIVE, default="sh", help="whose language (default: sh, for bash and zsh)")
    parser.epilog = 'Without the function: eval "$(command mfa-tui use PROFILE)"'
    return parser


def run(arguments: list[str], pick: Picker) -> int:
    """Print the code that switches."""
    given = parser().parse_args(arguments)
    if given.unset and (given.export or given.profile is not None):
        raise UsageError("usage", "--unset goes alone.", "", "See mfa-tui use --help")
    if output.stdout_is_terminal():
        raise _function_missing()
    env = dict(os.environ)
    change = switching.use_nothing(env)
    if not given.unset:
        name = _pick_profile(pick) if given.profile is None else given.profile
        # What was in use shall not outrank what is logged in to now.
        for variable in change.removed:
            os.environ.pop(variable, None)
        change = _log_in(env, name, export=given.export)
    output.print_exact(assignments(given.shell, change.variables, change.removed))
    return Exit.DONE


def _pick_profile(pick: Picker) -> str:
    tty.check_for_interface("Without one, name the profile: mfa-tui use PROFILE")
    name = pick(open_context(secrets=True), "")
    if name is None:
        raise Cancelled("No profile was picked; nothing was changed.")
    return name


def _log_in(env: Mapping[str, str], name: str, *, export: bool) -> EnvironmentChange:
    """The change from *env* to the profile, once it is logged in to."""
    from mfa_tui.services.profiles.switching import choose

    context = open_context(secrets=True)
    profile = choose(context, name)
    if export:
        return _export_keys(context, env, profile)
    if not profile.can_log_in:
        output.say(f"{profile.name}: used as it is, without a login; {profile.problem}.")
        return switching.use_profile(env, profile.name)
    from mfa_tui.cli.sessions.login_prompts import log_in
    from mfa_tui.services.sessions.outcomes import LoginRequest

    done = log_in(context, LoginRequest(profile=profile.name), CancelScope())
    output.print_notices(done.notices)
    _show_expiry(context, f"AWS_PROFILE={done.target}", done.session.expires_at)
    return switching.use_profile(env, done.target)


def _export_keys(context: Context, env: Mapping[str, str], profile: Profile) -> EnvironmentChange:
    from mfa_tui.cli.sessions.quick_session import get_session_for_child
    from mfa_tui.core.shells.variables import credential_variables
    from mfa_tui.services.profiles.resolve import inability

    if not profile.can_log_in:
        raise inability(profile)
    found = get_session_for_child(profile.name)
    _show_expiry(context, f"The keys of {profile.name}", found.session.expires_at)
    return switching.use_keys(env, profile.name, credential_variables(found.session), found.variables)


def _show_expiry(context: Context, what: str, expires_at: int) -> None:
    output.remark(f"{what}, good until {time_format.until(expires_at, context.clock.aws_now())}")


def _function_missing() -> UsageError:
    shell = os.path.basename(os.environ.get("SHELL", ""))
    lines = {
        "bash": 'Put this into ~/.bashrc: eval "$(mfa-tui shell-init bash)"',
        "zsh": 'Put this into ~/.zshrc: eval "$(mfa-tui shell-init zsh)"',
        "fish": "Put this into ~/.config/fish/config.fish: mfa-tui shell-init fish | source",
    }
    return UsageError(
        "shell-init-missing",
        "mfa-tui use cannot change this shell: its function is not loaded.",
        "A program cannot change the shell that runs it; a function of the shell can.",
        lines.get(shell, "Load it as mfa-tui shell-init --help says."),
    )
