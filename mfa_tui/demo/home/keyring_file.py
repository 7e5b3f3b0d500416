"""A keyring in one plain file, for the throwaway homes of the demo and the tests only.

Chosen by ``PYTHON_KEYRING_BACKEND=mfa_tui.demo.home.keyring_file.FileKeyring`` and unusable unless
``MFA_TUI_DEMO_HOME`` names the throwaway home: what is stored here is not encrypted.
"""

import json
import os
import tempfile

import filelock
from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import InitError, PasswordDeleteError

HOME_VARIABLE = "MFA_TUI_DEMO_HOME"
BACKEND = "mfa_tui.demo.home.keyring_file.FileKeyring"
"""The value for PYTHON_KEYRING_BACKEND."""


class FileKeyring(KeyringBackend):
    """``keyring.json`` (0600) in the throwaway home, replaced as a whole under a lock between processes."""

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805 - a class property
        """The lowest, so that it is never chosen unless it is named."""
        if HOME_VARIABLE not in os.environ:
            raise RuntimeError(f"{HOME_VARIABLE} is not set")
        return 0.0

    def __init__(self, home: str | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._home = home

    def get_password(self, service: str, username: str) -> str | None:
        """The stored value, or None."""
        return self._read().get(service, {}).get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a value, replacing an older one."""
        with self._lock():
            entries = self._read()
            entries.setdefault(service, {})[username] = password
            self._write(entries)

    def delete_password(self, service: str, username: str) -> None:
        """Delete a value; PasswordDeleteError if there is none."""
        with self._lock():
            entries = self._read()
            if entries.get(service, {}).pop(username, None) is None:
                raise PasswordDeleteError("no such password")
            self._write(entries)

    @property
    def _path(self) -> str:
        home = self._home or os.environ.get(HOME_VARIABLE)
        if not home:
            raise InitError(f"{HOME_VARIABLE} is not set: this keyring is for throwaway homes only")
        return os.path.join(home, "keyring.json")

    def _lock(self) -> filelock.BaseFileLock:
        return filelock.FileLock(f"{self._path}.lock", timeout=10, mode=0o600)

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            with open(self._path, encoding="utf-8") as file:
                entries: dict[str, dict[str, str]] = json.load(file)
        except FileNotFoundError:
            return {}
        return entries

    def _write(self, entries: dict[str, dict[str, str]]) -> None:
        # A NamedTemporaryFile is 0600 from the start.
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=os.path.dirname(self._path), prefix="keyring-", delete=False
        ) as file:
            json.dump(entries, file)
        os.replace(file.name, self._path)
