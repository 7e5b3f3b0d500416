"""Measures mfa-tui's speed targets on the built wheel in a clean environment. See README.md beside this file.

Exit status: 0 every target was met; 1 one was missed; 2 one could not be measured.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benches import BASE, BENCHES, OURS, Bench, Place
from environment import install
from rounds import CannotRun

MET, MISSED, NOT_MEASURED = range(3)


def report(bench: Bench, place: Place, rounds: int) -> int:
    """Measures one target and prints its line."""
    try:
        timings = bench.measure(place, rounds)
    except (CannotRun, ImportError) as error:
        print(f"{bench.name:<18} cannot be measured: {error}", flush=True)
        return NOT_MEASURED
    ratio = timings.ratio(OURS, BASE)
    amounts = [timings.median(name) for name in (OURS, BASE)]
    ours, base = ((f"{each * 1000:.1f} ms" if bench.unit == "ms" else f"{each:.0f} {bench.unit}") for each in amounts)
    met = ratio <= bench.target
    print(
        f"{bench.name:<18} {ours:>12} {base:>12} {ratio:>7.2f}  <= {bench.target:<5} {'met' if met else 'MISSED':<7}"
        f" against {bench.base}",
        flush=True,
    )
    return MET if met else MISSED


def main() -> int:
    """Runs the named measurements, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(bench.name for bench in BENCHES))
    parser.add_argument("--rounds", type=int, default=15, help="rounds of each measurement (default %(default)s)")
    options = parser.parse_args()
    unknown = set(options.names) - {bench.name for bench in BENCHES}
    if unknown or options.rounds < 1:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}" if unknown else "--rounds is at least 1")

    with tempfile.TemporaryDirectory() as scratch:
        print("Building the wheel and installing it in a clean environment …", file=sys.stderr)
        try:
            place = Place(Path(scratch), install(Path(scratch)))
        except subprocess.CalledProcessError as error:
            print(f"Nothing can be measured: '{' '.join(error.cmd)}' failed.")
            return NOT_MEASURED
        print(f"{'':<18} {'mfa-tui':>12} {'base':>12} {'ratio':>7}  target")
        chosen = [bench for bench in BENCHES if not options.names or bench.name in options.names]
        return max(report(bench, place, options.rounds) for bench in chosen)


if __name__ == "__main__":
    sys.exit(main())
