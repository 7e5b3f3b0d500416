"""Desktop notifications, on machines that have a program for them. Best effort: nothing waits and nothing fails."""

from __future__ import annotations

import shutil
import sys

from mfa_tui.core.text.display import in_one_line, printable

_TIME_LIMIT = 10.0
"""Seconds after which the program is ended: without a desktop it may wait for one."""


def send(title: str, body: str) -> None:
    """Show *title* and *body*, from a daemon thread. Bystanders can read them, so they must hold no secret."""
    command = command_for(in_one_line(title), printable(body))
    if command:
        import threading

        threading.Thread(target=_run, args=(command,), name="mfa-tui-notification", daemon=True).start()


def command_for(title: str, body: str, platform: str = sys.platform) -> list[str]:
    """The program and its arguments, to be run without a shell; empty if there is none."""
    if platform == "darwin":
        program = shutil.which("osascript")
        # The texts go as arguments: in the script they would be code.
        script = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")
        options = [word for line in script for word in ("-e", line)]
    else:
        program = shutil.which("notify-send") if platform.startswith("linux") else None
        options = ["--app-name=mfa-tui", "--"]
        # Servers may read mark-up in the body (Desktop Notifications Specification).
        body = body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return [program, *options, title, body] if program else []


def _run(command: list[str]) -> None:
    import contextlib
    import subprocess

    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(  # noqa: S603 - found on the PATH, with arguments that it cannot take for options
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TIME_LIMIT,
            check=False,
        )
