"""The commands of the doctor's screen."""

from __future__ import annotations

from typing import NamedTuple

from mfa_tui.core.doctor.fixes import FixKind
from mfa_tui.ui.commands.command import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.doctor.fixes import Fix


class DoctorSituation(NamedTuple):
    """What the commands of the doctor's screen depend on."""

    any: bool = False
    """Whether there is a finding under the cursor."""
    fix: Fix | None = None
    """How to fix it."""
    running: bool = False
    """Whether something is running."""


def _can_fix(now: DoctorSituation) -> str:
    if now.running:
        return "something is running"
    if now.fix is None:
        return "only you know how" if now.any else "there is no finding here"
    return "run its command in a shell" if now.fix.kind == FixKind.COMMAND else ""


def _can_copy(now: DoctorSituation) -> str:
    return "" if now.any else "there is no finding here"


def _idle(now: DoctorSituation) -> str:
    return "something is running" if now.running else ""


DOCTOR_COMMANDS: tuple[Command[DoctorSituation], ...] = (
    Command("doctor-fix", "Fix", "Fix the finding at once, or open the screen on which it is fixed.", _can_fix),
    Command(
        "doctor-copy", "Copy", "Copy the command that fixes the finding; without one, all that is known.", _can_copy
    ),
    Command("doctor-reload", "Check again", "Examine everything again.", _idle, repaints=True),
    Command("doctor-help", "Help", "All keys, and why some do nothing now."),
    Command("doctor-back", "Back", "Stop what is running; if nothing is, go back to the profiles."),
)
