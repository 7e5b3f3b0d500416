"""``mfa-tui use``: prints the code that switches a shell's profile. The function of ``shell-init`` runs it there."""

from __future__ import annotations

import os

from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.sessions.scope_option import add_scope_option
from mfa_tui.cli.terminal import output, time_format, tty
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.shells import switching
from mfa_tui.core.shells.function_name import command
from mfa_tui.core.shells.shell_code import INTERACTIVE, assignments
from mfa_tui.errors import Cancelled, Exit, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.cli.commands import Picker
    from mfa_tui.core.shells.switching import EnvironmentChange
    from mfa_tui.services.context import Context
    from mfa_tui.services.profiles.resolve import ResolvedProfile


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "use",
        "Switch this shell to a profile, and log in first if there is no valid session. "
        "This needs the function that mfa-tui shell-init prints.",
    )
    add = parser.add_argument
    add("profile", nargs="?", metavar="PROFILE", help="- is the previous one (default: pick it from a list)")
    add("--export", action="store_true", help="export the keys themselves instead of AWS_PROFILE")
    add_scope_option(parser)
    add("--unset", action="store_true", help="stop using a profile")
    add("--shell", choices=INTERACTIVE, default="sh", help="output format (default: sh, for bash and zsh)")
    parser.epilog = 'Without the function: eval "$(command mfa-tui use PROFILE)"'
    return parser


def run(arguments: list[str], pick: Picker) -> int:
    """Print the code that switches the profile."""
    given = parser().parse_args(arguments)
    if given.unset and (given.export or given.profile is not None):
        raise UsageError("usage", "--unset takes no profile and no --export.", "", "See mfa-tui use --help")
    if given.unset and given.scope:
        raise UsageError("usage", "--unset takes no --scope.", "", "See mfa-tui use --help")
    if output.stdout_is_terminal():
        raise _function_missing()
    env = dict(os.environ)
    change = switching.use_nothing(env)
    if not given.unset:
        name = _pick_profile(pick) if given.profile is None else given.profile
        # The profile that was in use must not outrank the one to log in to.
        for variable in change.removed:
            os.environ.pop(variable, None)
        change = _log_in(env, name, given.scope or "", export=given.export, picked=given.profile is None)
    output.print_exact(assignments(given.shell, change.variables, change.removed))
    return Exit.DONE


def _pick_profile(pick: Picker) -> str:
    named = command(os.environ, "mfa-tui use PROFILE")
    tty.check_for_interface(f"Without a terminal, name the profile: {named}")
    name = pick(open_context(secrets=True), "")
    if name is None:
        raise Cancelled("No profile was picked; nothing was changed.")
    return name


def _log_in(env: Mapping[str, str], name: str, scope: str, *, export: bool, picked: bool) -> EnvironmentChange:
    """Log in to the profile, and return the change to *env* that uses it. What was *picked* has been counted."""
    from mfa_tui.services.profiles.switching import BACK, choose_profile

    context = open_context(secrets=True)
    resolved, scope = choose_profile(context.resolve_with_scope, name, context.env, scope)
    if export:
        change = _export_keys(context, env, resolved, scope)
    else:
        named = context.env.get(switching.PREVIOUS, "") if name == BACK else name
        change = _save_session(context, env, resolved, scope, "" if scope else named)
    if not picked:
        from mfa_tui.services.listing.preferences import count_use

        count_use(context.paths, resolved.profile.name, context.clock.now())
    return change


def _save_session(
    context: Context, env: Mapping[str, str], resolved: ResolvedProfile, scope: str, name: str
) -> EnvironmentChange:
    """Log in, and return the change that uses the target; what was found is noted of *name* if that is not empty."""
    profile = resolved.profile
    if not profile.can_log_in:
        output.say(f"{profile.name}: used without a login: {profile.problem}.")
        return switching.use_profile(env, profile.name)
    from mfa_tui.cli.sessions.login_prompts import log_in
    from mfa_tui.services.login.saved_target import note_saved_target
    from mfa_tui.services.sessions.outcomes import LoginRequest

    request = LoginRequest(profile=profile.name, scope=scope)
    done = log_in(new_operation(context), request)
    output.print_notices(done.notices)
    if name and not output.has_spoken():
        note_saved_target(context, "use", name, request, done)
    _show_expiry(context, f"AWS_PROFILE={done.target}", done.session.expires_at)
    return switching.use_profile(env, done.target)


def _export_keys(context: Context, env: Mapping[str, str], resolved: ResolvedProfile, scope: str) -> EnvironmentChange:
    from mfa_tui.cli.sessions.quick_session import get_session_for_child
    from mfa_tui.core.shells.variables import credential_variables
    from mfa_tui.services.profiles.resolve import cannot_log_in

    profile = resolved.profile
    if not profile.can_log_in:
        raise cannot_log_in(*resolved)
    name = profile.name
    if scope:
        from mfa_tui.core.profiles.scoped_target import check_scope_of_target, scoped_target_name

        # The name by which ``use -`` comes back to it.
        name = scoped_target_name(profile.name, scope)
        settings = context.settings
        check_scope_of_target(
            resolved.files, (profile.name, scope), name, pattern=settings.target_pattern, own=settings.scopes
        )
    found = get_session_for_child(profile.name, scope)
    _show_expiry(context, f"The keys of {name}", found.session.expires_at)
    return switching.use_keys(env, name, credential_variables(found.session), found.variables)


def _show_expiry(context: Context, what: str, expires_at: int) -> None:
    output.remark(f"{what}, valid until {time_format.until(expires_at, context.clock.aws_now())}")


def _function_missing() -> UsageError:
    shell = os.path.basename(os.environ.get("SHELL", ""))
    lines = {
        "bash": 'Add this to ~/.bashrc: eval "$(mfa-tui shell-init bash)"',
        "zsh": 'Add this to ~/.zshrc: eval "$(mfa-tui shell-init zsh)"',
        "fish": "Add this to ~/.config/fish/config.fish: mfa-tui shell-init fish | source",
    }
    return UsageError(
        "shell-init-missing",
        "mfa-tui use cannot change this shell: its shell function is not loaded.",
        "Only a function of the shell can change the shell's own environment.",
        lines.get(shell, "See mfa-tui shell-init --help"),
    )
