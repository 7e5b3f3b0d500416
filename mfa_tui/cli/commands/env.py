"""``mfa-tui env``. With a live session it is as quick as starting Python allows: argparse comes only when needed."""

from __future__ import annotations

import os

from mfa_tui.cli.terminal import output
from mfa_tui.core.shells.quoting import SHELLS, assignments, can_unset
from mfa_tui.core.shells.switching import env_output, env_unset
from mfa_tui.errors import Exit, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser

    Given = tuple[str | None, str, bool]
    """Profile, shell, and whether to unset."""

_LOADED_WITH = {
    "sh": 'eval "$(mfa-tui env{})"',
    "fish": "mfa-tui env{} --shell fish | source",
    "powershell": "mfa-tui env{} --shell powershell | Out-String | Invoke-Expression",
    "cmd": "for /f \"delims=\" %i in ('mfa-tui env{} --shell cmd') do @%i",
}


def parser() -> Parser:
    """The parser of its arguments."""
    from mfa_tui.cli.terminal.parser import Parser

    parser = Parser("env", "The session as variables: for eval, for a file, for another program.")
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help="default: AWS_PROFILE, else default")
    parser.add_argument("--shell", choices=SHELLS, default="sh", help="whose language (default: sh, for bash and zsh)")
    parser.add_argument("--unset", action="store_true", help="print what removes the variables again")
    parser.epilog = (
        'eval "$(mfa-tui env dev)" takes it into the shell. dotenv is what python-dotenv and docker compose read; '
        "keys stand in it without quotes, so that docker run --env-file reads them too."
    )
    return parser


def run(arguments: list[str]) -> int:
    """Print the assignments."""
    profile, shell, remove = _parse_quickly(arguments) or _parse(arguments)
    if remove and not can_unset(shell):
        raise UsageError("usage", f"{shell} cannot remove variables.", "", "Delete the file that they were written to.")
    if remove:
        change = env_unset(os.environ)
    else:
        from mfa_tui.cli.sessions.quick_session import get_session_for_child
        from mfa_tui.core.shells.variables import credential_variables

        found = get_session_for_child(profile)
        change = env_output(os.environ, shell, credential_variables(found.session), found.variables)
    output.print_exact(assignments(shell, change.variables, change.removed))
    if output.stdout_is_terminal() and shell in _LOADED_WITH:
        from shlex import quote

        words = " --unset" if remove else f" {quote(profile)}" if profile else ""
        output.remark(f"This is for the shell to run: {_LOADED_WITH[shell].format(words)}")
    return Exit.DONE


def _parse_quickly(arguments: list[str]) -> Given | None:
    """The arguments as they nearly always are; None for help, mistakes and all other ways to write them."""
    profile, shell, remove = None, "sh", False
    words = iter(arguments)
    for word in words:
        if word == "--unset":
            remove = True
        elif word == "--shell":
            shell = next(words, "")
        elif word and not word.startswith("-") and profile is None:
            profile = word
        else:
            return None
    return (profile, shell, remove) if shell in SHELLS else None


def _parse(arguments: list[str]) -> Given:
    given = parser().parse_args(arguments)
    return given.profile, given.shell, given.unset
