"""Calls to STS without botocore, which takes longer to import than all else that a login does.

Only where nothing about the request is unusual (``core.aws.sts_route``), and with the same outcome as by botocore: the
same exceptions, records of calls, limits and attempts.
"""

from __future__ import annotations

import contextlib
import os
import sys

from mfa_tui import __version__
from mfa_tui.adapters.aws.ca_bundle import check_ca_bundle, default_bundle
from mfa_tui.adapters.aws.call_record import DONE_BELOW, answered, begun
from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.direct.open_connections import OpenConnections
from mfa_tui.adapters.aws.unreachable import not_aws, proxy_variable
from mfa_tui.core.aws.http_date import parse_date
from mfa_tui.core.aws.response_checks import checked_error_code
from mfa_tui.core.aws.sts_answer import StsAnswer, read_answer
from mfa_tui.core.aws.sts_request import sign_request
from mfa_tui.core.aws.sts_retry import SENT_AGAIN, is_sent_again, retry_delay
from mfa_tui.core.aws.sts_route import Route, plan_route
from mfa_tui.core.awsfiles.awsconfig import DEFAULT, text
from mfa_tui.core.shells.variables import REGIONS
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import AccessKeys, Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from mfa_tui.adapters.aws.direct.http_answer import HttpAnswer
    from mfa_tui.adapters.system.clock import Clock
    from mfa_tui.core.aws.api_call import ApiCall
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig, Values

_OWN_MODELS = os.path.join("~", ".aws", "models")
"""Where botocore looks for a user's own models of services."""


class DirectSts:
    """The calls. Every answer of AWS also corrects our clock."""

    def __init__(self, clock: Clock, load: Callable[[], AwsConfig], timeout: float) -> None:
        """*load* reads the AWS files; *timeout* is in seconds for each call."""
        self._clock = clock
        self._load = load
        self._timeout = timeout
        self._kept = OpenConnections(clock.monotonic)
        self._tls: dict[tuple[str, int, int], ssl.SSLContext] = {}

    def preload(self) -> None:
        """Load now what a request takes, so that the first one is faster."""
        from mfa_tui.adapters.aws.direct.https import tls_context

        # Where there is no such file, the request says so.
        with contextlib.suppress(OSError):
            self._context(default_bundle(), tls_context)

    def is_usual(self, profile: str) -> bool:
        """Whether nothing about the environment is unusual, nor about *profile*, if there is one of that name."""
        try:
            settings = self._load().merged(profile)
        except MfaTuiError:
            return False
        caller = Caller(profile, AccessKeys("none", Secret("none")), text(settings, "region"))
        return _plan(caller, settings) is not None

    def route(self, caller: Caller) -> Route | None:
        """How a call of *caller* goes; None if botocore has to make it. Raises ConfigError (``ca-bundle``)."""
        try:
            aws = self._load()
        except MfaTuiError:
            # botocore says what is wrong with the files.
            return None
        known = aws.in_files(caller.profile) or (caller.profile == DEFAULT and caller.profile in aws)
        settings = aws.merged(caller.profile)
        route = _plan(caller, settings) if known and not caller.only_region else None
        if route is not None:
            check_ca_bundle(os.environ, caller.profile, settings)
        return route

    def call(
        self,
        route: Route,
        caller: Caller,
        action: str,
        parameters: Mapping[str, object],
        *,
        attempts: int,
        calls: list[ApiCall],
    ) -> Mapping[str, object]:
        """Call *action* of STS; returns the fields of the answer, see ``StsAnswer.fields``.

        It is sent up to *attempts* times. The call is added to *calls* as it begins; its answer replaces it there.
        Raises AwsError, AwsUnreachable.
        """
        calls.append(begun("sts", action, parameters))
        at = len(calls) - 1
        answer, read = self._ask(route, caller, action, parameters, attempts)
        if read is None:
            if answer.status in SENT_AGAIN:
                calls[at] = answered(calls[at], "", (str(answer.status), ""), "")
            raise not_aws(answer.status, route.host)
        arn = read.fields.get("Arn") if action == "GetCallerIdentity" else ""
        refusal = read.refusal or (("", "") if answer.status >= DONE_BELOW else None)
        calls[at] = answered(calls[at], read.request_id, refusal, arn if isinstance(arn, str) else "")
        if refusal is not None:
            raise AwsError(checked_error_code(refusal[0]), refusal[1], answer.status)
        return read.fields

    def _ask(
        self, route: Route, caller: Caller, action: str, parameters: Mapping[str, object], attempts: int
    ) -> tuple[HttpAnswer, StsAnswer | None]:
        """Send the request until there is an answer that is worth having, or no attempt is left."""
        from mfa_tui.adapters.aws.direct.https import Timeouts, Transport, send, tls_context

        transport = Transport(
            Timeouts(max(1.0, self._timeout * 0.4), max(1.0, self._timeout * 0.9)),
            lambda: self._context(route.ca_bundle or default_bundle(), tls_context),
            proxy_variable() if route.proxy else "",
            self._kept,
        )
        agent = f"mfa-tui/{__version__}"
        while True:
            attempts -= 1
            request = sign_request(
                action, parameters, caller.keys,
                host=route.authority, region=route.region, now=self._clock.aws_now(), agent=agent,
            )  # fmt: skip
            began = self._clock.monotonic()
            try:
                # The other end may have closed an old connection, which costs an attempt.
                answer = send(request, route, transport, fresh=attempts <= 0)
            except AwsUnreachable:
                if attempts <= 0:
                    raise
                self._pause("", {})
                continue
            read = read_answer(action, answer.status, answer.headers.get("x-amzn-requestid", ""), answer.body)
            code = read.refusal[0] if read and read.refusal else ""
            if attempts > 0 and is_sent_again(answer.status, code, of_aws=read is not None):
                self._pause(code, answer.headers)
                continue
            read = _with_moment(read) if read is not None else None
            if read is not None:
                self._learn_time(answer.headers.get("date", ""), self._clock.monotonic() - began)
            return answer, read

    def _pause(self, code: str, headers: Mapping[str, str]) -> None:
        import random
        import time

        time.sleep(retry_delay(random.random(), code, headers.get("x-amz-retry-after", "")))  # noqa: S311 - no secret

    def _learn_time(self, date: str, took: float) -> None:
        moment = parse_date(date)
        if moment is not None:
            self._clock.learn(moment, took)

    def _context(self, bundle: str, make: Callable[[str], ssl.SSLContext]) -> ssl.SSLContext:
        """The TLS context for the certificates in *bundle*, made once as long as the file stays as it is.

        Raises OSError.
        """
        about = os.stat(bundle)
        key = (bundle, about.st_mtime_ns, about.st_size)
        if key not in self._tls:
            self._tls = {key: make(bundle)}
        return self._tls[key]


def _plan(caller: Caller, settings: Values) -> Route | None:
    """How a call of *caller* goes, whose profile has *settings*; None if botocore has to make it."""
    if os.path.isdir(os.path.expanduser(_OWN_MODELS)):
        return None
    planned = plan_route(
        os.environ,
        settings,
        caller.keys,
        regions=(*map(os.environ.get, REGIONS), caller.region),
        partition=caller.partition,
        proxy_of=_proxy_of,
    )
    return planned if isinstance(planned, Route) else None


def _proxy_of(host: str) -> str:
    """The address of the proxy for https to *host*, found as botocore does; empty if there is none."""
    in_system = sys.platform in ("darwin", "win32")
    if not in_system and not any(name.lower().endswith("_proxy") for name in os.environ):
        return ""
    from urllib.request import getproxies, proxy_bypass

    try:
        if proxy_bypass(host):
            return ""
    except (TypeError, OSError):
        # As botocore's should_bypass_proxies: the lookup of a name may fail there.
        pass
    return getproxies().get("https", "")


def _with_moment(read: StsAnswer) -> StsAnswer | None:
    """*read* with its expiry in seconds, where it is not written as AWS writes it; None if it is no date at all."""
    credentials = read.fields.get("Credentials")
    text = credentials.get("Expiration") if isinstance(credentials, dict) else None
    if not isinstance(text, str) or not isinstance(credentials, dict):
        return read
    from botocore.utils import parse_timestamp

    try:
        credentials["Expiration"] = int(parse_timestamp(text).timestamp())
    except Exception:  # noqa: BLE001 - it raises ValueError, OverflowError, TypeError, …
        return None
    return read
