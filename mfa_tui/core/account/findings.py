"""What the audit can find: each finding's id, how severe it is, and what to do about it.

Ids and severities are stable: scripts rely on them. ``docs/audit.md`` has the same table.
"""

from __future__ import annotations

from typing import NamedTuple

CRITICAL, HIGH, MEDIUM, LOW = "critical", "high", "medium", "low"
SEVERITIES = (CRITICAL, HIGH, MEDIUM, LOW)
"""All severities, the most severe first."""


class Rule(NamedTuple):
    """One kind of finding."""

    id: str
    """Its stable id."""
    severity: str
    """How severe it is."""
    title: str
    """What it means, in a few words."""
    remedy: str
    """What to do about it, in one sentence."""
    variant: tuple[str, str] = ("", "")
    """Another severity that it may have, and in which case; both empty if there is none."""


_ENROLL = "Enroll an MFA device for the user"

RULES = (
    Rule(
        "root-no-mfa",
        CRITICAL,
        "The root user has credentials but no MFA",
        "Sign in as root and assign an MFA device, or delete the root credentials by central root access.",
    ),
    Rule(
        "root-access-key",
        CRITICAL,
        "The root user has an access key",
        "Sign in as root and delete its access keys; use a role in their place.",
    ),
    Rule(
        "admin-no-mfa",
        CRITICAL,
        "An administrator has no MFA",
        f"{_ENROLL} first of all: this user can change everything in the account.",
    ),
    Rule("user-no-mfa", HIGH, "A user has no MFA", f"{_ENROLL}.", (MEDIUM, "the user has access keys but no password")),
    Rule(
        "user-one-device",
        LOW,
        "A user has only one MFA device",
        "Add a second device, so that losing one does not lock the user out.",
    ),
    Rule(
        "user-fido-only",
        LOW,
        "A user has only FIDO keys or passkeys",
        "Add an authenticator app if the user calls the API: it takes six-digit codes only.",
    ),
    Rule(
        "password-policy-missing",
        MEDIUM,
        "The account has no password policy",
        "Set one: at least 15 characters, and the last 24 passwords refused.",
    ),
    Rule(
        "password-policy-weak",
        MEDIUM,
        "The password policy is weak",
        "Set the length to at least 15 and refuse the last 24 passwords.",
    ),
    Rule("key-old", MEDIUM, "An active access key is old", "Rotate it: mfa-tui keys rotate PROFILE"),
    Rule("key-unused", MEDIUM, "An active access key is no longer used", "Deactivate the key; delete it later."),
    Rule("key-never-used", LOW, "An active access key was never used", "Delete the key if nobody is about to use it."),
    Rule(
        "two-active-keys",
        LOW,
        "A user has two active access keys",
        "Finish the rotation: deactivate the key that is no longer needed.",
    ),
    Rule(
        "service-specific-credential",
        MEDIUM,
        "A user has an active API key or password for one service",
        "Use a role's session if the service takes one, and delete the credential: MFA does not protect it.",
    ),
    Rule(
        "role-trust-no-mfa",
        MEDIUM,
        "A role lets users in without MFA",
        'Add to its trust policy: "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}',
    ),
    Rule(
        "sign-in-no-mfa",
        HIGH,
        "Somebody signed in to the console without MFA",
        "Check that it was the user, then enroll an MFA device.",
        (CRITICAL, "it was the root user"),
    ),
)
"""All rules, in the order of their subjects."""
RULE = {rule.id: rule for rule in RULES}
"""The rules by id."""


class Finding(NamedTuple):
    """One thing that is wrong in the account."""

    id: str
    """The rule's id."""
    severity: str
    """How severe it is: critical, high, medium or low."""
    resource: str
    """The ARN of what it is about, or the account's id."""
    name: str
    """The name of what it is about, for people."""
    what: str
    """What is wrong, in one sentence."""
    remedy: str
    """What to do about it."""


def finding(rule_id: str, resource: str, name: str, what: str, *, variant: bool = False) -> Finding:
    """The finding of a rule about *resource*; *variant* gives it the rule's other severity."""
    rule = RULE[rule_id]
    return Finding(rule_id, rule.variant[0] if variant else rule.severity, resource, name, what, rule.remedy)


def rank(severity: str) -> int:
    """The place of a severity, 0 for the most severe."""
    return SEVERITIES.index(severity)


def is_at_least(severity: str, limit: str) -> bool:
    """Whether *severity* is at least as severe as *limit*."""
    return rank(severity) <= rank(limit)
