"""Fails when a wheel lacks a file of the package, or carries one that is not of it. Usage: check_wheel.py WHEEL."""

import subprocess
import sys
import zipfile


def main(wheel: str) -> int:
    """1 when the wheel's package differs from what is under version control."""
    listed = subprocess.run(["git", "ls-files", "-z", "mfa_tui"], check=True, capture_output=True, text=True)
    wanted = set(listed.stdout.split("\0")) - {""}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    for name in sorted(wanted - packed):
        print(f"the wheel lacks {name}")
    for name in sorted(packed - wanted):
        print(f"the wheel carries {name}, which is not under version control")
    return int(wanted != packed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
