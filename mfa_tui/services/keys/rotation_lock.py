"""One rotation of a user's key at a time: those that come second must not take the first one's key for a stray one."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.text.display import shortened_key
from mfa_tui.errors import AwsRefused, WriteProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.adapters.keys.rotation_journal import Rotation
    from mfa_tui.services.keys.key_owner import KeyOwner


@contextmanager
def hold_rotation_lock(owner: KeyOwner) -> Iterator[None]:
    """Hold the lock on rotations of the key of *owner*, who was loaded.

    Raises WriteProblem (``rotation-under-way``, ``rotated-meanwhile``, ``lock-failed``), FileProblem, Cancelled.
    """
    identity, cancelled = owner.identity, owner.operation.cancel.cancelled
    with ExitStack() as held:
        try:
            held.enter_context(owner.journal.hold(identity.account, identity.user, cancelled=cancelled))
        except WriteProblem as error:
            if error.slug != "lock-timeout":
                raise
            holder = owner.journal.holder(identity.account, identity.user)
            raise problem("rotation-under-way", profile=owner.name, holder=f"process {holder}").as_error(
                WriteProblem
            ) from None
        check_same_key(owner)
        yield


def check_same_key(owner: KeyOwner) -> None:
    """Make sure that the profile has the key with which *owner* was loaded.

    Raises WriteProblem (``rotated-meanwhile``), FileProblem.
    """
    files = owner.context.files.load()
    if not files.in_files(owner.name):
        return
    now = read_profile(files, owner.name).access_key_id
    if now and now != owner.profile.access_key_id:
        raise _meanwhile(owner, f"The key of the profile is {shortened_key(now)} now.")


def check_same_rotation(owner: KeyOwner, seen: Rotation | None) -> None:
    """Make sure that the journal says of the user what it said when *seen* was read.

    Raises WriteProblem (``rotated-meanwhile``), FileProblem.
    """
    now = owner.rotation()
    if now != seen:
        unfinished = now is not None and now.unfinished
        raise _meanwhile(owner, "It was not finished: the next one goes on with it." if unfinished else "It is done.")


@contextmanager
def explain_rotation(owner: KeyOwner) -> Iterator[None]:
    """If AWS refuses something in the block because the key was rotated meanwhile, say so. Raises WriteProblem."""
    try:
        yield
    except AwsRefused:
        check_same_key(owner)
        raise


def _meanwhile(owner: KeyOwner, state: str) -> WriteProblem:
    return problem("rotated-meanwhile", profile=owner.name, state=state).as_error(WriteProblem)
