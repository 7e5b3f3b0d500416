"""Reading the stored secret of a profile, for the codes in its details."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mfa_tui.services.progress import Notice, Progress
    from mfa_tui.ui.flows.host_screen import HostScreen


async def read_seed(host: HostScreen, name: str, *, disturbing: bool = False) -> None:
    """Read the profile's secret, unless it was read already, and draw its code; see ``AppState.unread_seed``."""
    serial = host.app_state.unread_seed(name, disturbing=disturbing)
    if serial:

        def touch(event: Progress | Notice) -> None:
            host.app.call_from_thread(host.notify, event.text, severity="warning", markup=False)

        await host.threads.run(lambda: host.app_state.codes.read(name, serial, touch))
        host.progressed()
        # There is a code, so Enter makes a request at once.
        host.preload_aws(name)
