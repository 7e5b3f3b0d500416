"""How mfa-tui is called on this machine, for the ``credential_process`` lines that it writes."""

from __future__ import annotations

import os
import sys

from mfa_tui.core.credentialprocess import COMMAND


def process_line(profile: str) -> str:
    """The value of ``credential_process`` for *profile*, for this very installation.

    botocore splits it as a POSIX shell would, on Windows as Microsoft's C runtime does
    (``botocore.compat.compat_shell_split``); other SDKs give it to a shell.
    """
    words = [*_program(), COMMAND, *(["--"] if profile.startswith("-") else []), profile]
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    import shlex

    return shlex.join(words)


def _program() -> list[str]:
    """The script that was called, by a path that holds from everywhere; else the module, by this interpreter."""
    script = os.path.abspath(sys.argv[0])
    if os.path.basename(script).lower() in ("mfa-tui", "mfa-tui.exe") and os.access(script, os.X_OK):
        # Not its real path: a link such as ~/.local/bin/mfa-tui outlives updates of what it points to.
        return [script]
    return [sys.executable, "-m", "mfa_tui"]
