"""Scopes: what the settings say of one, the scope itself, and the identity of a session that was made with it."""

from __future__ import annotations

import hashlib
import re

from mfa_tui.core.aws.regions import REGION
from mfa_tui.core.scopes.presets import NO_IAM, PRESETS, READ_ONLY
from mfa_tui.core.sessions.expiry import MAXIMUM_DURATION, format_duration, seconds_in
from mfa_tui.core.settings.table import SCOPE_SETTINGS
from mfa_tui.core.settings.values import ScopeSettings
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEYS = tuple(SCOPE_SETTINGS)
"""The keys of a scope in the settings."""
SHORTEST = 60
"""Seconds of the shortest scoped session that the settings can ask for. AWS takes one second; nothing works so fast."""
_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,47}"
_SERVICE = r"[a-z0-9][a-z0-9-]{0,62}"


class Scope:
    """A scope, ready to be sent to AWS."""

    __slots__ = ("duration", "name", "policy", "policy_file")

    def __init__(self, name: str, policy: str, duration: int | None = None, policy_file: str = "") -> None:
        self.name = name
        """Its name."""
        self.policy = policy
        """The policy, as JSON; empty if only the duration is limited."""
        self.duration = duration
        """How long its sessions last, in seconds; None: as long as the session that they are made from."""
        self.policy_file = policy_file
        """The path of the file that the policy is from; empty if it is from none."""

    def session_scope(self, parent_key_id: str) -> str:
        """What identifies its session among others: its name, and a hash of the policy and of the parent session.

        *parent_key_id* is the access key ID of the session that it is made from. See ``Session.scope``.
        """
        facts = "\n".join((self.policy, str(self.duration), parent_key_id))
        return f"{self.name} {hashlib.sha256(facts.encode()).hexdigest()[:16]}"


def read_scope(name: str, table: Mapping[str, object]) -> ScopeSettings:
    """The scope *name* that a table of the settings defines. Raises ValueError, which says what is wrong."""
    check_name(name)
    # A misspelled key that is ignored would make the scope wider than it was meant to be.
    if unknown := sorted(set(table) - set(KEYS)):
        raise ValueError(f"It has an unknown key {unknown[0]!r}; known are {', '.join(KEYS)}.")
    if not table:
        raise ValueError(f"It limits nothing; it needs one of {', '.join(KEYS)}.")
    found = ScopeSettings(
        services=_names(table, "services", _SERVICE, "as in IAM's actions, such as s3 or ec2"),
        regions=_names(table, "regions", REGION, "such as eu-central-1"),
        read_only=_flag(table),
        policy=_path(table),
        duration=_duration(table),
    )
    if found.policy and (found.services or found.regions or found.read_only):
        raise ValueError("It has a policy and services, regions or read_only as well; use one or the other.")
    if not (found.services or found.regions or found.read_only or found.policy or found.duration):
        raise ValueError(f"It limits nothing; it needs one of {', '.join(KEYS)}.")
    return found


def check_name(name: str) -> None:
    """Check the name of a scope of the settings. Raises ValueError."""
    if name in PRESETS:
        raise ValueError("A preset has this name; choose another.")
    if re.fullmatch(_NAME, name) is None:
        raise ValueError("Names of scopes have letters, digits, and . _ - between them; at most 48.")
    if name == "long-term" or name.endswith("-long-term"):
        # dev-long-term has the long-term keys of dev, for aws-mfa and for us.
        raise ValueError("Names that end with long-term are for profiles with long-term keys.")


def build_scope(name: str, settings: Mapping[str, ScopeSettings], read_policy: Callable[[str], str]) -> Scope:
    """The scope *name*, a preset or one of *settings*.

    *read_policy* reads a policy file and returns its text. Raises KeyError if there is no such scope, ValueError
    (PolicyTooLong among them) if its policy cannot be used, and what *read_policy* raises.
    """
    from mfa_tui.core.scopes.policy import checked_policy, limiting_policy, no_iam_policy, read_only_policy

    if name in PRESETS:
        return Scope(name, {READ_ONLY: read_only_policy, NO_IAM: no_iam_policy}[name]())
    own = settings[name]
    if own.policy:
        return Scope(name, checked_policy(read_policy(own.policy)), own.duration, own.policy)
    limited = own.services or own.regions or own.read_only
    policy = limiting_policy(own.services, own.regions, read_only=own.read_only) if limited else ""
    return Scope(name, policy, own.duration)


def _names(table: Mapping[str, object], key: str, pattern: str, example: str) -> tuple[str, ...]:
    value = table.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not value:
        raise ValueError(f"{key} is a list of names, {example}.")
    for each in value:
        if not isinstance(each, str) or re.fullmatch(pattern, each) is None:
            raise ValueError(f"{key} cannot have {str(each)[:60]!r}; names are {example}.")
    return tuple(dict.fromkeys(value))


def _flag(table: Mapping[str, object]) -> bool:
    value = table.get("read_only", False)
    if not isinstance(value, bool):
        raise ValueError("read_only is true or false.")  # noqa: TRY004 - one kind of error for all that users write
    return value


def _path(table: Mapping[str, object]) -> str:
    value = table.get("policy")
    if value is None:
        return ""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("policy is the path of a file with an IAM policy.")
    return value


def _duration(table: Mapping[str, object]) -> int | None:
    value = table.get("duration")
    if value is None:
        return None
    try:
        seconds = -1 if isinstance(value, bool) else seconds_in(str(value))
    except UsageError:
        seconds = -1
    if not SHORTEST <= seconds <= MAXIMUM_DURATION:
        raise ValueError(f"duration is a length of time from {format_duration(SHORTEST)} to 36 h, such as 1h or 30m.")
    return seconds
