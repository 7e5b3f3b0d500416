"""The interface in use: how much it writes for a key, how soon it answers one, and what it costs while nothing is done.

Each function opens it anew. *shown* is what is shown once it is open.
"""

import contextlib
import statistics
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pexpect
from terminal import opened, read_until, read_until_quiet

UP, DOWN, ESCAPE = "\x1b[A", "\x1b[B", "\x1b"
MOVES = 5
"""How often a move is repeated, to leave out what a clock on the screen adds to some of them."""
KEYS = 100
"""Keys that are timed, one after another."""
IDLE = 12
"""Seconds for which an idle interface is watched."""
_FIRST, _MORE = 5.0, 0.2
"""Seconds that are waited for the first that is written for a key, and for anything more."""
_SECRET = b"GEZDGNBVGY3TQOJQ" * 4
_KEYRING = "mfa_tui.demo.home.keyring_file.FileKeyring"


def with_countdown(home: Path, mfa_tui: str, profile: str, environment: dict[str, str]) -> dict[str, str]:
    """Stores a secret for a profile in a keyring of the home's own, so that its code counts down; its environment."""
    environment |= {"PYTHON_KEYRING_BACKEND": _KEYRING, "MFA_TUI_DEMO_HOME": str(home)}
    arguments = [mfa_tui, "device", "import", profile]
    subprocess.run(arguments, input=_SECRET, env=environment, check=True, capture_output=True)
    return environment


@contextlib.contextmanager
def _open(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> Iterator["pexpect.spawn[str]"]:
    with opened(arguments, environment) as child:
        read_until(child, [shown])
        read_until_quiet(child, 1.0)
        yield child


def bytes_for_move(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> float:
    """Bytes for one line down, with all that follows it."""
    with _open(arguments, environment, shown) as child:
        return min(_bytes_for(child, DOWN) for _ in range(MOVES))


def bytes_for_dialog(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> float:
    """Bytes for the largest dialog, the keys, or for closing it, if that takes more."""
    with _open(arguments, environment, shown) as child:
        return max(_bytes_for(child, "?"), _bytes_for(child, ESCAPE))


def bytes_for_letter(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> float:
    """Bytes for a letter of the filter that leaves other profiles."""
    with _open(arguments, environment, shown) as child:
        _bytes_for(child, "/")
        return _bytes_for(child, "1")


def _bytes_for(child: "pexpect.spawn[str]", keys: str) -> int:
    child.send(keys)
    count, pause = 0, _FIRST
    with contextlib.suppress(pexpect.TIMEOUT):
        while True:
            count += len(child.read_nonblocking(65536, timeout=pause).encode())
            pause = _MORE
    return count


def key_times(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> list[float]:
    """Seconds from a cursor key to the first that is written for it, for ``KEYS`` of them, the shortest first."""
    times = []
    with _open(arguments, environment, shown) as child:
        for number in range(KEYS):
            began = time.perf_counter()
            child.send(UP if number % 2 else DOWN)
            child.read_nonblocking(65536, timeout=_FIRST)
            times.append(time.perf_counter() - began)
            read_until_quiet(child, 0.1)
    return sorted(times)


def key_time(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> float:
    """The median of ``key_times``."""
    return statistics.median(key_times(arguments, environment, shown))


def slowest_key(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> float:
    """What 99 of 100 keys do not take longer than."""
    times = key_times(arguments, environment, shown)
    return times[len(times) * 99 // 100 - 1]


def peak_memory(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> float:
    """The most memory that it has had in use, once it has moved a line down, in MiB."""
    with _open(arguments, environment, shown) as child:
        _bytes_for(child, DOWN)
        status = Path(f"/proc/{child.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def processor_time_for_key(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> float:
    """Seconds of processor time for ``MOVES`` lines down, with the details of the other profiles."""
    with _open(arguments, environment, shown) as child:
        _bytes_for(child, DOWN)
        before = _busy(child)
        for _ in range(MOVES):
            _bytes_for(child, DOWN)
        return _busy(child) - before


def processor_time_for_letter(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> float:
    """Seconds of processor time for letters of the filter, each of which narrows what the one before has left."""
    with _open(arguments, environment, shown) as child:
        _bytes_for(child, "/")
        _bytes_for(child, "t")
        before = _busy(child)
        for letter in "eam0":
            _bytes_for(child, letter)
        return _busy(child) - before


def processor_time_while_idle(arguments: Sequence[str], environment: Mapping[str, str], shown: str) -> float:
    """Seconds of processor time in a second in which nothing is done: the median of ``IDLE`` of them."""
    with _open(arguments, environment, shown) as child:
        busy = [_busy(child)]
        for _ in range(IDLE):
            until = time.monotonic() + 1
            with contextlib.suppress(pexpect.TIMEOUT):
                while (left := until - time.monotonic()) > 0:
                    child.read_nonblocking(65536, timeout=left)
            busy.append(_busy(child))
        return statistics.median(after - before for before, after in pairwise(busy))


def _busy(child: "pexpect.spawn[str]") -> float:
    """Seconds of processor time until now, of all threads that it has or had."""
    # The clock of another process, as clock_getcpuclockid(3) makes its number.
    return time.clock_gettime(~int(child.pid or 0) << 3 | 2)
