"""STS, through botocore (the part of boto3 that makes the calls; importing it alone starts quicker).

Endpoints, proxies, certificates and regions are botocore's own, for the profile in question, so they work as for
every other AWS tool. Only the time that requests are signed with is ours: AWS's, as far as it is known.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from mfa_tui.adapters.awsclients import Clients
from mfa_tui.adapters.control import Control, TookTooLong
from mfa_tui.errors import ConfigError
from mfa_tui.models import AccessKeys, Secret, Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from botocore.client import BaseClient

    from mfa_tui.adapters.clock import Clock
    from mfa_tui.adapters.paths import Paths
    from mfa_tui.core.roles import Role

    T = TypeVar("T")

TIMEOUT = 10.0
"""Seconds that AWS calls may hold a command, by default."""
_SERVER_TROUBLE = 500
_SIGN_IN_FIRST = 511
"""Network Authentication Required (RFC 6585)."""
_NOT_AT_THIS_TIME = ("certificate is not yet valid", "certificate has expired")
"""How OpenSSL words it; a machine whose clock has lost its battery meets the first."""


class Caller(NamedTuple):
    """Who calls: the profile (for its endpoint and certificate settings), the keys, its region (may be empty).

    ``keys_of`` is the profile that the keys are of, where that is another.
    """

    profile: str
    keys: AccessKeys | Session
    region: str = ""
    partition: str = ""
    keys_of: str = ""


class AwsAnswer(Exception):
    """AWS answered with an error: its code and message, and the HTTP status."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status


class NoAnswer(Exception):
    """AWS did not answer. ``where`` is the host, ``kind`` says how.

    Kinds: unreachable, timeout, dropped, unsent, tls, tls-time, proxy, portal.
    """

    def __init__(self, kind: str, where: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.where = where


class SourceSilent(Exception):
    """A profile did not give its credentials; the text says why, in one line."""


class Aws:
    """The calls. Every answer also tells the clock what time it is at AWS."""

    def __init__(self, clock: Clock, paths: Paths, *, timeout: float = TIMEOUT) -> None:
        self._clock = clock
        self.timeout = timeout
        self._clients = Clients(clock, paths, timeout, watch=self._watch)
        self._asked = 0.0

    def preload(self) -> None:
        """Import botocore, so that the first call need not."""
        import botocore.session  # noqa: F401

    def get_session_token(self, caller: Caller, serial: str, code: Secret, duration: int, control: Control) -> Session:
        """A session with MFA. Sent once only: a retry would send a used code (AWS takes each step once).

        Raises AwsAnswer, NoAnswer, ConfigError, Cancelled.
        """

        def call(client: Any) -> Session:
            answer = client.get_session_token(DurationSeconds=duration, SerialNumber=serial, TokenCode=code.reveal())
            return _session(answer["Credentials"], duration, source_key_id=caller.keys.access_key_id, serial=serial)

        return self.call("sts", caller, call, control, attempts=1)

    def assume_role(
        self,
        caller: Caller,
        role: Role,
        name: str,
        duration: int,
        control: Control,
        *,
        serial: str = "",
        code: Secret | None = None,
    ) -> Session:
        """A session of *role*, called *name*. With a *code* of the device *serial* it is sent once only.

        Raises AwsAnswer, NoAnswer, ConfigError, Cancelled.
        """
        parameters: dict[str, Any] = {"RoleArn": role.arn, "RoleSessionName": name, "DurationSeconds": duration}
        if role.external_id:
            parameters["ExternalId"] = role.external_id

        keys = caller.keys
        made_from, device = keys.access_key_id, serial
        roles: tuple[str, ...] = (role.identity,)
        if isinstance(keys, Session):
            made_from, device, roles = keys.source_key_id, keys.serial, (*keys.roles, role.identity)

        def call(client: Any) -> Session:
            with_code = {"SerialNumber": serial, "TokenCode": code.reveal()} if code else {}
            answer = client.assume_role(**parameters, **with_code)
            return _session(answer["Credentials"], duration, source_key_id=made_from, serial=device, roles=roles)

        return self.call("sts", caller, call, control, attempts=1 if code else 2)

    def ask_time(self, caller: Caller, control: Control) -> None:
        """Let any answer to *caller* tell the clock the time; nothing else is made of it. Raises Cancelled."""
        with contextlib.suppress(AwsAnswer, NoAnswer, ConfigError):
            self.call("sts", caller, lambda client: client.get_caller_identity(), control, attempts=1)

    def credentials_of(self, profile: str, origin: str, control: Control) -> Session:
        """What botocore takes for the credentials of *profile*, which has no keys of its own: IAM Identity Center, say.

        *origin* stands for the access key id in what is made with them. They are not kept, so they have no end here.
        Raises SourceSilent, Cancelled.
        """

        def work() -> Session:
            from botocore.exceptions import BotoCoreError, ClientError

            try:
                found = self._clients.session(profile).get_credentials()
                frozen = found.get_frozen_credentials() if found else None
            except (BotoCoreError, ClientError) as error:
                raise SourceSilent(" ".join(str(error).split())[:160].rstrip(" :")) from None
            except OSError as error:
                # A credential process that is not installed, a token's file that is not there.
                where = f": {error.filename}" if error.filename else ""
                raise SourceSilent(f"{error.strerror or type(error).__name__}{where}") from None
            except Exception as error:  # noqa: BLE001 - programs of others answer what they like; it may hold secrets
                raise SourceSilent(f"what it answered was not understood ({type(error).__name__})") from None
            if frozen is None or not frozen.access_key or not frozen.secret_key:
                raise SourceSilent("it has no credentials")
            return Session(
                access_key_id=frozen.access_key,
                secret_access_key=Secret(frozen.secret_key),
                session_token=Secret(frozen.token or ""),
                expires_at=0,
                duration=0,
                source_key_id=origin,
                serial="",
            )

        try:
            return control.run(work, self.timeout)
        except TookTooLong:
            raise SourceSilent(f"it did not give them within {self.timeout:g} s") from None

    def call(self, service: str, caller: Caller, call: Callable[[Any], T], control: Control, *, attempts: int) -> T:
        """What *call* returns, given a client of *service* (``sts``, ``iam``) that calls as *caller*.

        Raises AwsAnswer, NoAnswer, ConfigError, Cancelled.
        """
        where: list[str] = [""]

        def work() -> T:
            client = self._clients.client(service, caller, attempts)
            where[0] = urlsplit(client.meta.endpoint_url).hostname or ""
            return call(client)

        try:
            return control.run(lambda: self._translated(work, where), self.timeout)
        except TookTooLong:
            raise NoAnswer("timeout", where[0]) from None

    def _translated(self, work: Callable[[], T], where: list[str]) -> T:
        """*work*, with botocore's many exceptions as our few."""
        from botocore import exceptions as b
        from botocore.parsers import ResponseParserError

        try:
            return work()
        except b.ClientError as error:
            metadata = error.response.get("ResponseMetadata", {})
            status = int(metadata.get("HTTPStatusCode", 0))
            # Portals and proxies answer too, but only AWS's answers have a request id.
            if status == _SIGN_IN_FIRST or ("RequestId" not in metadata and status < _SERVER_TROUBLE):
                raise NoAnswer("portal", where[0]) from None
            details = error.response.get("Error", {})
            raise AwsAnswer(details.get("Code", ""), details.get("Message", ""), status) from None
        except (ResponseParserError, KeyError):
            # A page instead of XML, or XML that is no answer of STS or IAM.
            raise NoAnswer("portal", where[0]) from None
        except b.BotoCoreError as error:
            kind = next((kind for group, kind in _silences() if isinstance(error, group)), "")
            if kind == "tls" and any(words in str(error) for words in _NOT_AT_THIS_TIME):
                kind = "tls-time"
            if kind:
                raise NoAnswer(kind, where[0]) from None
            raise ConfigError(
                "botocore",
                "The AWS SDK cannot work with this configuration.",
                " ".join(str(error).split())[:160],
                "Correct it in the AWS files or the environment.",
            ) from None

    def _watch(self, client: BaseClient) -> None:
        """See when requests of *client* go out, and what time their answers tell."""
        client.meta.events.register("after-call", self._learn_time)
        client.meta.events.register("before-send", self._note_start)

    def _note_start(self, **_: Any) -> None:
        self._asked = self._clock.monotonic()

    def _learn_time(self, parsed: dict[str, Any], **_: Any) -> None:
        metadata = parsed.get("ResponseMetadata", {})
        headers = metadata.get("HTTPHeaders", {})
        if "date" in headers and "RequestId" in metadata:
            from email.utils import parsedate_to_datetime

            took = self._clock.monotonic() - self._asked
            try:
                moment = parsedate_to_datetime(headers["date"]).timestamp()
            except (TypeError, ValueError):
                return
            self._clock.learn(moment, took)


def _session(
    credentials: dict[str, Any], duration: int, *, source_key_id: str, serial: str, roles: tuple[str, ...] = ()
) -> Session:
    """The session in an answer of STS, whose expiry botocore gives as a datetime. Raises KeyError."""
    return Session(
        access_key_id=credentials["AccessKeyId"],
        secret_access_key=Secret(credentials["SecretAccessKey"]),
        session_token=Secret(credentials["SessionToken"]),
        expires_at=int(credentials["Expiration"].timestamp()),
        duration=duration,
        source_key_id=source_key_id,
        serial=serial,
        roles=roles,
    )


def _silences() -> tuple[tuple[type[Exception], str], ...]:
    """The exceptions for want of an answer, the special before the general, each with its kind of NoAnswer."""
    from botocore import exceptions as b

    return (
        (b.ProxyConnectionError, "proxy"),
        (b.SSLError, "tls"),
        (b.ConnectTimeoutError, "timeout"),
        (b.ReadTimeoutError, "timeout"),
        (b.EndpointConnectionError, "unreachable"),
        (b.ConnectionClosedError, "dropped"),
        # What else urllib3 met: a proxy's address that is none, say. Its text may hold the proxy's password.
        (b.HTTPClientError, "unsent"),
    )
