"""The rules of the audit: from what is known of an account to what is wrong with it.

What is not known makes no finding. ``docs/audit.md`` argues where these rules differ from those of others.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.account.account import Facts, Key, PasswordPolicy, RootUser, SignIn, User
from mfa_tui.core.account.findings import Finding, finding, rank
from mfa_tui.core.account.sign_in_events import ROOT
from mfa_tui.core.aws.mfa_serial import FIDO
from mfa_tui.core.text.display import counted, format_account

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = 86_400
"""Seconds."""
LENGTH = 14
"""The least length of passwords in CIS AWS Foundations Benchmark v7 (1.8)."""
LENGTH_ALONE = 15
"""The least length where a password is the only factor (NIST SP 800-63B-4, 3.1.1.2)."""
REUSE = 24
"""How many of the last passwords are refused, in CIS AWS Foundations Benchmark v7 (1.9)."""


class Thresholds(NamedTuple):
    """From when on a key is old or unused."""

    old: int = 90
    """Days since it was made, after which a key is old (CIS 1.14)."""
    unused: int = 45
    """Days since its last use, from which on a key is unused (CIS 1.12)."""


def find_problems(facts: Facts, now: float, thresholds: Thresholds = Thresholds()) -> tuple[Finding, ...]:  # noqa: B008 - a constant
    """What is wrong with the account at *now* (seconds since the epoch); the most severe first, then by name."""
    found = [
        *_root(facts),
        *(problem for user in facts.users or () for problem in _user(user, now, thresholds)),
        *_password_policy(facts),
        *_credentials(facts),
        *_roles(facts),
        *_sign_ins(facts),
    ]
    return tuple(sorted(found, key=lambda one: (rank(one.severity), one.id, one.name)))


def _root(facts: Facts) -> Iterator[Finding]:
    root = facts.root or RootUser(None, None, None)
    if root.has_mfa is False and (root.has_password is not False or root.has_keys):
        yield finding("root-no-mfa", facts.root_arn, ROOT, "The root user has no MFA device.")
    if root.has_keys:
        yield finding("root-access-key", facts.root_arn, ROOT, "The root user has an access key.")


def _user(user: User, now: float, thresholds: Thresholds) -> Iterator[Finding]:
    if not user.can_log_in:
        return
    yield from _mfa(user)
    for key in user.active_keys:
        yield from _key(user, key, now, thresholds)
    if len(user.active_keys) > 1:
        yield finding("two-active-keys", user.arn, user.name, f"{user.name} has two active access keys.")


def _mfa(user: User) -> Iterator[Finding]:
    if not user.has_mfa:
        means = "a password" if user.has_password else "access keys but no password"
        if user.administrator:
            what = f"{user.name} is an administrator ({user.administrator}) with {means}, and has no MFA device."
            yield finding("admin-no-mfa", user.arn, user.name, what)
        else:
            what = f"{user.name} has {means}, and no MFA device."
            yield finding("user-no-mfa", user.arn, user.name, what, variant=not user.has_password)
    elif user.devices:
        if len(user.devices) == 1:
            yield finding("user-one-device", user.arn, user.name, f"{user.name} has one MFA device and no spare.")
        if set(user.devices) == {FIDO}:
            what = f"{user.name} has only FIDO keys or passkeys, which the API does not take."
            yield finding("user-fido-only", user.arn, user.name, what)


def _key(user: User, key: Key, now: float, thresholds: Thresholds) -> Iterator[Finding]:
    which = f"Access key {key.slot} of {user.name}"
    if key.created_at is not None and now - key.created_at > thresholds.old * DAY:
        what = f"{which} is {_days(now - key.created_at)} old."
        yield finding("key-old", user.arn, user.name, what)
    if key.used_at is None:
        since = f" since it was made on {day_of(key.created_at)}" if key.created_at is not None else ""
        yield finding("key-never-used", user.arn, user.name, f"{which} was never used{since}.")
    elif now - key.used_at >= thresholds.unused * DAY:
        what = f"{which} was last used {_days(now - key.used_at)} ago."
        yield finding("key-unused", user.arn, user.name, what)


def _password_policy(facts: Facts) -> Iterator[Finding]:
    policy, account = facts.password_policy, facts.account
    if policy is None:
        return
    if not policy.exists:
        what = "The account has no password policy: AWS's default allows 8 characters and any old password."
        yield finding("password-policy-missing", account, account, what)
        return
    if weaknesses := _weaknesses(policy, facts.users or ()):
        what = f"The password policy is weak: {'; '.join(weaknesses)}."
        yield finding("password-policy-weak", account, account, what)


def _weaknesses(policy: PasswordPolicy, users: tuple[User, ...]) -> list[str]:
    """What is wrong with a policy. No advice to expire passwords or to demand character classes: NIST forbids both."""
    found = []
    alone = any(user.has_password and not user.has_mfa for user in users)
    if policy.length < LENGTH:
        found.append(f"{policy.length} characters are enough (CIS v7: at least {LENGTH})")
    elif alone and policy.length < LENGTH_ALONE:
        found.append(
            f"{policy.length} characters are enough, also for users without MFA (NIST SP 800-63B-4: {LENGTH_ALONE})"
        )
    if policy.reuse < REUSE:
        refused = f"only the last {policy.reuse} passwords are refused" if policy.reuse else "old passwords are allowed"
        found.append(f"{refused} (CIS v7: the last {REUSE})")
    return found


def _credentials(facts: Facts) -> Iterator[Finding]:
    arns = {user.name: user.arn for user in facts.users or ()}
    for one in facts.credentials or ():
        until = f"expires on {day_of(one.expires_at)}" if one.expires_at is not None else "never expires"
        since = f", made on {day_of(one.created_at)}" if one.created_at is not None else ""
        what = f"{one.user} has an active credential for {one.service} ({one.id}{since}), which {until}."
        yield finding("service-specific-credential", arns.get(one.user) or facts.user_arn(one.user), one.user, what)


def _roles(facts: Facts) -> Iterator[Finding]:
    for role in facts.open_roles or ():
        who = ", ".join(_principal(text, facts.account) for text in role.trusted)
        what = f"The role {role.name} can be assumed without MFA by {who}."
        yield finding("role-trust-no-mfa", role.arn, role.name, what)


def _principal(text: str, account: str) -> str:
    if text == "*":
        return "anybody"
    if text == account:
        return "users of this account"
    return f"users of account {format_account(text)}" if text.isdigit() else text.partition(":user/")[2] or text


def _sign_ins(facts: Facts) -> Iterator[Finding]:
    by_user: dict[str, list[SignIn]] = {}
    for one in facts.sign_ins.without_mfa if facts.sign_ins else ():
        by_user.setdefault(one.arn, []).append(one)
    for arn, those in by_user.items():
        name, last = those[0].name, day_of(max(one.at for one in those))
        times = "once" if len(those) == 1 else f"{len(those)} times"
        who = "The root user" if name == ROOT and arn.endswith(":root") else name
        what = f"{who} signed in to the console without MFA {times}, last on {last}."
        yield finding("sign-in-no-mfa", arn, name, what, variant=arn.endswith(":root"))


def _days(seconds: float) -> str:
    return counted(int(seconds // DAY), "day")


def day_of(at: int | None) -> str:
    """The date of a time in seconds since the epoch (UTC), such as ``2026-11-24``; empty for None."""
    return "" if at is None else datetime.fromtimestamp(at, UTC).date().isoformat()
