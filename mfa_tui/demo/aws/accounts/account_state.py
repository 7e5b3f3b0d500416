"""What an account has beside users and roles, and moto does not keep: root, reports, sign-ins, API keys."""

import dataclasses
import secrets
from collections.abc import Mapping
from typing import Any

EVENTS_PER_SECOND = 2
"""How many LookupEvents requests a Region takes in a second."""


@dataclasses.dataclass
class Root:
    """The root user."""

    password: bool = True
    """Whether it has a password. Central root access removes it."""
    device: str = ""
    """The serial of its MFA device; empty if it has none. A virtual one is ``arn:aws:iam::…:mfa/…``."""
    keys: int = 0
    """How many active access keys it has."""


@dataclasses.dataclass
class Report:
    """A credential report."""

    ready_at: float
    """When it can be read, in seconds since the epoch; it shows the account at that time."""
    text: str = ""
    """The CSV, once it was made."""


@dataclasses.dataclass
class ServiceCredential:
    """A service-specific credential."""

    user: str
    """The user's name."""
    service: str
    """Such as ``bedrock.amazonaws.com``."""
    id: str
    """``ACCA…``."""
    status: str
    """Active, Inactive or Expired."""
    created_at: float
    """Seconds since the epoch."""
    expires_at: float | None
    """Seconds since the epoch; None: never."""


@dataclasses.dataclass(frozen=True)
class Event:
    """An event in CloudTrail's history of a Region."""

    at: float
    """Seconds since the epoch."""
    name: str
    """The event's name: ConsoleLogin."""
    user: str
    """The user's name as the history shows it."""
    record: Mapping[str, Any]
    """The whole event."""
    id: str = dataclasses.field(default_factory=lambda: secrets.token_hex(16))
    """The event's id."""


class AccountState:
    """One account. Not locked: the caller holds the server's lock."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.root = Root()
        self.password_policy: dict[str, Any] | None = None
        """The password policy as GetAccountPasswordPolicy answers; None: there is none."""
        self.report: Report | None = None
        """The last credential report that was asked for."""
        self.report_takes = 0.0
        """Seconds that a new report takes."""
        self.credentials: list[ServiceCredential] = []
        self.events: dict[str, list[Event]] = {}
        """The events by Region."""
        self._lookups: dict[str, list[float]] = {}

    def may_look_up(self, region: str, now: float) -> bool:
        """Count a LookupEvents request; False if it is one too many in the last second."""
        recent = [at for at in self._lookups.get(region, ()) if 0 <= now - at < 1]
        allowed = len(recent) < EVENTS_PER_SECOND
        self._lookups[region] = [*recent, now] if allowed else recent
        return allowed
