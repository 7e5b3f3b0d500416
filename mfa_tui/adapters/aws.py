"""STS and IAM, through botocore (the part of boto3 that makes the calls; importing it alone starts quicker).

Endpoints, proxies, certificates and regions are botocore's own, for the profile in question, so they work as for
every other AWS tool. Only the time that requests are signed with is ours: AWS's, as far as it is known.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mfa_tui.adapters.control import Control, TookTooLong
from mfa_tui.core.serial import MfaSerial
from mfa_tui.errors import ConfigError
from mfa_tui.models import AccessKeys, Secret, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient
    from botocore.session import Session as BotocoreSession

    from mfa_tui.adapters.clock import Clock
    from mfa_tui.core.roles import Role

TIMEOUT = 10.0
"""Seconds that AWS calls may hold a command, by default."""
_SIGNATURE = "v4-mfa-tui"
"""Up to the first dash, the name by which botocore finds region and service to sign for in its endpoint rules."""
_SERVER_TROUBLE = 500
_SIGN_IN_FIRST = 511
"""Network Authentication Required (RFC 6585)."""
_NOT_AT_THIS_TIME = ("certificate is not yet valid", "certificate has expired")
"""How OpenSSL words it; a machine whose clock has lost its battery meets the first."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_REGIONS = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where to ask when no region is set, by the partition of the MFA serial."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the profile (for its endpoint and certificate settings), the keys, its region (may be empty)."""

    profile: str
    keys: AccessKeys | Session
    region: str = ""
    partition: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """An MFA device of an IAM user."""

    serial: MfaSerial


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

    def __init__(self, clock: Clock, *, timeout: float = TIMEOUT) -> None:
        self._clock = clock
        self.timeout = timeout
        self._sessions: dict[str, BotocoreSession] = {}
        self._asked = 0.0

    def preload(self) -> None:
        """Import botocore, so that the first call need not."""
        import botocore.session  # noqa: F401

    def get_session_token(self, caller: Caller, serial: str, code: Secret, duration: int, control: Control) -> Session:
        """A session with MFA. Sent once only: a retry would send a used code (AWS takes each step once).

        Raises AwsAnswer, NoAnswer, ConfigError, Cancelled.
        """

        def call(client: Any) -> dict[str, Any]:
            answer = client.get_session_token(DurationSeconds=duration, SerialNumber=serial, TokenCode=code.reveal())
            credentials: dict[str, Any] = answer["Credentials"]
            return credentials

        credentials = self._call("sts", caller, call, control, attempts=1)
        return Session(
            access_key_id=credentials["AccessKeyId"],
            secret_access_key=Secret(credentials["SecretAccessKey"]),
            session_token=Secret(credentials["SessionToken"]),
            expires_at=int(credentials["Expiration"].timestamp()),
            duration=duration,
            source_key_id=caller.keys.access_key_id,
            serial=serial,
        )

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

        def call(client: Any) -> dict[str, Any]:
            with_code = {"SerialNumber": serial, "TokenCode": code.reveal()} if code else {}
            credentials: dict[str, Any] = client.assume_role(**parameters, **with_code)["Credentials"]
            return credentials

        credentials = self._call("sts", caller, call, control, attempts=1 if code else 2)
        keys = caller.keys
        before = (keys.serial, keys.roles) if isinstance(keys, Session) else (serial, ())
        return Session(
            access_key_id=credentials["AccessKeyId"],
            secret_access_key=Secret(credentials["SecretAccessKey"]),
            session_token=Secret(credentials["SessionToken"]),
            expires_at=int(credentials["Expiration"].timestamp()),
            duration=duration,
            source_key_id=keys.source_key_id if isinstance(keys, Session) else keys.access_key_id,
            serial=before[0],
            roles=(*before[1], role.identity),
        )

    def credentials_of(self, profile: str, origin: str, control: Control) -> Session:
        """What botocore takes for the credentials of *profile*, which has no keys of its own: IAM Identity Center, say.

        *origin* stands for the access key id in what is made with them. They are not kept, so they have no end here.
        Raises SourceSilent, Cancelled.
        """

        def work() -> Session:
            from botocore.exceptions import BotoCoreError, ClientError

            try:
                found = self._session(profile).get_credentials()
                frozen = found.get_frozen_credentials() if found else None
            except (BotoCoreError, ClientError) as error:
                raise SourceSilent(" ".join(str(error).split())[:160]) from None
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

    def list_mfa_devices(self, caller: Caller, control: Control) -> list[Device]:
        """The MFA devices of the user that the keys belong to. Raises AwsAnswer, NoAnswer, ConfigError, Cancelled."""

        def call(client: Any) -> list[dict[str, Any]]:
            return [d for page in client.get_paginator("list_mfa_devices").paginate() for d in page["MFADevices"]]

        found = self._call("iam", caller, call, control, attempts=2)
        return [Device(MfaSerial(d["SerialNumber"])) for d in found]

    def _call(
        self, service: str, caller: Caller, call: Callable[[Any], Any], control: Control, *, attempts: int
    ) -> Any:
        where: list[str] = [""]

        def work() -> Any:
            client = self._client(service, caller, attempts)
            where[0] = urlsplit(client.meta.endpoint_url).hostname or ""
            return call(client)

        try:
            return control.run(lambda: self._translated(work, where), self.timeout)
        except TookTooLong:
            raise NoAnswer("timeout", where[0]) from None

    def _translated(self, work: Callable[[], Any], where: list[str]) -> Any:
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

    def _client(self, service: str, caller: Caller, attempts: int) -> BaseClient:
        import botocore.config
        from botocore.exceptions import BotoCoreError

        session = self._session(caller.profile)
        config = botocore.config.Config(
            connect_timeout=max(1.0, self.timeout * 0.4),
            read_timeout=max(1.0, self.timeout * 0.9),
            retries={"total_max_attempts": attempts, "mode": "standard"},
            signature_version=_SIGNATURE,
        )
        try:
            client = session.create_client(
                service,
                region_name=_region(session, caller),
                aws_access_key_id=caller.keys.access_key_id,
                aws_secret_access_key=caller.keys.secret_access_key.reveal(),
                aws_session_token=_token(caller.keys),
                config=config,
            )
            # A port that is no number, or none that there is, shows only when it is asked for.
            _ = urlsplit(client.meta.endpoint_url).port
        except ValueError as error:
            if isinstance(error, BotoCoreError):
                raise
            # How botocore says that an endpoint is no URL. Not shown: it may hold a password.
            raise ConfigError(
                "endpoint-malformed",
                f"The endpoint that is set for {service.upper()} is no URL.",
                "An endpoint_url or AWS_ENDPOINT_URL names it; it starts with https://, or http:// for this machine.",
                "Correct it, or remove it.",
            ) from None
        _check_encrypted(client.meta.endpoint_url)
        client.meta.events.register("after-call", self._learn_time)
        client.meta.events.register("before-send", self._note_start)
        return client

    def _session(self, profile: str) -> BotocoreSession:
        """One botocore session for each profile: its endpoint, services and ca_bundle settings are the profile's."""
        if profile not in self._sessions:
            import logging

            import botocore.auth
            import botocore.session

            # At DEBUG botocore logs session tokens, secrets and codes.
            logging.getLogger("botocore").setLevel(logging.INFO)
            logging.getLogger("urllib3").setLevel(logging.INFO)
            botocore.auth.AUTH_TYPE_MAPS[_SIGNATURE] = _signer(self._clock)
            self._sessions[profile] = botocore.session.Session(profile=profile)
        return self._sessions[profile]

    def _note_start(self, **_: Any) -> None:
        self._asked = self._clock.now()

    def _learn_time(self, parsed: dict[str, Any], **_: Any) -> None:
        metadata = parsed.get("ResponseMetadata", {})
        headers = metadata.get("HTTPHeaders", {})
        if "date" in headers and "RequestId" in metadata:
            from email.utils import parsedate_to_datetime

            answered = self._clock.now()
            try:
                moment = parsedate_to_datetime(headers["date"]).timestamp()
            except (TypeError, ValueError):
                return
            self._clock.learn(moment, self._asked, answered)


def _token(keys: AccessKeys | Session) -> str | None:
    return keys.session_token.reveal() or None if isinstance(keys, Session) else None


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


def _region(session: BotocoreSession, caller: Caller) -> str:
    """The environment's region, else the profile's, as SDKs have it.

    But none of another partition than the MFA serial's, where nobody knows the keys.
    """
    from botocore.exceptions import UnknownRegionError

    # AWS CLI v2 and the other SDKs read AWS_REGION; botocore reads AWS_DEFAULT_REGION.
    env = os.environ
    for region in filter(None, (env.get("AWS_REGION"), env.get("AWS_DEFAULT_REGION"), caller.region)):
        try:
            partition = session.get_partition_for_region(region)
        except UnknownRegionError:
            # Newer than this botocore, or a mistake that it will name.
            return region
        if caller.partition in ("", partition):
            return region
    return _REGIONS.get(caller.partition, "us-east-1")


def _signer(clock: Clock) -> type:
    """Signature version 4 with AWS's time in place of the machine's."""
    from datetime import UTC, datetime

    from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth

    class CorrectedSigV4Auth(SigV4Auth):
        def _modify_request_before_signing(self, request: Any) -> None:
            # botocore has put the machine's time here just before.
            request.context["timestamp"] = datetime.fromtimestamp(clock.aws_now(), UTC).strftime(SIGV4_TIMESTAMP)
            super()._modify_request_before_signing(request)  # type: ignore[misc]  # the stubs lack it

    return CorrectedSigV4Auth


def _check_encrypted(endpoint: str) -> None:
    parts = urlsplit(endpoint)
    if parts.scheme == "https" or parts.hostname in _LOOPBACK:
        return
    raise ConfigError(
        "endpoint-plain",
        f"The endpoint {parts.scheme}://{parts.hostname} is not encrypted; nothing was sent to it.",
        "An endpoint_url or AWS_ENDPOINT_URL names it; plain http is for this machine only.",
        "Correct it to https, or remove it.",
    )
