"""A clean virtual environment with the built wheel, and the environment variables that programs are measured in."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BASELINES = Path(__file__).parent / "baselines"
PIP = "25.3"
"""The pip that writes the script ``mfa-tui``. Before 25.2, scripts imported ``re``, which takes half a start of Python;
those of uv never did."""


def install(scratch: Path) -> Path:
    """Builds the wheel and installs it, with the locked dependencies, in ``scratch``; returns the ``bin`` directory.

    Not editable and not the development environment: each package and each ``.pth`` file there would be measured too.

    :raises subprocess.CalledProcessError: the wheel could not be built or installed.
    """
    wheels, venv = scratch / "dist", scratch / "venv"
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT)]
    _run(sys.executable, "-m", "pip", "--quiet", *build)
    _run(sys.executable, "-m", "venv", str(venv))
    python = str(venv / "bin" / "python")
    _run(python, "-m", "pip", "--quiet", "install", f"pip=={PIP}")
    lock = str(ROOT / "requirements" / "demo.txt")
    _run(python, "-m", "pip", "--quiet", "install", "--require-hashes", "--requirement", lock)
    _run(python, "-m", "pip", "--quiet", "install", "--no-deps", *map(str, wheels.glob("*.whl")))
    return venv / "bin"


def variables(home: Path, bin_directory: Path, **more: str) -> dict[str, str]:
    """The whole environment of a measured program: ``home`` holds its AWS files and everything that it keeps.

    No session bus is named, so there is no keyring: none of the measured commands may need one.
    """
    return {
        "PATH": f"{bin_directory}{os.pathsep}{os.defpath}",
        "HOME": str(home),
        "AWS_CONFIG_FILE": str(home / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        **more,
    }


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
