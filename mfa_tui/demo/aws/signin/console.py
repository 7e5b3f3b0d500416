"""The federation endpoint and the console behind it, as far as a sign-in goes.

"Enable custom identity broker access to the AWS console" in the IAM User Guide says what ``/federation`` takes. The
console here is one page that says who has arrived and where. Real consoles are at other hosts; their addresses, which
are checked, are shown on the page. An IAM user's sign-in page only names the account.
"""

import dataclasses
import html
import json
import re
import secrets
import urllib.parse
from collections.abc import Mapping

from mfa_tui.demo.aws.accounts.identities import Sessions, TemporaryCredentials

_LINK_LIFETIME = 15 * 60
_SHORTEST, _LONGEST = 900, 43_200
_COOKIE = "embedded-console"
_CONSOLE = r"https://([a-z0-9-]+\.)*console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com|amazonaws-eusc\.eu)/"
_HTML = "text/html; charset=utf-8"

FEDERATED_ONLY = "Only federation tokens or assume role tokens may be used for federated login."
INVALID = "Invalid credentials parameter"


class _Refused(Exception):
    """The endpoint says no, with 400."""


@dataclasses.dataclass
class SignIn:
    """One sign-in that was prepared, and what became of it."""

    arn: str
    """Who signs in."""
    session_duration: int | None
    """What getSigninToken was asked for, in seconds; None: nothing."""
    in_address: bool
    """Whether the credentials came in the address, where logs have them."""
    token: str = dataclasses.field(repr=False)
    made_at: float = 0
    """When the token was made, in seconds since the epoch."""
    expires_at: float = 0
    """When the console's session expires, in seconds since the epoch."""
    destination: str = ""
    """Where the browser arrived; empty: not yet."""
    signed_out: bool = False
    """Whether the browser was signed out before."""


@dataclasses.dataclass
class Page:
    """A response."""

    status: int
    body: str
    content_type: str = _HTML
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    error: str | None = None


def is_sign_in(path: str) -> bool:
    """Whether a path belongs to the sign-in or the console."""
    return path in ("/federation", "/oauth", "/console") or path.startswith("/console/")


class ConsoleSignIn:
    """Not locked: the caller holds the server's lock."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._cookies: dict[str, SignIn] = {}
        self._signed_out: set[str] = set()
        self.prepared: list[SignIn] = []

    def answer(self, path: str, parameters: Mapping[str, str], headers: Mapping[str, str], now: float) -> Page:
        """Answer one request."""
        try:
            if path == "/federation":
                return self._federation(parameters, headers, now)
            if path == "/oauth":
                return self._sign_out(parameters, headers)
            return self._console(parameters, headers, now)
        except _Refused as refusal:
            return Page(400, _document("400 Bad Request", str(refusal)), error=str(refusal))

    def _federation(self, parameters: Mapping[str, str], headers: Mapping[str, str], now: float) -> Page:
        action = parameters.get("Action", "")
        if action == "getSigninToken":
            # A form has a length; an address has none.
            token = self._prepare(parameters, in_address=headers.get("content-length") in (None, "", "0"), now=now)
            return Page(200, json.dumps({"SigninToken": token}), "application/json")
        if action == "login":
            return self._log_in(parameters, headers, now)
        raise _Refused("Invalid Action parameter")

    def _prepare(self, parameters: Mapping[str, str], *, in_address: bool, now: float) -> str:
        session = self._session_in(parameters.get("Session", ""), now)
        asked = parameters.get("SessionDuration")
        duration: int | None = None
        if asked is not None:
            if not re.fullmatch(r"\d{1,6}", asked) or not _SHORTEST <= int(asked) <= _LONGEST:
                raise _Refused("Invalid SessionDuration parameter")
            if session.chained:
                raise _Refused(INVALID)
            duration = int(asked)
        sign_in = SignIn(
            session.identity.arn,
            duration,
            in_address,
            token=secrets.token_urlsafe(300),
            made_at=now,
            expires_at=now + duration if duration else session.expires_at,
        )
        self.prepared.append(sign_in)
        return sign_in.token

    def _session_in(self, text: str, now: float) -> TemporaryCredentials:
        """The role's session whose three parts *text* has as JSON. Refuses long-term keys and sessions of users."""
        try:
            given = json.loads(text)
            key_id, secret, token = (given[name] for name in ("sessionId", "sessionKey", "sessionToken"))
        except (ValueError, KeyError, TypeError):
            raise _Refused(INVALID) from None
        session = self._sessions.find(str(key_id))
        if session is None:
            raise _Refused(FEDERATED_ONLY if str(key_id).startswith("AKIA") else INVALID)
        if (secret, token) != (session.secret_access_key, session.session_token) or now >= session.expires_at:
            raise _Refused(INVALID)
        if session.identity.role_arn is None:
            raise _Refused(FEDERATED_ONLY)
        return session

    def _log_in(self, parameters: Mapping[str, str], headers: Mapping[str, str], now: float) -> Page:
        token, destination = parameters.get("SigninToken", ""), parameters.get("Destination", "")
        found = next((each for each in self.prepared if token and secrets.compare_digest(each.token, token)), None)
        if found is None or now >= found.made_at + _LINK_LIFETIME:
            raise _Refused("The sign-in link is invalid or has expired")
        if not re.match(_CONSOLE, destination):
            raise _Refused("Invalid Destination parameter")
        cookie = secrets.token_urlsafe(16)
        self._cookies[cookie] = found
        found.destination = destination
        found.signed_out = _cookie(headers) in self._signed_out
        where = f"/console?{urllib.parse.urlencode({'destination': destination})}"
        return Page(302, "", headers={"Location": where, "Set-Cookie": f"{_COOKIE}={cookie}; Path=/; HttpOnly"})

    def _sign_out(self, parameters: Mapping[str, str], headers: Mapping[str, str]) -> Page:
        """Signs the browser out, and sends it on to the sign-in."""
        where = urllib.parse.urlsplit(parameters.get("redirect_uri", ""))
        if parameters.get("Action") != "logout" or where.path != "/federation":
            raise _Refused("Invalid redirect_uri parameter")
        self._cookies.pop(_cookie(headers), None)
        cookie = f"out-{secrets.token_urlsafe(16)}"
        self._signed_out.add(cookie)
        return Page(
            302,
            "",
            headers={
                "Location": f"{where.path}?{where.query}",
                "Set-Cookie": f"{_COOKIE}={cookie}; Path=/; HttpOnly",
            },
        )

    def _console(self, parameters: Mapping[str, str], headers: Mapping[str, str], now: float) -> Page:
        """The console, if the browser is signed in; else the sign-in page of an account."""
        found = self._cookies.get(_cookie(headers))
        if found is not None and now < found.expires_at:
            minutes = int(found.expires_at - now) // 60
            return Page(
                200,
                _document(
                    "Embedded console",
                    f"Signed in as {found.arn}",
                    f"Page: {parameters.get('destination', '')}",
                    f"Session: {minutes} minutes left",
                ),
            )
        return Page(
            200,
            _document("Sign in as IAM user", f"Account: {parameters.get('account', '(to be typed)')}", "IAM user name"),
        )


def _cookie(headers: Mapping[str, str]) -> str:
    found = re.search(rf"(?:^|;\s*){_COOKIE}=([^;]+)", headers.get("cookie", ""))
    return found[1] if found else ""


def _document(title: str, *paragraphs: str) -> str:
    body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    head = html.escape(title)
    return f"<!DOCTYPE html><html><head><title>{head}</title></head><body><h1>{head}</h1>{body}</body></html>"
