"""Homes without an AWS, for tests of locks, modes, owners and places."""

from tests.support.homes.offline_home import home, launcher, new_home, shared_home

__all__ = ["home", "launcher", "new_home", "shared_home"]
