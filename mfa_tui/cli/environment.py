"""The context of a command: this process's environment, with warnings on standard error."""

from __future__ import annotations

import os

from mfa_tui.cli import output
from mfa_tui.services.context import Context


def open_context(*, secrets: bool = False) -> Context:
    """The use cases' context; *secrets* says that seeds, codes or tokens will be in memory.

    Raises ConfigError if the settings file is bad.
    """
    if secrets:
        from mfa_tui.adapters.process import protect_memory

        protect_memory()
    return Context(os.environ, warn=output.warn)
