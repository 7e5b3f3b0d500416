"""Assignments of environment variables for each shell, and for programs that read them from a file.

Any value arrives unchanged, or it is refused: nothing in it is ever run, expanded or dropped.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Quote = Callable[[str], str]
    """Quotes a value; raises ValueError with the reason, without the value, if that is impossible."""

SHELLS = ("sh", "fish", "powershell", "cmd", "dotenv", "json")
"""The formats; every POSIX shell reads ``sh``, bash and zsh among them."""
INTERACTIVE = ("sh", "fish", "powershell")
"""The formats for shells that can run the assignments in the user's own session."""

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+=:,@%-")
_POWERSHELL_QUOTES = "'\u2018\u2019\u201a\u201b"
"""PowerShell takes each of these as a single quote, and a doubled one as the character (about_Quoting_Rules)."""


def assignments(shell: str, variables: Mapping[str, str], removed: Iterable[str] = ()) -> str:
    """The code by which *shell* exports *variables*, and unsets those named in *removed*; without a final newline.

    ``dotenv`` and ``json`` can only set variables: they ignore *removed*.
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
            from mfa_tui.errors import UsageError

            raise UsageError(
                "value-inexpressible",
                f"The value of {name} cannot be written for {shell}.",
                f"In {shell}, {reason}.",
                "Choose another --shell, or mfa-tui exec, which needs no quoting.",
            ) from None
    return "\n".join(lines)


def quoted_command(shell: str, words: Iterable[str]) -> str:
    """The words of a command line, each quoted for *shell*: ``sh``, ``fish`` or ``powershell``."""
    quote = _FORMS[shell][0]
    return " ".join(map(quote, words))


def can_unset(shell: str) -> bool:
    """Whether the format can unset variables."""
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
    """The value as it is: between ``set "NAME=`` and ``"`` everything is literal, except what is refused here.

    ``%`` must be doubled in a batch file but not at the prompt; ``!`` is expanded if delayed expansion is on.
    """
    for sign in '"%!':
        if sign in value:
            raise ValueError(f"a value that holds {sign} is read differently at the prompt and in a file")
    if not value.isprintable():
        raise ValueError("a value cannot hold line breaks or control characters")
    return value


def _dotenv(value: str) -> str:
    r"""A plain value without quotes, so that ``docker run --env-file``, which has no quotes, can read it too.

    Other values are in single quotes, which python-dotenv and docker compose read literally, with ``\'`` for a quote.
    Values on which readers of the format disagree are refused.
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
    # Only the global variable: a universal one is the user's own default, in all shells.
    "fish": "set -eg {}; or true",
    "powershell": "Remove-Item -LiteralPath Env:{} -ErrorAction SilentlyContinue",
    "cmd": 'set "{}="',
}
