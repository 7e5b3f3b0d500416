"""QR codes read back from the screen: by another program from a screenshot, and from the cells themselves."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from textual.app import App

from tests.support.interface.interface import Driver

_CELL = 8
"""Pixels of half a cell, which are square in a terminal as they are here."""
_ZOOMS = ("0.5", "1.5", "1", "2")
"""As who holds a phone comes nearer: the reader takes few samples, and may miss at one of them."""


def screenshot(driver: Driver) -> str:
    """A screenshot as the program would make it if it did not hide secrets, with a font that is there."""
    svg = App.export_screenshot(driver.app)
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code, monospace", "DejaVu Sans Mono, monospace")


def read_by_zbar(svg: str, scratch: Path) -> list[str]:
    """The QR codes in a picture, by rsvg-convert and zbarimg; skips without them, unless CI says they are there."""
    missing = [tool for tool in ("rsvg-convert", "zbarimg") if shutil.which(tool) is None]
    if missing and not os.environ.get("MFA_TUI_CI"):
        pytest.skip(f"{' and '.join(missing)} not installed")
    source, picture = scratch / "screen.svg", scratch / "screen.png"
    source.write_text(svg, encoding="utf-8")
    read = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)]
    for zoom in _ZOOMS:
        subprocess.run(["rsvg-convert", "--zoom", zoom, str(source), "-o", str(picture)], check=True)
        # It ends with 4 where it finds none.
        codes = subprocess.run(read, check=False, capture_output=True, encoding="utf-8").stdout.split()
        if codes:
            return codes
    return []


async def read_one(driver: Driver) -> str:
    """What the only QR code on the screen says, as soon as it is drawn: its page is there a little before it."""
    await driver.until(lambda: len(read_cells(driver)) == 1, "a QR code")
    (found,) = read_cells(driver)
    return found


def read_cells(driver: Driver) -> list[str]:
    """The QR codes on the screen, each cell drawn as a terminal draws it: two halves, in fore- or background."""
    import zxingcpp
    from PIL import Image, ImageDraw

    strips = driver.app.screen._compositor.render_strips()
    width, height = driver.app.size
    picture = Image.new("RGB", (width * _CELL, 2 * height * _CELL), "#808080")
    draw = ImageDraw.Draw(picture)
    for y, strip in enumerate(strips):
        x = 0
        for text, style, _ in strip:
            colours = ["#808080", "#808080"]
            if style is not None and style.color and style.bgcolor:
                # With 256 colors they are entries of the palette.
                colours = [style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex]
            fore, back = colours
            for cell in text:
                upper = fore if cell in "▀█" else back
                lower = fore if cell in "▄█" else back
                for half, colour in enumerate((upper, lower)):
                    left, top = x * _CELL, (2 * y + half) * _CELL
                    draw.rectangle((left, top, left + _CELL - 1, top + _CELL - 1), fill=colour)
                x += 1
    return [code.text for code in zxingcpp.read_barcodes(picture)]
