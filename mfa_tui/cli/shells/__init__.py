"""Code for interactive shells: the files beside this one, with the command that starts mfa-tui filled in."""

from __future__ import annotations

import os

from mfa_tui.adapters.programs.own_command import own_command
from mfa_tui.core.shells.shell_code import quoted_command

LANGUAGES = {"bash": "sh", "zsh": "sh", "fish": "fish", "powershell": "powershell"}
"""The shells, and whose quoting rules each follows (see ``core.shells``)."""

_NAME = "{name}"
"""Where the files have the short name of the function."""
_COMMAND = "{mfa-tui}"
"""Where the files have the command. It is filled in with its path, as PATH may find another installation first."""


def read(name: str, shell: str, function: str = "") -> str:
    """Read the code in the file *name*, for *shell*, where the function has the short name *function*."""
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        code = file.read().replace(_COMMAND, quoted_command(LANGUAGES[shell], own_command()))
    return code.replace(_NAME, function)
