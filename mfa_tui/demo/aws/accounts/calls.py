"""One authenticated call of an AWS action, as its handler sees it."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

from mfa_tui.demo.aws.accounts import policy
from mfa_tui.demo.aws.accounts.directory import Directory
from mfa_tui.demo.aws.accounts.identities import Caller, Sessions
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.xml_responses import Result


@dataclasses.dataclass
class LoggedRequest:
    """One request that arrived, for tests to read."""

    action: str
    access_key_id: str
    """Empty when the request was not signed."""
    serial: str | None
    """The MFA serial that was sent, or that CreateVirtualMFADevice answered with."""
    step: int | None = None
    """The time step of the code that was sent, of two the later; None: no code, or one of no step near."""
    status: int | None = None
    """The HTTP status of the answer; None if there is none, or not yet."""
    error: str | None = None
    """The error code of the answer."""
    user: str | None = None
    """The name of the user who signed it, known once it was authenticated."""
    codes: tuple[str, ...] = ()
    """The codes that it carried, accepted or not."""
    request_id: str = ""
    """The id in the answer's header; empty if there is none."""


@dataclasses.dataclass(frozen=True)
class Call:
    """An action with its parameters and its authenticated caller."""

    action: str
    parameters: Mapping[str, str]
    caller: Caller
    now: float
    """The server's clock, in seconds since the epoch."""
    directory: Directory
    sessions: Sessions
    logged: LoggedRequest
    region: str = ""
    """The Region that the request was signed for."""
    host: str = ""
    """The host that it was sent to."""

    def authorize(self, action: str, resource: str, shown: str | None = None) -> None:
        """Refuse unless the caller's own policies allow ``iam:…`` on the resource (shown as AWS shows it)."""
        identity = self.caller.identity
        own = self._decide(self.directory.policies(identity), action, resource)
        decision = self.decision(action, resource)
        if decision == policy.ALLOWED:
            return
        kind = "identity-based" if own != policy.ALLOWED else "session"
        why = (
            f"with an explicit deny in {'an' if kind[0] == 'i' else 'a'} {kind} policy"
            if decision == policy.DENIED
            else f"because no {kind} policy allows the {action} action"
        )
        raise aws_errors.not_authorized(identity.arn, action, shown or resource, why)

    def decision(self, action: str, resource: str, context: Mapping[str, str] | None = None) -> str:
        """What the caller's own policies decide, and each policy that limits its session: all must allow it.

        *context* adds condition keys to those of the caller.
        """
        decisions = [self._decide(self.directory.policies(self.caller.identity), action, resource, context)]
        scopes = self.caller.session.scopes if self.caller.session is not None else ()
        decisions += [self._decide([json.loads(scope)], action, resource, context) for scope in scopes]
        if policy.DENIED in decisions:
            return policy.DENIED
        return policy.UNDECIDED if policy.UNDECIDED in decisions else policy.ALLOWED

    def _decide(
        self,
        documents: list[Mapping[str, Any]],
        action: str,
        resource: str,
        context: Mapping[str, str] | None = None,
    ) -> str:
        known = self.caller.context(self.now) | {"aws:requestedregion": self.region} | dict(context or {})
        return policy.decide(documents, action, known, resource=resource)

    def verify_code(self) -> bool:
        """Whether an MFA code was given; refuses a wrong one. The step of a right one is used from now on."""
        serial = self.parameters.get("SerialNumber")
        code = self.parameters.get("TokenCode")
        if serial is None and code is None:
            return False
        if serial is None or code is None:
            raise aws_errors.serial_and_code()
        seed = self.directory.own_seed(self.caller.identity, serial, self.now)
        if seed is None:
            raise aws_errors.unknown_serial()
        record = self.directory.steps(serial)
        accepted = record.try_code(seed, code, self.now)
        self.logged.step = record.attempted[-1]
        if not accepted:
            raise aws_errors.wrong_code()
        return True


Handler = Callable[[Call], Result]

Watcher = Callable[[LoggedRequest, str], object]
"""Called with a request and ``"before"`` it is handled, then ``"after"`` it was and before the answer goes out."""
