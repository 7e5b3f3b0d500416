"""Checks of AWS's responses before they are used: something else may have responded in AWS's place.

Alphabets and limits are those of the STS and IAM API references; lengths are generous where those give none.
"""

from __future__ import annotations

import re

from mfa_tui.core.aws.mfa_serial import VIRTUAL, MfaSerial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Session

# Patterns are compiled when they are needed (``re`` keeps them): a login needs three of them.
_KEY_ID = r"[A-Za-z0-9_]{16,128}\Z"
"""Credentials.AccessKeyId of STS."""
_EXTERNAL_KEY_ID = r"[A-Za-z0-9_]{1,128}\Z"
"""Other programs may serve services that imitate AWS and have shorter ids."""
_SHORT_BASE64 = r"[A-Za-z0-9/+=_.~-]{16,1024}\Z"
"""AWS's are 40 characters of base64."""
_LONG_BASE64 = r"[A-Za-z0-9/+=_.~-]{16,65536}\Z"
"""Base64 of no fixed length; 4,800 characters have been seen. Services that imitate AWS use JSON web tokens."""
_VISIBLE = r"[!-~]{1,65536}\Z"
_SEED = r"[A-Z2-7]{26,512}=*\Z"
"""AWS's has 64 characters; RFC 4226 (R6) requires at least 128 bits."""
_SERIAL = r"[A-Za-z0-9_+=/:,.@-]{9,256}\Z"
_IDENTITY = (
    r"(?a)arn:(aws[a-z-]{0,30}):(?:iam|sts)::(\d{12}):"
    r"(?:root|user/(?:[!-~]{1,510}/)?([\w+=,.@-]{1,64})|(?:assumed-role|federated-user|role)/[!-~]{1,512})\Z"
)
_USER_NAME = r"(?a)[\w+=,.@-]{1,64}\Z"
_ENTITY_NAME = r"(?a)[\w+=,.@-]{1,128}\Z"
_ENTITY_ARN = r"arn:aws[a-z-]{0,30}:iam::(?:\d{12}|aws):(?:user|group|role|policy)/"
_ALIAS = r"[a-z0-9](-?[a-z0-9]){2,62}\Z"
_ERROR_CODE = r"[A-Za-z0-9_.:-]{1,100}\Z"
_OLDEST = 1_000_000_000
"""September 2001, in seconds since the epoch."""
_DAY = 86_400
"""Seconds by which a date may lie in the future: AWS's clocks are nearer to each other."""
CLOCK_TOLERANCE = 300
"""Seconds by which a session may expire later than requested: the clock difference that signatures allow."""
_SHORTFALL_TOLERANCE = 60
"""Seconds by which a session may fall short of the requested duration: time in transit, and rounding."""


class ImplausibleResponse(Exception):
    """AWS does not respond like this. The text says what is wrong, in half a sentence and without the value."""


def check_credentials(key_id: object, secret: object, token: object) -> None:
    """Check the credentials in a response from STS. Raises ImplausibleResponse."""
    _check(_KEY_ID, key_id, "access key ID")
    _check(_SHORT_BASE64, secret, "secret access key")
    _check(_LONG_BASE64, token, "session token")


def check_new_key(key_id: object, secret: object) -> None:
    """Check a long-term key that AWS has just created. Raises ImplausibleResponse."""
    _check(_KEY_ID, key_id, "access key ID")
    _check(_SHORT_BASE64, secret, "secret access key")


def check_external_credentials(key_id: object, secret: object, token: object) -> None:
    """Check credentials from another program or from a file; *token* may be empty. Raises ImplausibleResponse."""
    _check(_EXTERNAL_KEY_ID, key_id, "access key ID")
    _check(_VISIBLE, secret, "secret access key")
    if token:
        _check(_VISIBLE, token, "session token")


def checked_lifetime(expires_at: float, now: float, asked: int) -> int:
    """The duration of a session in seconds, of the *asked* ones: AWS may give less.

    *expires_at* and *now* are in seconds since the epoch. Raises ImplausibleResponse.
    """
    left = expires_at - now
    if left <= 0:
        raise ImplausibleResponse("the expiry is in the past")
    if left > asked + CLOCK_TOLERANCE:
        raise ImplausibleResponse("the expiry is later than what was asked for")
    return asked if left > asked - _SHORTFALL_TOLERANCE else int(left)


def check_scoped_session(session: Session, parent: Session, policies: object) -> None:
    """Check that *session* may be less than *parent*, which it was made from (GetScopedCredentials).

    *policies* is how many policies limit it, as AWS counts them; None if it was not said, or none was sent.
    Raises ImplausibleResponse.
    """
    if session.expires_at > parent.expires_at:
        raise ImplausibleResponse("the limited session expires later than the one that it was made from")
    if session.access_key_id == parent.access_key_id or session.session_token == parent.session_token:
        raise ImplausibleResponse("the limited session is the one that it was made from")
    if isinstance(policies, int) and policies < 1:
        raise ImplausibleResponse("no policy limits the session")


def parse_identity(arn: object) -> tuple[str, str, str]:
    """The partition, account and user name in the ARN of GetCallerIdentity; the name is empty for root and roles.

    Raises ImplausibleResponse.
    """
    found = re.match(_IDENTITY, arn) if isinstance(arn, str) else None
    if found is None:
        raise ImplausibleResponse("the identity is malformed")
    return found[1], found[2], found[3] or ""


def check_owner(name: object, user: str) -> None:
    """Check that it is *user* whom an answer is about; IAM ignores the case of names. Raises ImplausibleResponse."""
    if not isinstance(name, str) or name.lower() != user.lower():
        raise ImplausibleResponse("it is about another user")


def parse_user_name(name: object) -> str:
    """The name of an IAM user. Raises ImplausibleResponse."""
    return _check(_USER_NAME, name, "user name")


def parse_entity(name: object, arn: object) -> str:
    """The name of a user, group, role or policy, with which its ARN ends. Raises ImplausibleResponse."""
    found = _check(_ENTITY_NAME, name, "name")
    if not isinstance(arn, str) or not re.match(_ENTITY_ARN, arn) or arn.rpartition("/")[2] != found:
        raise ImplausibleResponse(f"the ARN of {found} is malformed")
    return found


def parse_key_id(text: object) -> str:
    """The id of an access key in a list. Raises ImplausibleResponse."""
    return _check(_EXTERNAL_KEY_ID, text, "access key ID")


def is_active(status: object) -> bool:
    """Whether the key or credential with that *status* (IAM's statusType) can be used. Raises ImplausibleResponse."""
    if status not in ("Active", "Inactive", "Expired"):
        raise ImplausibleResponse("the status is none that AWS has")
    return status == "Active"


def checked_past(at: float, now: float) -> int:
    """The time at which something happened, in whole seconds since the epoch. Raises ImplausibleResponse."""
    if not _OLDEST <= at <= now + _DAY:
        raise ImplausibleResponse("a date is in the future, or before there was AWS")
    return int(at)


def parse_alias(text: object) -> str:
    """The alias of an account, which becomes part of a host name. Raises ImplausibleResponse."""
    return _check(_ALIAS, text, "account alias")


def parse_serial(text: object) -> MfaSerial:
    """The serial of an MFA device of any kind. Raises ImplausibleResponse."""
    return MfaSerial(_check(_SERIAL, text, "MFA serial"))


def parse_new_serial(text: object, name: str) -> MfaSerial:
    """The serial of the virtual device that was created with *name*. Raises ImplausibleResponse."""
    made = parse_serial(text)
    if made.kind != VIRTUAL or made.name != name:
        raise ImplausibleResponse("the MFA serial is another device's")
    return made


def parse_new_seed(encoded: object) -> str:
    """The base32 text of a new device's seed; bytes in the response. Raises ImplausibleResponse."""
    text = encoded.decode("ascii", "replace") if isinstance(encoded, bytes) else encoded
    return _check(_SEED, text, "secret of the device")


def checked_error_code(text: object) -> str:
    """The error code of a refusal, fit to be shown; empty if it does not look like one."""
    return text if isinstance(text, str) and re.match(_ERROR_CODE, text) else ""


def _check(pattern: str, text: object, name: str) -> str:
    if not isinstance(text, str) or not re.match(pattern, text):
        raise ImplausibleResponse(f"the {name} is malformed")
    return text
