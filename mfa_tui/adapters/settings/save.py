"""Writing the settings file: whole or not at all, with its mode and owner, through a symbolic link if it is one."""

from __future__ import annotations

import os

from mfa_tui.adapters.awsfiles.late_writers import ReplacedFile
from mfa_tui.adapters.awsfiles.write_checks import check_replaceable
from mfa_tui.adapters.filesystem.atomic_replace import Replacement
from mfa_tui.adapters.filesystem.locks import hold_lock
from mfa_tui.adapters.filesystem.os_errors import as_write_problem
from mfa_tui.adapters.filesystem.private_files import make_own_directory
from mfa_tui.adapters.filesystem.system_calls import make_directory
from mfa_tui.adapters.settings.load import read_settings_file
from mfa_tui.errors import ConfigError, WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.filesystem.paths import Paths


def edit_settings_file(paths: Paths, edit: Callable[[str], str]) -> bool:
    """Replace the text of the settings file by what *edit* makes of it; returns whether it has changed.

    A new file has mode 0600. Raises ConfigError (``settings-…``, and what *edit* raises), WriteProblem.
    """
    path = os.path.realpath(paths.settings)
    _check(paths.settings)
    with as_write_problem(f"{paths.settings} was not written; it is unchanged."):
        make_own_directory(paths.state)
        with hold_lock(os.path.join(paths.state, "settings.lock"), f"Writing {paths.settings}"):
            old = read_settings_file(path)
            new = edit(old)
            if new == old:
                return False
            check_replaceable(path)
            make_directory(os.path.dirname(path))
            replacement = Replacement(path)
            outgoing = ReplacedFile(replacement, old.encode(), new.encode())
            try:
                replacement.prepare(new.encode())
                replaced = outgoing.block_writers() and outgoing.replace() and not outgoing.take_back()
                if not replaced or os.path.realpath(paths.settings) != path:
                    raise WriteProblem(
                        "write-contended",
                        f"{paths.settings} was not written: another program is writing it, or has just changed it.",
                        "",
                        "Try again.",
                    )
            finally:
                outgoing.close()
                replacement.discard()
    return True


def _check(path: str) -> None:
    """Make sure that *path* is a regular file, or could become one."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise ConfigError(
            "settings-unreadable",
            f"{path} cannot hold settings.",
            "It is not a regular file.",
            "Name another file in MFA_TUI_CONFIG, or unset the variable.",
        )
