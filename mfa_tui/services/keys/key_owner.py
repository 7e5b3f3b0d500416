"""The IAM user whose long-term keys are listed, rotated or switched off, and whose credentials sign the requests.

With an MFA device enabled, a session made with MFA signs them: common policies deny everything else. While a rotation
is unfinished it is a session of the *old* key, since AWS may not know the new one everywhere yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.adapters.keys.rotation_journal import RotationJournal
from mfa_tui.core.aws.error_kinds import AwsErrorKind, without_codes
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.sessions.expiry import USED_AT_ONCE, is_valid
from mfa_tui.core.text.display import shortened_key
from mfa_tui.errors import AwsRefused, ProfileProblem
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.refusals import GONE, TOO_MANY, IamRefused
from mfa_tui.services.sessions.refusals import error_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.keys.rotation_journal import Rotation
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Session
    from mfa_tui.services.operation import Operation

    T = TypeVar("T")


class KeyAction:
    """IAM's actions on access keys."""

    LIST = "ListAccessKeys"
    CREATE = "CreateAccessKey"
    UPDATE = "UpdateAccessKey"
    DELETE = "DeleteAccessKey"
    LAST_USE = "GetAccessKeyLastUsed"


_VERBS = {
    KeyAction.LIST: "list access keys",
    KeyAction.CREATE: "create an access key",
    KeyAction.UPDATE: "deactivate or activate an access key",
    KeyAction.DELETE: "delete an access key",
    KeyAction.LAST_USE: "see when an access key was last used",
}


class KeyRefused(IamRefused):
    """IAM refused what was asked about a key."""

    def __init__(self, code: str, error: AwsRefused) -> None:
        super().__init__(code, error.slug, error.what, error.why, error.remedy)


class KeyOwner(IamUser):
    """The user behind a profile. Its methods raise what those of IamUser raise; refusals are KeyRefused."""

    def __init__(self, operation: Operation, profile: str | None) -> None:
        super().__init__(operation, profile)
        self.journal = RotationJournal(operation.context.paths)
        """The journal of key rotations."""
        self._dead_sessions: set[str] = set()

    def rotation(self) -> Rotation | None:
        """The user's rotation, finished or not; None if there was none. Raises FileProblem (``rotations-damaged``)."""
        return self.journal.entry_of(self.identity.account, self.identity.user)

    def root_problem(self, account: str) -> ProfileProblem:
        """The error for the keys of the root user of an *account*."""
        return problem("root-keys", profile=self.name, account=account).as_error(ProfileProblem)

    def find_session(self) -> Session | None:
        """A valid session with MFA: of the old key while a rotation is unfinished, else of the profile's key."""
        rotation = self.rotation() if self._identity is not None else None
        if rotation is not None and rotation.unfinished and self.profile.access_key_id != rotation.old_key_id:
            context = self.context
            for serial in self._serials():
                found = context.cache.find(rotation.old_key_id, serial)
                if found is None or found.access_key_id in self._dead_sessions:
                    continue
                if is_valid(found.expires_at, context.clock.aws_now(), USED_AT_ONCE):
                    return context.cache.load_secrets(found, self.operation.cancel)
        return super().find_session()

    def session_works(self) -> bool:
        """Whether AWS accepts the session: one of a key that was deactivated meanwhile may have stopped working.

        One that does not is not used again.
        """
        session = self.find_session()
        if session is None or session.source_key_id == self.profile.access_key_id:
            return True
        caller = self.caller._replace(keys=session)
        try:
            self.context.iam.get_identity(caller, self.operation.cancel)
        except AwsError as answer:
            if answer.means != AwsErrorKind.KEY:
                raise self._error(answer) from None
            self._dead_sessions.add(session.access_key_id)
            return False
        except AwsUnreachable as failure:
            raise self._error(failure) from None
        return True

    def still_has(self, device: str) -> bool:
        """Ask AWS whether the user has the key with the id *device*."""
        iam, user, cancel = self.context.iam, self.identity.user, self.operation.cancel
        found = self.call(lambda caller: iam.list_access_keys(caller, user, cancel), action=KeyAction.LIST)
        return device in [key.access_key_id for key in found]

    def allows(self, call: Callable[[Caller], T], *, action: str) -> T | None:
        """As :meth:`call`; None if a policy denies the action."""
        try:
            return self.call(call, action=action)
        except KeyRefused as refused:
            if refused.slug != "keys-denied":
                raise
            return None

    def _error(self, failure: AwsError | AwsUnreachable, action: str = "", device: str = "") -> MfaTuiError:
        if isinstance(failure, AwsError):
            user, profile = self._identity.user if self._identity is not None else "the user", self.name
            means = failure.means
            found = None
            if failure.code == TOO_MANY:
                found = problem("keys-limit", profile=profile, user=user)
            elif failure.code == GONE and device:
                found = problem("key-gone", profile=profile, user=user, shortened=shortened_key(device))
            elif action and means == AwsErrorKind.DENIED:
                said = without_codes(failure.message)
                found = problem("keys-denied", profile=profile, user=user, verb=_VERBS[action], action=action, why=said)
            if found is not None:
                return KeyRefused(failure.code, found.as_error(AwsRefused))
        return error_for(failure, self.caller, offset=self.context.clock.known_offset)
