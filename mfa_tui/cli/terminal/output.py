"""The one owner of standard output and standard error: results go to the first, all else to the second.

All text passes the filter of ``core.printing`` here, but for what a program reads: see :func:`exact`, :func:`document`.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from mfa_tui.errors import WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from mfa_tui.errors import MfaTuiError

_PLAIN = {
    "✓": "ok", "✗": "x", "·": "~", "•": "*", "–": "-", "—": "-", "…": "...", "→": "->", "←": "<-",
    "«": '"', "»": '"', "“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ",
}  # fmt: skip
"""What stands for our signs where a stream's encoding has none of them."""


def result(text: str) -> None:
    """A line of the result. Raises BrokenPipeError when the reader has gone, WriteProblem."""
    _write(_filtered(text) + "\n")


def exact(text: str) -> None:
    """A result that a program reads: as it is, to the byte, or not at all.

    Raises as :func:`result` does; also WriteProblem: ``output-encoding`` if the locale has no such letters,
    ``output-terminal`` if a terminal would read it, and obey some of it.
    """
    if is_shown() and _filtered(text.replace("\t", "")) != text.replace("\t", ""):
        raise WriteProblem(
            "output-terminal",
            "The result was not shown: it holds characters that a terminal obeys or hides.",
            "Something in the configuration is not what it seems.",
            "Send it to a file or to the program that reads it.",
        )
    if sys.stdout is not None:
        try:
            # Bytes that are no text in this locale came in as surrogates, with an environment variable or a path.
            text.encode(sys.stdout.encoding, "surrogateescape")
        except UnicodeEncodeError:
            raise WriteProblem(
                "output-encoding",
                "The result holds letters that this locale cannot write.",
                f"Standard output takes {sys.stdout.encoding} only.",
                "Use a locale with UTF-8, such as LC_ALL=C.UTF-8",
            ) from None
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="surrogateescape")
    _write(text + "\n")


def document(value: object) -> None:
    """The result as one JSON document, in ASCII: good in every locale. Raises as :func:`result` does."""
    import json

    _write(json.dumps(value, indent=2) + "\n")


def say(text: str) -> None:
    """A line beside the result, or several."""
    text = _filtered(text)
    # Without standard error (a closed descriptor, a reader that has gone) there is nobody to tell.
    if sys.stderr is not None:
        try:
            sys.stderr.write(_fitting(text, sys.stderr.encoding) + "\n")
            sys.stderr.flush()
        except OSError:
            _abandon(sys.stderr)


def warn(text: str) -> None:
    """A one-line warning."""
    say(f"mfa-tui: warning: {_in_one_line(text)}")


def notices(texts: Iterable[str]) -> None:
    """What a use case has to remark, a line each; one that is indented goes with the one before."""
    for text in texts:
        say(_in_one_line(text) if text.startswith("  ") else f"mfa-tui: {_in_one_line(text)}")


def remark(text: str) -> None:
    """A word that is of use to a person only: silent unless standard error is a terminal."""
    if is_watched():
        say(text)


def is_shown() -> bool:
    """Whether a person, and no program, reads standard output."""
    return sys.stdout is not None and sys.stdout.isatty()


def is_watched() -> bool:
    """Whether a person may be reading standard error."""
    return sys.stderr is not None and sys.stderr.isatty()


def problem(error: MfaTuiError, about: str = "") -> int:
    """An error in at most four lines: what happened, why, what to do. Returns its exit status."""
    first, *rest = error.lines()
    # Many say themselves which profile it is.
    prefix = f"{about}: " if about and repr(about) not in first else ""
    say(_in_one_line(f"mfa-tui: {prefix}{first}"))
    for line in rest:
        say(f"  {_in_one_line(line)}")
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


def _filtered(text: str) -> str:
    """What may be shown to a person: see ``core.printing``, which quick commands load only for what is not plain."""
    if text.isascii() and text.isprintable():
        return text
    from mfa_tui.core.text.display import printable

    return printable(text)


def _in_one_line(text: str) -> str:
    """As above, without line breaks: what is told of a file cannot pose as another message."""
    if text.isascii() and text.isprintable():
        return text
    from mfa_tui.core.text.display import in_one_line

    return in_one_line(text)


def finish() -> None:
    """Write out what is buffered. Raises as :func:`result` does."""
    if sys.stdout is not None:
        _write("", flush=True)


def abandon() -> None:
    """Give up standard output: its reader has gone."""
    if sys.stdout is not None:
        _abandon(sys.stdout)


def _abandon(stream: TextIO) -> None:
    """Let what is still buffered go nowhere: Python writes it out at exit, and would fail once more."""
    import contextlib

    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(text: str, *, flush: bool = False) -> None:
    if sys.stdout is None:
        raise _lost("It is closed.")
    try:
        try:
            # An empty write would fail on a full device, where nothing is lost.
            if text:
                sys.stdout.write(text)
        except UnicodeEncodeError:
            # A locale without our signs or without a name's letters.
            sys.stdout.write(_fitting(text, sys.stdout.encoding))
        if flush:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        raise _lost(f"{error.strerror}.") from None


def _fitting(text: str, encoding: str) -> str:
    """*text* as a stream of this encoding can show it: our own signs in plain letters, all else as escapes."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        for sign, plain in _PLAIN.items():
            text = text.replace(sign, plain)
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text


def _lost(why: str) -> WriteProblem:
    return WriteProblem(
        "output-failed",
        "The result could not be written to standard output.",
        why,
        "All else that the command does was done.",
    )
