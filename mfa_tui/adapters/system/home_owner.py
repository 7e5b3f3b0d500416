"""Root in another user's home (``sudo -E``, or a sudo that keeps HOME): this process continues as the home's owner.

In a directory that a user controls, that user can redirect whatever root does, with links and renames at the right
moment. As the owner, this process can do what the owner can do anyway, and nothing more.
"""

from __future__ import annotations

import os
import sys

from mfa_tui.adapters.filesystem.ownership import foreign_link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

_LAYERS = ("core", "adapters", "services", "cli")
_LIBRARIES = (
    "botocore.client", "botocore.httpsession", "botocore.parsers", "botocore.regions", "botocore.session",
    "cryptography.hazmat.primitives.ciphers.aead", "ctypes", "difflib", "encodings.idna", "filelock",
    "filelock.asyncio", "getpass", "hashlib", "json", "keyring", "keyring.backends.chainer", "keyring.backends.fail",
    "keyring.backends.null", "pyotp", "resource", "shlex", "sqlite3", "tempfile", "tomllib", "urllib3",
)  # fmt: skip
"""What the layers import on use."""


class _Identity:
    """The identity of a process: real, effective and saved user and group, and further groups."""

    def __init__(self, users: tuple[int, int, int], groups: tuple[int, int, int], further: list[int]) -> None:
        self.users = users
        self.groups = groups
        self.further = further

    @classmethod
    def present(cls) -> Self:
        return cls(os.getresuid(), os.getresgid(), os.getgroups())

    def take(self) -> None:
        """Take this identity. Users and groups are set while the process is still root, or root again."""
        os.setresuid(-1, 0, -1)
        os.setgroups(self.further)
        os.setresgid(*self.groups)
        os.setresuid(*self.users)


_before: list[_Identity] = []
"""The identity of this process before it became the home's owner; empty if it did not."""


def act_as_home_owner(*, interface: bool) -> None:
    """If root's HOME is another user's, become that user, in this process and its children.

    *interface* says whether the terminal interface will be opened. Raises ConfigError (``home-of-another``).
    """
    if sys.platform == "win32" or os.geteuid() != 0 or _before:
        return
    home = os.environ.get("HOME", "")
    owner = _owner(os.path.abspath(home)) if home else None
    if owner is None:
        return
    if not hasattr(os, "setresuid"):
        # On macOS a way back to root would be open to our children too.
        _try(home, owner, lambda: _become_for_good(*owner))
        return
    before = _Identity.present()
    _try(home, owner, lambda: _become(*owner))
    if not _can_read_program():
        # Python is in root's own home: first load all of it that may be needed.
        before.take()
        _load_all(interface=interface)
        _try(home, owner, lambda: _become(*owner))
    _before.append(before)


def acts_as_home_owner() -> bool:
    """Whether this process was root and is the home's owner now."""
    return bool(_before)


def become_root_again() -> None:
    """Take back the identity that this process started with, just before it becomes the command that root asked for."""
    if _before:
        _before.pop().take()


class AsOriginalUser:
    """A context for sending a signal to a command that runs as root: this process is root meanwhile."""

    def __enter__(self) -> None:
        """Become root."""
        if _before:
            os.setresuid(-1, 0, -1)

    def __exit__(self, *_: object) -> None:
        """Become the home's owner again."""
        if _before:
            os.setresuid(-1, os.getresuid()[0], -1)


def _try(home: str, owner: tuple[int, int], become: Callable[[], None]) -> None:
    try:
        become()
    except OSError as error:
        from mfa_tui.errors import ConfigError

        raise ConfigError(
            "home-of-another",
            f"{home} is the home of user {owner[0]}, and mfa-tui does not work there as root.",
            f"Root cannot become that user here: {error.strerror}.",
            "Run it as that user, or with root's own home: HOME=/root mfa-tui …",
        ) from None


def _become(user: int, group: int) -> None:
    """Become that user. The saved user stays root, as the way back; execve clears it for other programs."""
    os.setgroups(_groups(user, group))
    os.setresgid(group, group, 0)
    os.setresuid(user, user, 0)


def _become_for_good(user: int, group: int) -> None:
    os.setgroups(_groups(user, group))
    os.setgid(group)
    os.setuid(user)


def _groups(user: int, group: int) -> list[int]:
    """The groups that a user has after logging in."""
    import pwd

    try:
        return os.getgrouplist(pwd.getpwuid(user).pw_name, group)
    except KeyError:
        return [group]


def _owner(home: str) -> tuple[int, int] | None:
    """The user who controls *home* and that user's group; None if it is root.

    That is its owner; if the owner is root or it is missing, the owner of a symbolic link on the path to it.
    """
    try:
        info = os.stat(home)
        user, group = info.st_uid, info.st_gid
    except OSError:
        user = 0
    if user == 0:
        link = foreign_link(home)
        info = link[1] if link else os.stat(_nearest(home))
        user, group = info.st_uid, info.st_gid
        if user == 0:
            return None
    import pwd

    try:
        group = pwd.getpwuid(user).pw_gid
    except KeyError:
        # Root's group has rights that a user must not get.
        group = group or user
    return user, group


def _nearest(path: str) -> str:
    """*path*, or the lowest directory above it that exists."""
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return path


def _can_read_program() -> bool:
    # os.access checks for the real user, who is the owner now.
    return all(os.access(file, os.R_OK) for file in (os.__file__, __file__))


def _load_all(*, interface: bool) -> None:
    package = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    for layer in (*_LAYERS, *(["ui"] if interface else [])):
        for root, _, files in os.walk(os.path.join(package, layer)):
            within = os.path.relpath(root, os.path.dirname(package)).replace(os.sep, ".")
            for file in files:
                if file.endswith(".py"):
                    _load(f"{within}.{file.removesuffix('.py')}".removesuffix(".__init__"))
    for name in _LIBRARIES:
        _load(name)
    _load_keyring_plugins()


def _load_keyring_plugins() -> None:
    """The backends that keyring looks for at its first use (``keyring.backend``, 25.7)."""
    import contextlib
    from importlib.metadata import entry_points

    from mfa_tui.adapters.libraries.keyring_backends import WithoutKeychain

    with WithoutKeychain():
        for backend in entry_points(group="keyring.backends"):
            # A plugin may fail in any way; keyring goes on without it, too.
            with contextlib.suppress(Exception):
                backend.load()


def _load(name: str) -> None:
    import contextlib
    import importlib

    # If an extra is missing, that is reported when it is needed.
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
