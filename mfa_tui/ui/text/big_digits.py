"""Digits of three lines, for the code that is the reason to look at the screen."""

from __future__ import annotations

from functools import cache

HEIGHT = 3
"""Lines."""
_PIXELS = {
    "0": "111 101 101 101 111", "1": "010 110 010 010 111", "2": "111 001 111 100 111", "3": "111 001 111 001 111",
    "4": "101 101 111 001 001", "5": "111 100 111 001 111", "6": "111 100 111 101 111", "7": "111 001 001 001 001",
    "8": "111 101 111 101 111", "9": "111 101 111 001 111", "•": "000 000 010 000 000",
}  # fmt: skip
_SEGMENTS = {
    "0": (" _ ", "| |", "|_|"), "1": ("   ", "  |", "  |"), "2": (" _ ", " _|", "|_ "), "3": (" _ ", " _|", " _|"),
    "4": ("   ", "|_|", "  |"), "5": (" _ ", "|_ ", " _|"), "6": (" _ ", "|_ ", "|_|"), "7": (" _ ", "  |", "  |"),
    "8": (" _ ", "|_|", "|_|"), "9": (" _ ", "|_|", " _|"), "•": ("   ", " * ", "   "),
}  # fmt: skip
"""In ASCII."""
_BLOCKS = {"00": " ", "10": "▀", "01": "▄", "11": "█"}
WIDTH = 6 * 3 + 4 + 3
"""Cells of a code of six digits: one between digits, three in its middle."""


def big_code(code: str, *, ascii_only: bool = False) -> list[str]:
    """The six digits of a code in :data:`HEIGHT` lines; ``•`` stands for a hidden one."""
    drawn = [_SEGMENTS[digit] if ascii_only else _drawn(digit) for digit in code]
    return [
        f"{' '.join(digit[row] for digit in drawn[:3])}   {' '.join(digit[row] for digit in drawn[3:])}"
        for row in range(HEIGHT)
    ]


@cache
def _drawn(digit: str) -> tuple[str, ...]:
    rows = [*_PIXELS[digit].split(), "000"]
    return tuple(
        "".join(_BLOCKS[upper + lower] for upper, lower in zip(rows[at], rows[at + 1], strict=True))
        for at in range(0, len(rows), 2)
    )
