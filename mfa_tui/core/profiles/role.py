"""Roles: one call of AssumeRole, as a profile asks for it.

Limits are those of the STS API reference (AssumeRole) and the IAM User Guide ("Roles terms and concepts: role
chaining").
"""

from __future__ import annotations

from mfa_tui.core.aws.iam_arn import iam_parts
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import Values

MINIMUM_DURATION = 900
"""The shortest role session, in seconds."""
DEFAULT_DURATION = 3600
"""The duration of a role session if the request does not give one, in seconds."""
CHAINED_MAXIMUM = 3600
"""The longest session of a role that is assumed with temporary credentials, in seconds, whatever the role allows."""
MAXIMUM_DURATION = 43_200
"""The longest session that a role can be set to allow, in seconds."""

_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_IN_A_NAME = _WORD | set("+=,.@-")
_IN_A_PATH = _IN_A_NAME | {"/"}
_IN_AN_ID = _IN_A_NAME | set(":/")
_NOT_IN_A_SESSION_NAME = r"[^\w+=,.@-]+"


class Role:
    """A role and how to assume it."""

    __slots__ = ("arn", "duration", "external_id", "profile", "session_name")

    def __init__(
        self, profile: str, arn: str, *, session_name: str = "", external_id: str = "", duration: int = 0
    ) -> None:
        self.profile = profile
        """The profile that asks for the role."""
        self.arn = arn
        """The role's ARN."""
        self.session_name = session_name
        """The ``role_session_name`` of the profile; empty if it has none."""
        self.external_id = external_id
        """The ``external_id`` of the profile; empty if it has none."""
        self.duration = duration
        """The ``duration_seconds`` of the profile; 0 if it has none."""

    @property
    def account(self) -> str:
        """The id of the role's account."""
        return self.arn.split(":")[4]

    @property
    def partition(self) -> str:
        """The partition of the role's account, such as ``aws-cn``."""
        return self.arn.split(":")[1]

    @property
    def name(self) -> str:
        """The role's name, without its path."""
        return self.arn.rpartition("/")[2]

    @property
    def identity(self) -> str:
        """One line that identifies its sessions: those of another role, or of another duration, have another line."""
        length = f" {self.duration}" if self.duration not in (0, DEFAULT_DURATION) else ""
        return f"{self.arn} {self.session_name} {self.external_id}{length}"

    def __repr__(self) -> str:
        return f"Role({self.profile!r}, {self.arn!r})"


def parse_role(profile: str, values: Values) -> Role:
    """The role that *profile* asks for; *values* are its keys.

    Raises ValueError with what is wrong, in words that fit after the profile's name and a colon.
    """
    arn = text(values, "role_arn")
    _, account, resource = iam_parts(arn) or ("", "", "")
    name = resource.removeprefix("role/")
    if not name or name == resource or not account.isascii() or not _IN_A_PATH.issuperset(name):
        raise ValueError("role_arn is not the ARN of a role (arn:aws:iam::123456789012:role/NAME)")
    session_name = text(values, "role_session_name")
    if session_name and not _is_session_name(session_name):
        raise ValueError("role_session_name is not 2 to 64 letters, digits or any of + = , . @ - _")
    external_id = text(values, "external_id")
    if external_id and not (2 <= len(external_id) <= 1224 and _IN_AN_ID.issuperset(external_id)):  # noqa: PLR2004 - as it says
        raise ValueError("external_id is not 2 to 1,224 letters, digits or any of + = , . @ : / - _")
    given = text(values, "duration_seconds")
    duration = int(given) if given.isascii() and given.isdigit() and len(given) < len("1000000") else -1
    if given and not MINIMUM_DURATION <= duration <= MAXIMUM_DURATION:
        raise ValueError(f"duration_seconds is not a number from {MINIMUM_DURATION} to {MAXIMUM_DURATION}")
    return Role(profile, arn, session_name=session_name, external_id=external_id, duration=duration if given else 0)


def checked_role_duration(seconds: int, *, chained: bool) -> int:
    """*seconds*, if a role session can last so long. Raises UsageError (``duration-range``, ``duration-chained``).

    *chained*: the role is assumed through another role.
    """
    if not MINIMUM_DURATION <= seconds <= MAXIMUM_DURATION:
        raise UsageError(
            "duration-range",
            f"AWS does not allow a role session of {format_duration(seconds)}.",
            "Role sessions last from 15 minutes to 12 hours.",
            "Use --duration between 15m and 12h.",
        )
    if chained and seconds > CHAINED_MAXIMUM:
        raise UsageError(
            "duration-chained",
            f"A role that is assumed through another role cannot have a session of {format_duration(seconds)}.",
            "AWS limits role chaining to one hour.",
            "Use --duration 1h or less, or leave it out: the session is renewed without a code.",
        )
    return seconds


def session_name(role: Role, serial: MfaSerial | None, base: str) -> str:
    """The RoleSessionName, which CloudTrail shows: the profile's, else one that identifies the user.

    That is the name of the MFA device *serial*, if it is an ARN: by custom, and by the usual policies, a virtual
    device has its user's name. Otherwise it is the profile *base*, whose keys are used.
    """
    if role.session_name:
        return role.session_name
    import re

    who = serial.name if serial is not None and serial.account else f"mfa-tui-{base}"
    name = re.sub(_NOT_IN_A_SESSION_NAME, "-", who, flags=re.ASCII)[:64]
    return name if _is_session_name(name) else f"mfa-tui-{name}"


def _is_session_name(name: str) -> bool:
    return 2 <= len(name) <= 64 and _IN_A_NAME.issuperset(name)  # noqa: PLR2004 - limits of the STS API reference
