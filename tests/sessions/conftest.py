"""Homes without an AWS, for tests of kept sessions."""

from tests.support.homes.offline_home import home, launcher, new_home, shared_home

__all__ = ["home", "launcher", "new_home", "shared_home"]
