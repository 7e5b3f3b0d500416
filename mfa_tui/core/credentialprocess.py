"""Telling whose credentials a ``credential_process`` asks mfa-tui for: ``… mfa-tui credential-process PROFILE``."""

from __future__ import annotations

COMMAND = "credential-process"
_PROGRAMS = ("mfa-tui", "mfa-tui.exe", "mfa_tui")
"""What our program is called: a script, the same on Windows, the module behind ``python -m``."""


def profile_of_process(line: str) -> str:
    """The profile whose credentials *line*, a ``credential_process``, asks mfa-tui for; empty if it does not."""
    if COMMAND not in line:
        return ""
    import shlex

    for posix in (True, False):
        try:
            words = [word if posix else word.strip('"') for word in shlex.split(line, posix=posix)]
        except ValueError:
            continue
        for before, command, profile in zip(words, words[1:], words[2:], strict=False):
            if command == COMMAND and before.replace("\\", "/").rsplit("/", 1)[-1].lower() in _PROGRAMS:
                return profile
    return ""
