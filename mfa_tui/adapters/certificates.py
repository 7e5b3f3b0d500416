"""Files of certificates that stand for those of the system (``AWS_CA_BUNDLE``, ``ca_bundle``)."""

from __future__ import annotations

import os


def unusable_bundle(path: str) -> str:
    """Why a file of certificates cannot be used, in words that fit behind its name; empty if it can."""
    import ssl

    if not os.path.exists(path):
        return "which does not exist"
    if os.path.isdir(path):
        return "which is a directory"
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        return "which holds no certificates (PEM)"
    except OSError as error:
        return f"which cannot be read ({error.strerror})"
    return ""
