"""Calls to STS, and calls in general.

botocore (the part of boto3 that makes them, and starts faster alone) finds endpoints, proxies, certificates and regions
for the profile, as in every other AWS tool. Only the time that requests are signed with is ours: AWS's, as far as it is
known. Calls to STS about which nothing is unusual do without botocore: see ``direct``.
"""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mfa_tui.adapters.aws.call_record import collect_calls
from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, CredentialsUnavailable
from mfa_tui.adapters.aws.clients import Clients
from mfa_tui.adapters.aws.direct.sts_calls import DirectSts
from mfa_tui.adapters.aws.unreachable import check_answer
from mfa_tui.adapters.awsfiles.files import AwsFiles
from mfa_tui.adapters.system.cancellation import CancelScope, TimedOut
from mfa_tui.core.aws.http_date import parse_date
from mfa_tui.core.aws.response_checks import (
    ImplausibleResponse,
    check_credentials,
    check_external_credentials,
    check_scoped_session,
    checked_lifetime,
    checked_past,
)
from mfa_tui.errors import ConfigError
from mfa_tui.models import Secret, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import TypeVar

    from botocore.client import BaseClient

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.system.clock import Clock
    from mfa_tui.core.aws.api_call import ApiCall
    from mfa_tui.core.profiles.role import Role
    from mfa_tui.core.scopes.scope import Scope

    T = TypeVar("T")

TIMEOUT = 10.0
"""Seconds that a call to AWS may take, by default."""


def ignore_call(_: Caller, __: ApiCall) -> None:
    """Record nothing."""


class Aws:
    """The calls. Every response of AWS also corrects our clock."""

    def __init__(
        self,
        clock: Clock,
        paths: Paths,
        *,
        timeout: float = TIMEOUT,
        files: AwsFiles | None = None,
        record: Callable[[Caller, ApiCall], None] = ignore_call,
    ) -> None:
        """*timeout* is in seconds for each call. *files* are those at *paths*, if they have been read already.

        *record* gets each call once it is over, in the thread that asked for it.
        """
        self._clock = clock
        self.timeout = timeout
        self._record = record
        files = files or AwsFiles(paths, clock)
        self._direct = DirectSts(clock, files.load, timeout)
        self._clients = Clients(clock, paths, timeout, watch=self._watch, files=files)
        self._sent_at = 0.0

    def preload(self, profile: str = "") -> None:
        """Load now what most logins need, so that the first one is faster.

        *profile* is the one that is about to log in; empty if it is not known yet.
        """
        if self._direct.is_usual(profile):
            self._direct.preload()
        else:
            import botocore.session  # noqa: F401

            from mfa_tui.adapters.libraries.logs import silence_libraries

            silence_libraries()

    def get_session_token(
        self, caller: Caller, serial: str, code: Secret, duration: int, cancel: CancelScope
    ) -> Session:
        """Get a session with MFA (GetSessionToken), of *duration* seconds.

        It is sent only once: a retry would send a used code, and AWS accepts the code of each time step once.

        Raises AwsError, AwsUnreachable, ConfigError, Cancelled.
        """

        def read(answer: Mapping[str, Any]) -> Session:
            return self._session_in(
                answer["Credentials"], duration, source_key_id=caller.keys.source_key_id, serial=serial
            )

        return self.ask("GetSessionToken", caller, {"DurationSeconds": duration}, read, cancel, mfa=(serial, code))

    def assume_role(
        self,
        caller: Caller,
        role: Role,
        name: str,
        duration: int,
        cancel: CancelScope,
        *,
        serial: str = "",
        code: Secret | None = None,
    ) -> Session:
        """Assume *role* for *duration* seconds (AssumeRole), in a session called *name*.

        With a *code* of the device *serial* it is sent only once.

        Raises AwsError, AwsUnreachable, ConfigError, Cancelled.
        """
        parameters: dict[str, Any] = {"RoleArn": role.arn, "RoleSessionName": name, "DurationSeconds": duration}
        if role.external_id:
            parameters["ExternalId"] = role.external_id

        keys = caller.keys
        made_from, device = keys.source_key_id, serial
        roles: tuple[str, ...] = (role.identity,)
        if isinstance(keys, Session):
            device, roles = keys.serial, (*keys.roles, role.identity)

        def read(answer: Mapping[str, Any]) -> Session:
            return self._session_in(
                answer["Credentials"], duration, source_key_id=made_from, serial=device, roles=roles
            )

        return self.ask("AssumeRole", caller, parameters, read, cancel, mfa=(serial, code) if code else None)

    def get_scoped_credentials(
        self, caller: Caller, parent: Session, scope: Scope, duration: int | None, cancel: CancelScope
    ) -> Session:
        """Limit *parent*, which is the *caller*'s session, to *scope* (GetScopedCredentials).

        *duration* is in seconds; None means as long as *parent*, which the scope's policy must allow to be left out.
        A response that does not limit the session is an error: AwsUnreachable (``not-aws``).

        Raises AwsError, AwsUnreachable, ConfigError, Cancelled.
        """
        parameters: dict[str, Any] = {"ScopedSessionDescription": f"mfa-tui --scope {scope.name}"}
        if scope.policy:
            parameters["Policy"] = scope.policy
        if duration is not None:
            parameters["DurationSeconds"] = duration

        def read(answer: Mapping[str, Any]) -> Session:
            wanted = duration or max(1, int(parent.expires_at - self._clock.aws_now()))
            session = self._session_in(
                answer["Credentials"],
                wanted,
                source_key_id=parent.source_key_id,
                serial=parent.serial,
                roles=parent.roles,
                scope=scope.session_scope(parent.access_key_id),
            )
            check_scoped_session(session, parent, answer.get("ScopedPoliciesCount") if scope.policy else None)
            if duration is None:
                # It is renewed when its parent is.
                session.duration = parent.duration
            return session

        return self.ask("GetScopedCredentials", caller, parameters, read, cancel)

    def past(self, moment: datetime) -> int:
        """When something in an answer happened, in seconds since the epoch. Raises ImplausibleResponse."""
        return checked_past(moment.timestamp(), self._clock.aws_now())

    def measure_clock(self, caller: Caller, cancel: CancelScope) -> None:
        """Measure the offset to AWS's clock by any response; nothing else is done with it. Raises Cancelled."""
        with contextlib.suppress(AwsError, AwsUnreachable, ConfigError):
            self.ask("GetCallerIdentity", caller, {}, lambda _: None, cancel, attempts=1)

    def load_profile_credentials(self, profile: str, origin: str, cancel: CancelScope) -> Session:
        """Let botocore find the credentials of *profile*, which has no keys of its own (IAM Identity Center, say).

        *origin* replaces the access key ID in the names of sessions made with them. They are not cached, so their
        expiry is not needed and set to 0.
        Raises CredentialsUnavailable, AwsUnreachable, ConfigError, Cancelled.
        """

        def work() -> Session:
            from mfa_tui.adapters.aws.sdk.profile_credentials import find_credentials

            found = find_credentials(self._clients, profile)
            if found is None or not found.access_key or not found.secret_key:
                raise CredentialsUnavailable("it has no credentials")
            try:
                check_external_credentials(found.access_key, found.secret_key, found.token)
            except ImplausibleResponse as wrong:
                raise CredentialsUnavailable(f"its answer has no valid credentials: {wrong}") from None
            return Session(
                access_key_id=found.access_key,
                secret_access_key=Secret(found.secret_key),
                session_token=Secret(found.token or ""),
                expires_at=0,
                duration=0,
                source_key_id=origin,
                serial="",
            )

        try:
            return cancel.run(work, self.timeout)
        except TimedOut:
            raise CredentialsUnavailable(f"it did not answer within {self.timeout:g} s") from None

    def ask(
        self,
        action: str,
        caller: Caller,
        parameters: Mapping[str, Any],
        read: Callable[[Mapping[str, Any]], T],
        cancel: CancelScope,
        *,
        mfa: tuple[str, Secret] | None = None,
        attempts: int = 2,
    ) -> T:
        """Call *action* of STS; returns what *read* makes of the answer's fields.

        With *mfa*, a serial and a code, it is sent only once.
        Raises AwsError, AwsUnreachable, ConfigError, Cancelled.
        """

        def work(where: list[str], calls: list[ApiCall]) -> T:
            with_code = {"SerialNumber": mfa[0], "TokenCode": mfa[1].reveal()} if mfa else {}
            asked, times = {**parameters, **with_code}, 1 if mfa else attempts
            if (route := self._direct.route(caller)) is None:
                client = partial(self._clients.client, "sts", caller, times)
                return _call_with(client, lambda made: read(_call(made, action, asked)), where, calls)
            where[0] = route.host
            return check_answer(
                lambda: read(self._direct.call(route, caller, action, asked, attempts=times, calls=calls)), where
            )

        return self._run(work, caller, cancel)

    def call(self, service: str, caller: Caller, call: Callable[[Any], T], cancel: CancelScope, *, attempts: int) -> T:
        """Run *call* with a client of *service* (``sts``, ``iam``) that calls as *caller*, and return its result.

        Raises AwsError, AwsUnreachable, ConfigError, Cancelled.
        """

        def work(where: list[str], calls: list[ApiCall]) -> T:
            return _call_with(partial(self._clients.client, service, caller, attempts), call, where, calls)

        return self._run(work, caller, cancel)

    def _run(self, work: Callable[[list[str], list[ApiCall]], T], caller: Caller, cancel: CancelScope) -> T:
        """Run *work* within the time that a call may take. It is given lists for the host and for the calls."""
        where: list[str] = [""]
        calls: list[ApiCall] = []
        try:
            return cancel.run(lambda: work(where, calls), self.timeout)
        except TimedOut:
            raise AwsUnreachable("timeout", where[0]) from None
        finally:
            # If the wait ended early, what was asked has no answer; a late one is dropped.
            for made in [each._replace(key_id=caller.keys.access_key_id) for each in calls]:
                self.record(caller, made)

    def record(self, caller: Caller, call: ApiCall) -> None:
        """Record a call that was made, for *caller* and for the history."""
        if caller.record is not None:
            caller.record(call)
        self._record(caller, call)

    def post_form(self, profile: str, url: str, fields: Mapping[str, str], cancel: CancelScope) -> tuple[int, str, str]:
        """Send a form to *url*, unsigned, as *profile* reaches AWS; returns HTTP status, body and the request's id.

        Nothing of the form is in the address, so that no log along the way has it.
        Raises AwsUnreachable, ConfigError, Cancelled.
        """
        from mfa_tui.adapters.aws.sdk.errors import translate_errors

        host = urlsplit(url).hostname or ""

        def work() -> tuple[int, str, str]:
            from botocore.awsrequest import AWSRequest
            from botocore.httpsession import URLLib3Session
            from botocore.utils import get_environ_proxies

            from mfa_tui.core.aws.sts_answer import checked_request_id

            session = self._clients.session(profile)
            transport = URLLib3Session(
                verify=session.get_config_variable("ca_bundle") or True,
                proxies=get_environ_proxies(url),
                timeout=max(1, int(self.timeout)),
            )
            answer = transport.send(AWSRequest("POST", url, data=dict(fields)).prepare())
            request_id = checked_request_id(answer.headers.get("x-amzn-requestid", ""))
            return answer.status_code, answer.content.decode("utf-8", "replace"), request_id

        try:
            return cancel.run(lambda: translate_errors(work, [host]), self.timeout)
        except TimedOut:
            raise AwsUnreachable("timeout", host) from None

    def _session_in(
        self,
        credentials: dict[str, Any],
        duration: int,
        *,
        source_key_id: str,
        serial: str,
        roles: tuple[str, ...] = (),
        scope: str = "",
    ) -> Session:
        """The session in STS's response; its expiry has been parsed. Raises KeyError, ImplausibleResponse."""
        key_id = credentials["AccessKeyId"]
        secret, token = (_as_secret(credentials[name]) for name in ("SecretAccessKey", "SessionToken"))
        check_credentials(key_id, secret.reveal(), token.reveal())
        expiry = credentials["Expiration"]
        expires_at = expiry if isinstance(expiry, int) else int(expiry.timestamp())
        return Session(
            access_key_id=key_id,
            secret_access_key=secret,
            session_token=token,
            expires_at=expires_at,
            duration=checked_lifetime(expires_at, self._clock.aws_now(), duration),
            source_key_id=source_key_id,
            serial=serial,
            roles=roles,
            scope=scope,
        )

    def _watch(self, client: BaseClient) -> None:
        """Note when *client* sends requests, and the times in the responses."""
        client.meta.events.register("after-call", self._learn_time)
        client.meta.events.register("before-send", self._record_start)

    def _record_start(self, **_: Any) -> None:
        self._sent_at = self._clock.monotonic()

    def _learn_time(self, parsed: dict[str, Any], **_: Any) -> None:
        metadata = parsed.get("ResponseMetadata", {})
        headers = metadata.get("HTTPHeaders", {})
        if "date" in headers and "RequestId" in metadata:
            took = self._clock.monotonic() - self._sent_at
            moment = parse_date(headers["date"])
            if moment is not None:
                self._clock.learn(moment, took)


def _call_with(client: Callable[[], BaseClient], call: Callable[[Any], T], where: list[str], calls: list[ApiCall]) -> T:
    """Make a *client* of botocore and run *call* with it; the host is put in *where*, the calls in *calls*."""
    from mfa_tui.adapters.aws.sdk.errors import translate_errors

    def work() -> T:
        made = client()
        where[0] = urlsplit(made.meta.endpoint_url).hostname or ""
        with collect_calls(calls):
            return call(made)

    return translate_errors(work, where)


def _call(client: Any, action: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Call *action* by botocore's method for it: ``get_session_token`` for GetSessionToken."""
    method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in action).lstrip("_")
    answer: Mapping[str, Any] = getattr(client, method)(**parameters)
    return answer


def _as_secret(value: object) -> Secret:
    """A secret of an answer; what is no text, is an empty one, which no check accepts."""
    return value if isinstance(value, Secret) else Secret(value if isinstance(value, str) else "")
