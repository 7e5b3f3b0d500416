"""A home whose profile has a stored seed."""

from tests.secretstores.conftest import device

__all__ = ["device"]
