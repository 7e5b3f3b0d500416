"""A keyring that is locked for as long as there is a file ``locked`` in the throw-away home."""

import os

from keyring.errors import KeyringLocked

from mfa_tui.demo.home.keyring_file import HOME_VARIABLE, FileKeyring

LOCKING_BACKEND = "tests.support.devices.locked_keyring.LockingKeyring"
"""The value for PYTHON_KEYRING_BACKEND."""


class LockingKeyring(FileKeyring):
    """The throw-away keyring, which can be locked; as the Secret Service it says so whatever it is asked."""

    def get_password(self, service: str, username: str) -> str | None:
        _check()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        _check()
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        _check()
        super().delete_password(service, username)


def _check() -> None:
    if os.path.exists(os.path.join(os.environ[HOME_VARIABLE], "locked")):
        raise KeyringLocked("Failed to unlock the collection!")
