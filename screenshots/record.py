"""Records ``demo.gif``: from the shell to a session, and its use, on a pseudo-terminal with the demo's AWS.

``python screenshots/record.py`` needs rsvg-convert (librsvg). Nothing is staged: the times are those that it took, with
pauses that let one read.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import drawing  # noqa: E402 - found by the line above
from emulator import Emulator  # noqa: E402

SIZE = (100, 28)
PROMPT = "$ "
SCRIPT: list[tuple[str, str, float]] = [
    ("mfa-tui\r", "PROFILE", 1.6),
    ("\r", "export AWS_PROFILE", 3.0),
    ("q", "", 0.5),
    ("aws sts get-caller-identity --profile dev-mfa\r", '"Arn"', 2.5),
]
"""What is typed, what comes of it (nothing: the prompt), and how many seconds one may look at it."""
TYPING = 0.045
"""Seconds from key to key."""


class Frame(NamedTuple):
    """What the terminal showed from one moment on."""

    at: float
    """Seconds since the start."""
    svg: str
    """The picture."""


class Recording:
    """The frames of one run, each different from the one before."""

    def __init__(self, terminal: Emulator) -> None:
        self._terminal = terminal
        self._start = time.monotonic()
        self.frames: list[Frame] = []
        self._shown: object = None

    def look(self) -> None:
        """Add a frame if something has changed."""
        shown = self._terminal.rows()
        if shown != self._shown:
            self._shown = shown
            self.frames.append(Frame(time.monotonic() - self._start, drawing.svg(shown, "mfa-tui")))

    def watch(self, seconds: float) -> None:
        """Look on for so many seconds."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._terminal.read(0.05)
            self.look()

    def play(self) -> None:
        """Type what SCRIPT says."""
        for keys, answer, pause in SCRIPT:
            for key in keys:
                self._terminal.press(key)
                self.watch(TYPING)
            for _ in self._terminal.wait_for(answer):
                self.look()
            self.watch(pause)


def shell() -> Emulator:
    """A shell in the demo's home, with the real ``aws`` beside ``mfa-tui``."""
    env = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PS1": PROMPT, "TZ": "UTC"}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    inside = ["--", "bash", "--norc", "--noprofile", "-i"]
    return Emulator([sys.executable, "-m", "mfa_tui", "demo", *inside], env, SIZE)


def write_gif(frames: list[Frame], target: Path) -> None:
    """Draw the frames, with one palette for all."""
    with tempfile.TemporaryDirectory() as scratch:
        pictures = []
        for number, frame in enumerate(frames):
            source, png = Path(scratch, f"{number}.svg"), Path(scratch, f"{number}.png")
            source.write_text(frame.svg, encoding="utf-8")
            subprocess.run(["rsvg-convert", str(source), "-o", str(png)], check=True)
            pictures.append(Image.open(png).convert("RGB"))
    few = pictures[:: max(1, len(pictures) // 8)]
    mixed = Image.new("RGB", (few[0].width, few[0].height * len(few)))
    for number, picture in enumerate(few):
        mixed.paste(picture, (0, number * picture.height))
    palette = mixed.quantize(128, method=Image.Quantize.MEDIANCUT)
    ends = [frame.at for frame in frames[1:]] + [frames[-1].at + SCRIPT[-1][2]]
    lasts = [round((end - frame.at) * 1000) for frame, end in zip(frames, ends, strict=True)]
    first, *others = (picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures)
    first.save(target, save_all=True, append_images=others, duration=lasts, loop=0, optimize=True)


def main() -> None:
    """Record, and write the file."""
    terminal = shell()
    try:
        for _ in terminal.wait_for(""):
            pass
        recording = Recording(terminal)
        recording.play()
    finally:
        terminal.close()
    target = HERE / "demo.gif"
    write_gif(recording.frames, target)
    print(f"{target.name}: {len(recording.frames)} frames, {recording.frames[-1].at + SCRIPT[-1][2]:.1f} s, "
          f"{target.stat().st_size // 1000} KB")  # fmt: skip


if __name__ == "__main__":
    main()
