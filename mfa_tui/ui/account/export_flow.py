"""Writing an audit to a file, in the format that the file's name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.services.account.export import FORMAT_NAMES, check_export, write_export
from mfa_tui.services.progress import Progress
from mfa_tui.ui.flows.ask_path import ask_path
from mfa_tui.ui.flows.attempt import attempt

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.account.audit import Audit
    from mfa_tui.core.account.rules import Thresholds
    from mfa_tui.ui.flows.host_screen import HostScreen


async def export_audit(host: HostScreen, name: str, audit: Audit, thresholds: Thresholds) -> None:
    """Ask for a path, and write the audit there. The action log shows it under *name*."""
    path = await ask_path(
        host,
        "Export what was found",
        f"The extension sets the format: {FORMAT_NAMES}. Only you can read the file.",
        f"~/audit-{audit.facts.account or 'account'}.html",
        check_export,
        yes="Write",
    )
    if path is None:
        return

    def write(_: CancelScope) -> bool:
        write_export(path, audit, thresholds)
        return True

    if await attempt(host, name, write, step=Progress("writing", f"Writing {path}")):
        host.notify_success("Exported", path)
