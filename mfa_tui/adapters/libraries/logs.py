"""What libraries log is not shown: Python prints warnings and errors that have no handler to standard error.

Such a record may come with a traceback, and may hold what no terminal should show. What is wrong is said by our own
messages.
"""

from __future__ import annotations


def silence_libraries() -> None:
    """Let what libraries log go nowhere. To be called before a library that logs is used."""
    # Imported on use: those that call this load it anyway.
    import logging

    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
