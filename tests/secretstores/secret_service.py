"""A real Secret Service: gnome-keyring on a bus of its own, unlocked, for as long as a command runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.homes.home import Home
from tests.support.runner.sources import ROOT

_SCRIPT = """
printf %s pass-phrase | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
# Without the wait a second daemon would be started, which outlives the bus.
for _ in $(seq 200); do
    dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:org.freedesktop.secrets 2>/dev/null | grep -q 'boolean true' && break
    sleep 0.02
done
{commands}
"""
_LOCK = """
import secretstorage

connection = secretstorage.dbus_init()
collection = secretstorage.get_default_collection(connection)
collection.lock()
assert collection.is_locked()
connection.close()
"""


def run(home: Home, *commands: str) -> list[subprocess.CompletedProcess[str]]:
    """Runs shell commands one after the other in *home*, in one session of a Secret Service.

    In them ``$MFA`` is the program, ``$LOCK`` locks the keyring, ``$IN`` is the home. Skips the test if there is no
    Secret Service on this machine, unless MFA_TUI_CI says that there must be.
    """
    missing = [name for name in ("gnome-keyring-daemon", "dbus-run-session", "dbus-send") if not shutil.which(name)]
    if missing and not os.environ.get("MFA_TUI_CI"):
        pytest.skip(f"no Secret Service on this machine: {', '.join(missing)} missing")
    results = home.path / "results"
    results.mkdir(exist_ok=True)
    steps = "".join(
        f"({command}) >{results}/{number}.out 2>{results}/{number}.err; echo $? >{results}/{number}.status\n"
        for number, command in enumerate(commands)
    )
    env = {name: value for name, value in home.env.items() if not name.startswith(("PYTHON_KEYRING", "MFA_TUI"))}
    env |= {
        "MFA": f"{sys.executable} -m mfa_tui",
        "LOCK": f"{sys.executable} {_script(home.path, _LOCK)}",
        "IN": str(home.path),
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", _SCRIPT.replace("{commands}", steps)],
        env=env,
        cwd=home.path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=90,
        start_new_session=True,
    )
    return [
        subprocess.CompletedProcess(
            command,
            int((results / f"{number}.status").read_text()),
            (results / f"{number}.out").read_text(),
            (results / f"{number}.err").read_text(),
        )
        for number, command in enumerate(commands)
    ]


def _script(directory: Path, text: str) -> Path:
    path = directory / "lock.py"
    path.write_text(text)
    return path
