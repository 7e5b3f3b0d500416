"""How a finding can be fixed, as data: what is done at once, where the interface does it, or the command to run."""

from __future__ import annotations

import re
import shlex
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.problems.finding import Finding


class FixKind:
    """Who fixes it."""

    REPAIR = "repair"
    """We do, at once: it takes nothing away but the rights of others, and ``doctor --fix`` does it too."""
    SCREEN = "screen"
    """The user does, on a screen of the interface or in one of its dialogs."""
    COMMAND = "command"
    """The user does, by a command in a shell."""


class Fix(NamedTuple):
    """How a finding can be fixed."""

    kind: str
    """One of :class:`FixKind`."""
    label: str
    """What is done, in a word or two."""
    command: str
    """The interface's command that opens the screen, by its id; else the command line."""


_REPAIRED = frozenset({"credentials-open", "directory-open"})
"""Findings whose remedy we may run ourselves where it is a plain chmod."""
_SCREENS = {
    "settings": ("Settings", (
        "settings-value", "settings-keymap", "settings-theme", "settings-program-missing", "settings-unknown-key",
        "scope-unknown", "scope-policy", "scope-gone", "seed-program-missing", "env-browser-missing",
    )),
    "setup": ("Set up", ("no-profiles", "profile-without-keys")),
    "keys": ("Keys", (
        "key-old", "rotation-unfinished", "key-stored-and-in-file", "key-move-unfinished", "key-process-changed",
        "key-missing", "secret-length",
    )),
    "login": ("Log in", ("serial-missing", "env-profile-unwritten")),
    "devices": ("Devices", ("enrolment-unfinished", "removal-unfinished")),
}  # fmt: skip
"""The interface's commands that fix findings, by their ids: what each is called, and the codes of the findings."""
_SCREEN_OF = {code: (command, label) for command, (label, codes) in _SCREENS.items() for code in codes}
_WITHOUT_PROFILE = frozenset({"settings", "setup", "devices"})
"""Commands that need no profile, or ask for it."""
# Compiled when they are needed: most set-ups need none.
_COMMAND_LINE = (
    r"(?:^|: |, or )((?:sudo|mfa-tui|aws|chmod|rm|unset|export|keyring) .+?)(?=, or |, and |; | \(|\. |\.?$)"
)
_TO_BE_FILLED = r"\b(?:PROFILE|NAME|FILE|DIRECTORY|SOURCE)\b"
"""What a command line has where the user has to put something else."""


def fix_of(finding: Finding) -> Fix | None:
    """How to fix a finding; None if nobody but the user knows, such as what a wrong value should be."""
    if permission_change(finding) is not None:
        return Fix(FixKind.REPAIR, "Fix", finding.remedy)
    command, label = _SCREEN_OF.get(finding.code, ("", ""))
    if command and (finding.profile or command in _WITHOUT_PROFILE):
        return Fix(FixKind.SCREEN, label, command)
    line = command_line(finding.remedy)
    return Fix(FixKind.COMMAND, "Copy command", line) if line else None


def permission_change(finding: Finding) -> tuple[str, str] | None:
    """The mode and the path of the ``chmod`` that fixes a finding; None if that is not all, or not ours to do."""
    if finding.code not in _REPAIRED:
        return None
    try:
        words = shlex.split(finding.remedy)
    except ValueError:
        return None
    if len(words) == 3 and words[0] == "chmod" and words[1] in ("600", "go-w"):  # noqa: PLR2004 - chmod MODE PATH
        return words[1], words[2]
    return None


def command_line(remedy: str) -> str:
    """The command line in a remedy that can be run as it is; empty if there is none."""
    found = re.search(_COMMAND_LINE, remedy)
    return "" if found is None or re.search(_TO_BE_FILLED, found[1]) else found[1]
