"""Prints ``docs/settings.md``."""

from mfa_tui.core.settings.page import markdown

if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201 - its result
