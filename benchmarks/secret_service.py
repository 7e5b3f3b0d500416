"""A real Secret Service for as long as something is measured: gnome-keyring on a session bus of its own, unlocked."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rounds import CannotRun

BACKEND = "keyring.backends.SecretService.Keyring"
"""Named, so that both sides use it and neither spends time on looking for backends."""
_PROGRAMS = ("dbus-daemon", "dbus-send", "gnome-keyring-daemon")
_TIMEOUT = 10.0
"""Seconds for it to come up."""


@contextmanager
def secret_service(home: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yields ``environment`` with the address of the bus; the keyring's files lie in ``home``.

    :raises CannotRun: this machine has no gnome-keyring or D-Bus, or it does not come up.
    """
    missing = [name for name in _PROGRAMS if not shutil.which(name)]
    if missing:
        raise CannotRun(f"there is no Secret Service on this machine: {', '.join(missing)} missing")
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    private = {**environment, "XDG_RUNTIME_DIR": str(runtime)}
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        env=private,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as bus:
        try:
            private["DBUS_SESSION_BUS_ADDRESS"] = (bus.stdout.readline() if bus.stdout else "").strip()
            with subprocess.Popen(
                ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
                env=private,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as keyring:
                try:
                    if keyring.stdin:
                        keyring.stdin.write(b"pass-phrase")
                        keyring.stdin.close()
                    _wait(private)
                    yield private
                finally:
                    keyring.terminate()
        finally:
            bus.terminate()


def _wait(environment: Mapping[str, str]) -> None:
    """Without the wait, the bus would start a keyring of its own, which is locked."""
    ask = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
    ask += ["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]
    end = time.monotonic() + _TIMEOUT
    while time.monotonic() < end:
        if b"true" in subprocess.run(ask, env=environment, capture_output=True, check=False).stdout:
            return
        time.sleep(0.02)
    raise CannotRun("the Secret Service did not come up")
