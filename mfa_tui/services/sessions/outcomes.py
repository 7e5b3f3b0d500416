"""What a login is asked for, what it learns on the way, and what it returns: a session, or what is missing for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.iam import Device
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Secret, Session
    from mfa_tui.services.profiles.resolve import ResolvedProfile


class LoginRequest(NamedTuple):
    """What the user wants. Everything is optional."""

    profile: str | None = None
    """A profile, or one of our targets, which means its source. None: the shell's profile, else ``default``."""
    code: Secret | None = None
    """The code as typed; without one it comes from a stored secret."""
    serial: str = ""
    """The MFA serial, instead of the profile's or a discovered one."""
    duration: int | None = None
    """How long a new session lasts, in seconds; None: as the profile or the settings say."""
    target: str = ""
    """The section to write, instead of the profile's usual one."""
    renew: bool = False
    """Get a new session even if there is a valid one."""
    renew_source: bool = False
    """With ``renew``, for a role: get a new session of the user as well, which takes a code."""
    overwrite: bool = False
    """Replace temporary credentials that mfa-tui did not write."""
    remember_serial: bool = False
    """Save the serial as ``mfa_serial`` in the profile, once it has worked."""
    spare_used: bool = False
    """Do not send a typed code that mfa-tui itself has used: raise UsageError (``code-used``) instead."""
    type_code: bool = False
    """Ask for a code even if a secret is stored."""
    new_device: bool = False
    """The device was enabled a moment ago: AWS may not know it everywhere yet."""
    scope: str = ""
    """The scope to limit the session to, by name; empty for none, unless the profile is a target with a scope."""
    process: bool | None = None
    """Whether the target calls mfa-tui (``credential_process``) instead of holding the session; None: leave it."""


class Continuation(NamedTuple):
    """What a login has learned when it stops for an answer of the user. Pass it on with the answer."""

    serial: str = ""
    """The MFA serial that AWS named; ``LoginRequest.serial`` takes precedence."""
    stale: str | None = None
    """With ``renew``: the access key ID of the session to replace, empty if there is none; None: not looked up yet."""
    refused_source: str = ""
    """For a role: the access key ID of the user's session that AWS refused it to, so that another one is needed."""
    start: AwsConfig | None = None
    """The files as they were when the login began: what has disappeared since then, another program may be writing."""
    writable: AwsConfig | None = None
    """The files for which it was checked that they can be written; the check is repeated if they have changed."""
    resolved: ResolvedProfile | None = None
    """The profile, where the caller has resolved it already; the files are not read again then."""


class LoginResult(NamedTuple):
    """The target has a session."""

    profile: str
    """The profile that was logged in to."""
    target: str
    """The section that holds the session, or asks mfa-tui for it."""
    session: Session
    """The session."""
    kept: bool
    """Whether the session was there already."""
    saved_before: bool
    """Whether the target had it already, so that nothing was written."""
    notices: tuple[str, ...] = ()
    """Remarks on what was written, a line each. A line that begins with two spaces is to be copied by the user."""
    unsaved_serial: str = ""
    """A serial that was discovered and has worked, but is not in the profile."""
    process: bool = False
    """Whether the target calls mfa-tui for credentials instead of holding them."""
    scope: str = ""
    """The scope that the session is limited to; empty for none."""


class ObtainedSession(NamedTuple):
    """There is a session."""

    profile: Profile
    """The profile that it is for."""
    session: Session
    """The session, with its secrets."""
    kept: bool
    """Whether it was there already, or another process has just made it."""
    cached: bool = True
    """Whether it is in the cache, so that the next login needs no code."""


class NeedsCode(NamedTuple):
    """The user must type a code."""

    request: LoginRequest
    """What was asked for, with the profile's name resolved."""
    continuation: Continuation
    """What was learned."""
    profile: str
    """The profile to log in to."""
    serial: MfaSerial
    """The device that generates the code."""
    why: str = ""
    """Why no stored secret is used, where that is not obvious."""
    session: str = ""
    """The name of the session that needs the code, so that only one process asks (see ``single_flight``)."""
    is_other_device: bool = False
    """Whether the request names another device than the profile, so that the next command must name it, too."""
    refusal: MfaTuiError | None = None
    """The error to show if nobody can be asked; None: say that a code is needed."""


class NeedsSerial(NamedTuple):
    """The user must choose an MFA device."""

    request: LoginRequest
    """What was asked for, with the profile's name resolved."""
    continuation: Continuation
    """What was learned."""
    profile: str
    """The profile to log in to."""
    devices: tuple[Device, ...] = ()
    """The user's devices; empty if AWS does not list them: then the serial must be typed."""
    why: str = ""
    """Why the user is asked."""


class NeedsConsent(NamedTuple):
    """The target holds something that mfa-tui did not write and that would be replaced."""

    request: LoginRequest
    """What was asked for, with the profile's name resolved."""
    continuation: Continuation
    """What was learned."""
    profile: str
    """The profile to log in to."""
    target: str
    """The section."""
    what: str
    """What it holds, in words."""


Need = NeedsCode | NeedsSerial
"""What may be missing for a session."""
Outcome = LoginResult | NeedsCode | NeedsSerial | NeedsConsent
"""What a login returns."""
