"""The whole program, for what is not served at once; the only place that knows the command line and the interface."""

import sys

from mfa_tui.cli.main import report_cut_output, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.services.context import Context


def run_program(cut_off: OSError | None) -> int:
    """Run ``mfa-tui`` with the arguments of this process; the exit status is returned (see errors.Exit).

    *cut_off* is why only a part of the result could be written, if a part was.
    """
    return report_cut_output(cut_off) if cut_off else run(sys.argv[1:], open_interface, pick)


def open_interface(context: "Context", profile: str) -> int:
    """The terminal interface, the cursor on *profile* if it is not empty."""
    from mfa_tui.ui.app import run

    return run(context, profile)


def pick(context: "Context", profile: str) -> str | None:
    """The list as a picker, below the prompt; the name of the profile that was chosen and logged in to, if any was."""
    from mfa_tui.ui.app import pick

    return pick(context, profile)
