"""What was measured: as lines for the terminal, and as a page with a plot."""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
_BAR, _ROW, _LEFT, _RIGHT = 360, 22, 170, 190
"""Sizes of the plot, in pixels: of the target's bar, of a row, and of what stands beside the bars."""
_MOST = 1.5
"""The longest bar, as a multiple of the target."""


class Result(NamedTuple):
    """One measurement."""

    name: str
    base: str
    target: float
    unit: str
    ours: float
    theirs: float
    ratio: float
    spread: tuple[float, float]
    rounds: int
    peers: Mapping[str, float]
    """Medians of other programs that do the same, in seconds."""

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.ratio <= self.target

    def amount(self, of: float) -> str:
        """A median, with its unit."""
        return f"{of * 1000:.1f} ms" if self.unit == "ms" else f"{of:.0f} {self.unit}"

    def lines(self) -> list[str]:
        """The lines for the terminal."""
        low, high = self.spread
        verdict = "met" if self.met else "MISSED"
        line = (
            f"{self.name:<18} {self.amount(self.ours):>12} {self.amount(self.theirs):>12} {self.ratio:>7.2f}  "
            f"{f'{low:.2f} - {high:.2f}':<13} <= {self.target:<5} {verdict:<7} against {self.base}"
        )
        return [line, *(f"  {name:<16} {self.amount(took):>12}" for name, took in self.peers.items())]


def write(results: Sequence[Result]) -> None:
    """Write RESULTS.md and results.svg."""
    (HERE / "results.svg").write_text(_plot(results))
    rows = [
        f"| `{each.name}` | {each.amount(each.ours)} | {each.base}: {each.amount(each.theirs)} | {each.ratio:.2f} "
        f"| {each.spread[0]:.2f} – {each.spread[1]:.2f} | {each.target} | {'met' if each.met else '**missed**'} "
        f"| {each.rounds} | {'; '.join(f'{name} {each.amount(took)}' for name, took in each.peers.items())} |"
        for each in results
    ]
    page = f"""# Results

Measured by `make bench ARGS=--write` with Python {platform.python_version()} on {os.cpu_count()} cores
({platform.system()}, {platform.machine()}). How to read it: [README.md](README.md). The ratio is what counts.

![Each ratio beside its target](results.svg)

| name | mfa-tui | is compared with | ratio | middle half | target | | rounds | others |
|---|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}
"""
    (HERE / "RESULTS.md").write_text(page)
    print(f"Wrote {HERE / 'RESULTS.md'} and {HERE / 'results.svg'}", file=sys.stderr)


def _plot(results: Sequence[Result]) -> str:
    """Bars of the ratios as parts of their targets, which is where the line stands."""
    height = _ROW * (len(results) + 1)
    width = _LEFT + int(_BAR * _MOST) + _RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
        "<style>text { font: 13px sans-serif; fill: #222222 }</style>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, each in enumerate(results):
        top = number * _ROW + 4
        share = min(_MOST, each.ratio / each.target)
        color = "#2e7d5b" if each.met else "#b3452c"
        parts += [
            f'<text x="{_LEFT - 8}" y="{top + 13}" text-anchor="end">{each.name}</text>',
            f'<rect x="{_LEFT}" y="{top}" width="{share * _BAR:.1f}" height="{_ROW - 6}" fill="{color}"/>',
            f'<text x="{_LEFT + share * _BAR + 6:.1f}" y="{top + 13}">{each.ratio:.2f} of {each.target}</text>',
        ]
    line = _LEFT + _BAR
    parts += [
        f'<line x1="{line}" y1="0" x2="{line}" y2="{height - _ROW}" stroke="#222222" stroke-dasharray="4 3"/>',
        f'<text x="{line}" y="{height - 7}" text-anchor="middle">target</text>',
        "</svg>",
        "",
    ]
    return "\n".join(parts)
