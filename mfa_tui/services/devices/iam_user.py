"""The IAM user behind a profile: who it is, which MFA devices it has, and who may be asked to change them.

With a device enabled, IAM changes a user's devices only for a session that was made with MFA; before that, for the
long-term keys (IAM User Guide, «Enable a virtual MFA device», and the self-service policies there).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, Phase
from mfa_tui.core.aws.error_kinds import AwsErrorKind, classify
from mfa_tui.core.profiles.profile import Profile, read_profile
from mfa_tui.errors import ProfileProblem
from mfa_tui.services.devices.refusals import GONE, DeviceRefused, device_problem
from mfa_tui.services.profiles.resolve import able_profile, source_profile
from mfa_tui.services.progress import Progress, quiet
from mfa_tui.services.sessions.device_discovery import base_caller
from mfa_tui.services.sessions.external_credentials import user_keys
from mfa_tui.services.sessions.lookup import live_session
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.services.sessions.send_code import TokenMaker

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.iam import Device, Identity
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context

    T = TypeVar("T")

A_MOMENT = 60
"""Seconds that a session must have left to be used."""


class IamUser:
    """One user. A role's profile stands for the user that its role is assumed with.

    ``profile`` holds its keys; ``serial`` is the MFA serial that the named profile goes by, if there is one.
    ``devices`` are the enabled ones, None if AWS does not tell; known, like ``identity``, after :meth:`look`.
    All methods that ask AWS raise AwsRefused, NetworkProblem, ConfigError, Cancelled; those that need a session raise
    KeyringProblem, too, where sessions are kept in the keyring.
    """

    def __init__(
        self, context: Context, profile: str | None, control: CancelScope, progress: Callable[[Progress], None] = quiet
    ) -> None:
        """Raises FileProblem, ProfileProblem."""
        self.context = context
        self.control = control
        self.progress = progress
        self.aws: AwsConfig = context.files.load()
        named = source_profile(self.aws, profile, context.env, context.settings.target_pattern)
        self.profile = _with_keys(self.aws, named)
        self.serial: MfaSerial | None = read_profile(self.aws, named).serial
        self.devices: tuple[Device, ...] | None = None
        self.caller = base_caller(self.aws, self.profile, user_keys(context, self.aws, self.profile, control))
        self._identity: Identity | None = None
        self._session: Session | None = None
        self.notices: list[str] = []

    @property
    def name(self) -> str:
        """The profile that holds the user's keys."""
        return self.profile.name

    @property
    def identity(self) -> Identity:
        """Who it is."""
        if self._identity is None:
            raise AssertionError("look() comes first")
        return self._identity

    @property
    def usable(self) -> tuple[Device, ...]:
        """The enabled devices that give codes."""
        return tuple(device for device in self.devices or () if device.serial.usable)

    def has(self, serial: str) -> bool:
        """Whether the device is among the enabled ones, as far as AWS tells."""
        return serial in (device.serial.text for device in self.devices or ())

    def look(self) -> None:
        """Find out who it is, and which devices there are. Raises ProfileProblem (``root-device``) for root."""
        self.progress(Progress("discovering", "Asking AWS whose keys these are, and for the MFA devices"))
        identity = self.ask(lambda caller: self.context.iam.get_identity(caller, self.control), long_term=True)
        if not identity.user:
            raise ProfileProblem(
                "root-device",
                f"The keys of {self.name} are those of the root user of account {identity.account}.",
                "AWS's API cannot manage the root user's MFA devices.",
                "Sign in to the console as root: account name, Security credentials, Multi-factor authentication.",
            )
        self._identity = identity
        self.list_devices()

    def list_devices(self) -> None:
        """Ask for the devices, by the long-term keys, else by a session with MFA."""
        for long_term in (True, False):
            if not long_term and self.session() is None:
                break
            try:
                self.devices = tuple(
                    self._asked(lambda caller: self.context.iam.list_devices(caller, self.control), long_term=long_term)
                )
            except AwsError as answer:
                if classify(answer.code, answer.message, answer.status) != AwsErrorKind.DENIED:
                    raise device_problem(answer, self) from None
            except AwsUnreachable as failure:
                raise device_problem(failure, self) from None
            else:
                return
        self.devices = None

    @property
    def wants_session(self) -> bool:
        """Whether a session with MFA must be had first (:meth:`session_request`): a device is there, and none lives.

        Raises KeyringProblem, Cancelled.
        """
        has_device = bool(self.usable) if self.devices is not None else self.serial is not None
        return has_device and self.session() is None

    def session(self) -> Session | None:
        """A live session of the user that was made with one of its devices. Raises KeyringProblem, Cancelled."""
        for serial in (*self._serials(), *self._removed_serials()):
            found = live_session(self.context, self.profile, serial=serial, margin=A_MOMENT, roles=())
            if found is None:
                continue
            if self._session is not None and self._session.access_key_id == found.access_key_id:
                # Its secrets may be in the keyring, which is not to be asked before each request.
                return self._session
            if (whole := self.context.cache.load_secrets(found, self.control)) is not None:
                self._session = whole
                return whole
        lives = self._session is not None and self._session.expires_at - self.context.clock.aws_now() > A_MOMENT
        return self._session if lives else None

    def use(self, session: Session) -> None:
        """Go by *session*, which was made for that, even if it could not be kept for others."""
        self._session = session

    def session_request(self) -> LoginRequest:
        """What to log in with, for a session that may change the devices."""
        serials = self._serials()
        stored = [serial for serial in serials if serial in self.context.seeds.serials()]
        return LoginRequest(profile=self.name, serial=next(iter(stored or serials), ""))

    def _serials(self) -> list[str]:
        """The devices that a session can be made with, the profile's own first."""
        named = self.serial.text if self.serial is not None else ""
        if self.devices is None:
            return [named] if named else []
        return sorted((device.serial.text for device in self.usable), key=lambda serial: serial != named)

    def _removed_serials(self) -> tuple[str, ...]:
        """Devices whose removal was begun: a session that was made with one of them still counts as made with MFA."""
        notes = EnrollmentJournal(self.context.paths).entries_of(self.identity.account, self.identity.user)
        return tuple(note.serial for note in notes if note.phase == Phase.REMOVING)

    def ask(self, call: Callable[[Caller], T], *, action: str = "", about: str = "", long_term: bool = False) -> T:
        """What *call* answers to the user's session with MFA, if there is one, else to the long-term keys.

        *action* (of IAM) and *about* (a device's serial or name) are for the words of a refusal.
        """
        try:
            return self._asked(call, long_term=long_term)
        except (AwsError, AwsUnreachable) as failure:
            raise device_problem(failure, self, action, about) from None

    def ask_unless_gone(self, call: Callable[[Caller], object], *, action: str, about: str) -> bool:
        """As :meth:`ask`; False if AWS knows no such device (any more), which is no failure."""
        try:
            self.ask(call, action=action, about=about)
        except DeviceRefused as refused:
            if refused.code != GONE:
                raise
            return False
        return True

    def _asked(self, call: Callable[[Caller], T], *, long_term: bool = False) -> T:
        session = None if long_term else self.session()
        caller = self.caller._replace(keys=session) if session else self.caller
        maker = TokenMaker(self.context, caller, self.control, self.progress, self.notices)
        return maker.despite_clock(lambda: call(caller))


def _with_keys(aws: AwsConfig, name: str) -> Profile:
    """The profile that holds the user's keys, if there are any. Raises ProfileProblem."""
    profile = able_profile(aws, name)
    return read_profile(aws, profile.base) if profile.has_user else profile
