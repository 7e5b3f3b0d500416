"""Terminal screens as SVG, in cells whose box lines join, and as PNG."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme

Rows = Sequence[Sequence[Segment]]
"""What a terminal shows: for each line the texts and their styles."""

FONT = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
SIZE = 14
WIDTH, HEIGHT, ASCENT = SIZE * 1233 / 2048, SIZE * (1901 + 483) / 2048, SIZE * 1901 / 2048
"""A cell of DejaVu Sans Mono, whose box lines are as high as the cell; and where in it the text stands."""
MARGIN, TITLE = 10, 28
XTERM = TerminalTheme(
    (0, 0, 0), (229, 229, 229),
    [(0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229)],
    [(127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
     (255, 255, 255)],
)  # fmt: skip
"""The colors of a terminal that names its own: those of xterm."""


def svg(rows: Rows, title: str) -> str:
    """The picture of a terminal window that shows *rows*."""
    columns = max(sum(segment.cell_length for segment in row) for row in rows)
    width, height = columns * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + TITLE + MARGIN
    ground = _colors(rows[0][0].style or Style.null())[1]
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 {width:.1f} {height:.1f}" '
            f'width="{width:.0f}" height="{height:.0f}" font-family="{FONT}" font-size="{SIZE}">'
        ),
        f'<rect width="{width:.1f}" height="{height:.1f}" rx="8" fill="{ground}" stroke="#80808060"/>',
        *(f'<circle cx="{18 + 18 * dot}" cy="14" r="5" fill="#80808080"/>' for dot in range(3)),
        f'<text x="{width / 2:.1f}" y="18" text-anchor="middle" fill="#808080" font-size="12">{escape(title)}</text>',
        f'<g transform="translate({MARGIN},{TITLE})">',
    ]
    for number, row in enumerate(rows):
        parts += _row(row, number * HEIGHT)
    return "\n".join([*parts, "</g>", "</svg>"]) + "\n"


def _row(row: Sequence[Segment], top: float) -> Iterator[str]:
    """One line: what lies behind the texts, then the texts, each as wide as its cells."""
    left = 0.0
    texts = []
    for text, style, _ in Segment.simplify(row):
        segment = Segment(text, style)
        width = segment.cell_length * WIDTH
        fore, back, more = _colors(style or Style.null())
        # A bit wider and higher, so that nothing shines through where cells meet.
        size = f'width="{width + 0.5:.2f}" height="{HEIGHT + 0.5:.2f}"'
        yield f'<rect x="{left:.2f}" y="{top:.2f}" {size} fill="{back}"/>'
        if text.strip():
            texts.append(
                f'<text x="{left:.2f}" y="{top + ASCENT:.2f}" textLength="{width:.2f}" fill="{fore}"{more}>'
                f"{escape(text)}</text>"
            )
        left += width
    yield from texts


def _colors(style: Style) -> tuple[str, str, str]:
    """The colors of the text and of what lies behind it, and the attributes of its type."""
    fore = (style.color or Color.default()).get_truecolor(XTERM, foreground=True)
    back = (style.bgcolor or Color.default()).get_truecolor(XTERM, foreground=False)
    if style.reverse:
        fore, back = back, fore
    if style.dim:
        fore = type(fore)(*((one + other) // 2 for one, other in zip(fore, back, strict=True)))
    more = ' font-weight="bold"' if style.bold else ""
    more += ' font-style="italic"' if style.italic else ""
    more += ' text-decoration="underline"' if style.underline else ""
    return fore.hex, back.hex, more


def save(rows: Rows, target: Path, title: str) -> str:
    """Write *target*, an SVG, and the PNG beside it if a converter is there; what was done, in words."""
    target.write_text(svg(rows, title), encoding="utf-8")
    converter = shutil.which("rsvg-convert")
    if converter is None:
        return f"{target.name} (no PNG: rsvg-convert is not there)"
    png = target.with_suffix(".png")
    subprocess.run([converter, "--zoom=1.5", str(target), "-o", str(png)], check=True)
    return f"{target.name} and {png.name}"
