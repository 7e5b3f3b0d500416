"""How this program can be run again, by a shell or an AWS SDK, from any directory."""

from __future__ import annotations

import os
import sys


def own_command() -> list[str]:
    """The words of a command that starts this mfa-tui: its script, or its Python with what it was told to run."""
    path = os.path.abspath(sys.argv[0])
    if os.path.dirname(path) == _package() and os.path.basename(path) == "__main__.py":
        return [sys.executable, "-m", "mfa_tui"]
    if path.endswith(".py"):
        return [sys.executable, path]
    # On Windows the script that pip makes names itself without its ending.
    return [path + ".exe"] if os.name == "nt" and os.path.isfile(path + ".exe") else [path]


def _package() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
