"""Which backends keyring (25.7) may choose from, without loading them.

keyring asks ``importlib.metadata`` for the entry points of all packages and loads each, which takes as long as twenty
starts of Python.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUP = "keyring.backends"
"""The group of the backends' entry points."""
_OWN = frozenset(
    f"{_GROUP}.{name}" for name in ("chainer", "kwallet", "libsecret", "macOS", "SecretService", "Windows")
)
"""The entry points of keyring itself."""
_BINDINGS = ("dbus", "gi")
"""The modules without which KWallet's and libsecret's backends cannot be used."""
_KEYCHAIN = f"{_GROUP}.macOS.api"


class WithoutKeychain:
    """A context in which keyring does not look for Apple's libraries on other systems.

    Its backend for macOS does so as it is imported, by ``ctypes.util.find_library``: that starts ldconfig, the C
    compiler and the linker, three times. Without them the backend says what it says anyway, that macOS is required.
    """

    __slots__ = ("_kept_out",)

    def __enter__(self) -> None:
        self._kept_out = sys.platform != "darwin" and _KEYCHAIN not in sys.modules
        if self._kept_out:
            # It makes an import raise ImportError, for which the backend is prepared.
            sys.modules[_KEYCHAIN] = None  # type: ignore[assignment]  # documented, though not in the type

    def __exit__(self, *_: object) -> None:
        if self._kept_out:
            del sys.modules[_KEYCHAIN]


def may_find_more() -> bool:
    """Whether keyring, on Linux, may find a backend besides that of the Secret Service. If not, it finds none."""
    return (
        # keyring considers every backend class that is loaded, no matter who loaded it.
        "keyring.backend" in sys.modules
        or any(_is_asked_for_packages(finder) for finder in sys.meta_path)
        or any(map(_is_module, _BINDINGS))
        or any(map(_offers_more, dict.fromkeys(sys.path)))
    )


def _is_asked_for_packages(finder: object) -> bool:
    """Whether ``importlib.metadata`` asks this finder besides Python's own, which goes through the path."""
    from _frozen_importlib_external import PathFinder

    return finder is not PathFinder and hasattr(finder, "find_distributions")


def _is_module(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def _offers_more(directory: str) -> bool:
    """Whether a package in an entry of the path has a backend of its own, or may have one as it is in an archive."""
    directory = directory or "."
    try:
        names = os.listdir(directory)
    except OSError:
        return os.path.isfile(directory)
    if directory.lower().rstrip(os.sep).endswith(".egg"):
        return True
    packages = (name for name in names if name.lower().endswith((".dist-info", ".egg-info")))
    return any(not _OWN.issuperset(_backends(os.path.join(directory, name))) for name in packages)


def _backends(package: str) -> Iterator[str]:
    """The backends among a package's entry points, as ``importlib.metadata`` reads them.

    What cannot be decoded counts as one: keyring fails on it.
    """
    try:
        with open(os.path.join(package, "entry_points.txt"), encoding="utf-8") as file:
            text = file.read()
    except UnicodeDecodeError:
        yield package
        return
    except OSError:
        return
    section = ""
    for line in map(str.strip, text.splitlines() if _GROUP in text else ()):
        if line.startswith("[") and line.endswith("]"):
            section = line.strip("[]")
        elif section == _GROUP and line and not line.startswith("#"):
            yield line.partition("=")[2].strip()
