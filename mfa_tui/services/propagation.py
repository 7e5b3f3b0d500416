"""What IAM has just created is not known everywhere at once: a request for it is tried again.

IAM is eventually consistent (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html); of new devices 8 to
14 s were seen.
"""

from __future__ import annotations

from mfa_tui.adapters.aws.caller import AwsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from mfa_tui.services.operation import Operation

    T = TypeVar("T")

PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try."""
_UNKNOWN = "NoSuchEntity"


def retry_until_known(operation: Operation, call: Callable[[], T], text: str, pauses: Sequence[float] = PAUSES) -> T:
    """The result of the request *call*, which is tried again after each of *pauses* while IAM does not know its target.

    *text* says what AWS does not know yet. Raises what *call* raises, Cancelled.
    """
    for pause in pauses:
        try:
            return call()
        except AwsError as answer:
            if answer.code != _UNKNOWN:
                raise
        operation.wait(f"{text}. Trying again", pause)
        operation.cancel.sleep(pause)
    return call()
