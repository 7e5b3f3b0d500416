"""Fails when a wheel lacks a file of the package, or has one that is not of it. Usage: check_wheel.py WHEEL.

The manual page and the completion of the shells, which the build adds, are as they must be, too.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

SHARED = [
    "man/man1/mfa-tui.1",
    "bash-completion/completions/mfa-tui",
    "zsh/site-functions/_mfa-tui",
    "fish/vendor_completions.d/mfa-tui.fish",
]


def wheel_stem(wheel: str) -> str:
    """Name and version, as in the names of the wheel's own directories."""
    return "-".join(Path(wheel).name.split("-")[:2])


def main(wheel: str) -> int:
    """1 when the wheel differs from what is under version control and SHARED."""
    listed = subprocess.run(["git", "ls-files", "-z", "mfa_tui"], check=True, capture_output=True, text=True)
    wanted = set(listed.stdout.split("\0")) - {""}
    names = zipfile.ZipFile(wheel).namelist()
    wanted |= {f"{wheel_stem(wheel)}.data/data/share/{place}" for place in SHARED}
    packed = {name for name in names if ".dist-info/" not in name}
    for name in sorted(wanted - packed):
        print(f"the wheel lacks {name}")
    for name in sorted(packed - wanted):
        print(f"the wheel carries {name}, which is not under version control")
    return int(wanted != packed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
