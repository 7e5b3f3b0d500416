"""The dotted names of settings: ``duration``, ``keymap.login``, ``scopes.ci.services``, ``devices."arn:…".yubikey``."""

from __future__ import annotations

from typing import NamedTuple

from mfa_tui.core.settings.interface import DEFAULT_KEYS, key_problem
from mfa_tui.core.settings.readers import TEXT, Reader
from mfa_tui.core.settings.table import KEYMAP, SETTINGS, TABLES, Setting
from mfa_tui.core.settings.value_text import as_toml_key
from mfa_tui.errors import UsageError


class Key(NamedTuple):
    """A key of the settings file, or one of its tables."""

    path: tuple[str, ...]
    """The names of its tables, and its own."""
    setting: Setting | None
    """Its row; None for a table of one device or scope."""

    @property
    def name(self) -> str:
        """Its dotted name, as TOML writes it."""
        return ".".join(map(as_toml_key, self.path))

    @property
    def is_table(self) -> bool:
        """Whether it is a table, which has keys of its own."""
        return self.setting is None or self.path in ((KEYMAP,), *((name,) for name in TABLES))

    @property
    def keys(self) -> tuple[str, ...]:
        """The dotted names of the keys that a table can have."""
        if self.path == (KEYMAP,):
            return tuple(f"{KEYMAP}.{command}" for command in DEFAULT_KEYS)
        if self.path[0] not in TABLES:
            return ()
        owner = self.name if self.setting is None else f"{self.name}.NAME"
        return tuple(f"{owner}.{key}" for key in TABLES[self.path[0]])

    @property
    def owner(self) -> str:
        """What ``Settings.wrong`` calls it: it says what is wrong with a whole device or scope."""
        return ".".join(self.path[:2]) if self.path[0] in TABLES else self.path[0]


def parse_key(name: str) -> Key:
    """The key that a dotted *name* means; quotes may be left out. Raises UsageError (``setting-unknown``)."""
    first, dot, rest = name.strip().partition(".")
    if first not in SETTINGS or (dot and not rest):
        raise _unknown(name)
    if not rest:
        return Key((first,), SETTINGS[first])
    if first == KEYMAP and _unquoted(rest) in DEFAULT_KEYS:
        return Key((first, _unquoted(rest)), keymap_setting(_unquoted(rest)))
    if first in TABLES:
        table, _, last = rest.rpartition(".")
        if table and last in TABLES[first]:
            return Key((first, _unquoted(table), last), TABLES[first][last])
        return Key((first, _unquoted(rest)), None)
    raise _unknown(name)


def key_names() -> tuple[str, ...]:
    """The names of all keys that do not depend on the user's names."""
    return tuple(name for name in SETTINGS if name not in (KEYMAP, *TABLES)) + Key((KEYMAP,), SETTINGS[KEYMAP]).keys


def keymap_setting(command: str) -> Setting:
    """The row of a command in ``[keymap]``."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            raise ValueError  # noqa: TRY004 - one kind of error for all values
        if problem := key_problem({command: value}, command):
            raise ValueError(f"{problem}.")
        return value

    allowed = "a key, or several with commas, such as ctrl+l,f2"
    return Setting(command, f"The key of the command {command}.", Reader(TEXT, allowed, read), stops_all=False)


def _unquoted(name: str) -> str:
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'" else name


def _unknown(name: str) -> UsageError:
    import difflib

    near = difflib.get_close_matches(name, key_names(), n=1)
    remedy = f"Did you mean {near[0]}?" if near else "mfa-tui config get shows all of them."
    return UsageError("setting-unknown", f"There is no setting {name[:60]!r}.", "", remedy)
