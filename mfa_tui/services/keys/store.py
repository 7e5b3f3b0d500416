"""Moving long-term keys out of the AWS files: stored, read back, proven at AWS, and only then taken out of the files.

At every moment the key is in the files or in its store, or in both; the list of stored keys says which. A run that was
interrupted is finished by the next.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.keys.index import Phase, StoredKey
from mfa_tui.adapters.keys.store import SERVICE
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.keys.profile_edits import holders
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.text.display import in_words
from mfa_tui.errors import KeyringProblem, MfaTuiError, WriteProblem
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.keys.other_store import vault_suggested
from mfa_tui.services.keys.store_plan import edited_files
from mfa_tui.services.sessions.device_discovery import base_caller
from mfa_tui.services.sessions.identity import ask_identity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.adapters.aws.iam import Identity
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.core.keys.removed_lines import OfProfile
    from mfa_tui.models import AccessKeys
    from mfa_tui.services.keys.store_plan import StorePlan
    from mfa_tui.services.operation import Operation


class StoreResult(NamedTuple):
    """What was done."""

    profiles: tuple[str, ...]
    """The profiles whose key is stored now."""
    place: str
    """Where it is: ``keyring`` or ``vault``."""
    moved: bool
    """Whether the key was moved there; else it was there already, and only its profiles changed."""
    identity: Identity | None
    """Whose key it is, as AWS said; None if that was proven earlier."""


@recorded(
    lambda operation, plan: (operation.context, Action("key-store", plan.profile.name)),
    lambda done: (
        f"Moved the access key of {in_words(done.profiles)} to the {done.place}."
        if done.moved
        else f"Changed what AWS tools get from {in_words(done.profiles)}; the key was in the {done.place} already."
    ),
)
def store_keys(operation: Operation, plan: StorePlan) -> StoreResult:
    """Do what *plan* says.

    Raises KeyringProblem, AwsRefused, NetworkProblem, ProfileProblem, FileProblem, WriteProblem, Cancelled.
    """
    store, keys, before = operation.context.key_store, plan.keys, plan.entry
    key_id = keys.access_key_id
    entry = StoredKey(
        plan.place,
        Phase.STORING,
        before.stored if before and not plan.moves else format_utc(int(operation.context.clock.now())),
        _with_known(before, edited_files(plan, plan.files)[1]),
        _other_place(plan),
    )
    store.index.update(key_id, entry)
    identity = None
    if plan.moves:
        with vault_suggested(plan.place, plan.profile.name, "mfa-tui keys store PROFILE"):
            identity = _put_and_prove(operation, plan)
    taken = _take_out(operation, plan)
    entry = entry._replace(profiles=_with_known(before, taken))
    store.index.update(key_id, entry)
    operation.context.files.take_out_of_backups(key_id, keys.secret_access_key)
    if entry.also:
        _discard_copy(operation, key_id, entry.also)
    store.index.update(key_id, entry._replace(phase=Phase.STORED, also=""))
    return StoreResult(plan.profiles, plan.place, plan.moves, identity)


def _discard_copy(operation: Operation, key_id: str, place: str) -> None:
    """Delete the key at *place*. A keyring that does not exist here must not block the move for ever."""
    try:
        operation.context.key_store.discard(key_id, place, operation.cancel)
    except KeyringProblem as missing:
        if missing.slug not in {"keyring-missing", "keyring-unsafe"}:
            raise
        operation.notify(
            f"{missing.what} If another session's keyring holds a copy of this key, remove it there: "
            f"keyring del '{SERVICE}' {key_id}"
        )


def prove_keys(operation: Operation, plan: StorePlan, keys: AccessKeys) -> Identity:
    """Ask AWS whose *keys* they are. Raises as :func:`ask_identity`."""
    operation.progress("asking", "Asking AWS whose key it is")
    return ask_identity(operation, base_caller(plan.files, plan.profile, keys))


def _put_and_prove(operation: Operation, plan: StorePlan) -> Identity:
    """Store the key, read it back, and ask AWS with what was read. If that fails, the store is left as it was."""
    store, key_id = operation.context.key_store, plan.keys.access_key_id
    try:
        _put(operation, plan)
    except MfaTuiError:
        with contextlib.suppress(MfaTuiError):
            store.index.update(key_id, plan.entry)
        raise
    try:
        found = store.get(key_id, plan.place, operation.cancel)
        if found is None or found.secret_access_key != plan.keys.secret_access_key:
            raise problem("key-store-unreadable", place_name=plan.place).as_error(KeyringProblem)
        return prove_keys(operation, plan, found)
    except MfaTuiError:
        with contextlib.suppress(MfaTuiError):
            if plan.entry is None or plan.entry.store != plan.place:
                # The user may have cancelled the operation; this takes a moment only.
                store.discard(key_id, plan.place, CancelScope())
            store.index.update(key_id, plan.entry)
        raise


def _put(operation: Operation, plan: StorePlan) -> None:
    store = operation.context.key_store
    before = store.load(plan.keys.access_key_id, operation.cancel)
    if before is not None and before.secret_access_key != plan.keys.secret_access_key:
        # AWS shows a secret only once: the stored one may be the right one, and is replaced only by one that works.
        prove_keys(operation, plan, plan.keys)
    operation.progress("keyring", f"Storing the key in the {plan.place}")
    store.put(plan.keys, plan.place, operation.cancel)


def _take_out(operation: Operation, plan: StorePlan) -> Mapping[str, OfProfile]:
    """Take the key out of the files, and return what was taken out.

    Raises ProfileProblem, FileProblem, WriteProblem (``keys-still-there`` and others), Cancelled.
    """
    files, cancel, key_id = operation.context.files, operation.cancel, plan.keys.access_key_id
    taken: dict[str, OfProfile] = dict(edited_files(plan, plan.files)[1])

    def edit(aws: AwsConfig) -> tuple[Document, Document]:
        edited, found = edited_files(plan, aws)
        if holders(aws, key_id):
            # Another program may have changed the files since the plan was made.
            taken.update(found)
        return edited.documents

    operation.progress("writing", "Taking the key out of the AWS files")
    cancel.run_uninterrupted(
        lambda: files.edit(edit, start=plan.files, cancelled=cancel.cancelled, stored=frozenset({key_id}))
    )
    if holders(files.load(), key_id):
        raise problem("keys-still-there", profile=plan.profiles[0]).as_error(WriteProblem)
    return taken


def _other_place(plan: StorePlan) -> str:
    """Where the key is besides, so that it is removed there at the end; empty if nowhere."""
    entry = plan.entry
    if entry is None:
        return ""
    return entry.store if entry.store != plan.place else entry.also


def _with_known(before: StoredKey | None, taken: Mapping[str, OfProfile]) -> dict[str, OfProfile]:
    return {**(before.profiles if before else {}), **taken}
