"""``mfa-tui env``. With a valid session it is quick: argparse is loaded only when needed."""

from __future__ import annotations

import os

from mfa_tui.cli.terminal import output
from mfa_tui.core.shells.shell_code import SHELLS, assignments, can_unset
from mfa_tui.core.shells.switching import env_output, env_unset
from mfa_tui.errors import Exit, UsageError
from mfa_tui.hot_commands import env_arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser

    Given = tuple[str | None, str, bool, str]
    """Profile, shell, whether to unset, and scope."""

_LOADED_WITH = {
    "sh": ('eval "$({})"', ""),
    "fish": ("{} | source", " --shell fish"),
    "powershell": ("{} | Out-String | Invoke-Expression", " --shell powershell"),
    "cmd": ("for /f \"delims=\" %i in ('{}') do @%i", " --shell cmd"),
}


def parser() -> Parser:
    """The parser of its arguments."""
    from mfa_tui.cli.sessions.scope_option import add_scope_option
    from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser

    parser = Parser("env", "Print the session as environment variables, for a shell, a file or another program.")
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help=PROFILE_HELP)
    parser.add_argument("--shell", choices=SHELLS, default="sh", help="output format (default: sh, for bash and zsh)")
    add_scope_option(parser)
    parser.add_argument("--unset", action="store_true", help="print commands that remove the variables")
    parser.epilog = (
        'To load it into a shell: eval "$(mfa-tui env dev)". dotenv is for python-dotenv and docker compose. '
        "Credentials are not quoted in it, so docker run --env-file reads it too."
    )
    return parser


def run(arguments: list[str]) -> int:
    """Print the assignments."""
    profile, shell, remove, scope = env_arguments(arguments, SHELLS) or _parse(arguments)
    if remove and not can_unset(shell):
        raise UsageError(
            "usage", f"The format {shell} cannot remove variables.", "", "Delete the file that you wrote them to."
        )
    if remove:
        change = env_unset(os.environ)
    else:
        from mfa_tui.cli.sessions.quick_session import get_session_for_child
        from mfa_tui.core.shells.variables import credential_variables

        found = get_session_for_child(profile, scope)
        change = env_output(os.environ, shell, credential_variables(found.session), found.variables)
    output.print_exact(assignments(shell, change.variables, change.removed))
    if output.stdout_is_terminal() and shell in _LOADED_WITH:
        from mfa_tui.core.text.display import shell_command

        line, option = _LOADED_WITH[shell]
        command = f"mfa-tui env{' --unset' if remove else ' PROFILE' if profile else ''}{option}"
        output.remark(f"Let your shell run this: {line.format(shell_command(profile or '', command))}")
    return Exit.DONE


def _parse(arguments: list[str]) -> Given:
    given = parser().parse_args(arguments)
    return given.profile, given.shell, given.unset, given.scope or ""
