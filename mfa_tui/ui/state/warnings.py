"""What is wrong around the profiles, below the top line for as long as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.shells.variables import profile_of_shell
from mfa_tui.ui.text.spans import Line, Span, Tone, plain_text, wrapped

if TYPE_CHECKING:
    from mfa_tui.ui.state.app_state import AppState

_MARK = Span("! ", Tone.WARN)


def warning_lines(app_state: AppState, width: int) -> list[Line]:
    """Lines about what is wrong with the environment, the settings and the list of secrets, and the key that helps.

    Those after the first wrong setting are counted only: the settings show them all.
    """
    lines: list[Line] = []
    if app_state.overriding:
        lines += wrapped(_overriding(app_state), width, Tone.WARN, first=_MARK)
    wrong, keys = app_state.wrong_settings, app_state.keys
    if wrong:
        about = "Settings" if len(wrong) == 1 else f"{len(wrong)} settings are wrong"
        lines += _with_key(f"{about}: {wrong[0]}.", keys.get("settings", ""), "opens them", width)
    if app_state.index_problem is not None:
        lines += _with_key(app_state.index_problem.what, keys.get("doctor", ""), "shows what to do", width)
    return lines


def _overriding(app_state: AppState) -> str:
    """That access keys in the environment override the shell's profile."""
    what = profile_of_shell(app_state.context.env) or "AWS_PROFILE"
    names = app_state.overriding
    return f"{names[0]} is set in this shell and overrides {what}: unset {' '.join(names)}"


def _with_key(text: str, key: str, does: str, width: int) -> list[Line]:
    """A warning, and the key that helps: at its end if there is room, else on a line of its own."""
    lines = wrapped(text, width, Tone.WARN, first=_MARK)
    if not key:
        return lines
    hint = (Span(key, Tone.KEY), Span(f" {does}", Tone.DIM))
    if len(plain_text(lines[-1])) + 2 + len(plain_text(hint)) <= width:
        return [*lines[:-1], (*lines[-1], Span("  "), *hint)]
    return [*lines, (Span("  "), *hint)]
