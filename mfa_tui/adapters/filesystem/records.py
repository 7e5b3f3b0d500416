"""Records: small private files of ours that several processes change, one at a time, so that no change is lost.

A record can be read at any time, since it is always replaced as a whole. A change reads it and writes it back while it
holds the lock file ``RECORD.lock``.
"""

from __future__ import annotations

import os
from contextlib import contextmanager

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.os_errors import as_write_problem
from mfa_tui.adapters.filesystem.ownership import read_trusted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    T = TypeVar("T")


@contextmanager
def hold_for_change(
    directory: str,
    lock: str,
    failure: str,
    purpose: str,
    *,
    durable: bool = False,
    seconds: float | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[None]:
    """Hold the file *lock* while files in *directory*, which is ours and created if needed, are changed.

    *failure* says in an error that they were not written, *purpose* what the lock is held for; *seconds* and
    *cancelled* are those of ``hold_lock``. Raises WriteProblem (``write-failed``, ``lock-…``), Cancelled.
    """
    from mfa_tui.adapters.filesystem.locks import hold_lock

    with as_write_problem(failure):
        private_files.make_own_directory(directory, durable=durable)
        with hold_lock(lock, purpose, seconds=seconds, cancelled=cancelled):
            yield


class Record:
    """One record, of text."""

    def __init__(self, path: str, description: str, purpose: str, *, durable: bool = False) -> None:
        """*description* names it in errors (``the record of used codes``), *purpose* says what a change is for.

        With *durable* a change is on the disk when :meth:`change` returns.
        """
        self.path = path
        self._description = description
        self._purpose = purpose
        self._durable = durable

    def read(self) -> str | None:
        """The text; None if there is none, or it cannot be read or trusted."""
        return private_files.read(self.path)

    def change(
        self,
        change: Callable[[], str | None],
        *,
        seconds: float | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Write the text that *change* returns, having read the record itself; None leaves it as it is.

        Raises WriteProblem, Cancelled, and what *change* raises.
        """
        failure = f"{self.path}, {self._description}, was not written."
        directory, lock = os.path.dirname(self.path), self.path + ".lock"
        with hold_for_change(
            directory, lock, failure, self._purpose, durable=self._durable, seconds=seconds, cancelled=cancelled
        ):
            text = change()
            if text is not None:
                private_files.write(self.path, text, durable=self._durable)


class DamagedRecord(Exception):
    """A record does not hold what it should."""


class JsonRecord:
    """One record, in JSON. The parameters are those of :class:`Record`."""

    def __init__(self, path: str, description: str, purpose: str, *, durable: bool = False) -> None:
        self.path = path
        self._record = Record(path, description, purpose, durable=durable)

    def load(self, parse: Callable[[Any], T]) -> T | None:
        """What *parse* makes of the value in the file; None if there is no file.

        Raises DamagedRecord, also where *parse* does not find what it expects, and OSError, UntrustedPath where the
        file cannot be read or trusted.
        """
        try:
            text = read_trusted(self.path).decode(errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValueError:
            # The path itself may be none.
            raise DamagedRecord from None
        # Imported on use: most people have no such file.
        import json

        try:
            return parse(json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise DamagedRecord from None

    def change(self, change: Callable[[], object], *, seconds: float | None = None) -> None:
        """Write the value that *change* returns, having loaded the record itself; None leaves the file as it is.

        Raises as :meth:`Record.change` does.
        """
        import json

        def text() -> str | None:
            value = change()
            return None if value is None else json.dumps(value, indent=1, sort_keys=True) + "\n"

        self._record.change(text, seconds=seconds)
