"""Requests of an audit: one that is refused or fails ends its check only, not the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.core.aws.error_kinds import AwsErrorKind, without_codes
from mfa_tui.services.sessions.refusals import error_for
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.operation import Operation

    T = TypeVar("T")

_PAUSES = (1.0, 2.0, 4.0)
"""Seconds to wait after each answer of AWS that there were too many requests."""


class Refused(Exception):
    """AWS denied a request; ``action`` is the one that was denied, ``why`` AWS's own words."""

    def __init__(self, action: str, why: str, regions: tuple[str, ...] = ()) -> None:
        super().__init__(action)
        self.action = action
        self.why = why
        self.regions = regions
        """The Regions where it was denied, if not everywhere."""

    def in_regions(self, regions: tuple[str, ...]) -> Refused:
        """The same, in these Regions."""
        return Refused(self.action, self.why, regions)


class Failed(Exception):
    """A request failed for another reason; ``error`` says which."""

    def __init__(self, error: MfaTuiError, regions: tuple[str, ...] = ()) -> None:
        super().__init__(error.what)
        self.error = error
        self.regions = regions
        """The Regions where it failed, if not everywhere."""

    def in_regions(self, regions: tuple[str, ...]) -> Failed:
        """The same, in these Regions."""
        return Failed(self.error, regions)


class Requests:
    """Makes the requests of one audit."""

    def __init__(self, operation: Operation, caller: Caller) -> None:
        self._operation = operation
        self._caller = caller

    def make(self, action: str, call: Callable[[], T], *, expected: tuple[str, ...] = ()) -> T:
        """The result of *call*, which makes a request of *action* (``iam:ListRoles``).

        Raises AwsError for the codes that are *expected*, Refused, Failed, Cancelled.
        """
        pauses = iter(_PAUSES)
        while True:
            try:
                return retry_after_clock_sync(self._operation, call)
            except AwsError as error:
                kind = error.means
                if error.code in expected:
                    raise
                if kind == AwsErrorKind.THROTTLED and (pause := next(pauses, 0.0)):
                    self._operation.cancel.sleep(pause)
                    continue
                if kind == AwsErrorKind.DENIED:
                    raise Refused(action, without_codes(error.message)) from None
                offset = self._operation.context.clock.known_offset
                raise Failed(error_for(error, self._caller, offset=offset)) from None
            except AwsUnreachable as failure:
                raise Failed(error_for(failure, self._caller)) from None

    def pages(
        self, action: str, call: Callable[[str], tuple[T, str]], *, expected: tuple[str, ...] = ()
    ) -> Iterator[T]:
        """The pages of a list; *call* gets a marker, and returns a page and the next marker. Raises as :meth:`make`."""
        marker = ""
        while True:
            page, marker = self.make(action, lambda at=marker: call(at), expected=expected)  # type: ignore[misc]
            yield page
            if not marker:
                return
