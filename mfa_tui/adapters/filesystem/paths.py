"""The places of files: the AWS files, and mfa-tui's own settings, data, caches and state."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = "mfa-tui"
_HOME = "USERPROFILE" if sys.platform == "win32" else "HOME"
"""The variable that ``os.path.expanduser``, and so botocore, uses for the home directory. Git's shell on Windows sets
both."""


class Paths:
    """All paths, from an environment. Nothing is read or created here.

    ``home`` is the user's home directory; ``config`` and ``credentials`` are the AWS files; ``settings`` is our
    ``config.toml``. ``data`` is the directory of the list of secrets, the vault and the backups, ``cache`` that of the
    sessions, ``state`` that of the used codes and the interface's preferences.
    """

    __slots__ = ("cache", "config", "credentials", "data", "home", "settings", "state")

    def __init__(self, env: Mapping[str, str]) -> None:
        self.home = home = env.get(_HOME) or os.path.expanduser("~")
        self.config = _expanded(env.get("AWS_CONFIG_FILE") or "~/.aws/config", home)
        self.credentials = _expanded(env.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials", home)
        if sys.platform in ("win32", "darwin"):
            import platformdirs

            directories = platformdirs.PlatformDirs(_NAME, appauthor=False)
            settings, self.data = directories.user_config_dir, directories.user_data_dir
            self.cache, self.state = directories.user_cache_dir, directories.user_state_dir
        else:
            # As platformdirs does (XDG base directories), but without importing it, which takes longer than starting
            # Python: every `aws` command may wait for this.
            settings = _xdg(env, "XDG_CONFIG_HOME", home, ".config")
            self.data = _xdg(env, "XDG_DATA_HOME", home, ".local/share")
            self.cache = _xdg(env, "XDG_CACHE_HOME", home, ".cache")
            self.state = _xdg(env, "XDG_STATE_HOME", home, ".local/state")
        self.settings = env.get("MFA_TUI_CONFIG") or os.path.join(settings, "config.toml")


def _expanded(path: str, home: str) -> str:
    """*path* as botocore expands it: variables, then ``~``."""
    path = os.path.expandvars(path)
    if path == "~" or path.startswith("~/"):
        return home + path[1:]
    return os.path.expanduser(path)


def _xdg(env: Mapping[str, str], variable: str, home: str, default: str) -> str:
    base = env.get(variable, "")
    # Relative paths are invalid and must be ignored (XDG Base Directory Specification).
    return os.path.join(base if os.path.isabs(base) else os.path.join(home, default), _NAME)
