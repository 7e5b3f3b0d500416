"""Files in the age format (age-encryption.org/v1), which the ``age`` tool can read.

A file is encrypted to an X25519 public key, ``age1…``, by pyrage, which wraps Rust's rage; or with a passphrase, by
``age_scrypt``. Everything written here is ASCII-armored.
"""

from __future__ import annotations

from mfa_tui.adapters.libraries.extras import extra_missing
from mfa_tui.adapters.secretstores import age_scrypt
from mfa_tui.adapters.secretstores.age_scrypt import INTRODUCTION, Damaged, TooDemanding, WrongKey, unarmored
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

__all__ = ["Damaged", "TooDemanding", "WrongKey"]
"""The exceptions of ``age_scrypt``, which the functions here raise too."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mfa_tui.adapters.system.cancellation import CancelScope

_BINARY_HEAD = 200
"""The first bytes of a file, which hold its first recipient."""
_NO_KEY = "No matching keys found"
"""pyrage's words if the file is not encrypted to the identity, or to none."""


def require_age(what: str) -> None:
    """Raise UsageError (``extra-missing``) if the format is not available; *what* says in a sentence what needs it."""
    import importlib.util

    if any(importlib.util.find_spec(name) is None for name in ("pyrage", "cryptography")):
        raise extra_missing("age", what)


def needs_passphrase(data: bytes) -> bool:
    """Whether a file is encrypted with a passphrase, not to an identity. Raises Damaged if it is not an age file."""
    head = unarmored(data)
    if not head.startswith(INTRODUCTION):
        raise Damaged("It is not a file in the age format.")
    return b"-> scrypt " in head[:_BINARY_HEAD]


def new_identity() -> Secret:
    """A new X25519 identity, as text: ``AGE-SECRET-KEY-1…``."""
    import pyrage

    return Secret(str(pyrage.x25519.Identity.generate()))


def recipient_of(identity: Secret) -> str:
    """The public key of an identity: ``age1…``. Raises UsageError (``age-identity``)."""
    return str(_identity(identity).to_public())


def check_recipient(recipient: str) -> None:
    """Raise UsageError (``age-recipient``) unless *recipient* is a public key."""
    _recipient(recipient)


def encrypt_to(recipient: str, text: Secret) -> bytes:
    """*text*, encrypted to the identity of *recipient*. Raises UsageError (``age-recipient``)."""
    import pyrage

    sealed: bytes = pyrage.encrypt(text.reveal().encode(), [_recipient(recipient)], armored=True)
    return sealed


def _recipient(recipient: str) -> Any:
    import pyrage

    try:
        return pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raise UsageError(
            "age-recipient",
            f"{recipient[:80]!r} is not an age public key.",
            "One starts with age1 and has 62 characters.",
            "age-keygen prints one when it creates a key file.",
        ) from None


def decrypt_with(identity: Secret, data: bytes) -> Secret:
    """The text of a file that is encrypted to *identity*. Raises WrongKey, Damaged, UsageError (``age-identity``)."""
    import pyrage

    key = _identity(identity)
    try:
        return _text(pyrage.decrypt(data, [key]))
    except pyrage.DecryptError as error:
        if str(error) == _NO_KEY:
            raise WrongKey from None
        raise Damaged("It is cut short or altered, or not a file in the age format.") from None


def encrypt_by_passphrase(passphrase: Secret, text: Secret, cancel: CancelScope) -> bytes:
    """*text*, encrypted with *passphrase*. Takes about a second. Raises TooDemanding, Cancelled."""
    return age_scrypt.encrypt(passphrase, text.reveal().encode(), cancel)


def decrypt_by_passphrase(
    passphrase: Secret, data: bytes, cancel: CancelScope, slow: Callable[[str], None] | None = None
) -> Secret:
    """The text of a file that is encrypted with *passphrase*. Takes about a second; if longer, *slow* is called.

    Raises WrongKey, Damaged, TooDemanding, Cancelled.
    """
    return _text(age_scrypt.decrypt(passphrase, data, cancel, slow))


def identity_in(data: bytes) -> Secret:
    """The identity in a key file as ``age-keygen`` writes it. Raises UsageError (``age-identity``)."""
    if data.lstrip().startswith((INTRODUCTION, b"-----BEGIN AGE")):
        raise _no_identity("It is encrypted itself: decrypt it first, with age -d.")
    for line in data.decode(errors="replace").splitlines():
        if line.strip().startswith("AGE-SECRET-KEY-1"):
            identity = Secret(line.strip())
            _identity(identity)
            return identity
    raise _no_identity("It has no line that starts with AGE-SECRET-KEY-1.")


def _text(data: bytes) -> Secret:
    try:
        return Secret(data.decode())
    except UnicodeDecodeError:
        raise Damaged("It does not contain text.") from None


def _identity(identity: Secret) -> Any:
    import pyrage

    try:
        return pyrage.x25519.Identity.from_str(identity.reveal())
    except pyrage.IdentityError:
        raise _no_identity("Its AGE-SECRET-KEY-1… is damaged.") from None


def _no_identity(why: str) -> UsageError:
    return UsageError("age-identity", "This is not an age key file.", why, "Use the file that age-keygen wrote.")
