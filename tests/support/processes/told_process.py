"""Tells which process a fork of the fork server is. Each such fork imports this, and it imports nothing itself."""

import os
from collections.abc import Iterator


def around(*, told: str) -> Iterator[None]:
    """In the fork, before it is mfa-tui: write its number to the file *told*."""
    with open(told, "w", encoding="ascii") as file:
        file.write(str(os.getpid()))
    yield
