"""The federation endpoint, which makes a sign-in link of a role's session.

See "Enable custom identity broker access to the AWS console" in the IAM User Guide. Its examples send the credentials
in the address (GET). The endpoint takes them in the body as well, and AWS's own toolkit for JetBrains sends them so
(``AwsConsoleUrlFactory``): addresses end up in the logs of proxies, bodies do not.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlsplit

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.unreachable import not_aws
from mfa_tui.core.aws.api_call import NO_ANSWER, ApiCall
from mfa_tui.models import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfa_tui.adapters.aws.sts import Aws
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Session

_WORD = r"[A-Za-z0-9_.~=+/-]{16,16384}\Z"
_OK, _REDIRECTS, _REFUSED, _TROUBLE = 200, 300, 400, 500
_LONGEST_REASON = 200


def get_signin_token(
    aws: Aws, profile: str, address: str, session: Session, cancel: CancelScope, *, duration: int = 0
) -> Secret:
    """Get the token of a sign-in link (getSigninToken) from the endpoint at *address*.

    *profile* has the settings for the connection. *duration* is how long the console's session is to last, in seconds;
    0 leaves it to AWS: as long as *session*.
    Raises AwsError, AwsUnreachable, ConfigError, Cancelled.
    """
    credentials = {
        "sessionId": session.access_key_id,
        "sessionKey": session.secret_access_key.reveal(),
        "sessionToken": session.session_token.reveal(),
    }
    fields = {"Action": "getSigninToken", "Session": json.dumps(credentials)}
    if duration:
        fields["SessionDuration"] = str(duration)
    parameters = {name: value for name, value in fields.items() if name == "SessionDuration"}
    call = ApiCall("signin", "getSigninToken", parameters, "", NO_ANSWER, key_id=session.access_key_id)
    try:
        status, body, request_id = aws.post_form(profile, address, fields, cancel)
        call = call._replace(request_id=request_id)
        if _REFUSED <= status < _TROUBLE:
            reason = _reason(body, credentials.values())
            call = call._replace(error=str(status), message=reason)
            raise AwsError("", reason, status)
        token = _token_in(status, body, urlsplit(address).hostname or "")
        call = call._replace(error="")
    finally:
        aws.record(Caller(profile, session), call)
    return token


def _token_in(status: int, body: str, host: str) -> Secret:
    """The token in a response. Raises AwsUnreachable if it has none."""
    if status != _OK:
        raise not_aws(status, host)
    try:
        token = json.loads(body)["SigninToken"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise not_aws(status, host) from None
    if not isinstance(token, str) or not re.match(_WORD, token):
        raise AwsUnreachable("not-aws", host, "the sign-in token is malformed")
    return Secret(token)


def _reason(body: str, secret: Iterable[str]) -> str:
    """What the page of a refusal says; empty if it repeats anything *secret*, plainly or encoded."""
    if any(form in body for each in secret for form in (each, quote(each, safe=""), quote_plus(each))):
        return ""
    text = " ".join(re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", body, flags=re.DOTALL | re.IGNORECASE).split())
    return text[:_LONGEST_REASON]
