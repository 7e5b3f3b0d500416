"""What the main screen does by itself: once a second it shows what time has changed, and sees what others have done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mfa_tui.ui.runtime.watch import Watch
from mfa_tui.ui.state import keep_alive

if TYPE_CHECKING:
    from mfa_tui.ui.flows.host_screen import HostScreen

TICK = 1.0
"""Seconds between two beats."""
LOOK_EVERY = 2
"""Every so many beats there is a look at whether the files have changed."""


class TimedView(Protocol):
    """The screen, as far as it follows the time."""

    def show_time(self) -> None:
        """Draw what time has changed, and nothing else."""

    def show_recent(self) -> None:
        """Draw what was done last."""


class Heartbeat:
    """Beats from :meth:`start` on: draws, warns, renews sessions, and watches the files that others may write."""

    def __init__(self, host: HostScreen, view: TimedView) -> None:
        self._host = host
        self._view = view
        self._app_state = host.app_state
        self._watch = Watch(self._has_changed, self._see_changes)
        self._beats = 0

    def start(self) -> None:
        """Begin to beat, and read what was done last."""
        self._host.set_interval(TICK, self.beat)
        self.read_recent()

    def stop(self) -> None:
        """Watch nothing any more; the screen's end stops the rest."""
        self._watch.stop()

    def beat(self) -> None:
        """Do what is due now."""
        self._beats += 1
        if self._beats % LOOK_EVERY == 0:
            self._watch.look()
            self._app_state.recheck_sessions()
        self._view.show_time()
        due = self._app_state.due()
        if due.expiring:
            self._warn(*keep_alive.expiry_warning(due.expiring, self._app_state.now(), self._app_state.keys))
        if due.renew:
            self._host.run_worker(self._renew(due.renew), group="keep-alive")

    async def _renew(self, name: str) -> None:
        from mfa_tui.ui.sessions.renew_flow import renew_unattended

        if (warning := await renew_unattended(self._host, name)) is not None:
            self._warn(*warning)

    def _warn(self, title: str, message: str) -> None:
        """Show a warning that should not be missed, with the bell and outside of the terminal, too."""
        self._host.notify(message, title=title, severity="warning", markup=False)
        self._host.app.bell()
        if self._app_state.context.settings.notify:
            from mfa_tui.adapters.programs import desktop_notification

            desktop_notification.send(title, message)

    def _has_changed(self) -> bool:
        """Whether another program has written the files, or something else was done; any thread may ask."""
        return self._app_state.files_changed() or self._app_state.recent.has_changed()

    def _see_changes(self) -> None:
        # Not its coroutine: at the program's end, a worker may be cancelled before it has begun.
        self._host.run_worker(self._use_changes, group="files")  # type: ignore[arg-type]  # it fits in two ways

    async def _use_changes(self) -> None:
        """Reload if another program has written the files, and show what was done last."""
        try:
            if await self._host.threads.run(self._app_state.files_changed):
                await self._host.reload()
            await self._read_recent()
        finally:
            self._watch.resume()

    def read_recent(self) -> None:
        """Show what was done last."""
        self._host.run_worker(self._read_recent, group="recent")  # type: ignore[arg-type]  # as in _see_changes

    async def _read_recent(self) -> None:
        if await self._host.threads.run(self._app_state.recent.read):
            self._view.show_recent()
