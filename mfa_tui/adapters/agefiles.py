"""The age format (age-encryption.org/v1), by pyrage, which is Rust's rage. The ``age`` tool reads what is written.

A file is encrypted by a passphrase (scrypt, with a work factor that pyrage chooses so that one try takes about a second
on the machine that writes), or to an X25519 public key, ``age1…``. All that is written here is ASCII-armoured.

pyrage holds the interpreter's lock while scrypt works: an interface would stand still and Ctrl+C be heard too late. So
that work is done in a process of its own, which gets everything through a pipe.
"""

from __future__ import annotations

import json
import sys

from mfa_tui.adapters.extras import extra_missing
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mfa_tui.adapters.control import Control

PATIENCE = 60.0
"""Seconds for scrypt: on a slow machine a file of a quick one takes long."""
_INTRODUCTION = b"age-encryption.org/v1"
_ARMOUR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_BINARY_HEAD = 200
"""Bytes in which the first recipient stands."""
_CHILD = (
    "import json, sys; job = json.load(sys.stdin); sys.path[:] = job.pop('path'); "
    "from mfa_tui.adapters.agefiles import work; work(**job)"
)
_WRONG = "Decryption failed"
"""pyrage's words where the passphrase is not the one of the file."""
_NO_KEY = "No matching keys found"
"""pyrage's words where the file is not encrypted to the identity, or to none at all."""
_TOO_MUCH = "Excessive work"
"""In pyrage's words where the passphrase would take this machine too long to try."""


class WrongKey(Exception):
    """The passphrase or identity does not open the file."""


class Damaged(Exception):
    """The file is damaged, or is none of the age format. The message says which, as a sentence."""


def require(what: str) -> None:
    """Raise UsageError (``extra-missing``) if the format cannot be had; *what* says, as a sentence, what it is for."""
    import importlib.util

    if importlib.util.find_spec("pyrage") is None:
        raise extra_missing("age", what)


def by_passphrase(data: bytes) -> bool:
    """Whether a file wants a passphrase, and no identity. Raises Damaged if it is no file of the format."""
    import base64
    import binascii

    head = data.lstrip()
    if head.startswith(_ARMOUR):
        lines = head.splitlines()[1:5]
        try:
            head = base64.b64decode(b"".join(line.strip() for line in lines if not line.startswith(b"-")))
        except binascii.Error:
            raise Damaged("Its armour is damaged.") from None
    if not head.startswith(_INTRODUCTION):
        raise Damaged("It is no file of the age format.")
    return b"-> scrypt " in head[:_BINARY_HEAD]


def new_identity() -> Secret:
    """A fresh X25519 identity, as text: ``AGE-SECRET-KEY-1…``."""
    import pyrage

    return Secret(str(pyrage.x25519.Identity.generate()))


def recipient_of(identity: Secret) -> str:
    """The public key of an identity: ``age1…``. Raises UsageError (``age-identity``)."""
    return str(_identity(identity).to_public())


def check_recipient(recipient: str) -> None:
    """Raise UsageError (``age-recipient``) unless *recipient* is a public key."""
    _recipient(recipient)


def encrypt_to(recipient: str, text: Secret) -> bytes:
    """*text* for whoever has the identity of *recipient*. Raises UsageError (``age-recipient``)."""
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
            f"{recipient[:80]!r} is no public key of age.",
            "One starts with age1 and has 62 characters.",
            "age-keygen makes one, and prints it; the key itself goes into its file.",
        ) from None


def decrypt_with(identity: Secret, data: bytes) -> Secret:
    """The text of a file that was encrypted to *identity*. Raises WrongKey, Damaged, UsageError (``age-identity``)."""
    import pyrage

    key = _identity(identity)
    try:
        return _text(pyrage.decrypt(data, [key]))
    except pyrage.DecryptError as error:
        raise _meant(str(error)) from None


def encrypt_by_passphrase(passphrase: Secret, text: Secret, control: Control) -> bytes:
    """*text* for whoever knows *passphrase*. Takes a second or two. Raises Cancelled."""
    return _in_child("encrypt", passphrase, text.reveal().encode(), control)


def decrypt_by_passphrase(passphrase: Secret, data: bytes, control: Control) -> Secret:
    """The text of a file that wants a passphrase. Takes a second or two. Raises WrongKey, Damaged, Cancelled."""
    return _text(_in_child("decrypt", passphrase, data, control))


def identity_in(data: bytes) -> Secret:
    """The identity in a file as ``age-keygen`` writes it. Raises UsageError (``age-identity``)."""
    if data.lstrip().startswith((_INTRODUCTION, _ARMOUR)):
        raise _no_identity("It is encrypted itself: decrypt it first, with age -d.")
    for line in data.decode(errors="replace").splitlines():
        if line.strip().startswith("AGE-SECRET-KEY-1"):
            identity = Secret(line.strip())
            _identity(identity)
            return identity
    raise _no_identity("It has no line that starts with AGE-SECRET-KEY-1.")


def work(what: str, passphrase: str, data: str) -> None:
    """In the process of its own: encrypt or decrypt, and print the result, or pyrage's words, as JSON."""
    import base64

    import pyrage

    from mfa_tui.adapters.process import protect_memory

    protect_memory()
    try:
        if what == "encrypt":
            done = pyrage.passphrase.encrypt(base64.b64decode(data), passphrase, armored=True)
        else:
            done = pyrage.passphrase.decrypt(base64.b64decode(data), passphrase)
    except pyrage.DecryptError as error:
        answer = {"refused": str(error)}
    else:
        answer = {"done": base64.b64encode(done).decode()}
    sys.stdout.write(json.dumps(answer))


def _in_child(what: str, passphrase: Secret, data: bytes, control: Control) -> bytes:
    import base64

    from mfa_tui.adapters import helpers
    from mfa_tui.adapters.control import TookTooLong

    job = {
        "path": sys.path,
        "what": what,
        "passphrase": passphrase.reveal(),
        "data": base64.b64encode(data).decode(),
    }
    try:
        # -P: no module that lies in whatever directory this is run from.
        command = [sys.executable, "-P", "-c", _CHILD]
        finished = helpers.run(command, control, PATIENCE, given=json.dumps(job).encode())
        answer = json.loads(finished.out)
    except TookTooLong:
        raise Damaged("Its passphrase takes this machine too long to try.") from None
    if "refused" in answer:
        raise _meant(answer["refused"])
    return base64.b64decode(answer["done"])


def _meant(said: str) -> WrongKey | Damaged:
    if said in (_WRONG, _NO_KEY):
        return WrongKey()
    if _TOO_MUCH in said:
        return Damaged("Its passphrase takes this machine too long to try.")
    return Damaged("It is cut short or altered, or is no file of the age format.")


def _text(data: bytes) -> Secret:
    try:
        return Secret(data.decode())
    except UnicodeDecodeError:
        raise Damaged("What it holds is no text.") from None


def _identity(identity: Secret) -> Any:
    import pyrage

    try:
        return pyrage.x25519.Identity.from_str(identity.reveal())
    except pyrage.IdentityError:
        raise _no_identity("Its AGE-SECRET-KEY-1… is damaged.") from None


def _no_identity(why: str) -> UsageError:
    return UsageError("age-identity", "This is no key file of age.", why, "Give the file that age-keygen wrote.")
