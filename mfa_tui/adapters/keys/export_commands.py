"""Keys that other tools keep: their own export commands print them. Their stores are never read.

aws-vault: ``export --no-session`` prints the long-term key (https://github.com/ByteNess/aws-vault, docs/USAGE.md).
granted: ``credential-process`` prints the key that ``granted credentials add`` stored (https://docs.commonfate.io/granted).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.programs.run_program import OutputTooLong, run
from mfa_tui.adapters.system.cancellation import TimedOut
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import KeyringProblem, UsageError
from mfa_tui.models import Secret

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.problems.finding import Finding

_COMMANDS = {
    "aws-vault": ("aws-vault", "export", "--no-session", "--format=json", "{}"),
    "granted": ("granted", "credential-process", "--profile={}"),
}
TOOLS = tuple(_COMMANDS)
"""The tools whose keys can be imported."""
_TIME = 120.0
"""Seconds: the tool may ask for its passphrase."""
_LONGEST = 65_536


def export_command(tool: str, profile: str) -> tuple[str, ...]:
    """The words of the command by which *tool* prints the key of its *profile*."""
    return tuple(word.format(profile) for word in _COMMANDS[tool])


def run_export(tool: str, profile: str, cancel: CancelScope, *, on_terminal: bool) -> Secret:
    """Run the export command, and return what it printed. *on_terminal*: it may ask the user there.

    Raises ``keys-export-failed``, as UsageError if it cannot be started, else as KeyringProblem; and Cancelled.
    """
    command = export_command(tool, profile)
    try:
        done = run(command, cancel, _TIME, on_terminal=on_terminal, longest=_LONGEST)
    except OSError:
        raise _failed(tool, profile, f"{command[0]} cannot be started.").as_error(UsageError) from None
    except TimedOut:
        why = f"It did not finish within {_TIME:g} s."
    except OutputTooLong:
        why = "It printed too much."
    else:
        if done.status == 0 and done.out.strip():
            return Secret(done.out.decode(errors="replace"))
        why = f"It ended with status {done.status}." if done.status else "It printed nothing."
    raise _failed(tool, profile, why).as_error(KeyringProblem)


def _failed(tool: str, profile: str, why: str) -> Finding:
    command = " ".join(word.format("PROFILE") for word in _COMMANDS[tool])
    return problem("keys-export-failed", tool=tool, why=why, command=shell_command(profile, command))
