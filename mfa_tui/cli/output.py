"""The one owner of standard output and standard error: results go to the first, all else to the second."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.errors import MfaTuiError


def result(text: str) -> None:
    """A line of the result."""
    sys.stdout.write(text + "\n")


def document(value: object) -> None:
    """The result as one JSON document."""
    import json

    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """A line beside the result."""
    # Without standard error (a closed descriptor) there is nobody to tell.
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def warn(text: str) -> None:
    """A one-line warning."""
    say(f"mfa-tui: warning: {text}")


def remark(text: str) -> None:
    """A word that is of use to a person only: silent unless standard error is a terminal."""
    if is_watched():
        say(text)


def is_watched() -> bool:
    """Whether a person may be reading standard error."""
    return sys.stderr is not None and sys.stderr.isatty()


def problem(error: MfaTuiError, about: str = "") -> int:
    """An error in at most four lines: what happened, why, what to do. Returns its exit status."""
    first, *rest = error.lines()
    say(f"mfa-tui: {about + ': ' if about else ''}{first}")
    for line in rest:
        say(f"  {line}")
    return error.exit_status


def as_json(error: MfaTuiError) -> dict[str, object]:
    """An error as it stands in ``--json`` output."""
    return {
        "code": error.slug,
        "what": error.what,
        "why": error.why,
        "remedy": error.remedy,
        "exit_status": error.exit_status,
    }


def finish() -> None:
    """Write out what is buffered. Raises OSError (a full disk, a closed pipe)."""
    if sys.stdout is not None:
        sys.stdout.flush()
