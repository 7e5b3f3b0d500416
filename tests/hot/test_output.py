"""Output that cannot be written, and signals: the hot commands end as the ordinary way does."""

import array
import fcntl
import os
import resource
import signal
import subprocess
import sys
import termios

import pytest

from tests.hot.conftest import ANA, ARGUMENTS, Sessions
from tests.support.runner.thoroughness import quick_cases
from tests.support.runner.timeouts import scaled

MAIN = "import sys; from mfa_tui import main; sys.exit(main())"
WAYS = {"hot": MAIN, "ordinary": f"import mfa_tui; mfa_tui.serve = lambda *_: None; {MAIN}"}
PRINTING = ("--version", *(" ".join(ARGUMENTS[name]) for name in ("credential-process", "env")))


def line(way: str, arguments: str) -> str:
    """Shell code that runs ``mfa-tui ARGUMENTS`` one way, in a Python of its own."""
    return f"{sys.executable} -c '{WAYS[way]}' {arguments}"


@quick_cases()
@pytest.mark.parametrize("to", [">/dev/full", ">&-", "| :", "2>&- >/dev/full"])
def test_output_that_goes_nowhere(sessions: Sessions, to: str) -> None:
    sessions.note()
    for arguments in PRINTING:
        # $? is that of the last command of a pipe: mfa-tui's own goes to standard error.
        found = [
            sessions.really(f"{{ {line(way, arguments)}; echo status $? >&2; }} {to}; echo status $? >&2")
            for way in WAYS
        ]
        assert found[0].stderr == found[1].stderr, arguments
        assert "status " in found[0].stderr or "2>&-" in to


def test_a_disk_that_becomes_full_in_between(sessions: Sessions) -> None:
    """What was written stays, and it is said that this is not all."""
    sessions.note()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    found = []
    for way in WAYS:
        file = sessions.home.path / way
        done = sessions.really(f"{line(way, 'credential-process dev')} >{file}", before=limit)
        assert done.returncode == 1
        assert "could not be written" in done.stderr
        found.append((done.stderr, file.read_bytes()))
    assert found[0] == found[1]
    assert len(found[0][1]) == 100


@pytest.mark.parametrize("ignored", [False, True])
def test_ctrl_c_while_nobody_reads(sessions: Sessions, ignored: bool) -> None:
    """The process ends as a shell expects (130), or not at all if the signal is ignored, as under nohup."""
    # More than is written at once to a pipe that is nearly full.
    sessions.keep(ANA, token="t" * 6_000)
    sessions.note()
    for way in WAYS:
        reading, writing = os.pipe()
        capacity = fcntl.fcntl(writing, fcntl.F_GETPIPE_SZ)
        os.write(writing, b"x" * (capacity - 4096))
        trap = "trap '' INT; " if ignored else ""
        process = subprocess.Popen(
            ["sh", "-c", f"{trap}exec {line(way, 'credential-process dev')}"],
            env=sessions.home.env, stdout=writing, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        os.close(writing)
        while _size(reading) < capacity:
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        if ignored:
            while os.read(reading, 65536):
                pass
        os.close(reading)
        process.communicate(timeout=scaled(60))
        status = process.returncode if process.returncode >= 0 else 128 - process.returncode
        assert status == (0 if ignored else 130), way


def _size(pipe: int) -> int:
    """How many bytes are in it."""
    size = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, size)
    return size[0]


def test_what_a_command_inherits(sessions: Sessions) -> None:
    """The limit on core dumps and the signals that it would have without mfa-tui, also after a name that failed."""
    sessions.note()
    bad = sessions.home.path / "bad"
    bad.mkdir()
    (bad / "tool").write_text("not a program")
    (bad / "tool").chmod(0o644)
    good = sessions.home.path / "good"
    good.mkdir()
    (good / "tool").write_text("#!/bin/sh\nulimit -c; grep -E '^Sig(Ign|Cgt)' /proc/self/status")
    (good / "tool").chmod(0o755)
    sessions.home.env["PATH"] = f"{bad}:{good}:{os.environ['PATH']}"

    def limit() -> None:
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (4096, hard))
        # As shells start programs.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)

    plain = sessions.really("tool", before=limit)
    assert plain.stdout.startswith("8\n") or plain.stdout.startswith("4\n")
    for way in WAYS:
        found = sessions.really(line(way, "exec dev -- tool"), before=limit)
        assert (found.stdout, found.returncode) == (plain.stdout, 0), way
    assert ANA[4:] in sessions.really(line("hot", "exec dev -- env")).stdout
