"""The terminal interface."""

import os

_HARMLESS = frozenset(
    f"TEXTUAL_{name}"
    for name in ("ANIMATIONS", "COLOR_SYSTEM", "DIM_FACTOR", "DISABLE_KITTY_KEY", "FPS", "SMOOTH_SCROLL", "THEME")
)
"""Variables that Textual may obey here."""

for _name in [name for name in os.environ if name.startswith("TEXTUAL") and name not in _HARMLESS]:
    # The others are for those who develop with Textual. They log each key, take pictures, press keys, send all that to
    # another program, or load a driver: nothing of that may happen to secrets because of a forgotten variable.
    del os.environ[_name]
