"""Backing up all stored secrets in one encrypted file of the age format, and restoring them."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem import user_files
from mfa_tui.adapters.filesystem.user_files import read_user_file, write_new_file
from mfa_tui.adapters.secretstores import age
from mfa_tui.core.seeds.backup_format import backup_document, parse_backup
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.errors import FileProblem, UsageError
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.seeds.seed_record import SeedRecord
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context

_LARGEST = 1_000_000
"""The most bytes of a backup; a secret takes about three hundred."""
_EXTRA = "Backups need the age format."
WRONG_KEY = "backup-passphrase"
"""The slug of the error that another passphrase fixes."""


@dataclass(frozen=True, slots=True)
class BackupResult:
    """What went into a backup: the MFA serials of the secrets."""

    saved: tuple[str, ...]
    """Those that are in the backup."""
    lost: tuple[str, ...]
    """Those that are not, because they are damaged or gone."""
    elsewhere: tuple[str, ...]
    """Those that are not, because they are not stored here."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """A sentence for each secret that is not in it."""
        return (
            *(f"The secret of {serial} is damaged or gone, and is not in the backup." for serial in self.lost),
            *(f"The secret of {serial} is not stored here, and is not in the backup." for serial in self.elsewhere),
        )


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What was done with the secrets of a backup: their MFA serials."""

    added: tuple[str, ...]
    """Those that were stored."""
    same: tuple[str, ...]
    """Those that were stored already."""
    replaced: tuple[str, ...]
    """Those that replaced another secret, which is kept until the new one has worked."""
    differing: tuple[str, ...]
    """Those for which another secret is stored, which was not replaced."""
    elsewhere: tuple[str, ...]
    """Those that are not stored here, as the settings say."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """A sentence for each secret that was not stored, and is not stored already."""
        return (
            *(f"Another secret is stored for {serial}, and was left as it was." for serial in self.differing),
            *(
                f"The settings say that the secret of {serial} is not stored here; the backup's was not restored."
                for serial in self.elsewhere
            ),
        )


def secrets_in_words(count: int) -> str:
    """A number of secrets, in words."""
    return f"{count} secret{'s' if count != 1 else ''}"


def check_new_backup(path: str) -> None:
    """Before anything is asked: check that a backup can be written to *path*. Nothing there is overwritten.

    Raises UsageError ``extra-missing``, FileProblem (``given-…``).
    """
    age.require_age(_EXTRA)
    user_files.check_new_file(path)


@recorded(
    lambda context, *_, **__: (context, Action("device-backup", "")),
    lambda done: f"Backed up {secrets_in_words(len(done.saved))}.",
)
def back_up(
    context: Context, path: str, cancel: CancelScope, *, recipient: str = "", passphrase: Callable[[], Secret]
) -> BackupResult:
    """Write all stored secrets to a new file (0600), encrypted to *recipient*, a public key of age, or by *passphrase*.

    *passphrase* is called last, and only if it is needed. Raises UsageError (``extra-missing``, ``age-recipient``,
    ``no-seeds``), FileProblem (``given-…``), KeyringProblem, Cancelled, and what *passphrase* raises.
    """
    check_new_backup(path)
    if recipient:
        age.check_recipient(recipient)
    context.seeds.check_index()
    kept = sorted(context.seeds.stored())
    entries = {serial: entry for serial in kept if (entry := context.seeds.undamaged_entry(serial, cancel)) is not None}
    if not entries:
        raise UsageError(
            "no-seeds",
            "There is no secret to back up.",
            "None is stored." if not kept else "What is stored is damaged.",
            "Store one: mfa-tui device import PROFILE",
        )
    text = backup_document(entries, format_utc(int(context.clock.now())))
    sealed = age.encrypt_to(recipient, text) if recipient else _encrypt(path, passphrase(), text, cancel)
    write_new_file(path, sealed)
    return BackupResult(
        tuple(entries),
        tuple(serial for serial in kept if serial not in entries),
        tuple(sorted(context.seeds.serials() - set(kept))),
    )


def _encrypt(path: str, passphrase: Secret, text: Secret, cancel: CancelScope) -> bytes:
    try:
        return age.encrypt_by_passphrase(passphrase, text, cancel)
    except age.TooDemanding as demand:
        raise FileProblem("backup-demanding", f"{path} was not written.", str(demand), demand.remedy) from None


def check_backup(path: str) -> None:
    """Before anything is asked: check that *path* is a backup that a passphrase opens.

    Raises UsageError (``extra-missing``, ``backup-key``), FileProblem (``given-…``, ``backup-damaged``).
    """
    age.require_age(_EXTRA)
    try:
        if not age.needs_passphrase(read_user_file(path, _LARGEST)):
            raise _key_needed(path)
    except age.Damaged as damage:
        raise _damaged(path, damage) from None


@recorded(
    lambda context, *_, **__: (context, Action("device-restore", "")),
    lambda done: f"Restored {secrets_in_words(changed)}." if (changed := len(done.added) + len(done.replaced)) else "",
)
def restore(
    context: Context,
    path: str,
    cancel: CancelScope,
    *,
    identity: str = "",
    replace: bool = False,
    passphrase: Callable[[], Secret],
) -> RestoreResult:
    """Store the secrets of a backup that are not stored yet; none if any part of the backup is unusable.

    *identity* is the path of an age key file, for a backup that was encrypted to its public key. With *replace*, a
    secret that differs from the stored one takes its place; that one is kept beside it until the new one has worked.
    Raises UsageError (``extra-missing``, ``age-identity``, ``backup-…``), FileProblem (``given-…``, ``backup-…``),
    KeyringProblem, WriteProblem, Cancelled, and what *passphrase* raises.
    """
    age.require_age(_EXTRA)
    entries = parse_backup(_decrypt(context, path, identity, passphrase, cancel), path)
    done: dict[str, list[str]] = {name: [] for name in RestoreResult.__slots__}
    for serial, entry in entries.items():
        outcome = _outcome(context, serial, entry, cancel, replace=replace)
        if outcome in ("added", "replaced"):
            # In one write: an entry that is only half restored would differ from the backup.
            context.seeds.store(
                serial,
                entry.seed,
                entry.label,
                cancel,
                created=entry.created,
                previous=entry.previous if outcome == "added" else None,
            )
        done[outcome].append(serial)
    return RestoreResult(**{name: tuple(serials) for name, serials in done.items()})


def _outcome(context: Context, serial: str, entry: SeedRecord, cancel: CancelScope, *, replace: bool) -> str:
    """The name of the field of RestoreResult that *serial* belongs to."""
    if serial in context.seeds.external():
        return "elsewhere"
    present = context.seeds.undamaged_entry(serial, cancel)
    if present is None or (present.seed == entry.seed and serial not in context.seeds.stored()):
        # If it exists but is not in the list of stored secrets, which was lost, it must be listed again.
        return "added"
    if present.seed == entry.seed:
        return "same"
    return "replaced" if replace else "differing"


def _decrypt(
    context: Context, path: str, identity: str, passphrase: Callable[[], Secret], cancel: CancelScope
) -> Secret:
    data = read_user_file(path, _LARGEST)
    try:
        if age.needs_passphrase(data):
            return age.decrypt_by_passphrase(passphrase(), data, cancel, context.prompts.report_progress)
        if not identity:
            raise _key_needed(path)
        return age.decrypt_with(age.identity_in(read_user_file(identity, _LARGEST)), data)
    except age.WrongKey:
        remedy = "Try again with the right one. Nothing was changed."
        if identity:
            raise UsageError("backup-key", f"{identity} does not open {path}.", "", remedy) from None
        raise UsageError(WRONG_KEY, f"That is not the passphrase of {path}.", "", remedy) from None
    except age.Damaged as damage:
        raise _damaged(path, damage) from None
    except age.TooDemanding as demand:
        raise FileProblem("backup-demanding", f"{path} was not decrypted.", str(demand), demand.remedy) from None


def _key_needed(path: str) -> UsageError:
    return UsageError(
        "backup-key",
        f"{path} is encrypted to a public key, not with a passphrase.",
        "",
        f"Use the key file that belongs to it: mfa-tui device restore {quote(path)} --identity KEYFILE",
    )


def _damaged(path: str, damage: Exception) -> FileProblem:
    what = f"{path} cannot be decrypted."
    return FileProblem("backup-damaged", what, str(damage), "Use another copy; nothing was changed.")
