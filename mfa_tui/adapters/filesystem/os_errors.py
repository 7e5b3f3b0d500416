"""Errors of the operating system in words."""

from __future__ import annotations

import errno
from contextlib import contextmanager

from mfa_tui.adapters.filesystem.ownership import UntrustedPath
from mfa_tui.errors import WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "Your disk quota is used up",
    errno.EFBIG: "It would be larger than this process may write (ulimit -f)",
    errno.EROFS: "The file system is read-only",
    errno.EBUSY: "The file is mounted by itself",
}


def reason(error: OSError) -> str:
    """Why a system call failed, in words, without a full stop."""
    return _WORDS.get(error.errno or 0, error.strerror or type(error).__name__)


def remedy(error: OSError) -> str:
    """A next step."""
    return error.remedy if isinstance(error, UntrustedPath) else "Fix that, then try again."


@contextmanager
def as_write_problem(what: str) -> Iterator[None]:
    """Turn an OSError in the block into a WriteProblem (``write-failed``); *what* says what was not written."""
    try:
        yield
    except OSError as error:
        raise WriteProblem("write-failed", what, f"{reason(error)}.", remedy(error)) from None
