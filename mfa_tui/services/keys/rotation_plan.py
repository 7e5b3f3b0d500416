"""What a rotation of a long-term key will do: which keys there are, which gives way, and what is left to finish."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.keys.copies import variables_with
from mfa_tui.adapters.keys.rotation_journal import Phase
from mfa_tui.core.keys.key_age import DAY, age_words
from mfa_tui.core.keys.key_change import with_new_key
from mfa_tui.core.keys.profile_edits import users_of_key, users_of_stored
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.core.text.display import counted, in_words, quoted, shortened_key
from mfa_tui.errors import ProfileProblem, UsageError
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.keys.list_keys import CREDENTIALS, own_keys
from mfa_tui.services.keys.rotation_lock import explain_rotation, hold_rotation_lock

if TYPE_CHECKING:
    from mfa_tui.adapters.keys.rotation_journal import Rotation
    from mfa_tui.services.keys.key_owner import KeyOwner
    from mfa_tui.services.keys.list_keys import OwnKey

MOST_KEYS = 2
"""Keys that a user may have, inactive ones included (IAM quotas)."""
_CREATION = 900
"""Seconds after the beginning of a rotation in which the key that it asked for was created."""


class RotationPlan(NamedTuple):
    """What a rotation will do."""

    old_key_id: str
    """The key that is replaced."""
    keys: tuple[OwnKey, ...]
    """The user's keys."""
    profiles: tuple[str, ...]
    """The profiles that get the new key."""
    place: str
    """Where the new key is stored first: ``keyring``, ``vault`` or ``credentials``."""
    in_the_way: OwnKey | None
    """The key that is deleted first, because AWS allows a user two; None if there is room."""
    last: Rotation | None
    """The last rotation in the journal, finished or not; None if there was none."""
    copies: tuple[str, ...]
    """Variables with the old key, which mfa-tui does not change."""

    @property
    def unfinished(self) -> Rotation | None:
        """What an interrupted rotation has left; None if this is a new one."""
        return self.last if self.last is not None and self.last.unfinished else None


def plan_rotation(owner: KeyOwner, *, retire: str = "") -> RotationPlan:
    """Find out what a rotation of the key of *owner*, who was loaded, would do.

    *retire* is the other key that may be deleted, if the user has two.
    Raises ProfileProblem (``keys-unrotatable``), UsageError (``key-not-owned``, ``key-in-use``), KeyRefused,
    NetworkProblem, FileProblem, KeyringProblem, Cancelled, WriteProblem (``rotation-under-way``,
    ``rotated-meanwhile``).
    """
    with hold_rotation_lock(owner), explain_rotation(owner):
        return _plan(owner, retire)


def _plan(owner: KeyOwner, retire: str) -> RotationPlan:
    profile, entry = owner.profile, owner.rotation()
    if profile.kind not in (Kind.ACCESS_KEYS, Kind.STORED_KEYS):
        raise problem("keys-unrotatable", profile=profile.name).as_error(ProfileProblem)
    keys = own_keys(owner)
    unfinished = entry if entry is not None and entry.unfinished else None
    old_key_id = unfinished.old_key_id if unfinished else profile.access_key_id
    profiles = users_of_key(owner.files, old_key_id)
    plan = RotationPlan(
        old_key_id,
        keys,
        profiles,
        unfinished.place if unfinished else _place(owner, old_key_id),
        None if unfinished else _in_the_way(owner, keys, old_key_id, retire),
        entry,
        tuple(variables_with(owner.context.env, owner.caller.keys))
        if isinstance(owner.caller.keys, AccessKeys)
        else (),
    )
    # A key of the same length stands for the new one.
    sample = AccessKeys("AKIA" + "X" * 16, Secret("x" * 40))
    owner.context.files.check_writable(
        owner.files, lambda aws: with_new_key(aws, old_key_id, sample).documents, room=400
    )
    return plan


def describe_rotation(owner: KeyOwner, plan: RotationPlan) -> list[str]:
    """What a rotation will do, in sentences for the user."""
    old, user, now = shortened_key(plan.old_key_id), owner.identity.user, owner.context.clock.aws_now()
    current = next((key for key in plan.keys if key.access_key_id == plan.old_key_id), None)
    age = f", {age_words(current.created_at, now)}" if current else ""
    about = []
    if plan.unfinished is not None:
        about.append(f"The rotation of the key {old} of {user} was interrupted, and is finished now.")
    else:
        about.append(f"{user} gets a new access key. The old one, {old}{age}, is deactivated once the new one works.")
    if plan.last is not None and plan.last.new_key_id == plan.old_key_id:
        about.append(f"The last rotation finished {format_duration(now - plan.last.since)} ago.")
    if plan.in_the_way is not None:
        about.append(f"To make room, {key_words(plan.in_the_way, now)} is deleted first: AWS allows a user two keys.")
    if plan.profiles:
        about.append(f"Profiles that get the new key: {in_words([quoted(name) for name in plan.profiles])}.")
    about.append("Sessions of the old key may stop working at once.")
    if plan.copies:
        about.append(f"The old key is also in {in_words(list(plan.copies))}, which mfa-tui does not change.")
    return about


def key_words(key: OwnKey, now: float) -> str:
    """A key in words: its id, state, age and last use."""
    used = "last use unknown"
    if key.use_known:
        used = f"last used {_ago(now - key.used_at)}" if key.used_at is not None else "never used"
    state = "active" if key.active else "inactive"
    return f"the key {shortened_key(key.access_key_id)} ({state}, {age_words(key.created_at, now)}, {used})"


def _ago(seconds: float) -> str:
    days = int(seconds // DAY)
    return f"{counted(days, 'day')} ago" if days > 0 else "today"


def orphans(plan: RotationPlan) -> tuple[OwnKey, ...]:
    """The keys that may be the one which an interrupted rotation created."""
    entry = plan.unfinished
    if entry is None or entry.phase != Phase.CREATING:
        return ()
    return tuple(
        key
        for key in plan.keys
        if key.access_key_id not in entry.before and abs(key.created_at - entry.since) <= _CREATION
    )


def _place(owner: KeyOwner, old_key_id: str) -> str:
    return owner.context.key_store.place(old_key_id) if users_of_stored(owner.files, old_key_id) else CREDENTIALS


def _in_the_way(owner: KeyOwner, keys: tuple[OwnKey, ...], old_key_id: str, retire: str) -> OwnKey | None:
    """The other key, if there is no room for a new one. Raises UsageError (``key-not-owned``, ``key-in-use``)."""
    user, others = owner.identity.user, [key for key in keys if key.access_key_id != old_key_id]
    if retire and retire not in [key.access_key_id for key in others]:
        if retire == old_key_id:
            raise problem("key-in-use", profile=owner.name, shortened=shortened_key(retire)).as_error(UsageError)
        raise problem("key-not-owned", profile=owner.name, user=user, shortened=shortened_key(retire)).as_error(
            UsageError
        )
    if len(keys) < MOST_KEYS:
        return None
    other = next((key for key in others if key.access_key_id == retire or not retire), None)
    if other is not None and other.profiles:
        raise problem(
            "keys-both-used",
            profile=owner.name,
            user=user,
            shortened=shortened_key(other.access_key_id),
            others=in_words([quoted(name) for name in other.profiles]),
        ).as_error(UsageError)
    return other
