"""The real shells, run without anybody's start-up files."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ALL = ("sh", "bash", "zsh", "fish")
SWITCHING = ("bash", "zsh", "fish")
"""Shells that ``mfa-tui shell-init`` knows and that can be had everywhere."""

_CLEAN = {
    "sh": ["sh"],
    "bash": ["bash", "--noprofile", "--norc"],
    "zsh": ["zsh", "-f"],
    "fish": ["fish", "--no-config"],
}


def command(shell: str) -> list[str]:
    """The command line that starts *shell* without start-up files.

    Skips the test if this machine has no such shell, unless MFA_TUI_CI says that there must be.
    """
    if shutil.which(shell) is None and not os.environ.get("MFA_TUI_CI"):
        pytest.skip(f"{shell} is not installed")
    return _CLEAN[shell]


def dialect(shell: str) -> str:
    """What ``--shell`` calls the language of *shell*."""
    return "fish" if shell == "fish" else "sh"


def run(shell: str, script: str, *, env: Mapping[str, str], directory: Path) -> subprocess.CompletedProcess[str]:
    """What *shell* says when it runs *script*, which must succeed, in *directory*."""
    result = subprocess.run(
        [*command(shell), "-c", script],
        cwd=directory,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(directory), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=60,
        # Without a controlling terminal nothing can ask on /dev/tty.
        start_new_session=True,
    )
    # Not in text mode, which would read carriage returns as line ends.
    out, err = result.stdout.decode(), result.stderr.decode()
    return subprocess.CompletedProcess(result.args, result.returncode, out, err)


def left_in(directory: Path) -> list[str]:
    """The files that were made in *directory*, without the dot files of shells that take it for their home."""
    return [path.name for path in directory.iterdir() if not path.name.startswith(".")]


def exported(printed: str) -> dict[str, str]:
    """The environment that ``env -0`` printed."""
    return dict(line.split("=", 1) for line in printed.split("\0") if line)
