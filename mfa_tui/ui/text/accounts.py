"""An account as the user calls it, in its color and with a sign wherever it has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.settings.account_label import sign_of
from mfa_tui.core.text.display import format_account
from mfa_tui.ui.text.spans import Span, Tone

if TYPE_CHECKING:
    from mfa_tui.core.keys.known_user import KnownUser
    from mfa_tui.core.settings.values import AccountSettings

_TONES = {"red": Tone.BAD, "yellow": Tone.WARN, "green": Tone.GOOD, "blue": Tone.BUSY, "purple": Tone.PURPLE}


def tone_of(label: AccountSettings | None) -> str:
    """The tone of its color."""
    return _TONES.get(label.color, Tone.PLAIN) if label is not None else Tone.PLAIN


def account_span(label: AccountSettings | None, known: KnownUser) -> Span:
    """Its sign and name; without a name of the user's its alias, else its ID. All may be unknown, and empty."""
    other = known.alias or format_account(known.account)
    if label is None:
        return Span(other, Tone.DIM)
    return Span(f"{sign_of(label)} {label.name or other}".strip(), tone_of(label) or Tone.DIM)


def badge(label: AccountSettings | None, known: KnownUser) -> tuple[Span, ...]:
    """The account for the top line, with a space before it: nothing without a label, and a red one stands out."""
    if label is None:
        return ()
    span = account_span(label, known)
    return Span("  "), (Span(f" {span.text} ", Tone.ALARM) if label.color == "red" else span)
