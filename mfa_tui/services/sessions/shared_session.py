"""The session that a long-running command has at this moment: one renewal at a time, however many ask."""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

from mfa_tui.models import Session

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 0.5
"""Seconds to wait for a new session while there is a live one: some SDKs give an endpoint a second, botocore two."""


class Supply:
    """What *renew* returns, asked anew at each :meth:`current`, and shared by all who ask meanwhile.

    *renew* runs in a thread of its own and may take its time. *session* is the first one; *now* tells the time by AWS's
    clock, in seconds since the epoch.
    """

    def __init__(self, renew: Callable[[], Session], session: Session, now: Callable[[], float]) -> None:
        self._renew = renew
        self._now = now
        self._latest = session
        self._lock = threading.Lock()
        self._renewal: Future[Session] | None = None

    def current(self) -> Session:
        """The session to use now. Raises what *renew* raises.

        While a renewal takes long, the one before, as long as it is live. With none, the answer is waited for: SDKs
        that have hung up by then find it ready when they try again.
        """
        with self._lock:
            renewal = self._renewal or self._begin()
            latest = self._latest
        wait([renewal], _PATIENCE if latest.expires_at > self._now() else None)
        return renewal.result() if renewal.done() else latest

    def _begin(self) -> Future[Session]:
        self._renewal = renewal = Future[Session]()
        threading.Thread(target=self._run, args=(renewal,), name="mfa-tui-renewal", daemon=True).start()
        return renewal

    def _run(self, renewal: Future[Session]) -> None:
        try:
            session = self._renew()
        except BaseException as error:  # noqa: BLE001 - handed to those who wait, whatever it is
            with self._lock:
                self._renewal = None
            renewal.set_exception(error)
        else:
            with self._lock:
                self._renewal, self._latest = None, session
            renewal.set_result(session)
