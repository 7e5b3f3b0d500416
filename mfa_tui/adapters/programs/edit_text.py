"""Text that the user edits in a program of their own."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.os_errors import as_write_problem
from mfa_tui.adapters.filesystem.temporary_directories import temporary_directory
from mfa_tui.adapters.programs.launch import start_command
from mfa_tui.errors import MfaTuiError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def edit_in_program(command: Sequence[str], text: str, name: str) -> str:
    """Let the user edit *text* in the program *command*, in a private file called *name*; returns what it then holds.

    Raises MfaTuiError (``editor-failed``) if the program is missing, fails or leaves no text, WriteProblem.
    """
    with as_write_problem("The file for the editor was not written."), temporary_directory() as directory:
        path = os.path.join(directory, name)
        with open(path, "x", encoding="utf-8", newline="") as file:
            file.write(text)
        try:
            status = start_command([*command, path], os.environ).wait()
        except UsageError as error:
            # Status 127 is for the command of mfa-tui exec.
            raise _failed(command[0], error.what) from None
        if status != 0:
            raise _failed(command[0], f"It ended with status {status}.")
        try:
            with open(path, encoding="utf-8", newline="") as file:
                return file.read()
        except FileNotFoundError:
            raise _failed(command[0], "It left no file.") from None
        except UnicodeDecodeError:
            raise _failed(command[0], "It saved text that is not UTF-8.") from None


def _failed(program: str, why: str) -> MfaTuiError:
    return MfaTuiError(
        "editor-failed",
        f"The editor {program} failed; nothing was changed.",
        why,
        "To use another, set VISUAL or EDITOR.",
    )
