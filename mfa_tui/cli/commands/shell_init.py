"""``mfa-tui shell-init``: prints the function with which ``mfa-tui use`` changes the shell, and its completion."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter

from mfa_tui.cli import shells
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.shells.function_name import PROGRAM, checked_function_name
from mfa_tui.errors import Exit

_FILES = {
    "bash": ("init.sh", "init.bash"),
    "zsh": ("init.sh", "init.zsh"),
    "fish": ("init.fish",),
    "powershell": ("init.powershell", "load.powershell"),
}
_NAMED = {
    "bash": (*_FILES["bash"], "name.sh", "name.bash"),
    "zsh": (*_FILES["zsh"], "name.sh", "name.zsh"),
    "fish": (*_FILES["fish"], "name.fish"),
    "powershell": ("init.powershell", "name.powershell"),
}
"""The files if the function has a short name, too."""
_WHERE = """\
Add one line to the file that your shell reads when it starts:

  bash        ~/.bashrc                    eval "$(mfa-tui shell-init bash)"
  zsh         ~/.zshrc, after compinit     eval "$(mfa-tui shell-init zsh)"
  fish        ~/.config/fish/config.fish   mfa-tui shell-init fish | source
  powershell  $PROFILE                     mfa-tui shell-init powershell | Out-String | Invoke-Expression

With --name mt, mt does the same as mfa-tui: mt use dev, mt login.

mfa-tui never edits these files. Completion of commands, options and profile names is included; to get it alone, see
mfa-tui completion --help. (PowerShell interprets -- itself: write '--' there, with the quotes.)"""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("shell-init", "Print the shell function with which mfa-tui use changes the current shell.")
    parser.add_argument("shell", choices=list(_FILES), metavar="SHELL", help=", ".join(_FILES))
    parser.add_argument(
        "--name",
        metavar="NAME",
        type=checked_function_name,
        help="a short name for the function, beside mfa-tui",
    )
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.epilog = _WHERE
    return parser


def run(arguments: list[str]) -> int:
    """Print the code."""
    given = parser().parse_args(arguments)
    shell, function = given.shell, given.name
    files = _FILES if function in (None, PROGRAM) else _NAMED
    output.print_exact("".join(shells.read(file, shell, function or "") for file in files[shell]).rstrip("\n"))
    return Exit.DONE
