"""Code for interactive shells: the files beside this one, with the command that starts mfa-tui put into them."""

from __future__ import annotations

import os

from mfa_tui.adapters.programs.own_command import own_command
from mfa_tui.core.shells.quoting import quoted_command

LANGUAGES = {"bash": "sh", "zsh": "sh", "fish": "fish", "powershell": "powershell"}
"""The shells, and by whose rules each quotes (see ``core.shells``)."""

_COMMAND = "{mfa-tui}"
"""Stands in the files where the command belongs: by its path, as that of another Python may be found first."""


def read(name: str, shell: str) -> str:
    """The code in the file *name*, for *shell*."""
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return file.read().replace(_COMMAND, quoted_command(LANGUAGES[shell], own_command()))
