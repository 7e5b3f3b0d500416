"""``mfa-tui exec``."""

from __future__ import annotations

import os

from mfa_tui.cli.terminal import output
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments, for help and completion. :func:`run` does without, to start sooner."""
    from mfa_tui.cli.sessions.scope_option import add_scope_option
    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.core.scopes.presets import scope_list

    parser = Parser("exec", "Run COMMAND with the profile's session in its environment, and return its exit status.")
    parser.usage = "mfa-tui exec [--renew] [--scope NAME] PROFILE [--] COMMAND …"
    parser.add_argument(
        "profile", metavar="PROFILE", help="may be left out before -- (default: AWS_PROFILE, else default)"
    )
    parser.add_argument(
        "--renew",
        action="store_true",
        help="for long-running commands: AWS tools get credentials from mfa-tui, which renews them while COMMAND runs",
    )
    add_scope_option(parser)
    parser.add_argument("command", nargs="...", metavar="COMMAND", help="the command and its arguments")
    parser.epilog = (
        "Older credentials and AWS_PROFILE are removed from its environment. Exit status: COMMAND's; 127 if it is not "
        'found, 126 if it cannot be run. For a shell with the session: mfa-tui exec PROFILE -- "$SHELL". '
        f"{scope_list()}"
    )
    return parser


def run(arguments: list[str]) -> int:
    """Run the command. On POSIX, this process is replaced by it."""
    profile, renew, scope, command = _parse(arguments)
    if not command or not command[0]:
        raise UsageError(
            "usage",
            "No command was given.",
            "",
            f'For a shell with the session: mfa-tui exec {profile or "PROFILE"} -- "$SHELL"',
        )
    if renew:
        from mfa_tui.cli.sessions.exec_renew import run_with_renewal

        return run_with_renewal(profile, scope, command)
    from mfa_tui.adapters.programs import launch
    from mfa_tui.cli.sessions.quick_session import get_session_for_child
    from mfa_tui.core.shells.variables import SHOWN_PROFILE, credential_variables, session_environment

    found = get_session_for_child(profile, scope)
    settings = {**found.variables, SHOWN_PROFILE: found.profile}
    environment = session_environment(os.environ, credential_variables(found.session), settings)
    output.flush()
    if os.name == "posix":
        launch.exec_command(command, environment)
    from mfa_tui.adapters.programs.signal_forwarding import SignalForwarder

    with SignalForwarder() as relay:
        return relay.run(lambda: launch.start_command(command, environment))


def _parse(arguments: list[str]) -> tuple[str | None, bool, str, list[str]]:
    """Profile, whether to renew, scope and command. It starts after ``--``, or at the second word that is no option.

    Raises UsageError, or SystemExit after showing the help.
    """
    profile: str | None = None
    renew, scope, place = False, "", -1
    while (place := place + 1) < len(arguments):
        word = arguments[place]
        if word == "--":
            return profile, renew, scope, arguments[place + 1 :]
        if word == "--renew":
            renew = True
        elif word.partition("=")[0] == "--scope":
            from mfa_tui.cli.sessions.scope_option import scope_in

            scope, more = scope_in(arguments, place, "mfa-tui exec")
            place += more
        elif word in ("-h", "--help"):
            parser().parse_args([word])
        elif word.startswith("-"):
            parser().error(f"unrecognized option before the command: {word}")
        elif profile is None:
            profile = word
        else:
            return profile, renew, scope, arguments[place:]
    return profile, renew, scope, []
