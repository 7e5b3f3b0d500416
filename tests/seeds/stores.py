"""Stores in place of the keyring and the vault, and runs of a program that end at any of their steps."""

from collections.abc import Callable, Iterator

import pytest

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.models import Secret


class Killed(BaseException):
    """The process is dead: nothing that it still wants to do is done."""


class Steps:
    """Counts what is done to the disk; at ``last`` the process dies. With ``cleans_up``, only that step fails."""

    def __init__(self) -> None:
        self.done = 0
        self.last: int | None = None
        self.cleans_up = False

    def take(self) -> None:
        """One step further. Raises Killed."""
        self.done += 1
        if self.last is not None and (self.done == self.last or (self.done > self.last and not self.cleans_up)):
            raise Killed

    def every(self, what: Callable[[], object]) -> Iterator[int]:
        """Run *what*, killed at its first step, then at its second and so on, until it comes to its end."""
        for last in range(1, 100):
            self.done, self.last = 0, last
            try:
                what()
            except Killed:
                self.last = None
                yield last
            else:
                self.last = None
                return


class Memory:
    """A keyring or a vault, whose passphrase is asked for once if it has one."""

    def __init__(self, steps: Steps | None = None, *, locked: bool = False) -> None:
        self.steps = steps or Steps()
        self.would_ask = locked
        self.kept: dict[str, Secret] = {}

    def open(self, _: CancelScope) -> None:
        self.steps.take()
        self.would_ask = False

    def get(self, _: str, user: str, cancel: CancelScope) -> Secret | None:
        self.open(cancel)
        return self.kept.get(user)

    def put(self, _: str, user: str, secret: Secret, cancel: CancelScope) -> None:
        self.open(cancel)
        self.kept[user] = secret
        self.steps.take()

    def delete(self, _: str, user: str, cancel: CancelScope) -> None:
        self.open(cancel)
        del self.kept[user]
        self.steps.take()


def count_writes(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let writing the index be steps, too."""
    write = private_files.write

    def writing(path: str, text: str, *, durable: bool = False) -> None:
        assert durable
        steps.take()
        write(path, text)
        steps.take()

    monkeypatch.setattr(private_files, "write", writing)
