"""Asking a person: on the terminal itself, whatever standard input and output are redirected to."""

from __future__ import annotations

import contextlib
import os
import sys

from mfa_tui.adapters.system.foreground import in_foreground
from mfa_tui.cli.terminal import output
from mfa_tui.core.text.display import printable
from mfa_tui.errors import Cancelled, MfaTuiError, NoTerminal
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_TTY = "/dev/tty"
_ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}
_HAS_IT = "Press Enter when it has it. "
_LONGEST = 4096
"""Bytes that are read of standard input; no code, passphrase or single secret is longer."""


def is_there() -> bool:
    """Whether there is a terminal to ask on."""
    if os.name != "posix":
        return sys.stdin is not None and sys.stdin.isatty()
    try:
        os.close(os.open(_TTY, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def is_in_front() -> bool:
    """Whether there is a terminal to ask on, and this is not in its background, where reading it would stop us."""
    return is_there() and in_foreground()


def is_free() -> bool:
    """Whether standard input is the terminal, and this is in front: a person is here, and no script at work."""
    return sys.stdin is not None and sys.stdin.isatty() and is_in_front()


def check_for_interface(remedy: str = "In scripts, use mfa-tui login; see mfa-tui --help") -> None:
    """Raise NoTerminal unless the interface can be opened. It draws on standard error: output may be redirected."""
    if not (sys.stdin and sys.stdin.isatty() and output.is_watched()):
        raise NoTerminal("no-terminal", "The interface needs a terminal.", "", remedy)


def piped_line() -> str:
    """One line of standard input, whatever bytes it holds; empty if there is none."""
    return "" if sys.stdin is None else sys.stdin.buffer.readline(_LONGEST).decode(errors="replace")


def piped_text(longest: int = _LONGEST) -> str | None:
    """All of standard input, up to *longest* bytes of whatever kind; None if it is a terminal, or closed."""
    if sys.stdin is None or sys.stdin.isatty():
        return None
    return sys.stdin.buffer.read(longest).decode(errors="replace")


def ask_secret(prompt: str, needed: MfaTuiError) -> Secret:
    """A line typed without echo. Raises *needed* if there is no terminal, Cancelled at end of input."""
    if not is_there():
        raise needed
    if os.name != "posix":
        return Secret(_asked_by_getpass(prompt))
    from mfa_tui.cli.terminal.tty_mode import without_echo

    with _opened() as terminal:

        def show_prompt() -> None:
            _show(terminal, prompt)

        try:
            with without_echo(terminal, show_prompt):
                show_prompt()
                line = _read_line(terminal)
        finally:
            # Nobody has seen the Enter, or there was none.
            _show(terminal, "\n")
    return Secret(line)


def _asked_by_getpass(prompt: str) -> str:
    import getpass

    try:
        return getpass.getpass(printable(prompt))
    except EOFError:
        raise Cancelled from None


def ask(prompt: str, needed: NoTerminal) -> str:
    """A line typed with echo. Raises *needed* if there is no terminal, Cancelled at end of input."""
    if not is_there():
        raise needed
    if os.name != "posix":
        sys.stderr.write(printable(prompt))
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise Cancelled
        return line.strip()
    with _opened() as terminal:
        _show(terminal, prompt)
        return _echoed_line(terminal).strip()


def _echoed_line(terminal: int) -> str:
    try:
        return _read_line(terminal)
    except (Cancelled, KeyboardInterrupt):
        # What was typed has no end: the cursor still stands behind the prompt.
        _show(terminal, "\n")
        raise


@contextlib.contextmanager
def _opened() -> Iterator[int]:
    """The terminal, to read and write."""
    terminal = os.open(_TTY, os.O_RDWR | os.O_NOCTTY)
    try:
        yield terminal
    finally:
        os.close(terminal)


def _show(terminal: int, text: str) -> None:
    with contextlib.suppress(OSError):
        os.write(terminal, printable(text).encode(errors="replace"))


def _read_line(terminal: int) -> str:
    """A line without its end; raises Cancelled at end of input, also when the terminal has gone."""
    line = b""
    while not line.endswith(b"\n"):
        try:
            more = os.read(terminal, _LONGEST)
        except OSError:
            more = b""
        if not more:
            raise Cancelled
        line += more
    return line.decode(errors="replace").rstrip("\r\n")


def size() -> tuple[int, int]:
    """Columns and rows of the terminal; none where there is no terminal."""
    try:
        handle = os.open(_TTY if os.name == "posix" else "CON", os.O_RDWR | getattr(os, "O_NOCTTY", 0))
    except OSError:
        return 0, 0
    try:
        columns, rows = os.get_terminal_size(handle)
    except OSError:
        return 0, 0
    finally:
        os.close(handle)
    return columns, rows


def can_show() -> bool:
    """Whether there is a terminal that can show something and take it away again: not TERM=dumb."""
    return is_there() and os.environ.get("TERM", "dumb" if os.name == "posix" else "") != "dumb"


def show_until_enter(text: str, picture: str = "") -> None:
    """Show *picture* below *text*, on a screen of its own, until Enter is pressed: it stays in no terminal's history.

    *picture* may hold escape sequences. Raises NoTerminal, Cancelled at end of input.
    """
    if not is_there():
        raise NoTerminal("no-terminal", "There is no terminal to show this on.")
    if os.name != "posix":
        with open("CON", "w", encoding="utf-8") as screen:
            screen.write(f"\033[?1049h\033[H\033[2J{printable(text)}{picture}{_HAS_IT}")
            screen.flush()
            sys.stdin.readline()
            screen.write("\033[2J\033[?1049l")
        return
    from mfa_tui.cli.terminal.tty_mode import other_screen

    with _opened() as terminal, other_screen(terminal, f"{printable(text)}{picture}{_HAS_IT}".encode()):
        _echoed_line(terminal)


def confirm(question: str, *, default: bool) -> bool:
    """A yes or a no; *default* on a bare Enter, and where there is no terminal."""
    if not is_there():
        return default
    prompt = f"{question} [{'Y/n' if default else 'y/N'}] "
    while (answer := ask(prompt, NoTerminal("no-terminal", question)).lower()) not in _ANSWERS:
        prompt = "y or n: "
    return _ANSWERS[answer] if answer else default


def copy(secret: Secret) -> bool:
    """Hand *secret* to the terminal for its clipboard (OSC 52); False if there is no terminal.

    Whether the terminal takes it cannot be known.
    """
    from base64 import b64encode

    sequence = f"\033]52;c;{b64encode(secret.reveal().encode()).decode()}\a"
    try:
        with open(_TTY, "w", encoding="ascii") as terminal:
            terminal.write(sequence)
    except OSError:
        return False
    return True
