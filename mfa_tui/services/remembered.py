"""What the interface remembers from one run to the next: the theme that was chosen and the profile last used."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters import private

if TYPE_CHECKING:
    from mfa_tui.adapters.paths import Paths


class Remembered(NamedTuple):
    """None of it is secret, and all of it may be empty."""

    theme: str = ""
    profile: str = ""


def recall(paths: Paths) -> Remembered:
    """What is remembered; nothing if the file is missing or damaged."""
    try:
        values = json.loads(private.read(_path(paths)) or "{}")
        return Remembered(**{key: str(values[key]) for key in ("theme", "profile") if key in values})
    except (ValueError, TypeError):
        return Remembered()


def remember(paths: Paths, *, theme: str | None = None, profile: str | None = None) -> None:
    """Remember the given ones; a state directory that cannot be written keeps nobody from working."""
    now = recall(paths)
    new = now._replace(
        theme=now.theme if theme is None else theme,
        profile=now.profile if profile is None else profile,
    )
    if new != now:
        with contextlib.suppress(OSError):
            private.write(_path(paths), json.dumps(new._asdict()) + "\n")


def _path(paths: Paths) -> str:
    return os.path.join(paths.state, "interface.json")
