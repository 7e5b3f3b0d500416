"""The throwaway home: its directories, files and environment."""

import json
import os
import shlex
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import mfa_tui
from mfa_tui.demo.home.keyring_file import BACKEND, HOME_VARIABLE

if TYPE_CHECKING:
    from mfa_tui.demo.home.profiles import HomeContents, PhoneEntry

BANNER = "demo · its own AWS and files; nothing of yours is touched"
"""What the interface says while it runs in the demo."""

THROWN_AWAY = ("run", "thrown-away")
"""The file that marks such a home. Without it there is a warning about its unencrypted keyring."""
_NOT_OURS = ("AWS_", "MFA_TUI_", "XDG_", "PYTHON_KEYRING_", "BOTO_")
"""Prefixes of variables that point outside the throwaway home."""


def environment(home: str, url: str, outside: Mapping[str, str]) -> dict[str, str]:
    """The environment for programs in the home, with the embedded AWS at ``url``; ``outside`` is the user's own."""
    env = {name: value for name, value in outside.items() if not name.startswith(_NOT_OURS)}
    local = os.path.join(home, ".local")
    # A proxy cannot reach the loopback.
    direct = ",".join(filter(None, ["127.0.0.1", outside.get("no_proxy") or outside.get("NO_PROXY")]))
    return env | {
        "HOME": home,
        "USERPROFILE": home,
        "XDG_CONFIG_HOME": os.path.join(home, ".config"),
        "XDG_DATA_HOME": os.path.join(local, "share"),
        "XDG_STATE_HOME": os.path.join(local, "state"),
        "XDG_CACHE_HOME": os.path.join(home, ".cache"),
        "XDG_RUNTIME_DIR": os.path.join(home, "run"),
        # Where platformdirs looks on Windows, before it asks the system.
        "WIN_PD_OVERRIDE_APPDATA": os.path.join(home, "AppData", "Roaming"),
        "WIN_PD_OVERRIDE_LOCAL_APPDATA": os.path.join(home, "AppData", "Local"),
        "PATH": os.pathsep.join(filter(None, [_bin(home), outside.get("PATH", os.defpath)])),
        "AWS_ENDPOINT_URL": url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": direct,
        "no_proxy": direct,
        "PYTHON_KEYRING_BACKEND": BACKEND,
        HOME_VARIABLE: home,
        "MFA_TUI_DEMO": os.path.join(home, "demo.json"),
    }


def write_home(home: str, contents: "HomeContents") -> None:
    """Write the AWS files, the demo's description for the interface, and the ``mfa-tui`` command; no secrets."""
    os.mkdir(os.path.join(home, "run"), mode=0o700)
    _write(os.path.join(home, *THROWN_AWAY), "")
    os.mkdir(os.path.join(home, ".aws"), mode=0o700)
    _write(os.path.join(home, ".aws", "config"), contents.config)
    _write(os.path.join(home, ".aws", "credentials"), contents.credentials)
    write_phone(home, contents.phone)
    os.mkdir(_bin(home), mode=0o700)
    root = os.path.dirname(os.path.dirname(mfa_tui.__file__))
    _write(launcher_path(home), _LAUNCHER.format(root=root))
    if os.name == "nt":
        command = f'@"{sys.executable}" "{launcher_path(home)}" %*\r\n'
        _write(os.path.join(_bin(home), "mfa-tui.cmd"), command)
    else:
        command = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(launcher_path(home))} "$@"\n'
        _write(os.path.join(_bin(home), "mfa-tui"), command, mode=0o700)


def write_phone(home: str, phone: Sequence["PhoneEntry"]) -> None:
    """Replace the description that the interface reads, with what is on the phone now."""
    description = {"banner": BANNER, "phone": [entry._asdict() for entry in phone]}
    path = os.path.join(home, "demo.json")
    _write(f"{path}.new", json.dumps(description, indent=1, ensure_ascii=False) + "\n")
    os.replace(f"{path}.new", path)


def launcher_path(home: str) -> str:
    """The path of a script that runs this mfa-tui with this Python, from any directory."""
    return os.path.join(_bin(home), "launcher.py")


def remove_home(home: str) -> None:
    """Remove the home, even while a process that was left behind still writes there."""
    for _ in range(10):
        shutil.rmtree(home, ignore_errors=True)
        if not os.path.lexists(home):
            return
        time.sleep(0.05)
    shutil.rmtree(home)


_LAUNCHER = """\
import sys

# Last, so that neither this directory nor the installed packages come before the standard library.
sys.path[:1] = []
sys.path.append({root!r})
from mfa_tui import main

sys.exit(main())
"""


def _bin(home: str) -> str:
    return os.path.join(home, "bin")


def _write(path: str, text: str, mode: int = 0o600) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8", newline="") as file:
        file.write(text)
