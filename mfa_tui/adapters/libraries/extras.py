"""Optional dependencies (extras): the error for one that is missing."""

from __future__ import annotations

from mfa_tui.errors import UsageError

_PACKAGES = {"age": "pyrage cryptography", "qr": "pillow zxing-cpp"}
"""What ``pipx inject`` installs for each extra of ``pyproject.toml``."""


def extra_missing(extra: str, what: str) -> UsageError:
    """The error (``extra-missing``) for a missing extra; *what* says, as a sentence, what does not work without it."""
    return UsageError(
        "extra-missing",
        what,
        f"The extra {extra!r} of mfa-tui is not installed.",
        f"Install it: pipx inject mfa-tui {_PACKAGES[extra]}   or   pip install 'mfa-tui[{extra}]'",
    )
