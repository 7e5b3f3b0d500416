"""Runs mfa-tui hundreds of times under limits, as another user, or with a system call that kills it or fails.

Each run is a fork (see :mod:`tests.support.processes.forkserver`); what is put on it, it cannot take off. It can be
made to kill itself (SIGKILL: no handler, no ``finally``) just before or just after any of its system calls that change
or lock files, and any of these can be made to fail.

That counts calls of Python's ``os`` and ``fcntl`` functions rather than injecting signals with strace: it needs no
ptrace, which containers often lack, and is quick enough to try every single call. Each of these functions is one system
call. ``test_killed`` compares the list with what strace sees, so that none can be forgotten.
"""

import errno
import fcntl
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from mfa_tui.adapters.filesystem import system_calls
from tests.support.processes.forkserver import ForkServer
from tests.support.runner.sources import ROOT

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


_CALLS_FOLLOW = "\0"
"""What parts them from standard error, behind which they are told."""


class Launcher:
    """Runs mfa-tui, one way or another."""

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
        leases: bool = True,
    ) -> Result:
        """Runs ``mfa-tui ARGUMENTS``.

        *file_size* is the largest file it may write, in bytes; *user* the user and group that it runs as; *ahead* how
        many seconds its clock is ahead of the machine's; *die* says when it is to be killed: ("before" or "after", the
        number of the counted call, from 0); *fail* which call is to fail, and how: (errno, its number); *leases*
        whether its file systems have them.
        """
        limits = {
            "file_size": file_size, "user": user, "umask": umask, "ahead": ahead,
            "die": die or ("", -1), "fail": fail or (0, -1), "leases": leases,
        }  # fmt: skip
        ended = ForkServer.shared().run(arguments, env=env, cwd=str(ROOT), around=(__name__, limits))
        err, _, calls = ended.stderr.partition(_CALLS_FOLLOW)
        return Result(ended.returncode, ended.stdout, err, calls.split())


def around(
    *,
    file_size: int | None,
    user: int | None,
    umask: int,
    ahead: float,
    die: tuple[str, int],
    fail: tuple[int, int],
    leases: bool,
) -> Iterator[None]:
    """In the fork, before and after it is mfa-tui: see :meth:`Launcher.run`."""
    os.umask(umask)
    if ahead:
        now = time.time
        time.time = lambda: now() + ahead
    if file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    if not leases:
        fcntl.fcntl = without_leases(fcntl.fcntl)
    calls = _counted(*die, *fail)
    yield
    os.write(2, (_CALLS_FOLLOW + " ".join(calls)).encode())


def without_leases(control: Callable[..., Any]) -> Callable[..., Any]:
    """``fcntl.fcntl`` as it is on a file system that has no leases."""

    def refuse(handle: int, command: int, *arguments: Any) -> Any:
        if command == getattr(fcntl, "F_SETLEASE", None):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return control(handle, command, *arguments)

    return refuse


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
    # Python has no function for it.
    system_calls._rename = counting("replace", system_calls._rename)
    return calls
