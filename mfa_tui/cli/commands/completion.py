"""``mfa-tui completion``: prints the completion of commands, options and profile names, for each shell."""

from __future__ import annotations

import os

from mfa_tui.cli.terminal import output
from mfa_tui.core.text.display import is_clean
from mfa_tui.errors import Exit, FileProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from mfa_tui.cli.terminal.parser import Parser

_PROFILES = "--profiles"
"""The option with which the shells' code asks us for profile names, at each press of Tab."""
_NAMES = {
    "bash": "_mfa_tui_profiles",
    "zsh": "_mfa_tui_profiles",
    "fish": "(__mfa_tui_profiles)",
    "powershell": "_mfa_tui_profiles",
}
"""How each shell gets the profiles. The functions are in ``shells/completion.*``."""


def parser() -> Parser:
    """The parser of its arguments."""
    from mfa_tui.cli.terminal.parser import Parser

    parser = Parser("completion", "Print the completion of commands, options and profile names for the shell.")
    parser.add_argument("shell", choices=list(_NAMES), metavar="SHELL", help=", ".join(_NAMES))
    parser.epilog = (
        "mfa-tui shell-init includes it. To get it without the function of use: mfa-tui completion fish | source, "
        'or eval "$(mfa-tui completion bash)", in the shell\'s start-up file.'
    )
    return parser


def run(arguments: list[str]) -> int:
    """Print the code, or (for that code) the profiles that begin with what was typed."""
    if arguments[:1] == [_PROFILES]:
        # A shell shows the names unfiltered, and puts them on the command line.
        names = _profile_names("".join(arguments[1:2]))
        if not is_clean("".join(names)):
            names = [name for name in names if is_clean(name)]
        if names:
            output.print_exact("\n".join(names))
        return Exit.DONE
    output.print_exact(script(parser().parse_args(arguments).shell))
    return Exit.DONE


def script(shell: str) -> str:
    """The code that completes commands, options and profile names in *shell*, one of those that the command takes."""
    import shtab

    from mfa_tui.cli import shells

    made = shtab.complete(_command_tree(), shell)
    if shell == "zsh":
        # shtab 1.13 writes "any number of arguments" so that zsh completes only the first.
        made = made.replace('"(*)::', '"*:')
    own = shells.read(f"completion.{shell}", shell)
    # The zsh script ends with a call, for when it is loaded as a file. Ours replaces the registration in bash's.
    return (f"{made}\n\n{own}" if shell == "bash" else _with_own_code(made, own)).rstrip("\n")


def _with_own_code(script: str, own: str) -> str:
    """*script* with *own* after its first lines, which are comments."""
    heading = script.index("\n\n")
    return f"{script[:heading]}\n\n{own}{script[heading:]}"


def _command_tree() -> argparse.ArgumentParser:
    """One parser for the whole command line, made from the parsers of the commands."""
    from argparse import ArgumentParser

    from mfa_tui.cli.commands import COMMANDS, module_of

    root = ArgumentParser("mfa-tui", description="Temporary AWS credentials with MFA, from the terminal.")
    _complete_with_profiles(
        root.add_argument("--profile", metavar="PROFILE", help="open the interface with the cursor on it")
    )
    root.add_argument("--version", action="store_true", help="show the version")
    _add(root, {name: module_of(name).parser() for name in COMMANDS}, COMMANDS)
    return root


def _add(parent: argparse.ArgumentParser, commands: dict[str, Parser], texts: dict[str, str]) -> None:
    from mfa_tui.cli.sessions.scope_option import OPTION
    from mfa_tui.core.scopes.presets import PRESETS
    from mfa_tui.core.settings.key_names import key_names

    added = parent.add_subparsers()
    for name, command in commands.items():
        text = texts.get(name) or command.description
        # As a parent, a parser passes on its arguments, including --help.
        child = added.add_parser(name, help=text, description=text, parents=[command], add_help=False)
        for action in command._actions:  # noqa: SLF001 - argparse has no other way to list them, and shtab reads them the same way
            if action.metavar == "PROFILE":
                _complete_with_profiles(action)
            elif action.metavar == "KEY" and not action.option_strings:
                action.choices = key_names()
            elif OPTION in action.option_strings:
                # This parser parses nothing: own scopes are not refused.
                action.choices = tuple(PRESETS)
        if command.commands:
            _add(child, command.commands, {})


def _complete_with_profiles(action: argparse.Action) -> None:
    """Mark an argument that takes profiles: shtab looks for ``complete``. The help is shown beside each name."""
    vars(action)["complete"] = _NAMES
    action.help = "profile"


def _profile_names(start: str) -> list[str]:
    """The profiles that begin with *start*, without those that login saved; none if a file is broken.

    This reads the AWS files once and nothing else, because someone has just pressed Tab and waits.
    """
    from mfa_tui.adapters.awsfiles.files import AwsFiles
    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.system.clock import Clock

    try:
        aws = AwsFiles(Paths(os.environ), Clock()).load()
    except FileProblem:
        return []
    return [name for name in aws.names if name.startswith(start) and aws.source_of_target(name) is None]
