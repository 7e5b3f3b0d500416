"""The user's browser: that of the settings, else BROWSER, else the system's."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.adapters.system.process import OriginalCoreLimit
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import BrowserProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mfa_tui.adapters.console.one_time_address import OneTimeAddress
    from mfa_tui.adapters.system.cancellation import CancelScope

TIME_TO_FETCH = 45.0
"""Seconds that a browser has to start and to fetch the address."""
_TIME_TO_FAIL = 1.0
"""Seconds in which a program that cannot open an address says so."""
_TICK = 0.05
_ON_LINUX = ("wslview", "xdg-open", "gio open", "sensible-browser", "x-www-browser", "firefox", "chromium")
"""Programs that open an address on a desktop, the user's choice first."""
_REMEDY = "Print the address for another browser: mfa-tui console PROFILE --print"


class Browser:
    """A command that opens an address, which takes the place of ``{url}`` in it or comes last."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)

    def command(self, url: str, profile: str) -> list[str]:
        """The command for *url*, without a shell.

        ``{url}`` is the address; ``{encoded_url}`` the same as part of another address, as Firefox's containers want
        it; ``{profile}`` the profile's name.
        """
        words = {"{url}": url, "{encoded_url}": quote(url, safe=""), "{profile}": profile}
        parts = []
        for part in self._command:
            filled = part
            for name, value in words.items():
                filled = filled.replace(name, value)
            parts.append(filled)
        has_address = any("{url}" in part or "{encoded_url}" in part for part in self._command)
        return parts if has_address else [*parts, url]

    def open(self, url: str, profile: str) -> subprocess.Popen[bytes]:
        """Start it. It outlives this process, and has neither our terminal nor our output.

        Raises BrowserProblem (``console-browser-failed``).
        """
        command = self.command(url, profile)
        try:
            with OriginalCoreLimit():
                process = subprocess.Popen(  # noqa: S603 - what the user's settings or environment name
                    [shutil.which(command[0]) or command[0], *command[1:]],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
        except OSError as error:
            raise _failed(f"{command[0]} cannot be run: {reason(error)}.", profile) from None
        # It may run for hours. Nothing else notices when it ends.
        threading.Thread(target=process.wait, name="mfa-tui-browser", daemon=True).start()
        return process


def find_browser(template: str, env: Mapping[str, str], profile: str, platform: str = sys.platform) -> Browser:
    """The browser to use for *profile*: *template* of the settings, else BROWSER, else the system's.

    Raises BrowserProblem (``console-no-browser``).
    """
    if template:
        return _installed(shlex.split(template), "The setting browser", profile)
    named = [each for each in env.get("BROWSER", "").split(os.pathsep) if each.strip()]
    for command in named:
        words = _words(command)
        if words and shutil.which(words[0]):
            return Browser(words)
    if named:
        return _installed(_words(named[0]) or [named[0]], "BROWSER", profile)
    if platform == "darwin":
        return Browser(["open"])
    if platform == "win32":
        return Browser(["rundll32", "url.dll,FileProtocolHandler"])
    has_desktop = any(env.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))
    if not has_desktop:
        where = "This is an SSH session without a display." if env.get("SSH_CONNECTION") else "There is no display."
        raise _none(where, profile)
    for command in _ON_LINUX:
        words = command.split()
        if shutil.which(words[0]):
            return Browser(words)
    raise _none("None of the usual programs that open an address is installed.", profile)


def hand_over(
    browser: Browser, address: OneTimeAddress, profile: str, cancel: CancelScope, now: Callable[[], float]
) -> None:
    """Open *address* in *browser*, and wait until it has fetched the redirect. *now* is a monotonic clock.

    Raises BrowserProblem (``console-browser-failed``), Cancelled.
    """
    process = browser.open(address.url, profile)
    end = now() + TIME_TO_FETCH
    while not address.wait(_TICK):
        cancel.check()
        if process.poll():
            raise _failed(f"It ended with exit status {process.returncode}.", profile)
        if now() > end:
            raise _failed(f"It did not fetch the address within {TIME_TO_FETCH:.0f} s.", profile)


def open_page(browser: Browser, url: str, profile: str) -> None:
    """Open *url*, which is no secret. Raises BrowserProblem (``console-browser-failed``) if that fails at once."""
    process = browser.open(url, profile)
    end = time.monotonic() + _TIME_TO_FAIL
    while process.poll() is None and time.monotonic() < end:
        time.sleep(_TICK)
    if process.poll():
        raise _failed(f"It ended with exit status {process.returncode}.", profile)


def _none(why: str, profile: str) -> BrowserProblem:
    what = "There is no browser here to open the console in."
    return BrowserProblem("console-no-browser", what, why, shell_command(profile, _REMEDY))


def _installed(words: Sequence[str], name: str, profile: str) -> Browser:
    if words and shutil.which(words[0]):
        return Browser(words)
    what = f"The browser {words[0] if words else ''!r} is not installed."
    raise BrowserProblem("console-no-browser", what, f"{name} names it.", shell_command(profile, _REMEDY))


def _words(command: str) -> list[str]:
    """A command of BROWSER, in which ``%s`` is the address (see Python's ``webbrowser``)."""
    try:
        return [word.replace("%s", "{url}") for word in shlex.split(command)]
    except ValueError:
        return []


def _failed(why: str, profile: str) -> BrowserProblem:
    what = "The browser did not open the console."
    return BrowserProblem("console-browser-failed", what, why, shell_command(profile, _REMEDY))
