"""How many bytes the interface writes for a key: over a slow line each of them is waited for."""

import contextlib
import sys

import pexpect

from tests.support.home import Home
from tests.support.reference_terminal import ReferenceTerminal
from tests.support.terminals import sees
from tests.ui.conftest import Spawn

SIZE = (36, 120)
PROFILES = 300
PAUSE = 0.15
"""Seconds without output after which what a key does is drawn."""
MOVE, DIALOG = 2_000, 20_000
"""Bytes at most: for a key that moves the cursor, the details of the other profile included, and for a dialog."""


def keys_of(number: int) -> str:
    return f"aws_access_key_id = AKIA{number:016d}\naws_secret_access_key = {number:040d}\n"


def test_what_is_written_for_a_key(home: Home, spawn: Spawn) -> None:
    serial = "arn:aws:iam::{}:mfa/phone"
    home.config.write_text(
        "".join(f"[profile p{at:03}]\nmfa_serial = {serial.format(10**11 + at)}\n" for at in range(PROFILES))
    )
    home.credentials.write_text("".join(f"[p{at:03}]\n{keys_of(at)}" for at in range(PROFILES)))
    home.credentials.chmod(0o600)
    child = spawn(f"exec {sys.executable} -m mfa_tui", SIZE)
    screen = child.logfile_read
    assert isinstance(screen, ReferenceTerminal)

    def rest() -> None:
        with contextlib.suppress(pexpect.TIMEOUT):
            while True:
                child.read_nonblocking(65536, timeout=PAUSE)

    def written(keys: str, until: str) -> int:
        rest()
        before = screen.received
        child.send(keys)
        sees(child, until)
        rest()
        return screen.received - before

    sees(child, "Log in")
    counted = {
        "down": written("\x1b[B", "saves as p001-mfa"),
        "up": written("\x1b[A", "saves as p000-mfa"),
        "to the other end": written("G", "saves as p299-mfa"),
        "help": written("?", "h troubleshooting"),
        "help closed": written("\x1b", "Log in"),
        "filter": written("/", "filter"),
        "a letter": written("2", "of 300"),
    }
    child.send("\x11")
    child.expect(pexpect.EOF)
    bounds = {"down": MOVE, "up": MOVE, "to the other end": 6_000, "filter": MOVE, "a letter": 6_000}
    assert {key: count for key, count in counted.items() if count > bounds.get(key, DIALOG)} == {}
