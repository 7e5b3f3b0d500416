"""Standard output and standard error. The result goes to the first, everything else to the second.

All text for people is sanitized here, by ``core.text.display``. Text for programs is not: see :func:`print_exact` and
:func:`print_json`.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from mfa_tui.errors import WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from mfa_tui.errors import MfaTuiError


_spoken: list[bool] = []


class Sgr:
    """Parameters of the control sequence that sets a color (Select Graphic Rendition, ECMA-48)."""

    NONE = ""
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    PURPLE = "35"
    CYAN = "36"


def print_result(text: str) -> None:
    """Print a line of the result. Raises BrokenPipeError if the reader has gone away, WriteProblem."""
    _write(_for_people(text) + "\n")


def print_lines(lines: Sequence[str]) -> None:
    """Print lines of the result, each as standard output can show it. Raises what :func:`print_result` raises."""
    text = "\n".join(lines)
    for part in [text] if sys.stdout is None or _is_encodable(text, sys.stdout) else lines:
        print_result(part)


def is_colored() -> bool:
    """Whether the result may have colors: it goes to a terminal that shows them, and the user has not refused."""
    return stdout_is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_colored(lines: Iterable[Iterable[tuple[str, str]]], between: str) -> None:
    """Print lines of the result in pieces, each with its color, one of :class:`Sgr`; see :func:`is_colored`.

    *between* stands between the pieces. Raises what :func:`print_result` raises.
    """
    pieces = [list(line) for line in lines]
    plain = "\n".join([between.join([text for text, _ in line]) for line in pieces])
    if _for_people(plain) != plain:
        # Rare; each piece by itself takes its time.
        pieces = [[(_for_people(text), color) for text, color in line] for line in pieces]
    _write("".join([f"{between.join([_colored(*piece) for piece in line])}\n" for line in pieces]))


def _colored(text: str, color: str) -> str:
    return f"\033[{color}m{text}\033[0m" if color else text


def print_exact(text: str) -> None:
    """Print a result for a program to read: unchanged, to the byte, or not at all.

    Raises what :func:`print_result` raises. Also raises WriteProblem: ``output-encoding`` if the locale cannot encode
    the text, ``output-terminal`` if the text has control characters and would go to a terminal.
    """
    if stdout_is_terminal() and _printable(text.replace("\t", "")) != text.replace("\t", ""):
        raise WriteProblem(
            "output-terminal",
            "The result was not shown: it contains control characters or invisible characters.",
            "A value in the configuration is not what it looks like.",
            "Redirect the output to a file or to the program that reads it.",
        )
    if sys.stdout is not None:
        try:
            # Bytes that this locale cannot decode came in as surrogates, in an environment variable or a path.
            text.encode(sys.stdout.encoding, "surrogateescape")
        except UnicodeEncodeError:
            raise WriteProblem(
                "output-encoding",
                "The result contains characters that this locale cannot write.",
                f"Standard output accepts only {sys.stdout.encoding}.",
                "Use a UTF-8 locale, such as LC_ALL=C.UTF-8",
            ) from None
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="surrogateescape")
    _write(text + "\n")


def print_json(value: object) -> None:
    """Print the result as one JSON document, in ASCII for any locale. Raises what :func:`print_result` raises."""
    import json

    _write(json.dumps(value, indent=2) + "\n")


def has_spoken() -> bool:
    """Whether this process has printed a warning, a notice or an error."""
    return bool(_spoken)


def say(text: str) -> None:
    """Print one or more lines on standard error."""
    _spoken.append(True)
    _say(text)


def _say(text: str) -> None:
    text = _printable(text)
    # Standard error may be closed, or its reader may have gone away.
    if sys.stderr is not None:
        try:
            sys.stderr.write(_showable(text, sys.stderr) + "\n")
            sys.stderr.flush()
        except OSError:
            _abandon(sys.stderr)


def warn(text: str) -> None:
    """Print a warning of one line."""
    say(f"mfa-tui: warning: {_in_one_line(text)}")


def print_notices(texts: Iterable[str]) -> None:
    """Print a service's notices, one a line. An indented notice continues the one before."""
    for text in texts:
        say(_in_one_line(text) if text.startswith("  ") else f"mfa-tui: {_in_one_line(text)}")


def remark(text: str) -> None:
    """Print something that only helps a person: nothing is printed unless standard error is a terminal."""
    if stderr_is_terminal():
        _say(text)


def show_in_place(text: str) -> None:
    """Replace the line that the cursor is in, if standard error is a terminal. Empty: only remove it."""
    if sys.stderr is not None and stderr_is_terminal():
        sys.stderr.write(f"\r{' ' * 60}\r{_showable(_printable(text), sys.stderr)}")
        sys.stderr.flush()


def stdout_is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def stderr_is_terminal() -> bool:
    """Whether standard error is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def print_error(error: MfaTuiError, about: str = "") -> int:
    """Print an error in at most four lines (what happened, why, where, what to do) and return its exit status.

    *about* is the profile that the error is about. It is left out if the error names it itself.
    """
    first, *rest = error.lines()
    prefix = f"{about}: " if about and repr(about) not in first else ""
    say(_in_one_line(f"mfa-tui: {prefix}{first}"))
    for line in rest:
        say(f"  {_in_one_line(line)}")
    return error.exit_status


def error_as_json(error: MfaTuiError) -> dict[str, object]:
    """An error as it appears in ``--json`` output, with ``place`` (as in ``doctor --json``) if it is known."""
    fields: dict[str, object] = {
        "code": error.slug,
        "what": error.what,
        "why": error.why,
        "remedy": error.remedy,
        "exit_status": error.exit_status,
    }
    if error.place is not None:
        fields["place"] = error.place.as_json()
    return fields


def _printable(text: str) -> str:
    """*text* as a person may see it. ``core.text.display`` is loaded only for text that is not plain ASCII."""
    if text.isascii() and text.isprintable():
        return text
    from mfa_tui.core.text.display import printable

    return printable(text)


def _in_one_line(text: str) -> str:
    """As :func:`_printable`, without line breaks: text from a file cannot pose as another message."""
    if text.isascii() and text.isprintable():
        return text
    from mfa_tui.core.text.display import in_one_line

    return in_one_line(text)


def flush() -> None:
    """Write out the buffer of standard output. Raises what :func:`print_result` raises."""
    if sys.stdout is not None:
        _write("", flush=True)


def abandon() -> None:
    """Discard the rest of standard output: its reader has gone away."""
    _abandon(sys.stdout)


def _abandon(stream: TextIO | None) -> None:
    from mfa_tui.adapters.system.streams import discard

    discard(stream)


def _write(text: str, *, flush: bool = False) -> None:
    if sys.stdout is None:
        raise _output_failed("It is closed.")
    try:
        # On a full device even an empty write fails, although nothing is lost.
        if text:
            sys.stdout.write(text)
        if flush:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        raise output_failed(error) from None


def _for_people(text: str) -> str:
    """*text* for standard output."""
    text = _printable(text)
    return text if sys.stdout is None else _showable(text, sys.stdout)


def _showable(text: str, stream: TextIO) -> str:
    """*text* as *stream* can show it: our own signs in plain words where it lacks them, others escaped."""
    if text.isascii():
        return text
    from mfa_tui.core.text.glyphs import in_plain_words, is_ascii_only

    if not _is_encodable(text, stream):
        encoding = _encoding(stream)
        return in_plain_words(text).encode(encoding, "backslashreplace").decode(encoding)
    return in_plain_words(text) if stream.isatty() and is_ascii_only(os.environ) else text


def _is_encodable(text: str, stream: TextIO) -> bool:
    try:
        text.encode(_encoding(stream))
    except UnicodeEncodeError:
        return False
    return True


def _encoding(stream: TextIO) -> str:
    # While the interface runs, a stream of Textual's is in the place of standard error; it has none.
    return getattr(stream, "encoding", None) or "utf-8"


def output_failed(error: OSError) -> WriteProblem:
    """The error for standard output that cannot be written."""
    return _output_failed(f"{error.strerror}.")


def _output_failed(why: str) -> WriteProblem:
    return WriteProblem(
        "output-failed",
        "The output could not be written to standard output.",
        why,
        "The command did everything else.",
    )
