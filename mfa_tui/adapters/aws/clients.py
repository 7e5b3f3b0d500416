"""Clients for STS and IAM, configured by a profile as in every other AWS tool, which sign with AWS's time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mfa_tui.adapters.aws.ca_bundle import check_ca_bundle
from mfa_tui.adapters.aws.call_record import watch_calls
from mfa_tui.adapters.aws.endpoint_checks import check_endpoint
from mfa_tui.adapters.aws.parsed_session import session_of
from mfa_tui.adapters.aws.request_limits import guard_requests
from mfa_tui.adapters.awsfiles.files import AwsFiles
from mfa_tui.adapters.filesystem.fingerprint import fingerprint
from mfa_tui.adapters.libraries.logs import silence_libraries
from mfa_tui.core.awsfiles.awsconfig import DEFAULT
from mfa_tui.core.shells.variables import REGIONS
from mfa_tui.errors import ConfigError, MfaTuiError
from mfa_tui.models import AccessKeys, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.client import BaseClient
    from botocore.config import Config
    from botocore.session import Session as BotocoreSession

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.system.clock import Clock

_SIGNATURE = "v4-mfa-tui"
"""The name of our signer. botocore looks up region and service to sign for by its part before the dash."""
_HOME_REGIONS = {"": "us-east-1", "aws-cn": "cn-north-1"}
"""The region by partition when none is set, where botocore's data names another: IAM of China is in this one."""
_NOT_THE_CONNECTIONS = frozenset(
    {
        "role_arn", "source_profile", "credential_source", "credential_process", "mfa_serial", "external_id",
        "role_session_name", "duration_seconds", "region", "output", "aws_access_key_id", "aws_secret_access_key",
        "aws_session_token", "aws_mfa_device", "x_security_token_expires", "mfa_tui_source", "mfa_tui_target",
        "mfa_tui_scope",
    }
)  # fmt: skip
"""Settings of a profile that do not affect how AWS is reached: keys, region and role come with each call."""


class Clients:
    """Makes clients. Profiles that reach AWS in the same way share a botocore session, which is slow to make.

    A botocore session keeps what it has read, credentials too, so all are dropped when the AWS files change.
    """

    def __init__(
        self,
        clock: Clock,
        paths: Paths,
        timeout: float,
        *,
        watch: Callable[[BaseClient], None],
        files: AwsFiles | None = None,
    ) -> None:
        """*watch* is called with each new client. *files* are those at *paths*, if they have been read already."""
        self._clock = clock
        self._load = (files or AwsFiles(paths, clock)).load
        self._paths = paths
        self._timeout = timeout
        self._watch = watch
        self._sessions: dict[str, BotocoreSession] = {}
        self._by_settings: dict[str, BotocoreSession] = {}
        self._last: tuple[tuple[object, ...], BaseClient] | None = None
        self._files = ""

    def client(self, service: str, caller: Caller, attempts: int) -> BaseClient:
        """A client of *service* (``sts``, ``iam``, …) that calls as *caller* and sends a call up to *attempts* times.

        It may be the last one, whose connection is still open; but not for a call that is sent only once, since we
        notice only on use that the other end has closed a connection. Raises ConfigError, which names the setting that
        botocore does not accept.
        """
        region = caller.region
        try:
            session = self._shared_session(caller.profile)
            region = caller.only_region or _region(session, caller)
            keys = caller.keys
            # A mistyped secret may have been corrected.
            wanted = (session, service, region, keys.access_key_id, keys.secret_access_key, attempts)
            if attempts > 1 and self._last is not None and self._last[0] == wanted:
                return self._last[1]
            self._check_endpoint(caller.profile, service)
            client = self._create(session, service, region, caller, attempts)
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 - botocore raises anything for settings that it does not accept
            from mfa_tui.adapters.aws.sdk_checks import config_error

            raise config_error(self._load, caller.profile, service, region, error) from None
        self._last = (wanted, client)
        return client

    def _check_endpoint(self, profile: str, service: str) -> None:
        """Raises ConfigError (``endpoint-malformed``, ``endpoint-plain``)."""
        try:
            aws = self._load()
        except MfaTuiError:
            # botocore says what is wrong with the files.
            return
        if (found := check_endpoint(os.environ, aws, profile, service)) is not None:
            raise found.as_error(ConfigError)

    def _create(self, session: BotocoreSession, service: str, region: str, caller: Caller, attempts: int) -> BaseClient:
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        config = self._limits(attempts).merge(Config(signature_version=_SIGNATURE))
        try:
            client = session.create_client(
                service,
                region_name=region,
                aws_access_key_id=caller.keys.access_key_id,
                aws_secret_access_key=caller.keys.secret_access_key.reveal(),
                aws_session_token=_token(caller.keys),
                config=config,
            )
            # An invalid port is found only when it is asked for.
            _ = urlsplit(client.meta.endpoint_url).port
        except ValueError as error:
            if isinstance(error, BotoCoreError) or not _tells_of_endpoint(error):
                raise
            # How botocore says that an endpoint is no URL. Not shown: it may hold a password.
            from mfa_tui.core.problems.catalogue import problem

            raise problem("endpoint-malformed", service=service.upper()).as_error(ConfigError) from None
        self._watch(client)
        watch_calls(client)
        return client

    def session(self, profile: str) -> BotocoreSession:
        """The botocore session of *profile*, with its endpoint, services and ca_bundle settings."""
        self._forget_other_files()
        session = self._sessions.get(profile)
        if session is None:
            import logging

            import botocore.auth

            from mfa_tui.adapters.aws.responses import ResponseParsers

            silence_libraries()
            # At DEBUG botocore logs session tokens, secrets and codes.
            logging.getLogger("botocore").setLevel(logging.INFO)
            logging.getLogger("urllib3").setLevel(logging.INFO)
            botocore.auth.AUTH_TYPE_MAPS[_SIGNATURE] = _signer(self._clock)
            guard_requests()
            session = session_of(self._load, profile=profile)
            if profile == DEFAULT and profile not in session.full_config["profiles"]:
                # The environment holds its keys and no file names it; nor must AWS_PROFILE choose another.
                session = session_of(self._load, session_vars={"profile": (None, None, None, None)})
            session.register_component("response_parser_factory", ResponseParsers())
            # For the clients that botocore makes by itself too.
            session.set_default_client_config(self._limits())
            check_ca_bundle(os.environ, profile, session.get_scoped_config())
            self._sessions[profile] = session
        return session

    def _limits(self, attempts: int = 2) -> Config:
        from botocore.config import Config

        return Config(
            connect_timeout=max(1.0, self._timeout * 0.4),
            read_timeout=max(1.0, self._timeout * 0.9),
            retries={"total_max_attempts": attempts, "mode": "standard"},
        )

    def _shared_session(self, profile: str) -> BotocoreSession:
        """The session of *profile*, or of one that reaches AWS in the same way."""
        self._forget_other_files()
        known = next(iter(self._by_settings.values()), None)
        settings = known.full_config["profiles"].get(profile) if known is not None else None
        if settings is None:
            session = self.session(profile)
            return self._by_settings.setdefault(_connection(session.get_scoped_config()), session)
        same = self._by_settings.get(_connection(settings))
        return same or self._by_settings.setdefault(_connection(settings), self.session(profile))

    def _forget_other_files(self) -> None:
        files = fingerprint(self._paths)
        if files != self._files:
            self._files = files
            self._sessions.clear()
            self._by_settings.clear()


def _tells_of_endpoint(error: ValueError) -> bool:
    """Whether it is an address that botocore or urllib cannot take."""
    return any(word in str(error).lower() for word in ("endpoint", "port", "url", "ipv6", "netloc"))


def _connection(settings: Mapping[str, Any]) -> str:
    return repr(sorted((key, value) for key, value in settings.items() if key not in _NOT_THE_CONNECTIONS))


def _token(keys: AccessKeys | Session) -> str | None:
    return keys.session_token.reveal() or None if isinstance(keys, Session) else None


def _region(session: BotocoreSession, caller: Caller) -> str:
    """The region to call: the environment's, else the profile's, as in the SDKs.

    But none of another partition than the MFA serial's, where the keys are unknown.
    """
    from botocore.exceptions import UnknownRegionError

    for region in filter(None, (*map(os.environ.get, REGIONS), caller.region)):
        try:
            partition = session.get_partition_for_region(region)
        except UnknownRegionError:
            # It is newer than this botocore, or a mistake that botocore will report.
            return region
        if caller.partition in ("", partition):
            return region
    return _HOME_REGIONS.get(caller.partition) or _home_region(session, caller.partition)


def _home_region(session: BotocoreSession, partition: str) -> str:
    """The region that botocore's data gives for *partition*. Raises ConfigError (``region-unknown``)."""
    known = session.get_component("data_loader").load_data("partitions")["partitions"]
    region = next((one["outputs"].get("implicitGlobalRegion", "") for one in known if one["id"] == partition), "")
    if region:
        return str(region)
    raise ConfigError(
        "region-unknown",
        f"No region is set, and the AWS SDK here does not know the partition {partition}.",
        "The MFA serial or the role belongs to that partition.",
        "Set region in the profile, or AWS_REGION.",
    )


def _signer(clock: Clock) -> type:
    """A signer for signature version 4 that uses AWS's time instead of the machine's."""
    from datetime import UTC, datetime

    from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth

    class CorrectedSigV4Auth(SigV4Auth):
        def _modify_request_before_signing(self, request: Any) -> None:
            # botocore has just set the machine's time here.
            request.context["timestamp"] = datetime.fromtimestamp(clock.aws_now(), UTC).strftime(SIGV4_TIMESTAMP)
            super()._modify_request_before_signing(request)  # type: ignore[misc]  # the stubs lack it

    return CorrectedSigV4Auth
