"""Another IAM user of the account, for whom an administrator acts with a profile's credentials.

It takes the place of an ``IamUser`` in the services for MFA devices. Requests are signed with the administrator's
session, and recorded. The administrator's own devices, secrets and used codes play no part: a device's codes belong to
its serial. IAM requires no MFA of its own for changing another user's devices; only policies do
(https://aws.amazon.com/security/security-bulletins/AWS-2023-001/ is about users who change their own).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.iam import Identity
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.sessions.expiry import USED_AT_ONCE, is_valid
from mfa_tui.core.text.display import format_account, shell_command
from mfa_tui.errors import AwsRefused, UsageError
from mfa_tui.models import Session
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.refusals import GONE, DeviceRequest, for_user
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.propagation import PAUSES, retry_until_known
from mfa_tui.services.sessions.device_discovery import base_caller
from mfa_tui.services.sessions.external_credentials import get_user_keys
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from mfa_tui.adapters.aws.iam import Device
    from mfa_tui.core.aws.api_call import ApiCall
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation

    T = TypeVar("T")

WITHOUT_MFA = ("no-device", "fido-only")
"""Problems of administrators who cannot get a session with MFA; their long-term keys sign the requests then."""
_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,64}\Z")
"""UserName (IAM API reference, CreateUser)."""
_PAUSES_FOR_USER = PAUSES[:3]
"""Seconds before each further try with a user who may be new. A name may also be mistyped, so it is not tried long."""


class AdministeredUser(IamUser):
    """Another user, known after :meth:`load`. Only an administrator's session, or keys, can do something for it."""

    administered = True

    def __init__(self, operation: Operation, profile: str | None, name: str, session: Session | None) -> None:
        """For the user *name*, with *session* of the administrator's *profile*.

        *session* is None if the administrator has no MFA device for one (``WITHOUT_MFA``): then the profile's long-term
        keys sign the requests.
        Raises UsageError (``user-name``), FileProblem, ProfileProblem, and what a credential process may raise.
        """
        check_user_name(name)
        self.operation = operation
        self.files, self.profile = operation.context.resolve(profile)
        self.serial = None
        self.devices = None
        self.calls: list[ApiCall] = []
        """The requests that were made for the user, in order."""
        if session is None:
            self.caller = base_caller(self.files, self.profile, get_user_keys(operation, self.files, self.profile))
        else:
            self.caller = Caller(self.profile.name, session, self.profile.region, self.profile.partition)
        self.caller = self.caller._replace(record=self.calls.append)
        self.user_name = name
        """The name of the user."""
        self._identity = None
        self._administrator: Identity | None = None

    @property
    def administrator(self) -> str:
        """Who signs the requests, for messages: an IAM user's name, else the profile's."""
        own = self._administrator.user if self._administrator is not None else ""
        return own or self.profile.name

    @property
    def is_own(self) -> bool:
        """Whether it is the administrator itself."""
        return self._administrator is not None and self._administrator.user.lower() == self.user_name.lower()

    def command(self, command: str) -> str:
        """*command* with the administrator's profile in place of PROFILE, and with ``--user``."""
        return shell_command(self.name, for_user(command, self.user_name))

    def action(self, name: str) -> tuple[Context, Action]:
        """An action of the administrator for the user, for the history."""
        return self.context, Action(name, self.name, self.user_name)

    def owns(self, profile: Profile) -> bool:  # noqa: ARG002 - the answer is the same for all
        """Every profile that names a device of the user is the user's."""
        return True

    def load(self, *, may_be_new: bool = False) -> None:
        """Ask AWS which account it is, and for the user's devices. Raises UsageError (``user-unknown``).

        If it *may_be_new*, AWS may not know it everywhere yet, and is asked again for some seconds.
        """
        self.operation.progress("discovering", f"Asking AWS for the MFA devices of {self.user_name}")
        cancel, silent = self.operation.cancel, self.caller._replace(record=None)
        own = self.call(lambda _: self.context.iam.get_identity(silent, cancel))
        self._administrator = own
        self._identity = Identity(own.account, own.partition, self.user_name)
        self._load_devices(_PAUSES_FOR_USER if may_be_new else ())

    def load_devices(self) -> None:
        """Ask AWS for the user's devices; they are None if a policy denies that. Raises UsageError."""
        self._load_devices(())

    def _load_devices(self, pauses: Sequence[float]) -> None:
        cancel, name = self.operation.cancel, self.user_name
        text = f"AWS does not know the user {name}, who may be new"

        def list_devices(caller: Caller) -> tuple[Device, ...]:
            return tuple(self.context.iam.list_devices(caller, cancel, user=name))

        try:
            self.devices = self._call(
                lambda caller: retry_until_known(self.operation, lambda: list_devices(caller), text, pauses)
            )
        except (AwsError, AwsUnreachable) as failure:
            if isinstance(failure, AwsUnreachable):
                raise self._error(failure) from None
            if failure.code == GONE:
                raise self._unknown() from None
            if failure.means != AwsErrorKind.DENIED:
                raise self._error(failure) from None
            self.devices = None

    def needs_session(self) -> bool:
        """Whether the administrator's session has expired."""
        return isinstance(self.caller.keys, Session) and self.find_session() is None

    def find_session(self) -> Session | None:
        """The administrator's session, if it is valid."""
        keys, now = self.caller.keys, self.context.clock.aws_now()
        return keys if isinstance(keys, Session) and is_valid(keys.expires_at, now, USED_AT_ONCE) else None

    def use_session(self, session: Session) -> None:
        """Sign the requests from now on with *session*."""
        self.caller = self.caller._replace(keys=session)

    def session_request(self) -> LoginRequest:
        """The login for the administrator's session."""
        return LoginRequest(profile=self.name)

    def attempt(self, call: Callable[[Caller], T]) -> T:
        """Make the request *call*. Raises AwsError and AwsUnreachable as they are, ConfigError, Cancelled."""
        return self._call(call)

    def error(self, failure: AwsError | AwsUnreachable) -> MfaTuiError:
        """The error to raise for *failure*, if nothing more special can be said."""
        return self._error(failure)

    def _call(self, call: Callable[[Caller], T], *, long_term: bool = False) -> T:  # noqa: ARG002 - one caller only
        return retry_after_clock_sync(self.operation, lambda: call(self.caller))

    def _error(self, failure: AwsError | AwsUnreachable, action: str = "", device: str = "") -> MfaTuiError:
        if isinstance(failure, AwsError) and failure.code == "ExpiredToken":
            return AwsRefused(
                "session-expired",
                f"The session of {self.profile.name} has expired.",
                f"It signs the requests for {self.user_name}, and waiting for the codes took too long.",
                "Run the command again: it gets a new session, and continues.",
            )
        return super()._error(failure, action, device)

    def _request(self, action: str, device: str) -> DeviceRequest:
        offset = self.context.clock.known_offset
        return DeviceRequest(
            self.caller, self.user_name, action, device, clock_offset=offset, administrator=self.administrator
        )

    def _unknown(self) -> UsageError:
        return UsageError(
            "user-unknown",
            f"Account {format_account(self.identity.account)} has no IAM user {self.user_name}.",
            "The user was deleted, or belongs to another account.",
            "Check the name, and that the profile is one of the user's account.",
        )


def check_user_name(name: str) -> None:
    """Raise UsageError (``user-name``) if no IAM user can have that *name*."""
    if not _NAME.match(name):
        raise UsageError(
            "user-name",
            "An IAM user cannot have that name.",
            "A name has 1 to 64 letters, digits or any of _+=,.@- and no spaces.",
            "Give the name alone, without the ARN around it.",
        )
