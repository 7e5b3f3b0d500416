"""Shortcuts to sessions: which cached session belongs to a profile, so that commands that `aws` waits for are fast.

One small file for each profile that was used. It holds no secret, only the name of a session in the cache, and is valid
as long as the AWS files and the settings have not changed since. Reading and evaluating the AWS files takes several
times as long as starting Python; this only looks up the metadata of three files.
"""

from __future__ import annotations

from mfa_tui import shortcut_path
from mfa_tui.adapters.filesystem import private_files
from mfa_tui.hot_commands import SessionShortcut, load_shortcut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.adapters.filesystem.paths import Paths

__all__ = ["SessionShortcut", "load_shortcut", "save_shortcut"]


def save_shortcut(
    paths: Paths,
    name: str,
    *,
    files: str,
    session: str,
    renew_below: int,
    margin: int,
    profile: str,
    variables: Mapping[str, str],
    option: str = "",
    scope: str = "",
    policy_file: str = "",
) -> None:
    """Save the shortcut of the profile *name* to the session named *session*.

    *files* is the :func:`fingerprint` of the files that it was found by, and of *policy_file* if there is one, from
    which the policy of *scope* is. *option* is the scope that was given beside *name*. For the others see
    SessionShortcut. A failure to write is ignored: the next command finds the session itself.
    """
    settings = [f"{key}={value}" for key, value in variables.items()]
    facts = [files, session, str(renew_below), str(margin), profile, scope, policy_file, *settings]
    text = "\n".join(facts) + "\n"
    path = shortcut_path(paths.cache, name, option)
    if len(text.splitlines()) != len(facts) or private_files.read(path) == text:
        return
    try:
        private_files.write(path, text)
    except (OSError, UnicodeEncodeError):
        # A path may hold bytes that are not text.
        return
