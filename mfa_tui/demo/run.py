"""``mfa-tui demo``: a parent that serves the embedded AWS, and a child that runs in a throwaway home."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence

from mfa_tui.adapters.programs.launch import start_command
from mfa_tui.adapters.programs.signal_forwarding import SignalForwarder, StoppedBySignal
from mfa_tui.errors import NoTerminal, UsageError


def demo(command: Sequence[str]) -> int:
    """Run ``command``, or the interface if it is empty, on an embedded AWS with throwaway files.

    Returns the child's exit status, 128 + n if signal n ended it. Whatever happens, the server is stopped and the home
    is removed. Raises NoTerminal ``demo-terminal``, UsageError ``demo-extra``, CommandNotFound ``command-not-found``,
    CommandNotExecutable ``command-not-executable``.
    """
    # The interface draws on standard error.
    if not command and not (os.isatty(0) and os.isatty(2)):
        raise NoTerminal(
            "demo-terminal",
            "The demo needs a terminal.",
            "Standard input or standard error is not one.",
            "Run a command in it instead: mfa-tui demo -- mfa-tui list",
        )
    with SignalForwarder() as relay:
        try:
            return _demo(command, relay)
        except StoppedBySignal as stopped:
            return 128 + stopped.number


def _demo(command: Sequence[str], relay: SignalForwarder) -> int:
    try:
        from mfa_tui.demo.aws.server import StrictAws
    except ImportError as error:
        raise UsageError(
            "demo-extra",
            "The demo is an extra that is not installed.",
            f"Python cannot find the module {(error.name or '').partition('.')[0]!r}.",
            "Install it with its demo extra; in a clone of the project: pipx install '.[demo]'",
        ) from None
    from mfa_tui.demo.home import files, profiles
    from mfa_tui.demo.home.phone import Phone
    from mfa_tui.demo.home.seeds import fill_keyring, write_settings
    from mfa_tui.demo.make_parent import end_with_make

    relay.check()
    end_with_make()
    with _throwaway_home() as (home, cleanup):
        aws = StrictAws.start()
        try:
            contents = profiles.populate(aws)
            env = files.environment(home, aws.url, os.environ)
            files.write_home(home, contents)
            write_settings(env, contents)
            aws.on_request(Phone(aws, home, contents.phone).watch)
            fill_keyring(env, contents)
            return relay.run(lambda: _start(command or [sys.executable, files.launcher_path(home)], env, cleanup))
        finally:
            aws.stop()


@contextlib.contextmanager
def _throwaway_home() -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    """A home that is removed at the end, and the process that removes it if this one is killed."""
    from mfa_tui.demo import cleanup_process
    from mfa_tui.demo.home import files

    home = os.path.join(tempfile.gettempdir(), f"mfa-tui-demo-{os.urandom(8).hex()}")
    with subprocess.Popen(  # noqa: S603 - our own script by our own Python
        # In its own session, so that it outlives the terminal.
        [sys.executable, "-I", "-S", cleanup_process.__file__, home],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        # Only now, so that there is no moment at which a killed demo leaves it.
        os.mkdir(home, mode=0o700)
        try:
            yield home, process
        finally:
            files.remove_home(home)


def _start(
    command: Sequence[str], env: Mapping[str, str], cleanup: "subprocess.Popen[bytes]"
) -> subprocess.Popen[bytes]:
    child = start_command(command, env)
    with contextlib.suppress(OSError):
        if cleanup.stdin is not None:
            cleanup.stdin.write(b"%d\n" % child.pid)
            cleanup.stdin.flush()
    return child
