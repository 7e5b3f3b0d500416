"""Prints ``docs/trouble.md``."""

from mfa_tui.core.doctor.troubleshooting import markdown

if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201 - its result
