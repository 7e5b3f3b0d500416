"""The errors that AWS answers with: HTTP status, code and message to the letter.

Texts as STS and IAM send them (double spaces and trailing space included), gathered from AWS's API references and from
what their users paste into issue trackers.
"""


class Refusal(Exception):
    """An error response of AWS. ``status`` is the HTTP status, ``code`` the error code that clients match on."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def missing_token() -> Refusal:
    """The request has no signature."""
    return Refusal(403, "MissingAuthenticationToken", "Request is missing Authentication Token")


def incomplete_signature(header: str) -> Refusal:
    """An Authorization header that is not a SigV4 one."""
    return Refusal(
        400,
        "IncompleteSignature",
        "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters. "
        f"Authorization={header}",
    )


def invalid_token() -> Refusal:
    """An access key or session token that AWS does not know, or may not be used here."""
    return Refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.")


def expired_token() -> Refusal:
    """An expired session."""
    return Refusal(403, "ExpiredToken", "The security token included in the request is expired")


def wrong_signature() -> Refusal:
    """A signature made with another secret, or of another request."""
    return Refusal(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details.",
    )


def signature_expired(signed: str, earliest: str, now: str) -> Refusal:
    """Signed too long ago; all times as ``20261124T115542Z``."""
    return Refusal(
        403,
        "SignatureDoesNotMatch",
        f"Signature expired: {signed} is now earlier than {earliest} ({now} - 5 min.)",
    )


def signature_not_yet_current(signed: str, latest: str, now: str) -> Refusal:
    """Signed in the future; all times as ``20261124T115542Z``."""
    return Refusal(
        403,
        "SignatureDoesNotMatch",
        f"Signature not yet current: {signed} is still later than {latest} ({now} + 5 min.)",
    )


def wrong_code() -> Refusal:
    """A code that is wrong, too old, too new, or used already: AWS does not distinguish them."""
    return Refusal(403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")


def unknown_serial() -> Refusal:
    """An MFA serial that is not one of the caller's own virtual or hardware devices."""
    return Refusal(
        403,
        "AccessDenied",
        "MultiFactorAuthentication failed, unable to validate MFA code.  "
        "Please verify your MFA serial number is valid and associated with this user.",
    )


def serial_and_code() -> Refusal:
    """Only one of the MFA serial and the code was given."""
    return Refusal(
        403,
        "AccessDenied",
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
    )


def mfa_required() -> Refusal:
    """A user who has MFA already manages its own devices without it."""
    return Refusal(
        403,
        "AccessDenied",
        "To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this "
        "user.",
    )


def invalid_authentication_code() -> Refusal:
    """Two codes of a device that are wrong, not consecutive, used already, or too old or new."""
    return Refusal(403, "InvalidAuthenticationCode", "Authentication code for device is not valid.")


def session_credentials(action: str) -> Refusal:
    """An STS action that takes long-term keys only."""
    return Refusal(403, "AccessDenied", f"Cannot call {action} with session credentials")


def not_authorized(caller_arn: str, action: str, resource: str, why: str = "") -> Refusal:
    """A policy denies it, or none allows it."""
    message = f"User: {caller_arn} is not authorized to perform: {action} on resource: {resource}"
    return Refusal(403, "AccessDenied", f"{message} {why}".rstrip())


def invalid(failures: list[str]) -> Refusal:
    """Parameters out of range; each failure as ``Value '…' at '…' failed to satisfy constraint: …``."""
    noun = "error" if len(failures) == 1 else "errors"
    return Refusal(400, "ValidationError", f"{len(failures)} validation {noun} detected: {'; '.join(failures)}")


def validation(message: str) -> Refusal:
    """A request that makes no sense as a whole."""
    return Refusal(400, "ValidationError", message)


def no_such_entity(message: str) -> Refusal:
    """An IAM user, key or device that does not exist."""
    return Refusal(404, "NoSuchEntity", message)


def already_exists(message: str) -> Refusal:
    """An IAM entity that already exists."""
    return Refusal(409, "EntityAlreadyExists", message)


def limit_exceeded(quota: str, limit: int) -> Refusal:
    """More than IAM allows of something."""
    return Refusal(409, "LimitExceeded", f"Cannot exceed quota for {quota}: {limit}")


def delete_conflict(message: str) -> Refusal:
    """An IAM entity that is in use."""
    return Refusal(409, "DeleteConflict", message)


def invalid_input(message: str) -> Refusal:
    """A parameter that has the right form but is still wrong."""
    return Refusal(400, "InvalidInput", message)


def invalid_action(action: str, version: str) -> Refusal:
    """An action that the service, or this imitation of it, does not have."""
    return Refusal(400, "InvalidAction", f"Could not find operation {action} for version {version}")


def throttling() -> Refusal:
    """Too many requests."""
    return Refusal(400, "Throttling", "Rate exceeded")


def internal_failure(status: int) -> Refusal:
    """An internal error of AWS: 500 InternalFailure or 503 ServiceUnavailable."""
    if status == 503:  # noqa: PLR2004 - an HTTP status
        return Refusal(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.")
    return Refusal(
        status,
        "InternalFailure",
        "The request processing has failed because of an unknown error, exception or failure.",
    )
