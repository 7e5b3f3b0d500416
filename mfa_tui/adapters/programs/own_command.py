"""How mfa-tui is called on this machine: for ``credential_process`` lines and shell functions."""

from __future__ import annotations

import os
import sys

from mfa_tui.core.sessions.credential_process import COMMAND, SCOPE_OPTION

_SCRIPT = "mfa-tui.exe" if os.name == "nt" else "mfa-tui"


def own_command() -> list[str]:
    """The command that runs this installation from any directory: its script or archive, else the module."""
    # Symbolic links are not resolved: ~/.local/bin/mfa-tui stays when an update replaces what it points to.
    script = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), _SCRIPT)
    if os.path.isfile(script) and os.access(script, os.X_OK):
        return [script]
    started = os.path.abspath(sys.argv[0])
    if _is_archive(started):
        return [started] if os.name != "nt" and os.access(started, os.X_OK) else [sys.executable, started]
    # -P: import nothing from the current directory, be it called mfa_tui or otherwise.
    return [sys.executable, "-P", "-m", "mfa_tui"]


def _is_archive(path: str) -> bool:
    """Whether *path* is a zip archive, as the single-file program is: nothing that it holds is found without it."""
    import zipfile

    return os.path.isfile(path) and zipfile.is_zipfile(path)


def credential_process_line(profile: str, scope: str = "") -> str:
    """The value of ``credential_process`` for *profile*, with this installation, limited to *scope* if there is one.

    botocore splits it as a POSIX shell would, on Windows as Microsoft's C runtime does
    (``botocore.compat.compat_shell_split``); other SDKs pass it to a shell.
    """
    options = [SCOPE_OPTION, scope] if scope else []
    words = [*own_command(), COMMAND, *options, *(["--"] if profile.startswith("-") else []), profile]
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    import shlex

    return shlex.join(words)
