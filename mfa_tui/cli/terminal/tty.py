"""Prompts on the terminal itself, even if standard input and output are redirected."""

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
    from collections.abc import Callable, Iterator

_TTY = "/dev/tty"
_ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}
_PASTE_PAUSE = 0.1
"""Seconds after which no more of a paste is expected."""
_WHEN_DONE = "Press Enter when you are done. "
_LONGEST = 4096
"""The most bytes to read from standard input. No code, passphrase or single secret is longer."""


def is_available() -> bool:
    """Whether there is a terminal to ask on."""
    if os.name != "posix":
        return sys.stdin is not None and sys.stdin.isatty()
    try:
        os.close(os.open(_TTY, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def is_in_foreground() -> bool:
    """Whether there is a terminal and we are in its foreground. Reading it in the background would stop us."""
    return is_available() and in_foreground()


def is_interactive() -> bool:
    """Whether standard input is the terminal and we are in its foreground: a person is here, not a script."""
    return sys.stdin is not None and sys.stdin.isatty() and is_in_foreground()


def check_for_interface(remedy: str = "In scripts, use mfa-tui login; see mfa-tui --help") -> None:
    """Raise NoTerminal if the interface cannot open. It draws on standard error, so output may be redirected."""
    if not (sys.stdin and sys.stdin.isatty() and output.stderr_is_terminal()):
        raise NoTerminal("no-terminal", "The interface needs a terminal.", "", remedy)


def read_piped_line() -> str:
    """Read one line of standard input, whatever bytes it has; empty if there is none."""
    return "" if sys.stdin is None else sys.stdin.buffer.readline(_LONGEST).decode(errors="replace")


def read_piped_text(longest: int = _LONGEST) -> str | None:
    """Read all of standard input, up to *longest* bytes. None if it is a terminal or closed."""
    if sys.stdin is None or sys.stdin.isatty():
        return None
    return sys.stdin.buffer.read(longest).decode(errors="replace")


def ask_secret(prompt: str, needed: MfaTuiError, is_whole: Callable[[str], bool] = lambda _: True) -> Secret:
    """Ask for a line, typed without echo. Raises *needed* if there is no terminal, Cancelled at end of input.

    If the line is not *is_whole*, what is asked for, then what was pasted after it is dropped: it answers nothing.
    """
    if not is_available():
        raise needed
    if os.name != "posix":
        return Secret(_ask_with_getpass(prompt))
    from mfa_tui.cli.terminal.tty_mode import without_echo

    with _open_terminal() as terminal:

        def show_prompt() -> None:
            _show(terminal, prompt)

        try:
            with without_echo(terminal, show_prompt):
                show_prompt()
                line = _read_line(terminal)
                if not is_whole(line):
                    _read_rest(terminal)
        finally:
            # The Enter was not echoed, or there was none.
            _show(terminal, "\n")
    return Secret(line)


def ask_secret_lines(prompts: tuple[str, str], needed: MfaTuiError, goes_on: Callable[[list[str]], bool]) -> list[str]:
    """Ask for lines, typed or pasted without echo, while *goes_on* says of those so far that more are needed.

    The *prompts* are that of the first line and that of the others. What a paste has besides is taken, too; whatever
    happens, none of it is left for the next prompt, or for the shell. Raises as :func:`ask_secret`, and what *goes_on*
    raises.
    """
    if not is_available():
        raise needed
    lines: list[str] = []
    if os.name != "posix":
        while not lines or goes_on(lines):
            lines.append(_ask_with_getpass(prompts[bool(lines)]))
        return lines
    from mfa_tui.cli.terminal.tty_mode import without_echo

    with _open_terminal() as terminal:

        def show_prompt() -> None:
            _show(terminal, prompts[bool(lines)])

        with without_echo(terminal, show_prompt):
            try:
                while not lines or goes_on(lines):
                    show_prompt()
                    try:
                        lines += _read_line(terminal).splitlines() or [""]
                    finally:
                        _show(terminal, "\n")
            finally:
                rest = _read_rest(terminal)
    return [*lines, *rest]


def _read_rest(terminal: int) -> list[str]:
    """Read the lines that have been pasted already, and drop what follows the last line break."""
    import select
    import termios

    rest = b""
    while select.select([terminal], [], [], _PASTE_PAUSE)[0]:
        try:
            more = os.read(terminal, _LONGEST)
        except OSError:
            break
        if not more:
            break
        rest += more
    with contextlib.suppress(termios.error):
        termios.tcflush(terminal, termios.TCIFLUSH)
    return rest.decode(errors="replace").splitlines()


def _ask_with_getpass(prompt: str) -> str:
    import getpass

    try:
        return getpass.getpass(printable(prompt))
    except EOFError:
        raise Cancelled from None


def ask(prompt: str, needed: NoTerminal) -> str:
    """Ask for a line, typed with echo. Raises *needed* if there is no terminal, Cancelled at end of input."""
    if not is_available():
        raise needed
    if os.name != "posix":
        sys.stderr.write(printable(prompt))
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise Cancelled
        return line.strip()
    with _open_terminal() as terminal:
        _show(terminal, prompt)
        return _read_echoed_line(terminal).strip()


def _read_echoed_line(terminal: int) -> str:
    try:
        return _read_line(terminal)
    except (Cancelled, KeyboardInterrupt):
        # No Enter was typed: the cursor is still behind the prompt.
        _show(terminal, "\n")
        raise


@contextlib.contextmanager
def _open_terminal() -> Iterator[int]:
    """Open the terminal for reading and writing."""
    terminal = os.open(_TTY, os.O_RDWR | os.O_NOCTTY)
    try:
        yield terminal
    finally:
        os.close(terminal)


def _show(terminal: int, text: str) -> None:
    with contextlib.suppress(OSError):
        os.write(terminal, printable(text).encode(errors="replace"))


def _read_line(terminal: int) -> str:
    """Read a line, without its line break. Raises Cancelled at end of input, also when the terminal has gone."""
    line = b""
    while not line.endswith(b"\n"):
        try:
            _wait_for_input(terminal)
            more = os.read(terminal, _LONGEST)
        except OSError:
            more = b""
        if not more:
            raise Cancelled
        line += more
    return line.decode(errors="replace").rstrip("\r\n")


def _wait_for_input(terminal: int) -> None:
    """Wait until something can be read, while signals are handled at once. In the background reading stops us."""
    import select
    import threading

    from mfa_tui.adapters.system.signal_pipe import signal_pipe

    if threading.current_thread() is not threading.main_thread():
        return
    with signal_pipe() as signals:
        while in_foreground() and terminal not in select.select([terminal, signals], [], [])[0]:
            os.read(signals, _LONGEST)


def size() -> tuple[int, int]:
    """Columns and rows of the terminal; 0, 0 if there is no terminal."""
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
    """Whether there is a terminal that can show something and clear it again: not TERM=dumb."""
    return is_available() and os.environ.get("TERM", "dumb" if os.name == "posix" else "") != "dumb"


def show_until_enter(text: str, picture: str = "") -> None:
    """Show *picture* below *text* until Enter is pressed, on the alternate screen, which leaves no scrollback.

    *picture* may contain escape sequences. Raises NoTerminal, Cancelled at end of input.
    """
    if not is_available():
        raise NoTerminal("no-terminal", "There is no terminal to show this on.")
    if os.name != "posix":
        with open("CON", "w", encoding="utf-8") as screen:
            screen.write(f"\033[?1049h\033[H\033[2J{printable(text)}{picture}{_WHEN_DONE}")
            screen.flush()
            sys.stdin.readline()
            screen.write("\033[2J\033[?1049l")
        return
    from mfa_tui.cli.terminal.tty_mode import alternate_screen

    with _open_terminal() as terminal, alternate_screen(terminal, f"{printable(text)}{picture}{_WHEN_DONE}".encode()):
        _read_echoed_line(terminal)


def confirm(question: str, *, default: bool) -> bool:
    """Ask for a yes or a no. *default* is returned on Enter alone, and if there is no terminal."""
    if not is_available():
        return default
    prompt = f"{question} [{'Y/n' if default else 'y/N'}] "
    while (answer := ask(prompt, NoTerminal("no-terminal", question)).lower()) not in _ANSWERS:
        prompt = "Type y or n: "
    return _ANSWERS[answer] if answer else default


def copy_to_clipboard(secret: Secret) -> bool:
    """Send *secret* to the terminal's clipboard (OSC 52). False if there is no terminal.

    We cannot know whether the terminal accepted it.
    """
    from base64 import b64encode

    sequence = f"\033]52;c;{b64encode(secret.reveal().encode()).decode()}\a"
    try:
        with open(_TTY, "w", encoding="ascii") as terminal:
            terminal.write(sequence)
    except OSError:
        return False
    return True
