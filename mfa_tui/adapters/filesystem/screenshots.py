"""Saving screenshots of the interface."""

from __future__ import annotations

import os
import time

from mfa_tui.adapters.filesystem.user_files import write_new_file


def save_screenshot(svg: str) -> str:
    """Write *svg* to a new file named after the current time, and return its path.

    It goes to the first directory that can be written to: the user's downloads, the current one, the home directory.
    Raises FileProblem.
    """
    import platformdirs

    places = platformdirs.user_downloads_dir(), _here(), os.path.expanduser("~")
    place = next((place for place in places if os.path.isdir(place) and os.access(place, os.W_OK)), places[0])
    path = os.path.join(place, time.strftime("mfa-tui-%Y-%m-%d-%H-%M-%S.svg"))
    write_new_file(path, svg.encode())
    return path


def _here() -> str:
    """The current directory; empty if it was deleted."""
    try:
        return os.getcwd()
    except OSError:
        return ""
