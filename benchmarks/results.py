"""What was measured: as lines for the terminal, and as a page with a plot."""

import os
import platform
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
_BAR, _ROW, _LEFT, _RIGHT = 360, 22, 170, 160
"""Sizes of the plot, in pixels: of the target's bar, of a row, and of what stands beside the bars."""
_MOST = 1.5
"""The longest bar, as a multiple of the target."""
_STYLE = """<style>
text { font: 13px sans-serif; fill: #1f2328 } line { stroke: #1f2328 } .page { fill: #ffffff }
.met { fill: #2e7d5b } .missed { fill: #b3452c }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } line { stroke: #e6edf3 } .page { fill: #0d1117 } .met { fill: #3fa374 } .missed { fill: #e0674a }
}
</style>"""
"""Its page is drawn too: where a site is dark and the system is not, text would be dark on dark."""


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
        shown, digits = (of * 1000, 1 if of < 0.1 else 0) if self.unit == "ms" else (of, 0)  # noqa: PLR2004 - 100 ms
        return f"{shown:,.{digits}f} {self.unit}"

    def lines(self) -> list[str]:
        """The lines for the terminal."""
        low, high = self.spread
        verdict = "met" if self.met else "MISSED"
        line = (
            f"{self.name:<18} {self.amount(self.ours):>12} {self.amount(self.theirs):>12} {self.ratio:>7.2f}  "
            f"{f'{low:.2f} - {high:.2f}':<13} <= {self.target:<5} {verdict:<7} against {self.base}"
        )
        return [line, *(f"  {name:<16} {self.amount(took):>12}" for name, took in self.peers.items())]

    def row(self) -> str:
        """The row of the page's table."""
        low, high = self.spread
        peers = "; ".join(f"{name} {self.amount(took)}" for name, took in self.peers.items())
        return (
            f"| `{self.name}` | {self.amount(self.ours)} | {self.base}: {self.amount(self.theirs)} | {self.ratio:.2f} "
            f"| {low:.2f} – {high:.2f} | {self.target} | {'met' if self.met else '**missed**'} | {self.rounds} "
            f"| {peers} |"
        )


class NotMeasured(NamedTuple):
    """A measurement that was not possible."""

    name: str
    base: str
    target: float
    why: str

    def row(self) -> str:
        """The row of the page's table: why, without places of this machine."""
        why = re.sub(r"(?:/[\w.+@~-]*)+/", "", self.why).replace(platform.node() or "\n", "here").replace("|", " ")
        why = " ".join(why.split())
        return f"| `{self.name}` | not measured: {why} | {self.base} | | | {self.target} | | | |"


def write(results: Sequence[Result | NotMeasured]) -> None:
    """Write RESULTS.md and results.svg."""
    measured = [each for each in results if isinstance(each, Result)]
    (HERE / "results.svg").write_text(_plot(measured))
    met = sum(each.met for each in measured)
    page = f"""# Results

{met} of {len(results)} targets are met. Measured by `make bench ARGS=--write` with Python
{platform.python_version()} on {os.cpu_count()} cores ({platform.system()}, {platform.machine()}).

The ratio is what counts: the median, over the rounds, of mfa-tui divided by what it is compared with. The middle half
of the rounds had ratios between the two bounds. [README.md](README.md) says what each row measures, and how.

![Each ratio beside its target](results.svg)

| name | mfa-tui | is compared with | ratio | middle half | target | | rounds | other programs |
|---|---|---|---|---|---|---|---|---|
{chr(10).join(each.row() for each in results)}
"""
    (HERE / "RESULTS.md").write_text(page)
    print(f"Wrote {HERE / 'RESULTS.md'} and {HERE / 'results.svg'}", file=sys.stderr)


def _plot(results: Sequence[Result]) -> str:
    """Bars of the ratios as parts of their targets, which is where the line stands."""
    height = _ROW * (len(results) + 1)
    right = _LEFT + int(_BAR * _MOST) + 10
    width = right + _RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
        _STYLE,
        f'<rect class="page" width="{width}" height="{height}"/>',
    ]
    for number, each in enumerate(results):
        top = number * _ROW + 4
        share, verdict = min(_MOST, each.ratio / each.target), "met" if each.met else "missed"
        parts += [
            f'<text x="{_LEFT - 8}" y="{top + 13}" text-anchor="end">{each.name}</text>',
            f'<rect class="{verdict}" x="{_LEFT}" y="{top}" width="{share * _BAR:.1f}" height="{_ROW - 6}"/>',
            f'<text x="{right}" y="{top + 13}">{each.ratio:.2f} of {each.target}, {verdict}</text>',
        ]
    line = _LEFT + _BAR
    parts += [
        f'<line x1="{line}" y1="0" x2="{line}" y2="{height - _ROW}" stroke-dasharray="4 3"/>',
        f'<text x="{line}" y="{height - 7}" text-anchor="middle">target</text>',
        "</svg>",
        "",
    ]
    return "\n".join(parts)
