"""Optional dependencies: what to say where one is missing."""

from __future__ import annotations

from mfa_tui.errors import UsageError

_PACKAGES = {"age": "pyrage cryptography", "qr": "pillow zxing-cpp"}
"""By the extra in ``pyproject.toml``: what ``pipx inject`` installs."""


def extra_missing(extra: str, what: str) -> UsageError:
    """The error (``extra-missing``) where *what*, a sentence, does not work without an extra."""
    return UsageError(
        "extra-missing",
        what,
        f"The extra {extra!r} of mfa-tui is not installed.",
        f"Install it: pipx inject mfa-tui {_PACKAGES[extra]}   or   pip install 'mfa-tui[{extra}]'",
    )
