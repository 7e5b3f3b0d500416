"""Adds to the wheel what the program itself writes: its manual page, and the completion for bash, zsh and fish."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPLETIONS = {
    "bash": "share/bash-completion/completions/mfa-tui",
    "zsh": "share/zsh/site-functions/_mfa-tui",
    "fish": "share/fish/vendor_completions.d/mfa-tui.fish",
}
"""Where each shell looks, below the prefix of the installation."""


class WheelData(BuildHookInterface[Any]):
    """Writes the files into a directory of their own, for as long as the wheel is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files. An editable install needs none."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from mfa_tui.cli.commands.completion import script
            from mfa_tui.cli.manual import page
        finally:
            sys.path.remove(self.root)
        texts = {"share/man/man1/mfa-tui.1": page()}
        texts |= {place: script(shell) + "\n" for shell, place in COMPLETIONS.items()}
        self._directory = tempfile.TemporaryDirectory()
        for number, (place, text) in enumerate(texts.items()):
            source = Path(self._directory.name, str(number))
            source.write_text(text, encoding="utf-8")
            build_data["shared_data"][str(source)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling's
        """Remove them."""
        if version != "editable":
            self._directory.cleanup()
