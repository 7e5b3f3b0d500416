"""What stands in place of the list when there is nothing to list: why, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped
from mfa_tui.ui.text.status_lines import told

if TYPE_CHECKING:
    from mfa_tui.ui.state.app_state import Desk


def lines(desk: Desk, wanted: str, width: int) -> list[Line]:
    """The reason and the next step; nothing if there are profiles to show."""
    if "reload" in desk.keys:
        text = "reads the files again; that happens by itself, too, when they change."
        reload = wrapped(text, width, Tone.DIM, first=Span(f"{desk.keys['reload']} ", Tone.KEY))
    else:
        reload = wrapped("The files are read again when they change.", width, Tone.DIM)
    if desk.file_problem is not None:
        return [*told(desk.file_problem, width), EMPTY, *reload]
    if desk.overview is None or not desk.overview.names:
        paths = desk.context.paths
        return [
            line(Span("No AWS profiles yet", Tone.STRONG)),
            EMPTY,
            *wrapped(f"{paths.config} and {paths.credentials} hold none.", width, Tone.DIM),
            EMPTY,
            *wrapped("aws configure --profile NAME makes one from an access key.", width, first=Span("→ ", Tone.KEY)),
            *wrapped("mfa-tui demo shows everything with throw-away profiles.", width, first=Span("→ ", Tone.KEY)),
            EMPTY,
            *reload,
        ]
    if not desk.matching(wanted):
        return [
            *wrapped(f'No profile matches "{wanted.strip()}"', width, Tone.STRONG),
            EMPTY,
            *wrapped("Names, accounts and MFA devices are searched.", width, Tone.DIM),
            line(Span("esc", Tone.KEY), Span(f" shows all {len(desk.overview.names)}", Tone.DIM)),
        ]
    return []
