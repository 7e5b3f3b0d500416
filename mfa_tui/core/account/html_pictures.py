"""The pictures of the HTML page, as SVG: plain shapes with titles, coloured by the page's style sheet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from mfa_tui.core.account.sign_in_events import DAYS
from mfa_tui.core.account.statistics import key_ages, protection

if TYPE_CHECKING:
    from mfa_tui.core.account.account import SignIns, User
    from mfa_tui.core.account.rules import Thresholds

_WIDTH = 320
_HEIGHT = 120
"""Of the bars, in the picture's own units."""


def protection_picture(users: tuple[User, ...]) -> str:
    """A bar: the part of the users that has MFA, and the rest."""
    shown = protection(users)
    end = shown.share * _WIDTH
    label = f"{shown.with_mfa} of {shown.total} users have MFA, {shown.without_mfa} do not"
    bars = (
        f'<rect class="good" x="0" y="0" width="{end:.1f}" height="24"/>'
        f'<rect class="bad" x="{end:.1f}" y="0" width="{_WIDTH - end:.1f}" height="24"/>'
        f'<text x="0" y="42">{shown.with_mfa} with MFA</text>'
        f'<text x="{_WIDTH}" y="42" text-anchor="end">{shown.without_mfa} without</text>'
    )
    return _picture(label, 48, bars)


def key_age_picture(users: tuple[User, ...], now: float, thresholds: Thresholds) -> str:
    """A histogram: how many active keys are how old. Old ones have the warning colour."""
    classes = key_ages(users, now, thresholds)
    most = max((one.keys for one in classes), default=0) or 1
    step = _WIDTH / len(classes)
    drawn = []
    for at, one in enumerate(classes):
        height = one.keys / most * (_HEIGHT - 20)
        left, middle = at * step, (at + 0.5) * step
        drawn.append(
            f'<rect class="{"bad" if one.old else "good"}" x="{left + 4:.1f}" y="{_HEIGHT - height:.1f}" '
            f'width="{step - 8:.1f}" height="{height:.1f}"><title>{one.keys} keys, {one.label} days</title></rect>'
            f'<text x="{middle:.1f}" y="{_HEIGHT - height - 5:.1f}" text-anchor="middle">{one.keys}</text>'
            f'<text x="{middle:.1f}" y="{_HEIGHT + 16}" text-anchor="middle">{one.label}</text>'
        )
    label = "Active access keys by age in days: " + ", ".join(f"{one.label}: {one.keys}" for one in classes)
    return _picture(label, _HEIGHT + 24, "".join(drawn) + _axis())


def sign_in_picture(sign_ins: SignIns, now: float) -> str:
    """Bars for the last 90 days: sign-ins with MFA, and on top of them those without."""
    counts = {day: (with_mfa, without) for day, with_mfa, without in sign_ins.days}
    today = datetime.fromtimestamp(now, UTC).date()
    days = [(today - timedelta(days=DAYS - at)).isoformat() for at in range(DAYS + 1)]
    most = max((sum(count) for count in counts.values()), default=0) or 1
    step = _WIDTH / len(days)
    drawn = []
    for at, day in enumerate(days):
        with_mfa, without = counts.get(day, (0, 0))
        bottom = float(_HEIGHT)
        for count, kind, words in ((with_mfa, "good", "with MFA"), (without, "bad", "without MFA")):
            if count:
                height = count / most * (_HEIGHT - 10)
                bottom -= height
                drawn.append(
                    f'<rect class="{kind}" x="{at * step:.1f}" y="{bottom:.1f}" width="{step - 0.5:.1f}" '
                    f'height="{height:.1f}"><title>{day}: {count} {words}</title></rect>'
                )
    ends = (
        f'<text x="0" y="{_HEIGHT + 16}">{days[0]}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT + 16}" text-anchor="end">{days[-1]}</text>'
        f'<rect class="good" x="102" y="{_HEIGHT + 7}" width="9" height="9"/>'
        f'<text x="114" y="{_HEIGHT + 16}">MFA</text>'
        f'<rect class="bad" x="150" y="{_HEIGHT + 7}" width="9" height="9"/>'
        f'<text x="162" y="{_HEIGHT + 16}">no MFA</text>'
    )
    with_all, without_all = sign_ins.totals
    label = f"Sign-ins by day, most on one day {most}: {with_all} with MFA, {without_all} without"
    return _picture(label, _HEIGHT + 24, "".join(drawn) + _axis() + ends)


def _axis() -> str:
    return f'<line class="axis" x1="0" y1="{_HEIGHT}" x2="{_WIDTH}" y2="{_HEIGHT}"/>'


def _picture(label: str, height: int, shapes: str) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{label}">{shapes}</svg>'
