"""All long-term keys of a user: how old each is, where it is kept, and which profiles use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.caller import AwsUnreachable
from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.core.keys.profile_edits import holders, users_of_key, users_of_stored
from mfa_tui.services.keys.key_owner import KeyAction
from mfa_tui.services.sessions.refusals import error_for

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.iam import AccessKey
    from mfa_tui.services.keys.key_owner import KeyOwner

CREDENTIALS = "credentials"
"""As a place of keys: the AWS files."""
NONE = "none"
"""As a place of keys: none here."""


class OwnKey(NamedTuple):
    """A key of the user."""

    access_key_id: str
    """Its id."""
    active: bool
    """Whether AWS accepts it."""
    created_at: int
    """When it was created, in seconds since the epoch."""
    used_at: int | None
    """When it was last used, in seconds since the epoch; None: never, as far as AWS knows."""
    use_known: bool
    """Whether AWS said when it was last used; a policy may deny that."""
    kept: str
    """Where its secret is: ``credentials``, ``keyring``, ``vault`` or ``none``."""
    profiles: tuple[str, ...]
    """The profiles that use it, in the order of the files."""
    current: bool
    """Whether the profile that was asked about uses it."""


def own_keys(owner: KeyOwner) -> tuple[OwnKey, ...]:
    """Ask AWS for the keys of *owner*, who was loaded: the current one first, then the oldest first.

    Raises KeyRefused, NetworkProblem, Cancelled.
    """
    found = list_keys(owner)
    return tuple(sorted((_own_key(owner, key) for key in found), key=lambda key: (not key.current, key.created_at)))


def list_keys(owner: KeyOwner) -> list[AccessKey]:
    """Ask AWS for the keys, and remember when they were created. Raises as :func:`own_keys`."""
    context, cancel = owner.context, owner.operation.cancel
    owner.operation.progress("asking", "Asking AWS for the access keys")
    user = owner.identity.user
    found = owner.call(lambda caller: context.iam.list_access_keys(caller, user, cancel), action=KeyAction.LIST)
    session = owner.find_session()
    signer = session.source_key_id if session is not None else owner.caller.keys.access_key_id
    if signer not in [key.access_key_id for key in found]:
        # A key that is missing would count as deleted.
        raise error_for(AwsUnreachable("not-aws", "IAM", "the key that signed the request is missing"), owner.caller)
    KeyDates(context.paths).remember({key.access_key_id: key.created_at for key in found})
    return found


def _own_key(owner: KeyOwner, key: AccessKey) -> OwnKey:
    context, cancel, key_id = owner.context, owner.operation.cancel, key.access_key_id
    # A tuple, as None means two things: never used, and denied.
    used = owner.allows(lambda caller: (context.iam.last_use(caller, key_id, cancel),), action=KeyAction.LAST_USE)
    return OwnKey(
        key_id,
        key.active,
        key.created_at,
        used[0] if used else None,
        used is not None,
        _place(owner, key_id),
        users_of_key(owner.files, key_id),
        key_id == owner.profile.access_key_id,
    )


def _place(owner: KeyOwner, key_id: str) -> str:
    if holders(owner.files, key_id):
        return CREDENTIALS
    store = owner.context.key_store
    if key_id in (places := store.places()):
        return places[key_id]
    return store.place(key_id) if users_of_stored(owner.files, key_id) else NONE
