"""Who calls AWS, and the exceptions that a call can raise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.aws.api_call import ApiCall
    from mfa_tui.models import AccessKeys, Session


class Caller(NamedTuple):
    """Who makes a call to AWS."""

    profile: str
    """The profile whose endpoint and certificate settings count."""
    keys: AccessKeys | Session
    """The credentials that sign the call."""
    region: str = ""
    """The region of the profile; empty if it names none."""
    partition: str = ""
    """The partition that the keys belong to (``aws``, ``aws-cn``, …), as an ARN says; empty if it is not known."""
    keys_of: str = ""
    """The profile that the keys come from, where that is another one."""
    serial_of: str = ""
    """The profile that names the MFA device, where that is another one."""
    only_region: str = ""
    """The Region to call, whatever the environment and the profile say; empty for theirs."""
    record: Callable[[ApiCall], None] | None = None
    """Gets each call once it is over; None: no record is kept."""


class AwsError(Exception):
    """AWS answered with an error."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(code)
        self.code = code
        """AWS's error code, such as ``AccessDenied``."""
        self.message = message
        """AWS's own words."""
        self.status = status
        """The HTTP status."""

    @property
    def means(self) -> str:
        """What it means for the caller: one of :class:`AwsErrorKind`."""
        from mfa_tui.core.aws.error_kinds import classify

        return classify(self.code, self.message, self.status)


class AwsUnreachable(Exception):
    """AWS did not answer."""

    def __init__(self, kind: str, where: str, detail: str = "", *, proxy: str = "", connected: bool = True) -> None:
        super().__init__(kind)
        self.kind = kind
        """What happened: unreachable, timeout, dropped, unsent, unread, tls, tls-time, proxy, proxy-status, portal,
        gateway, or not-aws."""
        self.where = where
        """The host that was called; empty if it is not known."""
        self.detail = detail
        """The HTTP status for proxy-status and gateway; for not-aws, what is wrong with the answer."""
        self.proxy = proxy
        """The environment variable that names the proxy, where a proxy was involved."""
        self.connected = connected
        """False if the time was up before there was a connection."""


class CredentialsUnavailable(Exception):
    """A profile did not provide its credentials. The message says why, in one line."""


class ProgramUnavailable(CredentialsUnavailable):
    """The program that prints the credentials is missing, or cannot be run."""
