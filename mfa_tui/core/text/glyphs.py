"""The characters that we draw with, and what stands for them where a terminal does not have them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_POOR_TERMINALS = ("linux", "vt100", "vt220", "dumb")
"""Terminals whose fonts have few characters; ``linux`` is the console without a desktop."""

SIGNS = {
    "✓": "+", "✗": "x", "·": "-", "•": "*", "–": "-", "—": "-", "…": "~", "→": ">", "←": "<", "↑": "^", "↓": "v",
    "›": ">", "▸": ">", "▾": "v", "●": "@", "○": "o", "◉": "*", "★": "*", "◆": "%", "■": "#", "▲": "^", "◌": "~",
    "↻": "&", "⇄": "=", "☞": ">", "⏎": "<", "␣": "_", "⇧": "+", "«": '"', "»": '"', "“": '"', "”": '"', "‘": "'",
    "’": "'", "\u00a0": " ", "\N{REPLACEMENT CHARACTER}": "?",
}  # fmt: skip
"""What stands for our signs, one character each, so that columns stay in place."""
LINES = {
    "─": "-", "━": "=", "╸": "-", "│": "|", "┃": "|", "├": "|", "┤": "|", "└": "`", "┌": "+", "┐": "+", "┘": "+",
    "┬": "+", "┴": "+", "┼": "+",
    "╭": "+", "╮": "+", "╰": "+", "╯": "+", "▔": "-", "▁": "_", "▂": ".", "▃": ":", "▄": ":", "▅": "|", "▆": "|",
    "▇": "#", "█": "#", "▀": '"', "░": ".", "▒": ":", "▓": "#", "▌": "|", "▐": "|", "▉": "|", "▊": "|", "▋": "|",
    "▍": "|", "▎": "|", "▏": "|", "▕": "|", "🔎": "? ",
}  # fmt: skip
"""What stands for lines, frames, bars and Textual's own pictures, as wide as they are."""
IN_TEXT = {**SIGNS, "✓": "ok", "·": "~", "…": "...", "→": "->", "←": "<-"}
"""What stands for our signs in sentences, where it may be wider."""
KEYS = {
    "⏎": "enter", "␣": "space", "⇧↑ ⇧↓": "shift+up/down", "⇧": "shift+", "↑↓": "up/down", "↑ ↓": "up/down",
    "↑": "up", "↓": "down",
}  # fmt: skip
"""What stands for the labels of keys."""
_IN_ASCII = str.maketrans({**SIGNS, **LINES})


def is_ascii_only(env: Mapping[str, str], encoding: str | None = None) -> bool:
    """Whether only ASCII is drawn, going by the terminal's type, the locale in *env*, and the stream's *encoding*.

    The locale ``C`` says nothing of the terminal: there, as Python does, we assume UTF-8.
    """
    if env.get("TERM") in _POOR_TERMINALS or (encoding is not None and not _is_unicode(encoding)):
        return True
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    return "." in locale and not _is_unicode(locale)


def has_blocks(encoding: str) -> bool:
    """Whether *encoding* has the block characters of QR codes."""
    try:
        return bool("▀▄█".encode(encoding))
    except UnicodeEncodeError:
        return False


def _is_unicode(encoding: str) -> bool:
    return "utf" in encoding.casefold()


def in_ascii(text: str) -> str:
    """*text*, as wide as it is, with ASCII in place of our signs and lines."""
    return text.translate(_IN_ASCII)


def in_plain_words(text: str) -> str:
    """*text* with words and ASCII in place of our signs."""
    for sign, plain in IN_TEXT.items():
        text = text.replace(sign, plain)
    return text


def key_in_words(label: str) -> str:
    """The label of a key, without signs."""
    for sign, plain in KEYS.items():
        label = label.replace(sign, plain)
    return label
