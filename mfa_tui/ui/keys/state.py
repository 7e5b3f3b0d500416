"""The long-term keys of a user as their screen shows them, without the screen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.keys.key_age import age_in_days, age_words
from mfa_tui.core.text.display import counted, format_account
from mfa_tui.services.keys.rotation_plan import MOST_KEYS
from mfa_tui.ui.commands.key_commands import KeySituation
from mfa_tui.ui.text.cells import GUTTER, cells_of, fitting_columns, titles_of
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, top_line, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.services.keys.key_owner import KeyOwner
    from mfa_tui.services.keys.list_keys import OwnKey

_COLUMNS = {"KEY": 20, "STATUS": 8, "AGE": 11, "LAST USE": 10, "PROFILES": 8}
_SPARE = ("PROFILES", "AGE")
"""Columns that narrow terminals leave out, in this order: the details say the same of the key under the cursor."""
_PLACES = {
    "credentials": "Its secret is in the AWS files, in plain text.",
    "keyring": "Its secret is in the keyring.",
    "vault": "Its secret is in the vault.",
    "none": "Its secret is not kept here.",
}


class UserKeys(NamedTuple):
    """A user's keys, as AWS listed them."""

    owner: KeyOwner
    """The IAM user."""
    keys: tuple[OwnKey, ...]
    """The keys."""
    unfinished: bool
    """Whether a rotation is unfinished."""
    retired: str
    """The id of the key that the last rotation retired; empty if none did."""


class KeyList:
    """The keys of *profile*'s user; with a cursor on one of them."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.loaded: UserKeys | None = None
        """None until AWS has answered."""
        self.cursor = 0
        """The index of the key under the cursor."""

    @property
    def keys(self) -> tuple[OwnKey, ...]:
        """The keys; none until AWS has answered."""
        return self.loaded.keys if self.loaded else ()

    @property
    def current(self) -> OwnKey | None:
        """The key under the cursor."""
        return self.keys[self.cursor] if self.keys else None

    def take(self, loaded: UserKeys) -> None:
        """Show the keys just loaded. The cursor stays on its key, if that is still there."""
        before = self.current.access_key_id if self.current else ""
        self.loaded = loaded
        ids = [key.access_key_id for key in loaded.keys]
        self.cursor = ids.index(before) if before in ids else 0

    def point(self, index: int) -> None:
        """Put the cursor on a key."""
        self.cursor = max(0, min(len(self.keys) - 1, index))

    def situation(self, kind: str, *, running: bool) -> KeySituation:
        """What the commands depend on; *kind* is that of the profile with the user's keys."""
        return KeySituation(self.current, kind, running)

    # What it shows.

    def title(self, width: int) -> Line:
        """The top line."""
        whom, right = [], ""
        if self.loaded is not None:
            identity = self.loaded.owner.identity
            whom = [identity.user, format_account(identity.account)]
            right = f"{len(self.keys)} of {MOST_KEYS} keys"
        return top_line(f"Access keys of {self.profile}", whom, right, width)

    def table(self, now: float, old: int, width: int) -> list[list[Line]]:
        """The column titles, and a line for each key; *old*: days after which a key is old."""
        columns = fitting_columns(_COLUMNS, width - GUTTER, _SPARE)
        rows = []
        for index, key in enumerate(self.keys):
            at_cursor = index == self.cursor
            tone = (Tone.STRONG if at_cursor else Tone.PLAIN) if key.active else Tone.DIM
            days = age_in_days(key.created_at, now)
            aged = key.active and days >= old
            cells = {
                "KEY": Span(key.access_key_id, tone),
                "STATUS": Span("active" if key.active else "inactive", tone),
                "AGE": Span(f"{'! ' if aged else ''}{counted(days, 'day')}", Tone.WARN if aged else Tone.DIM),
                "LAST USE": Span(_last_use(key), Tone.DIM),
                "PROFILES": Span(", ".join(key.profiles) or "–", tone),
            }
            marks = Span(" ›" if at_cursor else "  ", Tone.KEY), Span("● " if key.current else "  ", Tone.KEY)
            rows.append([line(*marks, *cells_of(cells, columns))])
        return [[line(*titles_of(columns, Tone.DIM))], *rows]

    def about(self, keys: Mapping[str, str], now: float, width: int) -> list[Line]:
        """Details of the key under the cursor, and what was not finished."""
        lines: list[Line] = []
        if self.loaded is not None and self.loaded.unfinished:
            told = f"A rotation of the key is unfinished. Press {keys['key-rotate']} to finish it."
            lines += [*wrapped(told, width, Tone.WARN, first=Span("! ", Tone.WARN)), EMPTY]
        key = self.current
        if key is None:
            return lines
        lines += wrapped(f"{key.access_key_id}, {age_words(key.created_at, now)}", width, Tone.DIM)
        if key.current:
            lines += wrapped(f"{self.profile} uses it", width, first=Span("● ", Tone.KEY))
        lines += wrapped(_PLACES[key.kept], width, first=Span("  "))
        if not key.use_known:
            lines += wrapped("AWS does not let this user see when it was last used.", width, first=Span("  "))
        if self.loaded is not None and self.loaded.retired == key.access_key_id:
            told = f"It was replaced. Press {keys['key-delete']} to delete it once nothing misses it."
            lines += wrapped(told, width, first=Span("  "))
        return lines


def _last_use(key: OwnKey) -> str:
    if not key.use_known:
        return "unknown"
    return time.strftime("%Y-%m-%d", time.localtime(key.used_at)) if key.used_at is not None else "never"
