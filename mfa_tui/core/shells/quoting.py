"""Environment variables as each shell, or a program that reads a file, takes them: set and removed, with any value.

A value arrives as it is, or it is refused: nothing in it is ever run, expanded or dropped.
"""

from __future__ import annotations

from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Quote = Callable[[str], str]
    """From a value to its literal; raises ValueError with the reason, without the value, if there is none."""

SHELLS = ("sh", "fish", "powershell", "cmd", "dotenv", "json")
"""``sh`` is what every POSIX shell reads, bash and zsh among them."""
INTERACTIVE = ("sh", "fish", "powershell")
"""Those that can run the code which they are given in the shell that a person works in."""

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+=:,@%-")
_POWERSHELL_QUOTES = "'\u2018\u2019\u201a\u201b"
"""PowerShell takes any of these for a single quote, and a doubled one for itself (about_Quoting_Rules, CharTraits)."""


def assignments(shell: str, variables: Mapping[str, str], removed: Iterable[str] = ()) -> str:
    """What makes *shell* export *variables*, and forget those named in *removed*; without a last newline.

    ``dotenv`` and ``json`` can only set: with them *removed* is passed over.
    Raises UsageError (``value-inexpressible``) if the shell has no way to write a value. It names the variable only.
    """
    lines = _removals(shell, removed)
    if shell == "json":
        import json

        return json.dumps({**variables}, indent=2)
    quote, assignment = _FORMS[shell]
    for name, value in variables.items():
        try:
            lines.append(assignment.format(name, _quoted(value, quote)))
        except ValueError as reason:
            raise UsageError(
                "value-inexpressible",
                f"The value of {name} cannot be written for {shell}.",
                f"In {shell}, {reason}.",
                "Choose another --shell, or mfa-tui exec, which needs no quoting.",
            ) from None
    return "\n".join(lines)


def quoted_command(shell: str, words: Iterable[str]) -> str:
    """The words of a command, each quoted: for ``sh``, ``fish`` and ``powershell``."""
    quote = _FORMS[shell][0]
    return " ".join(map(quote, words))


def can_unset(shell: str) -> bool:
    """Whether the format has a way to say that a variable shall go."""
    return shell not in ("dotenv", "json")


def _removals(shell: str, names: Iterable[str]) -> list[str]:
    if not can_unset(shell):
        return []
    if shell == "sh":
        together = " ".join(names)
        return [f"unset -v {together}"] if together else []
    return [_REMOVALS[shell].format(name) for name in names]


def _quoted(value: str, quote: Quote) -> str:
    if "\0" in value:
        raise ValueError("no variable can hold a null character")
    return quote(value)


def _sh(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _fish(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _powershell(value: str) -> str:
    return "'" + "".join(sign * 2 if sign in _POWERSHELL_QUOTES else sign for sign in value) + "'"


def _cmd(value: str) -> str:
    """Between ``set "NAME=`` and ``"`` everything is literal, but for what no escape can save in every place.

    ``%`` must be doubled in a batch file and must not at the prompt; ``!`` is expanded where delayed expansion is on.
    """
    for sign in '"%!':
        if sign in value:
            raise ValueError(f"a value that holds {sign} is read differently at the prompt and in a file")
    if not value.isprintable():
        raise ValueError("a value cannot hold line breaks or control characters")
    return value


def _dotenv(value: str) -> str:
    r"""Plain values bare, so that ``docker run --env-file``, which knows no quotes, reads them too.

    All others in single quotes, as python-dotenv and docker compose read them: literally, with ``\'`` for a quote.
    Refused is what readers of the format disagree on.
    """
    if _PLAIN.issuperset(value):
        return value
    if "\\\\" in value or "\\'" in value or value.endswith("\\"):
        raise ValueError("a backslash before a quote, another backslash or the end is read differently by each reader")
    if "${" in value:
        raise ValueError("${ begins a reference to another variable, in quotes too")
    if "\r" in value:
        raise ValueError("a value cannot hold carriage returns")
    return "'" + value.replace("'", "\\'") + "'"


_FORMS: dict[str, tuple[Quote, str]] = {
    "sh": (_sh, "export {}={}"),
    "fish": (_fish, "set -gx {} {}"),
    "powershell": (_powershell, "$env:{} = {}"),
    "cmd": (_cmd, 'set "{}={}"'),
    "dotenv": (_dotenv, "{}={}"),
}
_REMOVALS = {
    # Only the global one: a universal variable is the user's own default, in all their shells.
    "fish": "set -eg {}; or true",
    "powershell": "Remove-Item -LiteralPath Env:{} -ErrorAction SilentlyContinue",
    "cmd": 'set "{}="',
}
