"""Checking a whole settings file before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.settings.load import parse_settings
from mfa_tui.core.settings.interface import THEMES, usable_keymap
from mfa_tui.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping


class TextProblems(NamedTuple):
    """What is wrong with the text of a settings file."""

    errors: tuple[ConfigError, ...]
    """What stops commands."""
    warnings: tuple[str, ...]
    """What is ignored, and said at each start."""


def check_text(env: Mapping[str, str], text: str) -> TextProblems:
    """Check *text*, which is to be the settings file of the environment *env*."""
    path = Paths(env).settings
    warnings: list[str] = []
    try:
        settings = parse_settings(path, text, warnings.append)
    except ConfigError as error:
        return TextProblems((error,), ())
    errors = settings.reset_wrong()
    if settings.theme and settings.theme not in THEMES:
        warnings.append(f"{path}: unknown theme {settings.theme!r}; known are {', '.join(THEMES)}.")
    warnings += [f"{path}, [keymap]: {problem}." for problem in usable_keymap(settings.keymap)[1]]
    return TextProblems(errors, tuple(warnings))
