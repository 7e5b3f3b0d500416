"""Writes the pictures that the tests compare with: ``python -m tests.pictures [NAME…]``."""

import subprocess
import sys
from pathlib import Path

from tests.pictures.all_plays import PLAYS
from tests.pictures.snapshot import snapshot
from tests.pictures.world import TERMINALS

EXPECTED = Path(__file__).parent / "expected"
PRINT = "--print"


def drawn(name: str) -> str:
    """The picture called *name*, each terminal's in a process: moto keeps its users as long as one lives."""
    command = [sys.executable, "-m", "tests.pictures", PRINT, name]
    return "".join(
        subprocess.run(
            [*command, terminal], check=True, stdout=subprocess.PIPE, encoding="utf-8", cwd=EXPECTED.parents[2]
        ).stdout
        for terminal in TERMINALS
    )


if __name__ == "__main__":
    if sys.argv[1:2] == [PRINT]:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        print(snapshot(*sys.argv[2:]), end="")  # noqa: T201
    else:
        for one in sys.argv[1:] or PLAYS:
            (EXPECTED / f"{one}.txt").write_text(drawn(one), encoding="utf-8")
