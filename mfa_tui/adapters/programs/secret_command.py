"""Commands of the settings that print a secret, and other programs that answer a question."""

from __future__ import annotations

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.errors import KeyringProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mfa_tui.adapters.programs.run_program import FinishedProgram
    from mfa_tui.adapters.programs.user_prompts import UserPrompts
    from mfa_tui.adapters.system.cancellation import CancelScope

TIMEOUT = 60.0
"""Seconds that one program may take: it may ask for a password itself, or wait for a touch."""

_LONGEST = 65536
"""Bytes that a program may print; no secret, passphrase or code is longer."""


class ProgramFailed(Exception):
    """The program did not run to its end. The message says why, in a sentence."""


def run_to_end(
    command: Sequence[str], cancel: CancelScope, prompts: UserPrompts, tell: Callable[[str], None] | None = None
) -> FinishedProgram:
    """Run *command* to its end; *prompts* says whether it may use the terminal. *tell* is that of ``run_program.run``.

    Raises ProgramFailed, Cancelled.
    """
    from mfa_tui.adapters.programs import run_program
    from mfa_tui.adapters.system.cancellation import TimedOut

    try:
        return run_program.run(
            command, cancel, TIMEOUT, on_terminal=prompts.may_use_terminal(), tell=tell, longest=_LONGEST
        )
    except OSError as error:
        raise ProgramFailed(f"It cannot be run: {reason(error)}.") from None
    except TimedOut:
        raise ProgramFailed(f"It did not finish within {TIMEOUT:.0f} s.") from None
    except run_program.OutputTooLong:
        raise ProgramFailed(f"It printed more than {_LONGEST // 1024} KiB, and was stopped.") from None


class SettingsCommand:
    """A command of the settings that prints a secret."""

    def __init__(self, setting: str, command: str, prompts: UserPrompts, *, lacking: str, otherwise: str = "") -> None:
        """*setting* is its key in the settings.

        *lacking* says in an error what is missing if it fails; *otherwise* how to do without it.
        """
        self._setting = setting
        self._command = command
        self._prompts = prompts
        self._lacking = lacking
        self._otherwise = otherwise

    def read_output(self, cancel: CancelScope) -> str:
        """Run it and return its output. Raises Cancelled, and KeyringProblem (:meth:`failed`) without its output."""
        import shlex

        try:
            ended = run_to_end(shlex.split(self._command), cancel, self._prompts)
        except ProgramFailed as end:
            raise self.failed(str(end)) from None
        if ended.status:
            raise self.failed(f"It failed with exit status {ended.status}.")
        return ended.out.decode(errors="replace")

    def read_line(self, cancel: CancelScope) -> str:
        """As :meth:`read_output`, for a command that prints one line, apart from blank ones."""
        line = self.read_output(cancel).strip()
        if len(line.splitlines()) > 1:
            raise self.failed("It printed several lines.")
        return line

    @property
    def program(self) -> str:
        """The name of the program that it runs."""
        import shlex

        return shlex.split(self._command)[0]

    def failed(self, why: str) -> KeyringProblem:
        """The error, whose slug is the setting's name: ``seed-command`` for ``seed_command``."""
        return KeyringProblem(
            self._setting.replace("_", "-"),
            f"{self._lacking} from {self.program}.",
            why,
            f"Run the command in {self._setting} of the settings yourself to see what it does{self._otherwise}.",
        )
