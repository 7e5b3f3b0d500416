"""The IAM user behind a profile: who it is, which MFA devices it has, and whose credentials may change them.

With a device enabled, IAM changes a user's devices only for a session that was made with MFA; before that, for the
long-term keys (IAM User Guide, "Enable a virtual MFA device", and the self-service policies there).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, Phase
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.profiles.profile import Profile, read_profile
from mfa_tui.core.sessions.expiry import USED_AT_ONCE, is_valid
from mfa_tui.core.text.display import format_account, shell_command
from mfa_tui.errors import ProfileProblem
from mfa_tui.services.devices.refusals import GONE, DeviceRequest, IamRefused, device_error
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.profiles.known_user import remember_devices, remember_identity
from mfa_tui.services.profiles.resolve import check_can_log_in
from mfa_tui.services.sessions.device_discovery import base_caller
from mfa_tui.services.sessions.external_credentials import get_user_keys
from mfa_tui.services.sessions.lookup import live_session
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.iam import Device, Identity
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation

    T = TypeVar("T")


class IamUser:
    """One user. A role's profile stands for the user that its role is assumed with.

    All methods that call AWS raise AwsRefused, NetworkProblem, ConfigError, Cancelled; those that need a session raise
    KeyringProblem, too, where sessions are kept in the keyring.
    """

    administered = False
    """Whether it is another user than the one whose credentials sign the requests."""

    def __init__(self, operation: Operation, profile: str | None) -> None:
        """Raises FileProblem, ProfileProblem, and what a credential process may raise."""
        self.operation = operation
        """The current action; front ends set a new one for each action of the user."""
        self.files, named = operation.context.resolve(profile)
        check_can_log_in(self.files, named)
        self.profile: Profile = read_profile(self.files, named.base) if named.has_user else named
        """The profile that holds the user's keys."""
        self.serial: MfaSerial | None = named.serial
        """The MFA serial that the named profile logs in with, if there is one."""
        self.devices: tuple[Device, ...] | None = None
        """The enabled devices, known after :meth:`load`; None if AWS does not list them."""
        self.caller = base_caller(self.files, self.profile, get_user_keys(operation, self.files, self.profile))
        self._identity: Identity | None = None
        self._session: Session | None = None

    @property
    def context(self) -> Context:
        """The adapters."""
        return self.operation.context

    @property
    def name(self) -> str:
        """The name of the profile that holds the user's keys."""
        return self.profile.name

    def command(self, command: str) -> str:
        """*command* with this profile in place of PROFILE, for users to type into a shell."""
        return shell_command(self.name, command)

    def action(self, name: str) -> tuple[Context, Action]:
        """An action for the user, for the history; see ``recorded``."""
        return self.context, Action(name, self.name)

    def owns(self, profile: Profile) -> bool:
        """Whether *profile*, which names an MFA device, is one of this user's."""
        return profile.credential_id == self.profile.credential_id

    @property
    def identity(self) -> Identity:
        """Who it is."""
        if self._identity is None:
            raise AssertionError("load() comes first")
        return self._identity

    @property
    def usable(self) -> tuple[Device, ...]:
        """The enabled devices that generate codes."""
        return tuple(device for device in self.devices or () if device.serial.usable)

    def has(self, serial: str) -> bool:
        """Whether the device is among the enabled ones, as far as AWS lists them."""
        return serial in (device.serial.text for device in self.devices or ())

    def load(self) -> None:
        """Ask AWS who the user is, and which devices there are. Raises ProfileProblem (``root-device``) for root."""
        self.operation.progress("discovering", "Asking AWS whose keys these are, and for the MFA devices")
        identity = self.call(
            lambda caller: self.context.iam.get_identity(caller, self.operation.cancel), long_term=True
        )
        if not identity.user:
            raise self.root_problem(identity.account)
        self._identity = identity
        remember_identity(self.context.paths, self.caller.keys, identity)
        self.load_devices()

    def root_problem(self, account: str) -> ProfileProblem:
        """The error for the keys of the root user of an *account*."""
        return ProfileProblem(
            "root-device",
            f"The keys of {self.name} are those of the root user of account {format_account(account)}.",
            "AWS's API cannot manage the root user's MFA devices.",
            "Sign in to the console as root: account name, Security credentials, Multi-factor authentication.",
        )

    def load_devices(self) -> None:
        """Ask AWS for the devices, with the long-term keys, else with a session made with MFA."""
        for long_term in (True, False):
            if not long_term and self.find_session() is None:
                break
            try:
                self.devices = tuple(
                    self._call(
                        lambda caller: self.context.iam.list_devices(
                            caller, self.operation.cancel, owner=self.identity.user
                        ),
                        long_term=long_term,
                    )
                )
            except AwsError as answer:
                if answer.means != AwsErrorKind.DENIED:
                    raise self._error(answer) from None
            except AwsUnreachable as failure:
                raise self._error(failure) from None
            else:
                remember_devices(self.context.paths, self.caller.keys, self.devices)
                return
        self.devices = None

    def needs_session(self) -> bool:
        """Whether a login (:meth:`session_request`) is needed first: a device is enabled, and no session is valid.

        Raises KeyringProblem, Cancelled.
        """
        has_device = bool(self.usable) if self.devices is not None else self.serial is not None
        return has_device and self.find_session() is None

    def find_session(self) -> Session | None:
        """A valid session of the user that was made with one of its devices. Raises KeyringProblem, Cancelled."""
        for serial in (*self._serials(), *self._removed_serials()):
            found = live_session(self.context, self.profile, serial=serial, margin=USED_AT_ONCE, roles=())
            if found is None:
                continue
            if self._session is not None and self._session.access_key_id == found.access_key_id:
                # Its secrets may be in the keyring, which should not be asked before each request.
                return self._session
            if (whole := self.context.cache.load_secrets(found, self.operation.cancel)) is not None:
                self._session = whole
                return whole
        now = self.context.clock.aws_now()
        valid = self._session is not None and is_valid(self._session.expires_at, now, USED_AT_ONCE)
        return self._session if valid else None

    def use_session(self, session: Session) -> None:
        """Use *session* from now on, even if it could not be cached."""
        self._session = session

    def session_request(self) -> LoginRequest:
        """The login for a session that may change the devices."""
        serials = self._serials()
        stored = [serial for serial in serials if serial in self.context.seeds.serials()]
        return LoginRequest(profile=self.name, serial=next(iter(stored or serials), ""))

    def _serials(self) -> list[str]:
        """The devices that can be used to make a session, the profile's own first."""
        named = self.serial.text if self.serial is not None else ""
        if self.devices is None:
            return [named] if named else []
        return sorted((device.serial.text for device in self.usable), key=lambda serial: serial != named)

    def _removed_serials(self) -> tuple[str, ...]:
        """Devices whose removal was begun: a session that was made with one of them still counts as made with MFA."""
        notes = EnrollmentJournal(self.context.paths).entries_of(self.identity.account, self.identity.user)
        return tuple(note.serial for note in notes if note.phase == Phase.REMOVING)

    def call(self, call: Callable[[Caller], T], *, action: str = "", device: str = "", long_term: bool = False) -> T:
        """Make the request *call* with the user's session, if there is one, else with the long-term keys.

        *action* (of IAM) and *device* (a serial or name, or the id of a key) are for the text of a refusal.
        """
        try:
            return self._call(call, long_term=long_term)
        except (AwsError, AwsUnreachable) as failure:
            raise self._error(failure, action, device) from None

    def call_unless_gone(self, call: Callable[[Caller], object], *, action: str, device: str) -> bool:
        """As :meth:`call`; False if AWS does not know the device or the key (any more), which is not an error.

        It is one if AWS lists it still: what is new is not known everywhere at once.
        """
        try:
            self.call(call, action=action, device=device)
        except IamRefused as refused:
            if refused.code != GONE or self.still_has(device):
                raise
            return False
        return True

    def still_has(self, device: str) -> bool:
        """Ask AWS whether the user has the device, as far as it lists them."""
        self.load_devices()
        return self.has(device)

    def refusal(self, code: str, status: int, *, action: str = "", device: str = "") -> MfaTuiError:
        """The error that AWS would answer with, foreseen here, with its error *code* and HTTP *status*."""
        return self._error(AwsError(code, "", status), action, device)

    def _call(self, call: Callable[[Caller], T], *, long_term: bool = False) -> T:
        session = None if long_term else self.find_session()
        caller = self.caller._replace(keys=session) if session else self.caller
        return retry_after_clock_sync(self.operation, lambda: call(caller))

    def _error(self, failure: AwsError | AwsUnreachable, action: str = "", device: str = "") -> MfaTuiError:
        return device_error(failure, self._request(action, device))

    def _request(self, action: str, device: str) -> DeviceRequest:
        return DeviceRequest(
            self.caller,
            self._identity.user if self._identity is not None else "",
            action,
            device,
            fido_only=bool(self.devices) and not self.usable,
            clock_offset=self.context.clock.known_offset,
        )
