"""Runs mfa-tui hundreds of times, each in a process of its own, without starting Python each time.

A :class:`Launcher` is a Python process that has loaded everything and forks for each run. The fork is a real process
with its own limits, user and system calls; what is put on it, it cannot take off. It can also be made to kill itself
(SIGKILL: no handler, no ``finally``) just before or just after any of its system calls that change or lock files, and
any of these can be made to fail.

That counts calls of Python's ``os`` and ``fcntl`` functions rather than injecting signals with strace: it needs no
ptrace, which containers often lack, and is quick enough to try every single call. Each of these functions is one system
call. ``test_killed`` compares the list with what strace sees, so that none can be forgotten.
"""

import fcntl
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

CALLS = (
    "open", "close", "write", "fsync", "ftruncate", "fchmod", "fchown", "chmod", "chown", "setxattr", "removexattr",
    "mkdir", "rename", "replace", "link", "symlink", "unlink", "rmdir",
)  # fmt: skip
"""Functions of ``os`` that are counted, an ``open`` that may make a file as ``create``, and so is ``fcntl.flock``."""


class Result(NamedTuple):
    """What became of a run. ``status`` is the exit status, or minus the signal that ended it."""

    status: int
    out: str
    err: str
    calls: list[str]
    """Its counted calls, in order; of a run that was killed, none."""


class Launcher:
    """The process that forks. Use it as a context manager."""

    def __init__(self) -> None:
        root = Path(__file__).resolve().parents[2]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.files.launcher"],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(
        self,
        env: Mapping[str, str],
        *arguments: str,
        file_size: int | None = None,
        user: int | None = None,
        umask: int = 0o022,
        ahead: float = 0.0,
        die: tuple[str, int] | None = None,
        fail: tuple[int, int] | None = None,
    ) -> Result:
        """Runs ``mfa-tui ARGUMENTS``.

        *file_size* is the largest file it may write, in bytes; *user* the user and group that it runs as; *ahead* how
        many seconds its clock is ahead of the machine's; *die* says when it is to be killed: ("before" or "after", the
        number of the counted call, from 0); *fail* which call is to fail, and how: (errno, its number).
        """
        order = {
            "env": dict(env), "arguments": arguments, "file_size": file_size, "user": user, "umask": umask,
            "ahead": ahead, "die": die, "fail": fail,
        }  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Result(*json.loads(self._process.stdout.readline()))


def _serve() -> None:
    _load_everything()
    for line in sys.stdin:
        result = _forked(json.loads(line))
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


def _load_everything() -> None:
    """What the runs import: another user may not be allowed to read it, and it takes long."""
    import ctypes  # noqa: F401
    import difflib  # noqa: F401
    import importlib
    import shlex  # noqa: F401
    import tomllib  # noqa: F401

    import botocore.session  # noqa: F401
    import filelock
    import filelock.asyncio  # noqa: F401
    import keyring.backends.chainer  # noqa: F401

    import mfa_tui.__main__
    import mfa_tui.demo.keyring_file

    package = Path(mfa_tui.__main__.__file__).parent
    for layer in ("core", "adapters", "services", "cli"):
        for module in (package / layer).glob("*.py"):
            if module.stem != "__init__":
                importlib.import_module(f"mfa_tui.{layer}.{module.stem}")


def _forked(order: Mapping[str, Any]) -> Result:
    pipes = {name: os.pipe() for name in ("out", "err", "calls")}
    child = os.fork()
    if not child:
        _be_mfa_tui(order, {name: writing for name, (_, writing) in pipes.items()})
    said = {}
    for name, (reading, writing) in pipes.items():
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            said[name] = pipe.read()
    _, status = os.waitpid(child, 0)
    return Result(os.waitstatus_to_exitcode(status), said["out"], said["err"], said["calls"].split())


def _be_mfa_tui(order: Mapping[str, Any], pipes: Mapping[str, int]) -> None:
    """Never returns."""
    status = 99
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(pipes["out"], 1)
        os.dup2(pipes["err"], 2)
        os.setsid()
        os.environ.clear()
        os.environ.update(order["env"])
        sys.argv = ["mfa-tui", *order["arguments"]]
        os.umask(order["umask"])
        if order["ahead"]:
            now, ahead = time.time, order["ahead"]
            time.time = lambda: now() + ahead
        if order["file_size"] is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_size"], order["file_size"]))
        if order["user"] is not None:
            os.setgroups([])
            os.setgid(order["user"])
            os.setuid(order["user"])
        calls = _counted(*(order["die"] or ("", -1)), *(order["fail"] or (0, -1)))
        from mfa_tui.__main__ import main

        status = main()
        sys.stdout.flush()
        os.write(pipes["calls"], " ".join(calls).encode())
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 - what Python shows when a program breaks, the tests are to see
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def _counted(when: str, number: int, error: int, failing: int) -> list[str]:
    """From now on, the list of the counted calls; the process dies at one, and one fails with that *error*."""
    calls: list[str] = []

    def counting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            mine = len(calls)
            calls.append("create" if name == "open" and arguments[1] & os.O_CREAT else name)
            if (when, mine) == ("before", number):
                os.kill(os.getpid(), signal.SIGKILL)
            if mine == failing:
                if name == "close":
                    # It is closed all the same (close(2)).
                    function(*arguments)
                raise OSError(error, os.strerror(error))
            try:
                return function(*arguments, **options)
            finally:
                if (when, mine) == ("after", number):
                    os.kill(os.getpid(), signal.SIGKILL)

        return called

    for name in CALLS:
        setattr(os, name, counting(name, getattr(os, name)))
    fcntl.flock = counting("flock", fcntl.flock)
    return calls


if __name__ == "__main__":
    _serve()
