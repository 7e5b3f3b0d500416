"""Findings: what a check of the setup found, each with its severity, its reason and its remedy."""

from __future__ import annotations

from typing import NamedTuple, cast

from mfa_tui.core.text.display import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from mfa_tui.core.problems.place import Place
    from mfa_tui.errors import MfaTuiError

    E = TypeVar("E", bound=MfaTuiError)


class Severity:
    """How serious a finding is; the names are stable (``doctor --json``)."""

    ERROR = "error"
    """Something does not work, or will not at the next login."""
    WARNING = "warning"
    """It works, but not as it seems to, or not safely."""
    HINT = "hint"
    """Good to know."""


class Finding(NamedTuple):
    """One finding. No part holds a secret."""

    code: str
    """A stable name for scripts."""
    severity: str
    """One of :class:`Severity`."""
    what: str
    """What is wrong, in one sentence."""
    why: str = ""
    """Why; empty if there is no more to say."""
    remedy: str = ""
    """What to do, or the command to run."""
    profile: str = ""
    """The profile that it concerns; empty if it concerns none."""
    place: Place | None = None
    """The place in a file or the environment that must be corrected, if it is a single one."""

    @property
    def brief(self) -> str:
        """What is wrong, in words that fit after the profile's name."""
        return self.what.removeprefix(f"{quoted(self.profile)}: ").removesuffix(".")

    @property
    def where(self) -> str:
        """The place in words; empty if there is none, or another part names it already."""
        if self.place is None or (self.place.variable and self.place.variable in self.what + self.remedy):
            return ""
        return "" if self.place.file and f"{self.place.file}, line {self.place.line}:" in self.what else str(self.place)

    def lines(self) -> list[str]:
        """What is wrong, why, where, and what to do: the parts that are known, one line each."""
        return [part for part in (self.what, self.why, self.where, self.remedy) if part]

    def as_error(self, kind: type[E]) -> E:
        """The error of a command that cannot go on because of this."""
        return kind(self.code, self.what, self.why, self.remedy, where=self.where, place=self.place)


def from_error(error: MfaTuiError, severity: str = Severity.ERROR, profile: str = "") -> Finding:
    """The finding that a command would fail with *error*: the same reason, remedy and place."""
    # ``errors`` knows places by a protocol only.
    place = cast("Place | None", error.place)
    return Finding(error.slug, severity, error.what, error.why, error.remedy, profile, place)
