"""What is shown when there is nothing to list: why, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped
from mfa_tui.ui.text.status_lines import problem_lines

if TYPE_CHECKING:
    from mfa_tui.ui.state.app_state import AppState


def lines(app_state: AppState, wanted: str, width: int) -> list[Line]:
    """The reason and the next step; no lines if there are profiles to show."""
    if "reload" in app_state.keys:
        text = "reads the files again. Changes are noticed automatically, too."
        reload = wrapped(text, width, Tone.DIM, first=Span(f"{app_state.keys['reload']} ", Tone.KEY))
    else:
        reload = wrapped("Changes to the files are noticed automatically.", width, Tone.DIM)
    if app_state.file_problem is not None:
        return [*problem_lines(app_state.file_problem, width), EMPTY, *reload]
    if app_state.overview is None or not app_state.overview.names:
        paths, key = app_state.context.paths, "" if app_state.picks else app_state.keys["login"]
        return [
            line(Span("No AWS profiles yet", Tone.STRONG)),
            EMPTY,
            *(_offer(key, width) if key else []),
            *wrapped("mfa-tui demo shows everything with throwaway profiles.", width, first=Span("→ ", Tone.KEY)),
            EMPTY,
            *wrapped(f"{paths.config} and {paths.credentials} have none.", width, Tone.DIM),
            *reload,
        ]
    if not app_state.matching(wanted):
        return [
            *wrapped(f'No profile matches "{wanted.strip()}"', width, Tone.STRONG),
            EMPTY,
            *wrapped("The filter searches names, accounts and MFA devices.", width, Tone.DIM),
            line(Span("esc", Tone.KEY), Span(f" shows all {len(app_state.overview.names)}", Tone.DIM)),
        ]
    return []


def _offer(key: str, width: int) -> list[Line]:
    """What Enter begins."""
    text = "sets up your first one: paste an access key, choose a region, and log in with your MFA device."
    return wrapped(text, width, first=Span(f"{key} ", Tone.KEY))
