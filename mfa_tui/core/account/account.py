"""What AWS says about an account, as plain values. None always means that it is not known (yet, or at all)."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """An access key of a user. The credential report does not name its id."""

    slot: int
    """1 or 2."""
    active: bool
    """Whether it works."""
    created_at: int | None
    """When it was made, in seconds since the epoch."""
    used_at: int | None
    """When it was last used, in seconds since the epoch; None: never, as far as AWS knows."""
    used_for: str = ""
    """The service and Region that it was last used in; empty if it was never used."""


class User(NamedTuple):
    """An IAM user."""

    name: str
    """Its name."""
    arn: str
    """Its ARN."""
    has_password: bool
    """Whether it can sign in to the console with a password."""
    has_mfa: bool
    """Whether it has an MFA device."""
    keys: tuple[Key, ...] = ()
    """Its access keys, inactive ones too."""
    created_at: int | None = None
    """When it was made, in seconds since the epoch."""
    signed_in_at: int | None = None
    """When its password was last used, in seconds since the epoch."""
    administrator: str | None = None
    """By what it is an administrator, such as ``policy AdministratorAccess``; empty if it is none."""
    devices: tuple[str, ...] | None = None
    """The kinds of its MFA devices (see ``core.aws.mfa_serial``)."""
    groups: tuple[str, ...] | None = None
    """The names of its groups."""

    @property
    def active_keys(self) -> tuple[Key, ...]:
        """The keys that work."""
        return tuple(key for key in self.keys if key.active)

    @property
    def can_log_in(self) -> bool:
        """Whether it has a password or a key that works: a user with neither needs no MFA."""
        return self.has_password or any(key.active for key in self.keys)


class RootUser(NamedTuple):
    """The account's root user."""

    has_password: bool | None
    """Whether it has a password. Without one (central root access), nobody can sign in as root."""
    has_mfa: bool | None
    """Whether it has an MFA device."""
    has_keys: bool | None
    """Whether it has access keys."""


class PasswordPolicy(NamedTuple):
    """The account's password policy. Only what matters here: expiry and character classes do not."""

    exists: bool
    """Whether there is one; without one AWS's default applies."""
    length: int = 0
    """The minimum length."""
    reuse: int = 0
    """How many of the last passwords are refused; 0: none."""


class OpenRole(NamedTuple):
    """A role whose trust policy lets IAM users in without MFA."""

    name: str
    """Its name."""
    arn: str
    """Its ARN."""
    trusted: tuple[str, ...]
    """The principals in the trust policy that get in: accounts and users."""


class ServiceCredential(NamedTuple):
    """An active service-specific credential: an API key, or a password for one service."""

    user: str
    """The user's name."""
    service: str
    """The service, such as ``bedrock.amazonaws.com``."""
    id: str
    """Its id."""
    created_at: int | None
    """When it was made, in seconds since the epoch."""
    expires_at: int | None
    """When it expires, in seconds since the epoch; None: never."""


class SignIn(NamedTuple):
    """A successful sign-in to the console without MFA."""

    at: int
    """When, in seconds since the epoch."""
    arn: str
    """Who: the ARN of an IAM user or of root."""
    name: str
    """The user's name; ``root`` for root."""
    region: str
    """The Region that recorded it."""


class SignIns(NamedTuple):
    """The sign-ins of users and root with their passwords, as CloudTrail recorded them."""

    without_mfa: tuple[SignIn, ...] = ()
    """Those without MFA, the newest first."""
    days: tuple[tuple[str, int, int], ...] = ()
    """For each day with sign-ins (``2026-11-24``, UTC): how many with MFA, how many without."""
    regions: tuple[str, ...] = ()
    """The Regions whose records are complete."""

    @property
    def totals(self) -> tuple[int, int]:
        """How many there were with MFA, and how many without."""
        return sum(with_mfa for _, with_mfa, _ in self.days), sum(without for _, _, without in self.days)


class Facts(NamedTuple):
    """Everything that is known of an account so far."""

    account: str = ""
    """The account's id, twelve digits; empty if it is not known."""
    partition: str = "aws"
    """The partition that the account is in."""
    report_at: int | None = None
    """When AWS made the credential report, in seconds since the epoch."""
    users: tuple[User, ...] | None = None
    """The users."""
    root: RootUser | None = None
    """The root user."""
    password_policy: PasswordPolicy | None = None
    """The password policy."""
    open_roles: tuple[OpenRole, ...] | None = None
    """The roles that users can assume without MFA."""
    credentials: tuple[ServiceCredential, ...] | None = None
    """The active service-specific credentials."""
    sign_ins: SignIns | None = None
    """The sign-ins of the last 90 days."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known but whose account it is."""
        known = (self.users, self.root, self.password_policy, self.open_roles, self.credentials, self.sign_ins)
        return all(one is None for one in known)

    @property
    def root_arn(self) -> str:
        """The root user's ARN."""
        return f"arn:{self.partition}:iam::{self.account}:root"

    def user_arn(self, name: str) -> str:
        """The ARN that a user without a path has."""
        return f"arn:{self.partition}:iam::{self.account}:user/{name}"
