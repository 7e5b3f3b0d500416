"""The user's command, run in place of this process or as its child."""

from __future__ import annotations

import sys

from mfa_tui.adapters.system.process import OriginalCoreLimit
from mfa_tui.errors import UsageError
from mfa_tui.hot_commands import replace_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence
    from typing import NoReturn


class CommandNotFound(UsageError):
    """The command does not exist."""

    exit_status = 127


class CommandNotExecutable(UsageError):
    """The command exists, but cannot be run."""

    exit_status = 126


def exec_command(command: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Replace this process by *command*, which then has its signals, terminal and exit status. POSIX only.

    If this process was root in another user's home, the command runs as root: that is who asked for it.

    Raises CommandNotFound ``command-not-found``, CommandNotExecutable ``command-not-executable``.
    """
    # If it is not loaded, this process was never root.
    if (homeowner := sys.modules.get("mfa_tui.adapters.system.home_owner")) is not None:
        homeowner.become_root_again()
    try:
        replace_process(command, dict(environment))
    except OSError as error:
        raise _failure(command[0], environment, error) from None


def start_command(
    command: Sequence[str], environment: Mapping[str, str], *, as_job: bool = False, output: int | None = None
) -> subprocess.Popen[bytes]:
    """Start *command* with our standard streams, and the other file descriptors that we inherited.

    *as_job*: it leads a process group of its own (POSIX). *output* is its standard output, if that is not ours.

    Raises CommandNotFound ``command-not-found``, CommandNotExecutable ``command-not-executable``.
    """
    import subprocess

    from mfa_tui.adapters.system.home_owner import acts_as_home_owner, become_root_again

    program, *arguments = command
    if sys.platform == "win32":
        import shutil

        # Windows looks programs up in our own PATH, and only those that end in .exe.
        program = shutil.which(program, path=environment.get("PATH")) or program
    with OriginalCoreLimit():
        try:
            return subprocess.Popen(  # noqa: S603 - the user's own command
                # Our own descriptors are not inherited (PEP 446).
                [program, *arguments],
                env=environment,
                close_fds=False,
                stdout=output,
                process_group=0 if as_job and sys.platform != "win32" else None,
                # As in exec_command: nothing but this process's identity is changed between fork and exec.
                preexec_fn=become_root_again if acts_as_home_owner() else None,  # noqa: PLW1509
            )
        except OSError as error:
            raise _failure(program, environment, error) from None


def _failure(program: str, environment: Mapping[str, str], error: OSError) -> UsageError:
    """The error, in a shell's words and with its exit status."""
    why, remedy = f"{error.strerror}.", "Check that it is a program."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        import shutil

        if shutil.which(program, path=environment.get("PATH")) is None:
            return CommandNotFound(
                "command-not-found", f"{program}: command not found.", "", "Check the name and PATH."
            )
        why, remedy = "The interpreter that its first line names is missing.", "Correct that line."
    return CommandNotExecutable("command-not-executable", f"{program}: cannot be run.", why, remedy)
