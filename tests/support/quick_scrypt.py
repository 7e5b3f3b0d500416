"""A low work factor of scrypt for what tests encrypt with a passphrase: our own takes half a second each time.

The files say which factor they have, so any process can open them. That of users is tested in ``test_age_scrypt``.
"""

import contextlib
from collections.abc import Iterator

from mfa_tui.adapters.secretstores import age_scrypt

LOW = 10


def choose(factor: int) -> None:
    """Encrypt with this work factor from now on, in this process."""
    assert age_scrypt.encrypt.__kwdefaults__ == {"factor": age_scrypt.FACTOR}
    age_scrypt.FACTOR = factor
    age_scrypt.encrypt.__kwdefaults__ = {"factor": factor}


@contextlib.contextmanager
def chosen(factor: int) -> Iterator[None]:
    """The same for a while."""
    before = age_scrypt.FACTOR
    choose(factor)
    yield
    choose(before)
