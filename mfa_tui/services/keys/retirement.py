"""Deactivating, activating and deleting single keys. The key in use is never deleted, and deactivated only if named."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.adapters.keys.known_users import KnownUsers
from mfa_tui.adapters.keys.rotation_journal import Phase
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.text.display import in_words, quoted, shell_word, shortened_key
from mfa_tui.errors import UsageError
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.keys.key_owner import KeyAction
from mfa_tui.services.keys.list_keys import NONE, own_keys
from mfa_tui.services.keys.rotation_plan import key_words

if TYPE_CHECKING:
    from mfa_tui.adapters.keys.rotation_journal import Rotation
    from mfa_tui.services.keys.key_owner import KeyOwner
    from mfa_tui.services.keys.list_keys import OwnKey

_LATE = 300
"""Seconds after a key was retired in which a use still counts as one before."""


class ChosenKey(NamedTuple):
    """The key that a command is about."""

    key: OwnKey
    """The key."""
    retired: Rotation | None
    """The rotation that retired it; None if none of ours did."""


def choose_key(owner: KeyOwner, named: str) -> ChosenKey:
    """The key with the id *named*; without one, the key that the last rotation retired.

    Raises UsageError (``key-not-owned``, ``key-unnamed``), KeyRefused, NetworkProblem, FileProblem, Cancelled.
    """
    rotation = owner.rotation()
    retired = rotation if rotation is not None and rotation.phase == Phase.RETIRED else None
    key_id = named or (retired.old_key_id if retired else "")
    if not key_id:
        raise problem("key-unnamed", profile=owner.name).as_error(UsageError)
    key = next((key for key in own_keys(owner) if key.access_key_id == key_id), None)
    if key is None:
        user = owner.identity.user
        raise problem("key-not-owned", profile=owner.name, user=user, shortened=shortened_key(key_id)).as_error(
            UsageError
        )
    return ChosenKey(key, retired if retired and retired.old_key_id == key_id else None)


@recorded(lambda owner, *_, active: owner.action("key-enable" if active else "key-disable"))
def set_status(owner: KeyOwner, key: OwnKey, *, active: bool) -> None:
    """Activate or deactivate a key. Raises KeyRefused, NetworkProblem, Cancelled."""
    context, user, cancel = owner.context, owner.identity.user, owner.operation.cancel
    owner.operation.progress("asking", f"{'Activating' if active else 'Deactivating'} the key")
    owner.call(
        lambda caller: context.iam.set_key_status(caller, user, key.access_key_id, cancel, active=active),
        action=KeyAction.UPDATE,
        device=key.access_key_id,
    )


def describe_status(owner: KeyOwner, key: OwnKey, *, active: bool) -> list[str]:
    """What :func:`set_status` will do, in sentences for the user."""
    what = key_words(key, owner.context.clock.aws_now())
    if active:
        about = [f"Activates {what}: AWS accepts it again."]
        if key.kept == NONE:
            about.append("mfa-tui does not have its secret.")
        return about
    about = [
        f"Deactivates {what}: AWS no longer accepts it.",
        "Sessions that were made with it may stop working at once.",
    ]
    if key.profiles:
        about.append(
            f"{in_words([quoted(name) for name in key.profiles])} {'uses' if len(key.profiles) == 1 else 'use'} it. "
            "Afterwards only another active key of the user can activate it again, or an administrator: "
            f"mfa-tui keys enable PROFILE --user {shell_word(owner.identity.user)} --key {key.access_key_id}"
        )
    return about


def check_deletable(owner: KeyOwner, chosen: ChosenKey) -> None:
    """Make sure that a key may be deleted: nothing here uses it, it is inactive, and was not used since.

    Raises UsageError (``key-in-use``, ``key-active``, ``key-used-since``).
    """
    key, retired = chosen
    shortened = shortened_key(key.access_key_id)
    if key.profiles:
        raise problem("key-in-use", profile=key.profiles[0], shortened=shortened).as_error(UsageError)
    if key.active:
        raise problem("key-active", profile=owner.name, shortened=shortened, key=key.access_key_id).as_error(UsageError)
    if retired is not None and key.used_at is not None and key.used_at > retired.since + _LATE:
        raise problem("key-used-since", profile=owner.name, shortened=shortened).as_error(UsageError)


def describe_deletion(owner: KeyOwner, chosen: ChosenKey) -> list[str]:
    """What :func:`delete_key` will do, in sentences for the user."""
    about = [f"Deletes {key_words(chosen.key, owner.context.clock.aws_now())} at AWS.", "That cannot be undone."]
    if chosen.key.kept != NONE:
        about.append(f"Its secret is removed from the {chosen.key.kept}, too.")
    return about


@recorded(lambda owner, *_, **__: owner.action("key-delete"))
def delete_key(owner: KeyOwner, chosen: ChosenKey) -> None:
    """Delete a key at AWS, and its secret here.

    Raises KeyRefused, NetworkProblem, KeyringProblem, WriteProblem, FileProblem, Cancelled.
    """
    context, user, cancel, key_id = owner.context, owner.identity.user, owner.operation.cancel, chosen.key.access_key_id
    owner.operation.progress("asking", f"Deleting the key {shortened_key(key_id)}")
    owner.call_unless_gone(
        lambda caller: context.iam.delete_access_key(caller, user, key_id, cancel),
        action=KeyAction.DELETE,
        device=key_id,
    )
    if key_id in context.key_store.places():
        context.key_store.remove(key_id, cancel)
    if chosen.retired is not None:
        owner.journal.drop(chosen.retired.account, chosen.retired.user)
    KeyDates(context.paths).forget(key_id)
    KnownUsers(context.paths).forget(key_id)
