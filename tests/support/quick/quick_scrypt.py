"""A low work factor of scrypt for what tests encrypt with a passphrase: our own takes half a second each time.

The files say which factor they have, so any process can open them. A low one is worked out in this process, as a
process for it takes far longer. That of users, and the process, are tested in ``test_age_scrypt``.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterator

from mfa_tui.adapters.secretstores import age_scrypt
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.models import Secret

LOW = 10
in_a_process = age_scrypt._stretched
"""The real one, of any factor."""


def choose(factor: int) -> None:
    """Encrypt with this work factor from now on, in this process."""
    assert age_scrypt.encrypt.__kwdefaults__ == {"factor": age_scrypt.FACTOR}
    age_scrypt.FACTOR = factor
    age_scrypt.encrypt.__kwdefaults__ = {"factor": factor}
    age_scrypt._stretched = _in_this_process if factor <= LOW else in_a_process


def _in_this_process(
    passphrase: Secret, salt: bytes, factor: int, cancel: CancelScope, slow: Callable[[str], None] | None
) -> bytes:
    """``age_scrypt._stretched``; with a higher factor the real one."""
    if factor > LOW:
        return in_a_process(passphrase, salt, factor, cancel, slow)
    cancel.check()
    salt = age_scrypt._SALT_LABEL + salt
    return hashlib.scrypt(passphrase.reveal().encode(), salt=salt, n=1 << factor, r=8, p=1, dklen=32)


@contextlib.contextmanager
def chosen(factor: int) -> Iterator[None]:
    """The same for a while."""
    before = age_scrypt.FACTOR
    choose(factor)
    yield
    choose(before)
