"""Runs mfa-tui hundreds of times, each in a process of its own, without starting Python each time; ``aws`` too.

A :class:`ForkServer` is a Python process that has loaded everything and forks for each run. The fork is a real process
with an environment, a session, system calls and an end of its own. What it cannot show is how a process starts: the
tests of shells and of how a process starts and ends start Python, as users do.
"""

import atexit
import contextlib
import fcntl
import functools
import gc
import importlib
import io
import json
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import Any, NoReturn

from tests.support.quick import quick_botocore, quick_disk, quick_patterns, quick_scrypt
from tests.support.runner.sources import PACKAGE, ROOT, load_modules

LAYERS = ("core", "adapters", "services", "cli")
LIBRARIES = (
    "botocore.client", "botocore.httpsession", "botocore.session", "ctypes", "difflib", "encodings.idna", "filelock",
    "filelock.asyncio", "keyring.backends.chainer", "mfa_tui.__main__", "mfa_tui.demo.home.keyring_file",
    "mfa_tui.program", "pyotp", "qrcode", "resource", "shlex", "sqlite3", "tomlkit", "tomllib",
)  # fmt: skip
"""What the layers import when they need it."""
OURS = (
    "tests.support.processes.launcher", "tests.support.devices.locked_keyring", "tests.support.clocks.moved_clocks",
    "tests.support.processes.told_process", "tests.support.processes.ways",
)  # fmt: skip
"""What runs bring with them: another user may not be allowed to read what is not loaded yet, and each would load it."""
MFA_TUI = "mfa_tui.__main__"
AWS = "awscli.clidriver"
"""The modules whose ``main`` is the program."""
_COMMANDS = (("list",), ("login", "dev"), ("device", "list", "dev"), ("keys", "--help"))
"""What is run once, so that the patterns of commands are compiled for all others."""


class ForkServer:
    """The process that forks. Runs may be under way in several threads. *also* names further modules to be loaded."""

    def __init__(self, *also: str) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.processes.forkserver", str(theirs.fileno()), *also],
                cwd=ROOT,
                env={**os.environ, "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                # A pipe as in every run: once it is made, sys.stdout believes to know whether it can be sought in.
                stdout=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
            )

    @classmethod
    @functools.cache
    def shared(cls, *also: str) -> "ForkServer":
        """The one of this test process that loads *also*, started on first use."""
        server = cls(*also)
        atexit.register(server.stop)
        return server

    def stop(self) -> None:
        """End it; runs under way go on."""
        self._socket.close()
        self._process.communicate()

    def run(
        self,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: str,
        stdin: str = "",
        timeout: float = 60,
        around: tuple[str, Mapping[str, Any]] | None = None,
        program: str = MFA_TUI,
    ) -> subprocess.CompletedProcess[str]:
        """Runs ``mfa-tui ARGUMENTS`` with nothing but *env* for its environment, away from any terminal.

        *program* is the module whose ``main`` is run.

        *around* is a module and what its generator function ``around`` is called with: the process goes on to the
        ``yield`` before it becomes mfa-tui, and from there on at its end.
        Raises subprocess.TimeoutExpired after *timeout* seconds; the process and its children are killed then.
        """
        order = json.dumps({"program": program, "arguments": arguments, "env": dict(env), "cwd": cwd, "around": around})
        with contextlib.ExitStack() as stack:
            ours, theirs = [], []
            for text in (order, stdin):
                file = stack.enter_context(TemporaryFile())
                file.write(text.encode())
                file.seek(0)
                theirs.append(file.fileno())
            for _ in range(3):
                reading, writing = os.pipe()
                stack.callback(os.close, reading)
                ours.append(reading)
                theirs.append(writing)
            try:
                socket.send_fds(self._socket, [b"!"], theirs)
            finally:
                for writing in theirs[2:]:
                    os.close(writing)
            out, err, told = _read(ours, timeout, ["mfa-tui", *arguments])
        return subprocess.CompletedProcess(["mfa-tui", *arguments], int(told.split()[1]), out, err)

    def start_on_terminal(
        self,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: str,
        terminal: int,
        around: tuple[str, Mapping[str, Any]] | None = None,
    ) -> int:
        """Starts ``mfa-tui ARGUMENTS`` as the leader of a session whose terminal *terminal* is, as a descriptor.

        Returns the pipe that tells its process id and then, in another line, its exit status.
        """
        order = {"program": MFA_TUI, "arguments": arguments, "env": dict(env), "cwd": cwd, "around": around}
        with TemporaryFile() as file:
            file.write(json.dumps(order).encode())
            file.seek(0)
            told, telling = os.pipe()
            try:
                socket.send_fds(self._socket, [b"!"], [file.fileno(), terminal, terminal, terminal, telling])
            finally:
                os.close(telling)
        return told


def _read(pipes: Sequence[int], timeout: float, command: Sequence[str]) -> list[str]:
    """All that comes out of the pipes; the last one begins with the process to kill if that takes too long."""
    found = {pipe: bytearray() for pipe in pipes}
    end = time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(max(0, end - time.monotonic()))
            if not ready:
                os.killpg(int(found[pipes[-1]].split()[0]), signal.SIGKILL)
                raise subprocess.TimeoutExpired(command, timeout)
            for key, _ in ready:
                more = os.read(key.fd, 65536)
                found[key.fd] += more
                if not more:
                    selector.unregister(key.fd)
    return [found[pipe].decode() for pipe in pipes]


def _serve(connection: socket.socket) -> tuple[str, Any]:
    """Returns in the processes that are to be a program, never in the server itself: its module and their *around*."""
    wakeup, waking = socket.socketpair()
    wakeup.settimeout(0)
    waking.settimeout(0)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking.fileno())
    under_way: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([connection, wakeup], [], [])
        if wakeup in ready:
            wakeup.recv(4096)
            _report_ends(under_way)
        if connection not in ready:
            continue
        word, descriptors, _, _ = socket.recv_fds(connection, 1, 5)
        if not word:
            os._exit(0)
        *others, told = descriptors
        child = os.fork()
        if not child:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            ours = [each.detach() for each in (connection, wakeup, waking)]
            return _begin(others, [*ours, told, *under_way.values()])
        # The other end of each shall see mfa-tui close it.
        for descriptor in others:
            os.close(descriptor)
        under_way[child] = told
        _tell(told, child)


def _begin(descriptors: Sequence[int], others: Sequence[int]) -> tuple[str, Any]:
    """In the fork: take over its streams and nothing else that is open."""
    order, *streams = descriptors
    with open(order, encoding="utf-8", closefd=False) as file:
        given = json.load(file)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
    os.closerange(3, max(*descriptors, *others) + 1)
    return given["program"], _become(**given)


def _report_ends(under_way: dict[int, int]) -> None:
    """Report each process that has ended, and how."""
    while under_way:
        child, ended = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        told = under_way.pop(child)
        _tell(told, os.waitstatus_to_exitcode(ended))
        os.close(told)


def _tell(told: int, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(told, b"%d\n" % number)


def _become(program: str, arguments: Sequence[str], env: Mapping[str, str], cwd: str, around: Any) -> Any:
    os.setsid()
    if os.isatty(0):
        _control_terminal()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    # Worked out once in a process, from the environment.
    tempfile.tempdir = None
    time.tzset()
    sys.path[0] = cwd
    sys.argv = [str(PACKAGE / "__main__.py") if program == MFA_TUI else program, *arguments]
    if around is None:
        return contextlib.nullcontext()
    module, options = around
    return contextlib.contextmanager(importlib.import_module(module).around)(**options)


def _control_terminal() -> None:
    """Take the terminal on standard input, as a login shell does; Python writes there by lines."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8", sys.stdin.errors)
    for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=os.isatty(number))


def _load(also: Sequence[str]) -> None:
    for layer in LAYERS:
        load_modules(layer)
    for name in (*LIBRARIES, *OURS, *also):
        importlib.import_module(name)
    quick_botocore.load_data()
    quick_scrypt.choose(quick_scrypt.LOW)
    quick_disk.choose()
    if not also:
        quick_patterns.compile_those_of(_COMMANDS, _run_here)
    # Memory is shared for as long as nobody writes to it: the collector would.
    gc.collect()
    gc.freeze()


def _run_here(arguments: Sequence[str]) -> None:
    sys.argv = [str(PACKAGE / "__main__.py"), *arguments]
    with _ended_by_itself():
        importlib.import_module(MFA_TUI).main()


@contextlib.contextmanager
def _ended_by_itself() -> Iterator[dict[str, int]]:
    """The hot commands end the process before ``main`` returns; what follows is to be done all the same."""
    ended: dict[str, int] = {}
    really_exit = os._exit

    def leave(status: int) -> NoReturn:
        ended["status"] = status
        raise SystemExit

    os._exit = leave
    try:
        yield ended
    except SystemExit:
        if not ended:
            raise
    finally:
        os._exit = really_exit


def _main() -> NoReturn:
    _load(sys.argv[2:])
    status = 99
    try:
        program, around = _serve(socket.socket(fileno=int(sys.argv[1])))
        with around, _ended_by_itself() as ended:
            status = importlib.import_module(program).main()
        status = ended.get("status", status)
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - what Python shows when a program breaks, the tests are to see
        import traceback

        traceback.print_exc()
    finally:
        # Taking apart all that was loaded, as Python does at its end, would cost more than the rest.
        os._exit(status)


if __name__ == "__main__":
    _main()
