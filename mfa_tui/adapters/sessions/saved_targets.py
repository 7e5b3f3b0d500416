"""Notes of logins that had nothing to do, because the target holds the session; ``mfa_tui.hot_commands`` reads them."""

from __future__ import annotations

import os

from mfa_tui import stamps
from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.fingerprint import fingerprint
from mfa_tui.hot_commands import regions, saved_target_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.models import Session


def state_of_files(paths: Paths) -> tuple[str, str]:
    """What shows that the AWS files and the settings have not changed; and that nothing was put beside them."""
    return fingerprint(paths), stamps(*directories(paths))


def directories(paths: Paths) -> list[str]:
    """The directories in which a killed process may have left what a login clears away, if it held secrets."""
    beside = [os.path.dirname(os.path.realpath(path)) for path in (paths.config, paths.credentials)]
    return list(dict.fromkeys([*beside, os.path.join(paths.cache, "sessions")]))


def save_target(
    paths: Paths,
    env: Mapping[str, str],
    command: str,
    name: str,
    *,
    files: tuple[str, str],
    session: Session,
    margin: int,
    profile: str,
    target: str,
    result: str,
    remarks: Sequence[str],
) -> None:
    """Note that ``mfa-tui COMMAND NAME`` found *target* to hold *session* already, and what it has printed.

    *files* is their :func:`state_of_files` then, *margin* what a login keeps; for the others see ``SavedTarget``. A
    failure to write is ignored, and names and texts that are not plain are not noted: the next command finds out
    itself.
    """
    facts = [*files, regions(env), session.name, session.access_key_id, str(margin), profile, target, result]
    facts = [*facts, str(len(facts) + 1 + len(remarks)), *remarks]
    text = "\n".join(facts) + "\n"
    path = saved_target_path(paths, command, name)
    # What is shown to people would have to be filtered each time.
    plain = text.isascii() and all(map(str.isprintable, (profile, target, result, *remarks)))
    if not plain or len(text.splitlines()) != len(facts) or private_files.read(path) == text:
        return
    try:
        private_files.write(path, text)
    except OSError:
        return
