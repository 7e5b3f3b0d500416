"""Files in the age format that are encrypted with a passphrase (https://age-encryption.org/v1).

We write them ourselves to choose the work factor: pyrage chooses what takes the machine a second, and refuses on a slow
machine what a fast one wrote. A header with one scrypt stanza wraps the file's key; the payload is in chunks (STREAM).
Files for public keys are left to pyrage (``age``). The primitives are those of ``cryptography``.

scrypt needs 128 * 8 * 2**factor bytes (256 MB at 18, 4 GB at 22), so it runs in a process of its own: that can be
stopped at once, returns all memory, and is the one that the system ends if memory runs out.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Secret

FACTOR = 18
"""The work factor that we write, as a power of two: about a second. The ``age`` tool uses the same."""
HIGHEST = 22
"""The highest work factor that we open, as the ``age`` tool does: about twenty seconds."""
TIMEOUT = 600.0
"""Seconds for scrypt, on the slowest of machines."""
INTRODUCTION = b"age-encryption.org/v1"
_ARMOR = (b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END AGE ENCRYPTED FILE-----")
_LINE = 64
"""Columns of base64 in the armor."""
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n"
    rb"([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n"
)
"""The whole header: salt (16 bytes), work factor, wrapped file key (32), MAC (32). No other stanza is allowed."""
_SALT_LABEL = b"age-encryption.org/v1/scrypt"
_KEY = 16
_TAG = 16
_CHUNK = 64 * 1024
_CHILD = (
    "import json, sys; job = json.load(sys.stdin); sys.path[:] = job.pop('path'); "
    "from mfa_tui.adapters.secretstores.age_scrypt import derive_in_child; derive_in_child(**job)"
)
_REINSTALL = "pipx inject --force mfa-tui cryptography, or pip install --force-reinstall cryptography"
_REPORT_EVERY = 5
"""Seconds between two reports of progress."""
_NO_MEMORY = 75
"""The exit status of the scrypt process if memory is short (EX_TEMPFAIL)."""


class WrongKey(Exception):
    """The passphrase or identity does not open the file."""


class Damaged(Exception):
    """The file is damaged, or not in the age format. The message says which, in a sentence."""


class TooDemanding(Exception):
    """The file is fine, but its passphrase needs more than this machine or program provides. The message is a sentence.

    ``remedy`` says, in another one, what to do.
    """

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy


def unarmored(data: bytes) -> bytes:
    """The binary form of a file; *data* itself if it is binary already. Raises Damaged."""
    lines = data.strip().splitlines()
    if not lines or lines[0] != _ARMOR[0]:
        return data
    body = lines[1:-1]
    long = body and not 0 < len(body[-1]) <= _LINE
    if lines[-1] != _ARMOR[1] or long or any(len(line) != _LINE for line in body[:-1]):
        raise Damaged("It is cut short, or its armor is damaged.")
    text = b"".join(body)
    try:
        plain = base64.b64decode(text, validate=True)
    except binascii.Error:
        plain = b""
    if base64.b64encode(plain) != text:
        raise Damaged("Its armor is damaged.")
    return plain


def armored(data: bytes) -> bytes:
    """The text form of a file."""
    text = base64.b64encode(data)
    return b"\n".join((_ARMOR[0], *(text[at : at + _LINE] for at in range(0, len(text), _LINE)), _ARMOR[1], b""))


def work_factor(data: bytes) -> int | None:
    """The work factor of a passphrase file, armored or not; None if it is not one, or damaged."""
    try:
        found = _HEADER.match(unarmored(data))
    except Damaged:
        return None
    return int(found[2]) if found else None


def payload_length(data: bytes) -> int | None:
    """How many bytes a file of one chunk holds, whatever opens it, armored or not; None if it is no such file."""
    try:
        head, found, rest = unarmored(data).partition(b"\n--- ")
    except Damaged:
        return None
    payload = rest.partition(b"\n")[2]
    length = len(payload) - 16 - _TAG
    whole = bool(found) and head.startswith(INTRODUCTION) and 0 <= length <= _CHUNK
    return length if whole else None


def encrypt(passphrase: Secret, data: bytes, cancel: CancelScope, *, factor: int = FACTOR) -> bytes:
    """*data*, encrypted with *passphrase* and armored. Raises TooDemanding, Cancelled."""
    salt, file_key = os.urandom(16), os.urandom(_KEY)
    wrapped = _cipher(_stretched(passphrase, salt, factor, cancel, None)).encrypt(bytes(12), file_key, None)
    head = INTRODUCTION + b"\n-> scrypt %b %d\n%b\n---" % (_base64(salt), factor, _base64(wrapped))
    return armored(head + b" %b\n" % _base64(_mac(file_key, head)) + _sealed(file_key, data))


def decrypt(passphrase: Secret, data: bytes, cancel: CancelScope, slow: Callable[[str], None] | None = None) -> bytes:
    """The content of a file that is encrypted with *passphrase*. Raises WrongKey, Damaged, TooDemanding, Cancelled.

    If that takes longer than with our own work factor, *slow* is called before it begins and every few seconds.
    """
    data = unarmored(data)
    header = _HEADER.match(data)
    if header is None:
        raise Damaged("It is cut short or altered, or not a file in the age format.")
    salt, wrapped, mac = (_bytes(header[number]) for number in (1, 3, 4))
    key = _stretched(passphrase, salt, int(header[2]), cancel, slow)
    file_key = _opened(key, bytes(12), wrapped)
    if file_key is None:
        raise WrongKey
    import hmac

    if not hmac.compare_digest(_mac(file_key, data[: header.start(4) - 1]), mac):
        raise Damaged("Its header was altered.")
    return _unsealed(file_key, data[header.end() :])


def _stretched(
    passphrase: Secret, salt: bytes, factor: int, cancel: CancelScope, slow: Callable[[str], None] | None
) -> bytes:
    """The key that scrypt derives from *passphrase*. Raises TooDemanding, Cancelled."""
    from mfa_tui.adapters.programs import run_program
    from mfa_tui.adapters.system.cancellation import TimedOut

    if factor > HIGHEST:
        raise TooDemanding(
            f"Its passphrase was given a work factor of {factor}; up to {HIGHEST} is opened.",
            f"Decrypt it with rage --max-work-factor {factor}, and encrypt it again with {FACTOR}.",
        )
    memory = f"{max(1, (1024 << factor) // 10**6):,} MB"
    tell = slow if factor > FACTOR else None
    if tell is not None:
        tell(f"Trying it takes about {1 << factor - FACTOR} seconds and {memory} of memory (work factor {factor})")
    job = {
        "path": sys.path,
        "passphrase": passphrase.reveal(),
        "salt": (_SALT_LABEL + salt).hex(),
        "factor": factor,
    }
    # -P: import nothing from the current directory.
    command = [sys.executable, "-P", "-c", _CHILD]
    try:
        finished = run_program.run(command, cancel, TIMEOUT, given=json.dumps(job).encode(), tell=tell)
    except TimedOut:
        raise TooDemanding(
            f"With its work factor of {factor}, scrypt did not finish within {TIMEOUT:.0f} s on this machine.",
            "Open it on a quicker machine.",
        ) from None
    if finished.status in (_NO_MEMORY, -9):
        raise TooDemanding(
            f"scrypt takes {memory} of memory with its work factor of {factor}, which this machine cannot provide.",
            "Free some memory, or raise its limit (ulimit -v), then try again; or open it on a larger machine.",
        )
    if finished.status != 0:
        raise TooDemanding(
            f"The scrypt process exited with status {finished.status}.",
            f"Try again; if it fails again: {_REINSTALL}",
        )
    return bytes.fromhex(finished.out.decode())


def derive_in_child(passphrase: str, salt: str, factor: int) -> None:
    """In the process of its own: print the key, or exit with a special status if memory is short."""
    import contextlib
    import threading

    from mfa_tui.adapters.system.process import protect_memory

    protect_memory()
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        # If memory runs out, the system must end this process and no other.
        file.write("1000")
    threading.Thread(target=_count_seconds, daemon=True).start()
    try:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        key = Scrypt(salt=bytes.fromhex(salt), length=32, n=1 << factor, r=8, p=1).derive(passphrase.encode())
    except MemoryError:
        sys.exit(_NO_MEMORY)
    sys.stdout.write(key.hex())


def _count_seconds() -> None:
    """Report on standard error how long scrypt has run; it lets other threads run meanwhile."""
    import time

    for seconds in range(_REPORT_EVERY, int(TIMEOUT), _REPORT_EVERY):
        time.sleep(_REPORT_EVERY)
        sys.stderr.write(f"Still trying it after {seconds} s\n")
        sys.stderr.flush()


def _mac(file_key: bytes, head: bytes) -> bytes:
    import hmac

    return hmac.digest(_derived(file_key, b"", b"header"), head, "sha256")


def _derived(file_key: bytes, salt: bytes, label: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=label).derive(file_key)


def _sealed(file_key: bytes, data: bytes) -> bytes:
    """The payload: a nonce, and the chunks."""
    nonce = os.urandom(16)
    cipher = _cipher(_derived(file_key, nonce, b"payload"))
    chunks = [data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK)] or [b""]
    last = len(chunks) - 1
    return nonce + b"".join(
        cipher.encrypt(_nonce(number, last=number == last), chunk, None) for number, chunk in enumerate(chunks)
    )


def _unsealed(file_key: bytes, payload: bytes) -> bytes:
    """The content of the payload. Raises Damaged."""
    key, sealed = _derived(file_key, payload[:16], b"payload"), payload[16:]
    size = _CHUNK + _TAG
    chunks = [sealed[at : at + size] for at in range(0, len(sealed), size)] or [b""]
    last = len(chunks) - 1
    opened = [_opened(key, _nonce(number, last=number == last), chunk) for number, chunk in enumerate(chunks)]
    # Only an empty payload ends with an empty chunk.
    if None in opened or (last and not opened[last]):
        raise Damaged("It is cut short or altered.")
    return b"".join(chunk for chunk in opened if chunk is not None)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(key: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key)


def _opened(key: bytes, nonce: bytes, sealed: bytes) -> bytes | None:
    """The decrypted data; None if the key is wrong or it was altered."""
    from cryptography.exceptions import InvalidTag

    try:
        return _cipher(key).decrypt(nonce, sealed, None)
    except InvalidTag:
        return None


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    """The bytes of unpadded base64, which must be in its canonical form. Raises Damaged."""
    data = base64.b64decode(text + b"=" * (-len(text) % 4))
    if _base64(data) != text:
        raise Damaged("Its header was altered.")
    return data
