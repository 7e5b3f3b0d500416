"""The context of a command: this process's environment, with warnings on standard error."""

from __future__ import annotations

import os

from mfa_tui.cli import output
from mfa_tui.services.context import Context


def open_context() -> Context:
    """The use cases' context. Raises ConfigError if the settings file is bad."""
    return Context(os.environ, warn=output.warn)
