"""Packs the wheel and all it needs into one file that a Python of this version runs. Usage: archive.py DIRECTORY.

DIRECTORY has the wheel, and gets ``mfa-tui-VERSION-PYTHON-PLATFORM.pyz``.
"""

import re
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements" / "archive.txt"


def main(directory: str) -> None:
    """Install into a directory of its own, and pack that."""
    (wheel,) = Path(directory).glob("*.whl")
    version = wheel.name.split("-")[1]
    python = "{}.{}".format(*sys.version_info)
    platform = re.sub(r"[^a-z0-9_]", "_", sysconfig.get_platform())
    archive = wheel.with_name(f"mfa-tui-{version}-python{python}-{platform}.pyz")
    with tempfile.TemporaryDirectory() as site:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", site]
        subprocess.run([*pip, "--require-hashes", "--requirement", str(LOCK)], check=True)
        subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
        packed = ["--site-packages", site, "--console-script", "mfa-tui", "--output-file", str(archive)]
        shebang = ["--python", f"/usr/bin/env python{python}"]
        subprocess.run([sys.executable, "-m", "shiv", "--compressed", "--reproducible", *shebang, *packed], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
