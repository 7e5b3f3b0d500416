"""Reading a file of the user's without waiting for anybody, and seeing whether it is whole."""

from __future__ import annotations

import os
import stat

from mfa_tui.adapters.awsfiles.leases import FREE, UNKNOWN, OpenFile
from mfa_tui.adapters.filesystem.temporary_files import sibling_stem
from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.errors import FileProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Snapshot:
    """One look at a file. A missing one, and the null device, count as empty.

    ``use`` says whether somebody has it open for writing, ``modified`` when it was last written (seconds since the
    epoch; None if it is missing), ``in_place`` whether that was under its present name, as far as can be told: renaming
    a file changes its status (ctime), but not its content (mtime).
    """

    __slots__ = ("data", "in_place", "modified", "use")

    def __init__(self, data: bytes, use: str, info: os.stat_result | None = None) -> None:
        self.data = data
        self.use = use
        self.modified = None if info is None else info.st_mtime
        self.in_place = info is not None and info.st_ctime_ns <= info.st_mtime_ns


def read_snapshot(path: str, *, asking: bool = False) -> Snapshot:
    """The file as it is. With *asking* the system is asked who has it open for writing; else ``use`` is UNKNOWN.

    Raises FileProblem (``file-unreadable``, ``file-kind``).
    """
    try:
        with OpenFile(path) as file:
            info = file.info()
            if stat.S_ISREG(info.st_mode):
                # Nobody can write it between the answer and the end of the reading.
                use = file.take_lease() if asking else UNKNOWN
                return Snapshot(file.read(), use, info)
            if stat.S_ISCHR(info.st_mode) and info.st_rdev == os.stat(os.devnull).st_rdev:
                return Snapshot(b"", FREE)
    except FileNotFoundError:
        return Snapshot(b"", FREE)
    except IsADirectoryError:
        raise _no_file(path, "It is a directory.") from None
    except OSError as error:
        if os.path.isdir(path):
            raise _no_file(path, "It is a directory.") from None
        from mfa_tui.adapters.awsfiles.write_checks import reason_and_remedy

        why, remedy = reason_and_remedy(error, path)
        elsewhere = "Fix its permissions, or point AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE elsewhere."
        raise FileProblem("file-unreadable", f"{path} cannot be read.", why, remedy or elsewhere) from None
    kind = "a directory" if stat.S_ISDIR(info.st_mode) else "a pipe or a device"
    raise _no_file(path, f"It is {kind}.")


def lock_path(path: str) -> str:
    """The lock file of the file *path*."""
    return f"{sibling_stem(path)}.lock"


def read_both(
    load: Callable[[str, str], Document], config_path: str, credentials_path: str
) -> tuple[AwsConfig, list[FileProblem]]:
    """Both files as *load* reads them, a bad one counting as empty, and what is wrong with those that are bad."""
    problems: list[FileProblem] = []
    documents: list[Document] = []
    for path, kind in ((config_path, "config"), (credentials_path, "credentials")):
        try:
            documents.append(load(path, kind))
        except FileProblem as problem:
            problems.append(problem)
            documents.append(Document.parse(b"", kind))
    return AwsConfig(documents[0], documents[1], (config_path, credentials_path)), problems


def _no_file(path: str, why: str) -> FileProblem:
    from mfa_tui.adapters.awsfiles.write_checks import NAME_A_FILE

    return FileProblem("file-kind", f"{path} cannot be read.", why, NAME_A_FILE)
