"""One row of the catalogue of problems."""

from __future__ import annotations

from typing import NamedTuple

ERROR = "error"
WARNING = "warning"
HINT = "hint"


class Problem(NamedTuple):
    """One kind of problem. Its texts may have ``{words}``, which are filled in where the problem is found."""

    name: str
    """Its name, which no other problem has."""
    what: str
    """What happened, in one sentence."""
    why: str = ""
    """Why; empty if there is no more to say."""
    remedy: str = ""
    """What to do."""
    severity: str = ERROR
    """The severity of doctor's finding; error for a problem that only stops a command."""
    code: str = ""
    """The code that scripts see, if several problems share one; empty if it is the name."""
    page: str = ""
    """What the page says to do, if the remedy consists of more than words to fill in."""

    @property
    def slug(self) -> str:
        """The stable name for scripts: the ``code`` of ``--json``."""
        return self.code or self.name

    def page_texts(self) -> tuple[str, str, str]:
        """What happened, why, and what to do, as the page has them."""
        return self.what, self.why, self.page or self.remedy
