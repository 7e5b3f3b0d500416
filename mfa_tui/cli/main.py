"""Runs the command that the command line names, or opens the interface."""

from __future__ import annotations

import gc
import os

from mfa_tui import VERSION, __version__, is_home_of_root
from mfa_tui.cli.terminal import output
from mfa_tui.errors import Cancelled, ConfigError, Exit, MfaTuiError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.cli.commands import Picker
    from mfa_tui.services.context import Context

    Interface = Callable[[Context, str], int]
    """Opens the terminal interface on a profile (or none, if empty) and returns the exit status."""

_OBJECTS = 50_000
"""New objects before a command collects garbage (700 by default). Imports make many, and all of them stay."""
_HELP = """usage: mfa-tui [--profile PROFILE]
       mfa-tui COMMAND …

Get temporary AWS credentials with MFA, from the terminal. Without a command, the interface opens.

commands:
{commands}

options:
  --profile PROFILE  open the interface with PROFILE selected
  --version          show the version
  --help             show this help; for one command: mfa-tui COMMAND --help

exit status: 0 success; 1 AWS, the network, the keyring or the disk refused or failed;
2 wrong usage or configuration; 3 input is needed and there is no terminal; 130 interrupted
"""


def run(arguments: list[str], interface: Interface, pick: Picker) -> int:
    """Run one command and return its exit status. Every failure is shown here, in a few lines."""
    try:
        about = _about(arguments[0] if arguments else "")
        if about:
            output.print_result(about)
            output.flush()
            return Exit.DONE
        return _run_command(arguments, interface, pick)
    except BrokenPipeError:
        # The reader has gone away (`mfa-tui list | head`), which is not a failure.
        output.abandon()
        return Exit.DONE
    except KeyboardInterrupt:
        return output.print_error(Cancelled("Interrupted."))
    except MfaTuiError as error:
        return output.print_error(error)
    except Exception as error:  # noqa: BLE001 - the last resort: one message, because a traceback could show secrets
        return output.print_error(_unexpected_error(error))


def report_cut_output(error: OSError) -> int:
    """Show that only a part of the result could be written to standard output, and return the exit status."""
    output.abandon()
    if isinstance(error, BrokenPipeError):
        return Exit.DONE
    return output.print_error(output.output_failed(error))


def _about(option: str) -> str:
    """What the program tells about itself. There is nothing to interrupt or to protect, so little is loaded."""
    if option in VERSION:
        return f"mfa-tui {__version__}"
    if option in ("-h", "--help", "help"):
        from mfa_tui.cli.commands import COMMANDS

        return _HELP.format(commands="\n".join(f"  {key:18}  {text}" for key, text in COMMANDS.items())).rstrip()
    return ""


def _run_command(arguments: list[str], interface: Interface, pick: Picker) -> int:
    from mfa_tui.adapters.system import process

    try:
        process.raise_on_ctrl_c()
        _leave_root(arguments)
        # Everything after this may read secrets.
        process.limit_core_dumps()
        status = _dispatch(arguments, interface, pick)
        try:
            output.flush()
        except BrokenPipeError:
            output.abandon()
        return status
    finally:
        # From here on Ctrl+C ends the process, as by default: there is nothing left to clean up.
        process.end_on_ctrl_c()


def _leave_root(arguments: list[str]) -> None:
    """Continue as the owner of the home directory if root runs us there. Call this before reading anything in it."""
    if os.name == "posix" and os.geteuid() == 0 and not is_home_of_root(os.environ.get("HOME", "")):
        from mfa_tui.adapters.system.home_owner import act_as_home_owner

        act_as_home_owner(interface=not arguments or arguments[0] in ("--profile", "use"))


def _unexpected_error(error: Exception) -> MfaTuiError:
    """The error for an unforeseen exception: its type and place. Its message and values may hold secrets."""
    package = os.path.dirname(os.path.dirname(__file__)) + os.sep
    place, trace = "", error.__traceback__
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path.startswith(package):
            place = f" in {path.removeprefix(package)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    if isinstance(error, ImportError) and os.name == "posix":
        from mfa_tui.adapters.system.home_owner import acts_as_home_owner

        if acts_as_home_owner():
            return ConfigError(
                "program-unreadable",
                f"The owner of {os.environ.get('HOME')} cannot read all files of mfa-tui{place}.",
                "When root runs mfa-tui in another user's home, it continues as that user.",
                "Install it where every user can read it, or run it without sudo.",
            )
    return MfaTuiError(
        "unexpected",
        f"mfa-tui {__version__} ran into an unexpected error: {type(error).__name__}{place}.",
        f"The system said: {error.strerror}." if isinstance(error, OSError) else "This is a bug in mfa-tui.",
        "Please report the first line and what you did. It contains no secrets.",
    )


def _dispatch(arguments: list[str], interface: Interface, pick: Picker) -> int:
    name = arguments[0] if arguments else ""
    if not name or name.startswith("-"):
        return _open_interface(arguments, interface)
    from mfa_tui.cli.commands import COMMANDS, module_of

    if name not in COMMANDS:
        raise _unknown_command(name)
    gc.set_threshold(_OBJECTS)
    module = module_of(name)
    try:
        status: int = module.run(arguments[1:], pick) if name == "use" else module.run(arguments[1:])
    except SystemExit:
        # argparse exits once it has shown a command's help. Its errors are raised as ours (see terminal.parser).
        return Exit.DONE
    finally:
        # What there is stays until the process ends. Looking through it for garbage first would take as long as
        # starting Python.
        gc.freeze()
    return status


def _open_interface(arguments: list[str], interface: Interface) -> int:
    profile = ""
    if arguments:
        option, equals, value = arguments[0].partition("=")
        values, rest = ([value], arguments[1:]) if equals else (arguments[1:2], arguments[2:])
        profile = "".join(values)
        if option == "--profile" and values and not profile.strip():
            from mfa_tui.cli.terminal.parser import empty_option

            raise empty_option(option, "mfa-tui")
        if option != "--profile" or rest or not profile:
            from mfa_tui.cli.commands import COMMANDS

            remedy = "See mfa-tui --help"
            if option == "--profile" and profile and rest and rest[0] in COMMANDS:
                from mfa_tui.core.text.display import shell_command

                remedy = f"Did you mean {shell_command(profile, f'mfa-tui {rest[0]} PROFILE')}?"
            wrong = f"These arguments are not valid: {' '.join(arguments)[:60]}"
            if arguments == ["--profile"]:
                wrong = "Argument --profile: expected one argument."
            raise UsageError("usage", wrong, "", remedy)
    from mfa_tui.cli.sessions.context import open_context
    from mfa_tui.cli.terminal import tty

    tty.check_for_interface()
    context = open_context(secrets=True)
    # The interface has the terminal now.
    context.prompts.disable()
    if profile:
        import contextlib

        from mfa_tui.errors import FileProblem

        # The interface shows files that cannot be read.
        with contextlib.suppress(FileProblem):
            context.resolve_with_scope(profile)
    return interface(context, profile)


def _unknown_command(name: str) -> UsageError:
    import difflib

    from mfa_tui.cli.commands import COMMANDS
    from mfa_tui.core.text.display import shell_command

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    if _is_profile(name):
        # As with awsume, whose only argument is the profile.
        remedy = f"It is a profile: {shell_command(name, 'mfa-tui login PROFILE')}"
    else:
        remedy = f"Did you mean mfa-tui {near[0]}?" if near else "mfa-tui --help shows all commands."
    return UsageError("command-unknown", f"There is no command {name[:40]!r}.", "", remedy)


def _is_profile(name: str) -> bool:
    from mfa_tui.cli.sessions.context import open_context

    try:
        open_context().resolve(name)
    except MfaTuiError:
        return False
    return True
