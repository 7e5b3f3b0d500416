"""Checks of the stores of secrets and of unfinished enrollments. No store is opened, and no command is run."""

from __future__ import annotations

import shlex

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, Phase
from mfa_tui.adapters.seeds.store import VAULT
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.problems.finding import Finding, Severity, from_error
from mfa_tui.core.settings.values import WrongSetting
from mfa_tui.core.text.display import quoted
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.services.context import Context


def check_seeds(context: Context) -> Iterator[Finding]:
    """Check the list of secrets, the vault, the programs that the settings name, and unfinished enrollments."""
    if (problem := context.seeds.index_problem()) is not None:
        yield from_error(problem)
    for serial, place in context.seeds.copies().items():
        yield Finding(
            "seed-copy-left",
            Severity.WARNING,
            f"A copy of the secret of {serial} may be left in the {place}.",
            "A move was interrupted.",
            f"Finish it: mfa-tui vault move {context.seeds.where(serial)}",
        )
    yield from _check_vault(context)
    yield from _check_programs(context)
    yield from _check_journal(EnrollmentJournal(context.paths))


def _check_journal(journal: EnrollmentJournal) -> Iterator[Finding]:
    if (problem := journal.problem()) is not None:
        yield from_error(problem, Severity.WARNING)
    for note in journal.entries():
        if note.phase == Phase.REMOVING:
            yield Finding(
                "removal-unfinished",
                Severity.WARNING,
                f"The removal of the MFA device {MfaSerial(note.serial).name} was not finished.",
                f"It is {note.serial}, of the user {note.user}.",
                "Finish it with a profile of that user: mfa-tui device remove PROFILE",
            )
            continue
        yield Finding(
            "enrolment-unfinished",
            Severity.WARNING,
            f"The enrollment of the MFA device {MfaSerial(note.serial).name} was not finished.",
            f"It is {note.serial}, for the user {note.user}.",
            "Continue with a profile of that user: mfa-tui device enroll PROFILE",
        )


def _check_vault(context: Context) -> Iterator[Finding]:
    kept = VAULT in context.seeds.stored().values()
    if not kept and context.settings.seed_store != VAULT:
        return
    from mfa_tui.adapters.secretstores import age

    try:
        age.require_age("The vault needs the age format.")
    except UsageError as error:
        yield from_error(error)
    yield from map(from_error, context.vault.missing_files(expected=kept))
    if (weakness := context.vault.weakness()) is not None:
        yield from_error(weakness, Severity.WARNING)


def _check_programs(context: Context) -> Iterator[Finding]:
    if not context.settings.devices:
        return
    import shutil

    from mfa_tui.adapters.seeds.external import YKMAN

    for serial, device in context.settings.devices.items():
        if isinstance(device, WrongSetting):
            continue
        program = shlex.split(device.seed_command or device.code_command or YKMAN)[0]
        if shutil.which(program, path=context.env.get("PATH")) is None:
            yield Finding(
                "seed-program-missing",
                Severity.ERROR,
                f"{quoted(program)} generates the codes of {serial}, but is not a program on this machine.",
                "config.toml names it.",
                "Install it, or correct config.toml; until then, type the code.",
            )
