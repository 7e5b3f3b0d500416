"""The certificates that servers are checked with: the built-in ones, or the user's own, checked before use."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_MARK = b"-----BEGIN "
"""What comes before each certificate in a PEM file."""


def check_ca_bundle(env: Mapping[str, str], profile: str, settings: Mapping[str, object]) -> None:
    """Raise ConfigError (``ca-bundle``) if the configured certificates cannot be used; *settings* are *profile*'s.

    botocore uses AWS_CA_BUNDLE, else the profile's ``ca_bundle``, else REQUESTS_CA_BUNDLE.
    """
    path, place, remedy = env.get("AWS_CA_BUNDLE"), "AWS_CA_BUNDLE", "Correct AWS_CA_BUNDLE, or unset it."
    if path is None and isinstance(configured := settings.get("ca_bundle"), str):
        path, place = configured, f"ca_bundle of the profile {profile}"
        remedy = "Correct ca_bundle in the config file, or remove it."
    if path is None:
        path, place = env.get("REQUESTS_CA_BUNDLE"), "REQUESTS_CA_BUNDLE"
        remedy = "Correct REQUESTS_CA_BUNDLE, or unset it."
    if path is None:
        return
    if why := _flaw(path):
        raise ConfigError("ca-bundle", f"The file of certificates that {place} names cannot be used.", why, remedy)


def default_bundle() -> str:
    """The file of certificates that botocore uses if none is set: certifi's where it is installed, else its own.

    Neither is imported, unless somebody has changed certifi so that it names another file, as some systems do.
    """
    import sys
    from importlib.util import find_spec

    found = find_spec("certifi")
    if found is None:
        return os.path.join(_directory("botocore"), "cacert.pem")
    path = os.path.join(_directory("certifi"), "cacert.pem")
    if "certifi" in sys.modules or not os.path.isfile(path) or not _names_own_file(_directory("certifi")):
        import certifi

        return str(certifi.where())
    return path


def _directory(package: str) -> str:
    from importlib.util import find_spec

    found = find_spec(package)
    return next(iter(found.submodule_search_locations or ()), "") if found is not None else ""


def _names_own_file(certifi: str) -> bool:
    try:
        with open(os.path.join(certifi, "core.py"), encoding="utf-8") as file:
            return 'joinpath("cacert.pem")' in file.read()
    except (OSError, ValueError):
        return False


def _flaw(path: str) -> str:
    """What is wrong with the file, in a sentence; empty if nothing is."""
    if not path.strip():
        return "It is empty."
    if os.path.exists(path) and not os.path.isfile(path):
        # Reading a pipe would block, and OpenSSL accepts no directory here.
        return f"{path} is not a file."
    try:
        with open(path, "rb") as file:
            return "" if _MARK in file.read() else f"There is no certificate in {path}."
    except OSError as error:
        tilde = " The AWS SDK does not expand ~ there." if path.startswith("~") else ""
        return f"{path}: {reason(error)}.{tilde}"
    except ValueError:
        return "It is not a path."
