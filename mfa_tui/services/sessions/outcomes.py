"""What login is asked for, and what it answers: a session, or what is missing for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.iam import Device
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Secret, Session


class LoginRequest(NamedTuple):
    """What is asked for. Only ``profile`` may be left out too: then it is the shell's, else ``default``."""

    profile: str | None = None
    """A profile, or one of our targets, which means its source."""
    code: Secret | None = None
    """The code as typed; without one it comes from a stored seed."""
    serial: str = ""
    """The MFA serial, in place of the profile's or a discovered one."""
    duration: int | None = None
    """Seconds; for a new session only."""
    target: str = ""
    """The section to write, in place of the profile's usual one."""
    renew: bool = False
    """Make a new session though one is live."""
    overwrite: bool = False
    """Replace temporary credentials that mfa-tui did not write."""
    remember_serial: bool = False
    """Save the serial as ``mfa_serial`` in the profile, once it has worked."""
    spare_used: bool = False
    """Send no typed code that mfa-tui itself has used, but name it (UsageError, ``code-used``)."""
    type_code: bool = False
    """Ask for a code though a seed is stored."""
    new_device: bool = False
    """The device was enabled a moment ago: AWS may not know it everywhere yet."""
    process: bool | None = None
    """Whether the target asks us for credentials (``credential_process``) in place of holding them; None: as it is."""
    stale: str | None = None
    """With ``renew``: the access key id of the session to be replaced; any other will do. None: not looked yet."""
    refused_source: str = ""
    """For a role: the access key id of the user's session that AWS refused it to; another one is needed."""
    start: AwsConfig | None = None
    """The files as they were when this was first asked: what is gone since then, another program may be writing."""
    understood: tuple[AwsConfig, Profile] | None = None
    """The files, and what the profile means in them, where the caller knows; they are not read again then."""
    fit: AwsConfig | None = None
    """The files when it was found that they can be written: while they are the same, that is not looked at again."""


class Done(NamedTuple):
    """A session is in place. ``kept``: it was live already. ``notices`` are one-line remarks for the user.

    One that begins with two spaces is a line to be copied, and goes with the one before.
    """

    profile: str
    target: str
    session: Session
    kept: bool
    notices: tuple[str, ...] = ()
    unsaved_serial: str = ""
    """A serial that was discovered and has worked, but is not in the profile."""
    process: bool = False
    """Whether the target asks mfa-tui for credentials in place of holding them."""


class Obtained(NamedTuple):
    """A session is there. ``kept``: it was live already, or another process has just made it."""

    profile: Profile
    session: Session
    kept: bool
    notices: tuple[str, ...] = ()


class NeedsCode(NamedTuple):
    """A code of ``serial`` is to be typed. ``why`` tells why it is not made here, if that is not plain.

    ``session`` names the session that it is for, so that one process asks (see ``adapters.sessions.single_flight``).
    ``refusal`` is what remains if nobody can be asked; None if that itself is the trouble.
    """

    request: LoginRequest
    profile: str
    serial: MfaSerial
    why: str = ""
    session: str = ""
    refusal: MfaTuiError | None = None


class NeedsSerial(NamedTuple):
    """Which device? ``devices`` are the user's, to choose from; empty if AWS does not tell: then it is to be typed."""

    request: LoginRequest
    profile: str
    devices: tuple[Device, ...] = ()
    why: str = ""


class NeedsConsent(NamedTuple):
    """``target`` holds something that is not ours (``what``) and would be replaced."""

    request: LoginRequest
    profile: str
    target: str
    what: str


Need = NeedsCode | NeedsSerial
"""What a session may want."""
Outcome = Done | NeedsCode | NeedsSerial | NeedsConsent
