"""The AWS config and credentials files on disk: read them, and edit them without damage."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat

from mfa_tui.adapters import private
from mfa_tui.adapters.atomic import Replacement, check_replaceable
from mfa_tui.adapters.locks import locked
from mfa_tui.core.awsconfig import AwsConfig
from mfa_tui.core.document import Document, DocumentDefect
from mfa_tui.core.targets import without_all_sessions
from mfa_tui.errors import FileProblem, WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.paths import Paths

    Edit = Callable[[AwsConfig], tuple[Document, Document]]
    """From both files as they are to both files as they shall be (config, credentials)."""

_REAPPLICATIONS = 20
"""How often an edit is made again because another program wrote in between, before giving up."""


class AwsFiles:
    """Both files of one user, at the paths that the environment names."""

    def __init__(self, paths: Paths) -> None:
        self.config_path = paths.config
        self.credentials_path = paths.credentials
        self._backups = os.path.join(paths.data, "backups")

    def load(self) -> AwsConfig:
        """Both files, parsed; a missing one is empty.

        Raises FileProblem (``file-unreadable``, ``file-defect``) with file, line, reason and remedy.
        """
        return AwsConfig(
            _parsed(self.config_path, _read(self.config_path), "config"),
            _parsed(self.credentials_path, _read(self.credentials_path), "credentials"),
        )

    def stamp(self) -> tuple[object, ...]:
        """Changes whenever one of the files does; to see when to load again."""
        return (_stamp(self.config_path), _stamp(self.credentials_path))

    def check_writable(self, edit: Edit) -> None:
        """Make sure that the files which *edit* would change can be replaced. Raises FileProblem."""
        aws = self.load()
        for path, old, new in zip(
            (self.config_path, self.credentials_path), (aws.config, aws.credentials), edit(aws), strict=True
        ):
            if new.render() != old.render():
                check_replaceable(os.path.realpath(path))

    def open_to_others(self) -> bool:
        """Whether group or others can read the credentials file."""
        if os.name != "posix":
            return False
        try:
            return bool(os.stat(self.credentials_path).st_mode & (stat.S_IRWXG | stat.S_IRWXO))
        except OSError:
            return False

    def close_to_others(self) -> None:
        """Make the credentials file 0600. Raises OSError."""
        os.chmod(self.credentials_path, 0o600)

    def edit(self, edit: Edit, *, cancelled: Callable[[], bool] | None = None) -> bool:
        """Apply *edit* to both files, under their locks, config before credentials. Returns whether anything changed.

        The edit is applied to what the files hold at that moment, and once more if another program writes in between.
        It must be free of side effects. Raises FileProblem, WriteProblem (``write-failed``, ``lock-timeout``).
        """
        config, credentials = os.path.realpath(self.config_path), os.path.realpath(self.credentials_path)
        with contextlib.ExitStack() as locks:
            for path in dict.fromkeys((config, credentials)):
                private.make_directory(os.path.dirname(path))
                locks.enter_context(locked(_beside(path, "lock"), f"Writing {path}", cancelled=cancelled))
            for _ in range(_REAPPLICATIONS):
                outcome = self._try(edit, config, credentials)
                if outcome is not None:
                    return outcome
        raise WriteProblem(
            "write-contended",
            f"{self.credentials_path} was not written: another program keeps writing it.",
            "",
            "Let the other program finish, then try again; nothing was changed.",
        )

    def _try(self, edit: Edit, config_path: str, credentials_path: str) -> bool | None:
        """One attempt; None if another program wrote in between."""
        old_config, old_credentials = _read(config_path), _read(credentials_path)
        aws = AwsConfig(
            _parsed(config_path, old_config, "config"),
            _parsed(credentials_path, old_credentials, "credentials"),
        )
        config, credentials = edit(aws)
        changes = [
            (path, old, new.render())
            for path, old, new in (
                (config_path, old_config, config),
                (credentials_path, old_credentials, credentials),
            )
            if new.render() != old
        ]
        for path, old, new in changes:
            if not self._replace(path, old, new):
                return None
        return bool(changes)

    def _replace(self, path: str, old: bytes, new: bytes) -> bool:
        replacement = Replacement(path)
        # The backup is a second net; that it cannot be had (a read-only home) must not keep anybody from logging in.
        with contextlib.suppress(OSError):
            self._back_up(path, old)
        try:
            replacement.prepare(new)
            if _read(path) != old:
                replacement.discard()
                return False
            replacement.commit()
        except OSError as error:
            raise WriteProblem(
                "write-failed",
                f"{path} was not written; it is as it was.",
                f"{_reason(error)}.",
                "Mend that, then try again.",
            ) from None
        return True

    def _back_up(self, path: str, content: bytes) -> None:
        """Keep the last good file, without the session keys that are ours."""
        if not content:
            return
        name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16] + "-" + os.path.basename(path)
        kind = "credentials" if path == os.path.realpath(self.credentials_path) else "config"
        kept = without_all_sessions(Document.parse(content, kind)).render()
        private.write(os.path.join(self._backups, name), kept.decode())


def _beside(path: str, ending: str) -> str:
    directory, name = os.path.split(path)
    return os.path.join(directory, f".{name}.mfa-tui.{ending}")


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
                raise FileProblem(
                    "file-kind", f"{path} cannot be read.", "It is a pipe.", "Point the variable at a regular file."
                )
            return file.read()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise FileProblem(
            "file-unreadable",
            f"{path} cannot be read.",
            f"{error.strerror or error}.",
            "Mend its permissions, or point AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE elsewhere.",
        ) from None


def _without_waiting(path: str, flags: int) -> int:
    """Opening a pipe must not wait for its writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _parsed(path: str, data: bytes, kind: str) -> Document:
    try:
        return Document.parse(data, kind)
    except DocumentDefect as defect:
        raise FileProblem(
            "file-defect",
            f"{path}, line {defect.line}: no AWS tool can read this file.",
            f"{defect.reason[:1].upper()}{defect.reason[1:]}.",
            defect.remedy,
        ) from None


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        info = os.stat(path)
    except OSError:
        return None
    return (info.st_mtime_ns, info.st_size, info.st_ino)


def _reason(error: OSError) -> str:
    known = {
        errno.ENOSPC: "The disk is full",
        errno.EDQUOT: "Your disk quota is used up",
        errno.EFBIG: "It would be larger than this process may write (ulimit -f)",
        errno.EROFS: "The file system is read-only",
        errno.EBUSY: "The file is mounted by itself",
    }
    return known.get(error.errno or 0, error.strerror or str(error))
