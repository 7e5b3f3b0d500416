"""What a check of the set-up finds: each with its weight, its reason and its remedy."""

from __future__ import annotations

from typing import NamedTuple

from mfa_tui.core.text.display import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.problems.place import Place
    from mfa_tui.errors import MfaTuiError


class Severity:
    """How much a finding weighs; the names are stable (``doctor --json``)."""

    ERROR = "error"
    """Something does not work, or will not at the next login."""
    WARNING = "warning"
    """It works, but not as it looks, or not safely."""
    HINT = "hint"
    """Good to know."""


class Finding(NamedTuple):
    """One finding. ``code`` is a stable name for scripts; ``profile`` is empty where it is about none.

    ``place`` is where what is wrong stands, where that is one place. No part holds a secret.
    """

    code: str
    severity: str
    what: str
    why: str = ""
    remedy: str = ""
    profile: str = ""
    place: Place | None = None

    @property
    def brief(self) -> str:
        """What is wrong, in words that fit behind the profile's name."""
        return self.what.removeprefix(f"{quoted(self.profile)}: ").removesuffix(".")

    @property
    def where(self) -> str:
        """The place in words; empty if there is none, or the rest names it already."""
        if self.place is None or (self.place.variable and self.place.variable in self.what + self.remedy):
            return ""
        return "" if self.place.file and f"{self.place.file}, line {self.place.line}:" in self.what else str(self.place)

    def lines(self) -> list[str]:
        """What is wrong, why, where, and what to do: the parts that are known, one line each."""
        return [part for part in (self.what, self.why, self.where, self.remedy) if part]


def from_error(error: MfaTuiError, severity: str = Severity.ERROR, profile: str = "") -> Finding:
    """The finding that a command would fail with *error*."""
    return Finding(error.slug, severity, error.what, error.why, error.remedy, profile)
