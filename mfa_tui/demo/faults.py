"""Faults on order: what networks and AWS do on bad days."""

import dataclasses

from mfa_tui.demo import refusals


@dataclasses.dataclass(frozen=True)
class Fault:
    """One way to fail. Made by the functions below."""

    delay: float = 0.0
    """Seconds to wait before anything else happens."""
    drop: bool = False
    """Close the connection instead of answering."""
    refusal: refusals.Refusal | None = None
    """Answer with this error."""
    page: tuple[int, str] | None = None
    """Answer with this HTTP status and HTML."""
    after: bool = False
    """Let the action take effect first: the code is spent, the answer is lost."""


def delay(seconds: float) -> Fault:
    """Answer properly, but late."""
    return Fault(delay=seconds)


def dropped(*, after: bool = False) -> Fault:
    """Close the connection without an answer."""
    return Fault(drop=True, after=after)


def server_error(status: int = 500, *, after: bool = False) -> Fault:
    """500 or 503, before or after the action took effect."""
    return Fault(refusal=refusals.internal_failure(status), after=after)


def throttled() -> Fault:
    """Throttling: Rate exceeded."""
    return Fault(refusal=refusals.throttling())


LOOSE_PAGE = "<!DOCTYPE html><html><head><meta charset=utf-8><title>Welcome</title><body><h1>Sign in to the Wi-Fi<br>"
"""HTML as most portals write it: no XML parser takes it."""
XHTML_PAGE = "<html><head><title>Welcome</title></head><body><h1>Sign in to the Wi-Fi</h1></body></html>"
"""HTML that is well-formed XML: a client that only parses it is none the wiser."""


def captive_portal(status: int = 200, page: str = LOOSE_PAGE) -> Fault:
    """A hotel's sign-in page instead of AWS: status 200, 302 or 511."""
    return Fault(page=(status, page))


@dataclasses.dataclass
class _Order:
    fault: Fault
    action: str | None
    access_key_id: str | None
    times: int


class Orders:
    """The faults that are still to happen, oldest first. Not locked: the caller holds the server's lock."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []

    def add(self, fault: Fault, action: str | None, access_key_id: str | None, times: int) -> None:
        """Order a fault for the next ``times`` requests, of one action or key only if given."""
        self._orders.append(_Order(fault, action, access_key_id, times))

    def clear(self) -> None:
        """Forget all orders."""
        self._orders.clear()

    def take(self, action: str, access_key_id: str) -> Fault | None:
        """The fault that this request shall meet, if any; counts it as used."""
        for order in self._orders:
            if order.action in (None, action) and order.access_key_id in (None, access_key_id):
                order.times -= 1
                if order.times == 0:
                    self._orders.remove(order)
                return order.fault
        return None
