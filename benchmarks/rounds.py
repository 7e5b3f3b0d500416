"""Interleaved rounds: every candidate once in each round, so that what the machine does meanwhile meets them all."""

import contextlib
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO

OURS, BASE = "mfa-tui", "base"
"""The two candidates of every measurement."""
MOST_PEERS = 5
"""Rounds of other programs, at most: each takes a second or two."""
LONGEST = 120.0
"""Seconds that a program may take."""
Candidate = Callable[[], float]
"""Runs once and returns the seconds that it took."""


class CannotRun(Exception):
    """A measurement is impossible; the message says why."""


class Timings:
    """Seconds by candidate, in the order of the rounds."""

    def __init__(self, seconds: Mapping[str, Sequence[float]]) -> None:
        self._seconds = seconds

    @property
    def names(self) -> list[str]:
        """The candidates."""
        return list(self._seconds)

    @property
    def rounds(self) -> int:
        """How many rounds there were."""
        return len(self._seconds[OURS])

    def median(self, name: str) -> float:
        """The median of a candidate, in seconds."""
        return statistics.median(self._seconds[name])

    def ratio(self, name: str, base: str) -> float:
        """The median over the rounds of the candidate's time divided by the base's in the same round."""
        return statistics.median(self._ratios(name, base))

    def spread(self, name: str, base: str) -> tuple[float, float]:
        """Between which bounds the middle half of those ratios lies."""
        ratios = self._ratios(name, base)
        if len(ratios) == 1:
            return ratios[0], ratios[0]
        low, _, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return low, high

    def _ratios(self, name: str, base: str) -> list[float]:
        return [a / b for a, b in zip(self._seconds[name], self._seconds[base], strict=True)]


def interleave(
    candidates: Mapping[str, Candidate], rounds: int, peers: Mapping[str, Candidate] | None = None
) -> Timings:
    """Times the candidates; each other round goes backwards. One round before the first warms caches and is dropped.

    Peers are timed afterwards: they are large, and whatever ran after them would find the caches empty.
    """
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for number in range(-1, rounds):
        names = list(candidates)
        for name in reversed(names) if number % 2 else names:
            took = candidates[name]()
            if number >= 0:
                seconds[name].append(took)
    for name, run in (peers or {}).items():
        seconds[name] = [run() for _ in range(min(rounds, MOST_PEERS))]
    return Timings(seconds)


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Runs all programs on one core, where the system can do that.

    A move from one core to the next takes about as long as what is to be told apart.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def command(arguments: Sequence[str], environment: Mapping[str, str], standard_input: str = "") -> float:
    """Runs a program to its end and returns the seconds from start to end.

    Its output goes to files. Through pipes each piece would wake this process, which takes the core from the program.

    :raises CannotRun: it failed.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        given.write(standard_input.encode())
        given.seek(0)
        started: list[subprocess.Popen[bytes]] = []
        # A wait with a limit would look every now and then instead.
        watch = threading.Timer(LONGEST, _kill_all, [started])
        watch.start()
        try:
            began = time.perf_counter()
            process = subprocess.Popen(arguments, env=environment, stdin=given, stdout=output, stderr=errors)
            started.append(process)
            status = process.wait()
            took = time.perf_counter() - began
        finally:
            watch.cancel()
        if status:
            said = [line for file in (errors, output) if (line := _last_line(file))]
            raise CannotRun(f"{' '.join(arguments[:3])}: exit status {status}: {said[0] if said else ''}")
    return took


def _kill_all(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.kill()


def _last_line(file: IO[bytes]) -> str:
    file.seek(0)
    lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
