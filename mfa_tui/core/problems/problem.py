"""One row of the catalogue of problems."""

from __future__ import annotations

from typing import NamedTuple

ERROR = "error"
WARNING = "warning"
HINT = "hint"


class Problem(NamedTuple):
    """One kind of problem. The texts may have ``{words}``, which are filled where it is found.

    ``name`` tells it from all others; ``code`` is what scripts see, where several share one; ``severity`` is that of
    doctor's finding, and error for what only stops a command.
    """

    name: str
    what: str
    why: str = ""
    remedy: str = ""
    severity: str = ERROR
    code: str = ""
    page: str = ""
    """What the page says to do, where ``remedy`` is filled with more than words."""

    @property
    def slug(self) -> str:
        """The stable name for scripts: the ``code`` of ``--json``."""
        return self.code or self.name

    def shown(self) -> tuple[str, str, str]:
        """What, why and what to do, as the page has them."""
        return self.what, self.why, self.page or self.remedy
