"""The places of files: the AWS files, and mfa-tui's own settings, data, caches and state."""

from __future__ import annotations

from mfa_tui.hot_commands import Paths

__all__ = ["Paths"]
