"""The context of a command: this process's environment, with warnings on standard error."""

from __future__ import annotations

import os

from mfa_tui.cli import output
from mfa_tui.core.environment import exported
from mfa_tui.services.context import Context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def open_context(*, secrets: bool = False, warn: Callable[[str], None] = output.warn) -> Context:
    """The use cases' context; *secrets* says that seeds, codes or tokens will be in memory.

    Settings that stand in the shell beside another profile's keys, which we exported, leave this process's environment:
    its endpoint is not for the profile that is used now. Raises ConfigError if the settings file is bad.
    """
    for name in exported(os.environ)[0]:
        os.environ.pop(name, None)
    if secrets:
        from mfa_tui.adapters.process import protect_memory

        protect_memory()
    return Context(os.environ, warn=warn)
