"""The addresses of a sign-in: the page to open, the federation link, the sign-in page of an account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from mfa_tui.core.console.services import service_path
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

if TYPE_CHECKING:
    from mfa_tui.core.console.partitions import ConsoleHosts

LONGEST = 2048
"""The most characters of a destination."""
_ISSUER = "mfa-tui"
_UNSAFE = r"[\x00-\x20\x7f-\x9f\\]"


def page_address(hosts: ConsoleHosts, service: str = "") -> str:
    """The page of *service* in the console, by default its home. Raises UsageError (``console-service``)."""
    path = service_path(service) if service else "console"
    return f"https://{hosts.page}/{path}/home?{urlencode({'region': hosts.region})}"


def checked_destination(address: str, hosts: ConsoleHosts) -> str:
    """*address*, if it is a page of the partition's console. Raises UsageError (``console-destination``)."""
    why = ""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        why = "It is not a URL."
    else:
        if re.search(_UNSAFE, address) or len(address) > LONGEST:
            why = f"It has spaces or characters that no URL has, or more than {LONGEST} characters."
        elif parts.scheme != "https" or "@" in parts.netloc or port not in (None, 443):
            why = "It is not a plain https address."
        elif not re.match(r"[a-z0-9.-]+\Z", host) or not (host == hosts.console or host.endswith(f".{hosts.console}")):
            why = f"Its host is not {hosts.console} or a part of it, where the profile's account has its console."
    if why:
        raise UsageError(
            "console-destination",
            "--destination is not an address of this account's console.",
            why,
            "Copy the address of the page from the browser, or use --service.",
        )
    return address


def federation_address(hosts: ConsoleHosts, endpoint: str = "") -> str:
    """The federation endpoint; *endpoint* replaces AWS's own."""
    return f"{endpoint.rstrip('/') or f'https://{hosts.sign_in}'}/federation"


def sign_in_link(
    hosts: ConsoleHosts, token: Secret, destination: str, *, endpoint: str = "", sign_out: bool = False
) -> Secret:
    """The link that signs in to *destination*. With *sign_out* it first signs the browser out.

    The address that signs out is not documented. AWS's own console uses it, and so do aws-vault and Leapp.
    """
    query = {"Action": "login", "Issuer": _ISSUER, "Destination": destination, "SigninToken": token.reveal()}
    link = f"{federation_address(hosts, endpoint)}?{urlencode(query)}"
    if sign_out:
        base = endpoint.rstrip("/") or f"https://{hosts.sign_out}"
        link = f"{base}/oauth?{urlencode({'Action': 'logout', 'redirect_uri': link})}"
    return Secret(link)


def user_page_address(
    hosts: ConsoleHosts, account: str, service: str = "", *, region: str = "", endpoint: str = ""
) -> str:
    """The page where the IAM users of *account* sign in; *account* is its alias or its id.

    After that the console shows *service*, if one is named. With *region*, users sign in at that region's endpoint and
    see that region; without, at the global one ("AWS Management Console sign-in events" in the CloudTrail User Guide).
    *endpoint* replaces AWS's own. See also "Sign in to the AWS Management Console as an IAM user" in the AWS Sign-In
    User Guide.
    """
    path = f"/console/{quote(service_path(service))}" if service else "/console"
    query = {"account": account} if endpoint else {}
    if region:
        query["region"] = region
    if endpoint:
        base = endpoint.rstrip("/")
    else:
        base = f"https://{quote(account)}.{hosts.users}" if hosts.users else f"https://{hosts.sign_in}"
    return f"{base}{path}?{urlencode(query)}" if query else f"{base}{path}"
