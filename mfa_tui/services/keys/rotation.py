"""Rotating a long-term key: create, store and read back, wait until AWS knows it, then retire the old one.

At every moment a working key is in our hands, and every key that AWS has is in somebody's. The commonest defect of
such programs is to delete the old key with the new one, before that has spread; here a session of the *old* key (the
old key itself, if the user has no MFA device) signs the retirement, and nothing is deleted. A run that was interrupted
is finished by the next; the journal says where it was.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.adapters.keys.index import Phase as StoredPhase
from mfa_tui.adapters.keys.index import StoredKey
from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.adapters.keys.known_users import KnownUsers
from mfa_tui.adapters.keys.rotation_journal import Phase, Rotation
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.awsfiles.awsconfig import AwsConfig, text
from mfa_tui.core.awsfiles.document import UnsafeEdit
from mfa_tui.core.keys.key_change import waiting_section, with_new_key, with_waiting_key, without_waiting_key
from mfa_tui.core.keys.profile_edits import holders, unmovable, users_of_key, users_of_stored
from mfa_tui.core.keys.removed_lines import ID, SECRET
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.text.display import shortened_key
from mfa_tui.errors import AwsRefused, KeyringProblem, MfaTuiError, NetworkProblem, ProfileProblem
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.keys.key_owner import KeyAction
from mfa_tui.services.keys.list_keys import CREDENTIALS
from mfa_tui.services.keys.rotation_lock import check_same_rotation, hold_rotation_lock
from mfa_tui.services.keys.rotation_plan import orphans
from mfa_tui.services.sessions.refusals import error_for
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.services.keys.key_owner import KeyOwner
    from mfa_tui.services.keys.rotation_plan import RotationPlan

PATIENCE = 120.0
"""Seconds to wait until AWS accepts a new key; 10 to 20 are usual."""
_PAUSE = 2.0
"""Seconds between two attempts."""


class RotationResult(NamedTuple):
    """The old key is inactive, and the profiles use the new one."""

    old_key_id: str
    """The key that was retired."""
    new_key_id: str
    """The key that replaces it."""
    profiles: tuple[str, ...]
    """The profiles that use it."""


@recorded(lambda owner, *_, **__: owner.action("key-rotate"))
def rotate_key(owner: KeyOwner, plan: RotationPlan) -> RotationResult:
    """Do what *plan* says, or what is left of it.

    Raises KeyRefused, AwsRefused (``key-not-known-yet``: run it again), NetworkProblem, KeyringProblem,
    ProfileProblem, FileProblem, WriteProblem (``rotation-under-way``, ``rotated-meanwhile``), Cancelled.
    """
    with hold_rotation_lock(owner):
        check_same_rotation(owner, plan.last)
        return _rotate(owner, plan)


def _rotate(owner: KeyOwner, plan: RotationPlan) -> RotationResult:
    run = _Run(owner, plan)
    entry = plan.unfinished
    if entry is not None and entry.phase == Phase.CREATING:
        entry = run.adopt_created(entry)
    if entry is None:
        entry = run.create()
    if entry.phase == Phase.STORED:
        run.wait_until_known(run.load_new(entry))
        entry = run.record(entry, Phase.PROVEN)
    if entry.phase == Phase.PROVEN:
        entry = run.switch_profiles(entry, run.load_new(entry))
        entry = run.record(entry, Phase.RETIRING)
    run.retire_old(entry)
    run.record(entry, Phase.RETIRED)
    return RotationResult(entry.old_key_id, entry.new_key_id, run.profiles_of(entry.new_key_id))


class _Run:
    """One run of a rotation."""

    def __init__(self, owner: KeyOwner, plan: RotationPlan) -> None:
        self._owner, self._plan = owner, plan
        self._context, self._operation = owner.context, owner.operation
        self._user, self._cancel = owner.identity.user, owner.operation.cancel

    def record(self, entry: Rotation, phase: str) -> Rotation:
        """Write into the journal that a phase has begun."""
        entry = entry._replace(phase=phase, since=int(self._context.clock.aws_now()))
        self._owner.journal.put(entry)
        return entry

    def create(self) -> Rotation:
        """Make room, create the new key, and store it; a key that cannot be stored is deleted again."""
        plan, identity = self._plan, self._owner.identity
        if plan.in_the_way is not None:
            self._operation.progress("asking", f"Deleting the key {shortened_key(plan.in_the_way.access_key_id)}")
            self._delete(plan.in_the_way.access_key_id, self._cancel)
        before = tuple(key.access_key_id for key in plan.keys)
        entry = Rotation(identity.account, identity.user, Phase.CREATING, plan.old_key_id, "", plan.place, before, 0)
        entry = self.record(entry, Phase.CREATING)
        self._operation.progress("asking", "Creating a new key")
        try:
            made = self._owner.call(
                lambda caller: self._context.iam.create_access_key(caller, self._user, self._cancel),
                action=KeyAction.CREATE,
            )
        except NetworkProblem:
            # AWS may have created it: the next run finds out.
            raise
        except AwsRefused:
            self._owner.journal.drop(identity.account, identity.user)
            raise
        key_id = made.keys.access_key_id
        if key_id in before:
            # The next run deletes the one that AWS may have created.
            wrong = AwsUnreachable("not-aws", "IAM", "the new key is one that there was before")
            raise error_for(wrong, self._owner.caller)
        try:
            self._put(made.keys)
        except (MfaTuiError, UnsafeEdit):
            self._undo_creation(key_id)
            raise
        KeyDates(self._context.paths).remember({key_id: made.created_at})
        KnownUsers(self._context.paths).copy(entry.old_key_id, key_id)
        return self.record(entry._replace(new_key_id=key_id), Phase.STORED)

    def adopt_created(self, entry: Rotation) -> Rotation | None:
        """Go on with the key that an interrupted run created, if it was stored; delete it if nobody has its secret.

        None if there is none, so that the rotation begins again.
        """
        for key in orphans(self._plan):
            if self._find(key.access_key_id) is not None:
                return self.record(entry._replace(new_key_id=key.access_key_id), Phase.STORED)
            if key.use_known and key.used_at is None:
                self._operation.notify(
                    f"Deleting the key {shortened_key(key.access_key_id)}: an interrupted rotation created it, and "
                    "nobody has its secret."
                )
                self._forget(key.access_key_id, self._cancel)
                self._delete(key.access_key_id, self._cancel)
        self._owner.journal.drop(entry.account, entry.user)
        return None

    def load_new(self, entry: Rotation) -> AccessKeys:
        """Load the new key from where it is stored. Raises KeyringProblem (``key-new-missing``)."""
        found = self._find(entry.new_key_id)
        if found is None:
            raise problem(
                "key-new-missing", profile=self._owner.name, shortened=shortened_key(entry.new_key_id)
            ).as_error(KeyringProblem)
        return found

    def wait_until_known(self, keys: AccessKeys) -> None:
        """Ask AWS with the new key until it is accepted. Raises AwsRefused (``key-not-known-yet``)."""
        clock, caller = self._context.clock, self._owner.caller._replace(keys=keys)
        end = clock.monotonic() + PATIENCE
        self._operation.progress("waiting", "Waiting until AWS knows the new key everywhere, usually 10 to 20 s", end)
        while True:
            try:
                found = retry_after_clock_sync(
                    self._operation, lambda: self._context.iam.get_identity(caller, self._cancel)
                )
            except AwsError as answer:
                if answer.means != AwsErrorKind.KEY:
                    raise error_for(answer, caller, offset=clock.known_offset) from None
            except AwsUnreachable as failure:
                raise error_for(failure, caller) from None
            else:
                if found != self._owner.identity:
                    # The profiles would get a key of somebody else.
                    raise error_for(AwsUnreachable("not-aws", "STS", "the new key is another user's"), caller)
                return
            if clock.monotonic() >= end:
                raise problem(
                    "key-not-known-yet", profile=self._owner.name, shortened=shortened_key(keys.access_key_id)
                ).as_error(AwsRefused)
            self._cancel.sleep(_PAUSE)

    def switch_profiles(self, entry: Rotation, keys: AccessKeys) -> Rotation:
        """Give the new key to every profile of the old one, in one edit of the files.

        Where the old key is may have changed since the rotation began: the new one goes there too.
        """
        self._operation.progress("writing", "Giving the profiles the new key")
        store, old, new = self._context.key_store, entry.old_key_id, entry.new_key_id
        if entry.place == CREDENTIALS and users_of_stored(self._context.files.load(), old):
            entry = self.record(entry._replace(place=store.place(old)), entry.phase)
            self._store(keys, entry.place)
        if entry.place != CREDENTIALS:
            known = store.index.read()
            stored = known[new].stored if new in known else format_utc(int(self._context.clock.now()))
            profiles = known[old].profiles if old in known else known[new].profiles if new in known else {}
            store.index.update(new, StoredKey(entry.place, StoredPhase.STORED, stored, profiles))
        unswitched = problem("keys-not-switched", profile=self._owner.name).as_error(ProfileProblem)

        def change(aws: AwsConfig) -> AwsConfig:
            if entry.place == CREDENTIALS and users_of_stored(aws, old):
                raise unswitched
            return with_new_key(aws, old, keys)

        self._edit(change)
        files = self._context.files.load()
        if users_of_key(files, old):
            raise unswitched
        if entry.place != CREDENTIALS and users_of_key(files, new) and not users_of_stored(files, new):
            # The old key was put back into the files meanwhile.
            store.remove(new, self._cancel)
        self._owner.files = files
        return entry

    def retire_old(self, entry: Rotation) -> None:
        """Deactivate the old key. One that is gone is retired already."""
        if not any(key.access_key_id == entry.old_key_id and key.active for key in self._plan.keys):
            return
        self._operation.progress("asking", f"Deactivating the old key {shortened_key(entry.old_key_id)}")
        self._owner.call_unless_gone(
            lambda caller: self._context.iam.set_key_status(
                caller, self._user, entry.old_key_id, self._cancel, active=False
            ),
            action=KeyAction.UPDATE,
            device=entry.old_key_id,
        )

    def profiles_of(self, key_id: str) -> tuple[str, ...]:
        """The profiles that use a key now."""
        return users_of_key(self._context.files.load(), key_id)

    def _put(self, keys: AccessKeys) -> None:
        """Store the new key, and read it back."""
        place = self._plan.place
        if place == CREDENTIALS:
            self._operation.progress("writing", "Storing the new key in the credentials file")
            self._edit(lambda aws: with_waiting_key(aws, self._owner.name, keys))
        else:
            self._store(keys, place)
        found = self._find(keys.access_key_id)
        if found is None or found.secret_access_key != keys.secret_access_key:
            where = "credentials file" if place == CREDENTIALS else place
            raise problem("key-store-unreadable", place_name=where).as_error(KeyringProblem)

    def _store(self, keys: AccessKeys, place: str) -> None:
        """Store the new key in the keyring or the vault."""
        self._operation.progress("keyring", f"Storing the new key in the {place}")
        now = format_utc(int(self._context.clock.now()))
        self._context.key_store.index.update(keys.access_key_id, StoredKey(place, StoredPhase.STORING, now, {}))
        self._context.key_store.put(keys, place, self._cancel)

    def _find(self, key_id: str) -> AccessKeys | None:
        """A key from where a rotation stores it, or from the profiles that use it already; None if nothing has it."""
        files = self._context.files.load()
        for name in holders(files, key_id):
            for values in (files.in_credentials(name), files.in_config(name)):
                if text(values, ID) == key_id and text(values, SECRET):
                    return AccessKeys(key_id, Secret(text(values, SECRET)))
        return self._context.key_store.load(key_id, self._cancel) if self._plan.place != CREDENTIALS else None

    def _forget(self, key_id: str, cancel: CancelScope) -> None:
        """Remove a key from where a rotation stores it."""
        if key_id in self._context.key_store.index.read():
            self._context.key_store.remove(key_id, cancel)
        if waiting_section(self._context.files.load(), key_id):
            self._edit(lambda aws: without_waiting_key(aws, key_id))

    def _undo_creation(self, key_id: str) -> None:
        """Delete the new key, which could not be stored. If that fails, the next run does it."""
        cancel, identity = CancelScope(), self._owner.identity
        with contextlib.suppress(MfaTuiError, UnsafeEdit):
            self._delete(key_id, cancel)
            self._forget(key_id, cancel)
            self._owner.journal.drop(identity.account, identity.user)

    def _delete(self, key_id: str, cancel: CancelScope) -> None:
        """Delete a key at AWS. One that is gone already is no error."""
        self._owner.call_unless_gone(
            lambda caller: self._context.iam.delete_access_key(caller, self._user, key_id, cancel),
            action=KeyAction.DELETE,
            device=key_id,
        )

    def _edit(self, change: Callable[[AwsConfig], AwsConfig]) -> None:
        """Edit the AWS files. Raises ProfileProblem (``keys-unmovable``), FileProblem, WriteProblem."""

        def edit(aws: AwsConfig) -> tuple[Document, Document]:
            try:
                edited = change(aws)
            except UnsafeEdit as error:
                raise unmovable(self._owner.name, error) from None
            return edited.documents

        files = self._context.files
        self._cancel.run_uninterrupted(lambda: files.edit(edit, cancelled=self._cancel.cancelled))
