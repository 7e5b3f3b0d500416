"""Keyring backends that misbehave, chosen by ``PYTHON_KEYRING_BACKEND=tests.secretstores.fakes.NAME``."""

import os
import threading

from keyring.backend import KeyringBackend


class _Fake(KeyringBackend):
    priority = 0

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Takes it."""


class Blocking(_Fake):
    """Waits until released, as a locked keyring does that shows a window which nobody sees."""

    released = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002
        marker = os.environ.get("BLOCKING_MARKER")
        if marker:
            with open(marker, "w", encoding="utf-8"):
                pass
        self.released.wait()
        return None


class Odd(_Fake):
    """Raises what no keyring should, with what it was given in the message."""

    def get_password(self, service: str, username: str) -> str | None:
        raise ValueError(f"no luck with {service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:  # noqa: ARG002
        raise LookupError(f"could not keep {password}")


class OddAtWriting(Odd):
    """Reads, but cannot write."""

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002
        return None


class Unstartable(_Fake):
    """Fails when it is made."""

    def __init__(self) -> None:
        raise OSError("no such device: /dev/smartcard")


class Damaged(_Fake):
    """Holds what is no entry of ours."""

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002
        return '{"seed": "not base32 at all!"}'
