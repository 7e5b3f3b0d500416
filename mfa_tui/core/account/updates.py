"""An audit brought up to date with what was changed since: AWS makes a new credential report only every four hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.account.rules import Thresholds, find_problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.account.account import User
    from mfa_tui.core.account.audit import Audit


def with_users(audit: Audit, changed: Mapping[str, User], thresholds: Thresholds) -> Audit:
    """*audit* with the users that have *changed* meanwhile, by their ARNs, and with what is wrong now."""
    users = audit.facts.users
    if users is None or not changed:
        return audit
    facts = audit.facts._replace(users=tuple(changed.get(user.arn, user) for user in users))
    return audit._replace(facts=facts, findings=find_problems(facts, audit.made_at, thresholds))


def with_devices(user: User, kinds: tuple[str, ...]) -> User:
    """*user* with devices of these kinds (see ``core.aws.mfa_serial``)."""
    return user._replace(devices=kinds, has_mfa=bool(kinds))


def with_key_status(user: User, created_at: int, *, active: bool) -> User:
    """*user* with the key that was created at that moment disabled, or enabled again."""
    keys = tuple(key._replace(active=active) if key.created_at == created_at else key for key in user.keys)
    return user._replace(keys=keys)
