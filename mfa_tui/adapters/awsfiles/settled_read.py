"""Reading a file of the user without blocking, and telling whether it is complete."""

from __future__ import annotations

import os
import stat

from mfa_tui import LARGEST
from mfa_tui.adapters.awsfiles.leases import FREE, UNKNOWN, OpenFile
from mfa_tui.adapters.filesystem.temporary_files import sibling_stem
from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.errors import FileProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Snapshot:
    """A file at one moment. A missing file and the null device count as empty."""

    __slots__ = ("data", "in_place", "modified", "use")

    def __init__(self, data: bytes, use: str, info: os.stat_result | None = None) -> None:
        self.data = data
        """Its content."""
        self.use = use
        """Whether a program has it open for writing: FREE, BUSY or UNKNOWN (see ``leases``)."""
        self.modified = None if info is None else info.st_mtime
        """When it was last written, in seconds since the epoch; None if it is missing."""
        self.in_place = info is not None and info.st_ctime_ns <= info.st_mtime_ns
        """Whether it was last written under its present name, as far as we know: a rename changes only the ctime."""


def read_snapshot(path: str, *, asking: bool = False) -> Snapshot:
    """Read the file as it is. With *asking*, find out whether a program has it open for writing; else UNKNOWN.

    Raises FileProblem (``file-unreadable``, ``file-kind``).
    """
    try:
        with OpenFile(path) as file:
            info = file.info()
            if stat.S_ISREG(info.st_mode) and info.st_size > LARGEST:
                # A sparse file may say that it has more than fit into memory.
                raise _no_file(path, f"It has more than {LARGEST:,} bytes.")
            if stat.S_ISREG(info.st_mode):
                # No program can write it between this answer and the end of the reading.
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
    """The path of the lock file for *path*."""
    return f"{sibling_stem(path)}.lock"


def read_both(
    load: Callable[[str, str], Document], config_path: str, credentials_path: str
) -> tuple[AwsConfig, list[FileProblem]]:
    """Read both files by *load*; a bad one counts as empty. Returns them and the problems of the bad ones."""
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
