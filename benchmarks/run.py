"""Measures mfa-tui's speed targets on the built wheel in a clean environment. See README.md beside this file.

Exit status: 0 every target was met; 1 one was missed; 2 one could not be measured.
"""

import argparse
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from benches import BENCHES, Bench, Place
from environment import PIP, install
from peers import Peers
from results import NotMeasured, Result, write
from rounds import BASE, OURS, CannotRun

MET, MISSED, NOT_MEASURED = range(3)


def report(bench: Bench, place: Place, rounds: int) -> Result | NotMeasured:
    """Measures one target and prints its line."""
    try:
        timings = bench.measure(place, rounds)
    except Exception as error:  # noqa: BLE001 - one that breaks must not take the others along
        why = str(error) if isinstance(error, CannotRun | ImportError) else f"{type(error).__name__}: {error}"
        print(f"{bench.name:<18} cannot be measured: {why}", flush=True)
        return NotMeasured(bench.name, bench.base, bench.target, why)
    peers = {name: timings.median(name) for name in timings.names if name not in (OURS, BASE)}
    result = Result(
        bench.name, bench.base, bench.target, bench.unit, timings.median(OURS), timings.median(BASE),
        timings.ratio(OURS, BASE), timings.spread(OURS, BASE), timings.rounds, peers,
    )  # fmt: skip
    for line in result.lines():
        print(line, flush=True)
    return result


def main() -> int:
    """Runs the named measurements, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(bench.name for bench in BENCHES))
    parser.add_argument("--rounds", type=int, default=15, help="rounds of each measurement (default %(default)s)")
    parser.add_argument(
        "--peers", type=Path, metavar="DIRECTORY", help="also time the programs that peers.py installed"
    )
    parser.add_argument("--write", action="store_true", help="write RESULTS.md and its plot")
    options = parser.parse_args()
    unknown = set(options.names) - {bench.name for bench in BENCHES}
    if unknown or options.rounds < 1:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}" if unknown else "--rounds is at least 1")

    with tempfile.TemporaryDirectory() as scratch:
        print("Building the wheel and installing it in a clean environment …", file=sys.stderr)
        try:
            place = Place(Path(scratch), install(Path(scratch)), Peers.find(options.peers))
        except subprocess.CalledProcessError as error:
            print(f"Nothing can be measured: '{' '.join(error.cmd)}' failed.")
            return NOT_MEASURED
        print(f"Installed by pip {PIP}, which wrote the script mfa-tui; Python {platform.python_version()}.")
        print(f"{'':<18} {'mfa-tui':>12} {'base':>12} {'ratio':>7}  {'middle half':<13} target")
        chosen = [bench for bench in BENCHES if not options.names or bench.name in options.names]
        results = [report(bench, place, options.rounds) for bench in chosen]
        if options.write:
            write(results)
        return max(
            NOT_MEASURED if isinstance(result, NotMeasured) else MET if result.met else MISSED for result in results
        )


if __name__ == "__main__":
    sys.exit(main())
