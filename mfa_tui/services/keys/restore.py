"""Moving stored long-term keys back into the AWS files: what ``keys store`` did is undone to the byte.

The key is written to the files first, and removed from its store once it has been read from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.keys.index import Phase, StoredKey
from mfa_tui.core.awsfiles.awsconfig import STORED_KEY, AwsConfig, text
from mfa_tui.core.awsfiles.document import UnsafeEdit
from mfa_tui.core.keys.profile_edits import UNKNOWN, unmovable, users_of_stored, with_restored, without_mark
from mfa_tui.core.keys.removed_lines import ID, SECRET
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.text.display import in_words, quoted, shortened_key
from mfa_tui.errors import KeyringProblem, ProfileProblem, WriteProblem
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.sessions.external_credentials import load_stored_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.core.keys.removed_lines import OfProfile
    from mfa_tui.models import AccessKeys
    from mfa_tui.services.operation import Operation


class RestorePlan(NamedTuple):
    """What a restore will do."""

    files: AwsConfig
    """The AWS files, as they were read."""
    profiles: tuple[str, ...]
    """All profiles with the key, which get it back together; the named one is first."""
    keys: AccessKeys
    """The key."""
    place: str
    """Where it is now: ``keyring`` or ``vault``."""
    entry: StoredKey | None
    """What the list says of the key; None if it has no entry."""

    def about(self, name: str) -> OfProfile:
        """What was taken out of the sections of a profile."""
        return self.entry.profiles.get(name, UNKNOWN) if self.entry else UNKNOWN


def plan_restore(operation: Operation, name: str | None) -> RestorePlan:
    """Find out what a restore of the stored keys of profile *name* would do.

    Raises ProfileProblem (``keys-not-stored``, ``keys-others``), FileProblem, KeyringProblem, WriteProblem.
    """
    context = operation.context
    files, profile = context.resolve(name)
    entries = context.key_store.index.read()
    key_id = text(files.in_config(profile.name), STORED_KEY) or _unmarked_id(entries, files, profile.name)
    if not key_id:
        raise problem("keys-not-stored", profile=profile.name).as_error(ProfileProblem)
    entry = entries.get(key_id)
    unfinished = entry.profiles if entry and entry.phase != Phase.STORED else ()
    others = (*users_of_stored(files, key_id), *(each for each in unfinished if files.in_files(each)))
    profiles = tuple(dict.fromkeys((profile.name, *others)))
    keys = _load(operation, profile.name, key_id, files)
    for each in profiles:
        found = text(files.in_credentials(each), ID)
        differs = text(files.in_credentials(each), SECRET) != keys.secret_access_key.reveal()
        if found and (found != key_id or differs):
            raise problem("keys-others", profile=each, path=files.paths[1]).as_error(ProfileProblem)
    plan = RestorePlan(files, profiles, keys, context.key_store.place(key_id), entry)
    context.files.check_writable(files, _edit(plan, _restored))
    context.files.check_writable(files, _edit(plan, _unmarked))
    return plan


def describe_restore(plan: RestorePlan) -> list[str]:
    """What :func:`restore_keys` will do, in sentences for the user."""
    key, names = shortened_key(plan.keys.access_key_id), in_words([quoted(name) for name in plan.profiles])
    return [
        f"The key {key} of {names} goes back into the AWS files, and out of the {plan.place}.",
        "It is in plain text on the disk again.",
    ]


@recorded(
    lambda operation, plan: (operation.context, Action("key-restore", plan.profiles[0])),
    lambda _: "Moved the access key back into the AWS files.",
)
def restore_keys(operation: Operation, plan: RestorePlan) -> None:
    """Do what *plan* says.

    Raises KeyringProblem, ProfileProblem, FileProblem, WriteProblem, Cancelled.
    """
    store, key_id = operation.context.key_store, plan.keys.access_key_id
    known = plan.entry.profiles if plan.entry else {}
    stored = plan.entry.stored if plan.entry else format_utc(int(operation.context.clock.now()))
    profiles = {name: plan.about(name) for name in plan.profiles}
    store.index.update(
        key_id,
        StoredKey(plan.place, Phase.RESTORING, stored, {**known, **profiles}, plan.entry.also if plan.entry else ""),
    )
    operation.progress("writing", "Putting the key back into the AWS files")
    _write(operation, plan, _restored)
    _check_restored(operation, plan)
    # Until now the profiles would have worked with either.
    _write(operation, plan, _unmarked)
    operation.progress("keyring", f"Removing the key from the {plan.place}")
    store.remove(key_id, operation.cancel)


def _load(operation: Operation, name: str, key_id: str, files: AwsConfig) -> AccessKeys:
    """The key from its store; from the file if an interrupted restore has removed it from its store already."""
    profile = read_profile(files, name)
    in_file = profile.keys
    profile.kind, profile.stored_key_id, profile.keys = Kind.STORED_KEYS, key_id, None
    try:
        return load_stored_keys(operation, profile)
    except KeyringProblem as missing:
        if missing.slug == "key-missing" and in_file is not None and in_file.access_key_id == key_id:
            return in_file
        raise


def _unmarked_id(entries: dict[str, StoredKey], files: AwsConfig, name: str) -> str:
    """The id of a profile's stored key where the config file has no mark of it; empty if there is none.

    A move was interrupted, or the mark was removed by hand.
    """
    has_keys = bool(text(files.merged(name), ID))
    ids = [
        key
        for key, entry in entries.items()
        if name in entry.profiles and (entry.phase != Phase.STORED or not has_keys)
    ]
    return max(ids, key=lambda key: entries[key].stored, default="")


def _edit(
    plan: RestorePlan, change: Callable[[RestorePlan, AwsConfig, str], AwsConfig]
) -> Callable[[AwsConfig], tuple[Document, Document]]:
    """The edit that makes *change* for each profile. It raises ProfileProblem (``keys-unmovable``)."""

    def edit(aws: AwsConfig) -> tuple[Document, Document]:
        for name in plan.profiles:
            try:
                aws = change(plan, aws, name)
            except UnsafeEdit as error:
                remedy = "Clean up that part of the file, then try again; the key is still stored."
                raise unmovable(name, error, remedy) from None
        return aws.documents

    return edit


def _restored(plan: RestorePlan, aws: AwsConfig, name: str) -> AwsConfig:
    return with_restored(aws, name, plan.keys, plan.about(name))


def _unmarked(plan: RestorePlan, aws: AwsConfig, name: str) -> AwsConfig:
    return without_mark(aws, name, plan.about(name))


def _write(operation: Operation, plan: RestorePlan, change: Callable[[RestorePlan, AwsConfig, str], AwsConfig]) -> None:
    files, cancel = operation.context.files, operation.cancel
    cancel.run_uninterrupted(lambda: files.edit(_edit(plan, change), cancelled=cancel.cancelled))


def _check_restored(operation: Operation, plan: RestorePlan) -> None:
    """Read the files, and make sure that each profile has the key. Raises WriteProblem (``keys-not-restored``)."""
    files = operation.context.files.load()
    wanted = plan.keys.access_key_id, plan.keys.secret_access_key.reveal()
    for name in plan.profiles:
        sections = (files.in_credentials(name), files.in_config(name))
        if not any((text(values, ID), text(values, SECRET)) == wanted for values in sections):
            raise problem("keys-not-restored", profile=name).as_error(WriteProblem)
