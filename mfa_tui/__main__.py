"""Where the program starts, and the only place that knows both the command line and the interface."""

import _signal  # type: ignore[import-not-found]  # what signal is built on: that one imports enum
import sys

from mfa_tui import hot

# First of all: until a command can be interrupted properly (see adapters.system.process), Ctrl+C ends the process, as
# by default, where Python would show a traceback. Where it is ignored, it stays ignored.
if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.services.context import Context


def main() -> int:
    """Run ``mfa-tui`` with the arguments of this process; the exit status is returned (see errors.Exit).

    Where there is no more to do than to hand out a session, the process ends in here.
    """
    try:
        if sys.argv[1:2] and sys.argv[1] in ("env", "exec", "login", "use"):
            from mfa_tui import hot_commands

            hot.serve(sys.argv[1:], hot_commands.COMMANDS)
        else:
            hot.serve(sys.argv[1:])
    except hot.OutputCutOff as error:
        from mfa_tui.cli.main import report_cut_output

        return report_cut_output(error)
    from mfa_tui.cli.main import run

    return run(sys.argv[1:], open_interface, pick)


def open_interface(context: "Context", profile: str) -> int:
    """The terminal interface, the cursor on *profile* if it is not empty."""
    from mfa_tui.ui.app import run

    return run(context, profile)


def pick(context: "Context", profile: str) -> str | None:
    """The list as a picker, below the prompt; the name of the profile that was chosen and logged in to, if any was."""
    from mfa_tui.ui.app import pick

    return pick(context, profile)


if __name__ == "__main__":
    sys.exit(main())
