"""The logs of libraries, which are not shown: Python prints warnings and errors without a handler to standard error.

Such a record may come with a traceback, and may hold what no terminal should show. Our own messages say what is wrong.
"""

from __future__ import annotations


def silence_libraries() -> None:
    """Discard what libraries log. To be called before a library that logs is used."""
    # Imported on use: the libraries of those who call this load it anyway.
    import logging

    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
