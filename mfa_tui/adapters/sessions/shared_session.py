"""The session that a long-running command has at this moment: one renewal at a time, however many requests."""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

from mfa_tui.core.sessions.expiry import is_valid
from mfa_tui.models import Session

if TYPE_CHECKING:
    from collections.abc import Callable

_TIMEOUT = 0.5
"""Seconds to wait for a new session while another is valid: some SDKs give an endpoint one second, botocore two."""


class SharedSession:
    """The session of a long-running command, which each request may renew and all requests share."""

    def __init__(self, renew: Callable[[], Session], session: Session, now: Callable[[], float]) -> None:
        """*renew* returns the session to use now; it runs in a thread of its own and may take its time.

        *session* is the first one; *now* is the time of AWS's clock, in seconds since the epoch.
        """
        self._renew = renew
        self._now = now
        self._latest = session
        self._lock = threading.Lock()
        self._renewal: Future[Session] | None = None

    def current(self) -> Session:
        """The session to use now. Raises what *renew* raises.

        While a renewal takes long, it is the one before, as long as that is valid. After that it waits for the
        renewal: SDKs that have hung up by then find the session ready when they try again.
        """
        with self._lock:
            renewal = self._renewal or self._start_renewal()
            latest = self._latest
        wait([renewal], _TIMEOUT if is_valid(latest.expires_at, self._now()) else None)
        return renewal.result() if renewal.done() else latest

    def _start_renewal(self) -> Future[Session]:
        self._renewal = renewal = Future[Session]()
        threading.Thread(target=self._run, args=(renewal,), name="mfa-tui-renewal", daemon=True).start()
        return renewal

    def _run(self, renewal: Future[Session]) -> None:
        try:
            session = self._renew()
        except BaseException as error:  # noqa: BLE001 - passed on to those who wait
            with self._lock:
                self._renewal = None
            renewal.set_exception(error)
        else:
            with self._lock:
                self._renewal, self._latest = None, session
            renewal.set_result(session)
