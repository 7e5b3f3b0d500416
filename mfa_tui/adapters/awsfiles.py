"""The AWS config and credentials files on disk: read them, and edit them without damage."""

from __future__ import annotations

import contextlib
import os
import stat
import time

from mfa_tui.adapters import private
from mfa_tui.adapters.atomic import Replacement, check_replaceable, check_room
from mfa_tui.adapters.locks import check_lockable, locked
from mfa_tui.adapters.oserrors import as_write_problem, reason
from mfa_tui.core.awsconfig import AwsConfig
from mfa_tui.core.document import Document, DocumentDefect
from mfa_tui.core.targets import without_all_sessions
from mfa_tui.errors import FileProblem, WriteProblem, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mfa_tui.adapters.clock import Clock
    from mfa_tui.adapters.paths import Paths

    Edit = Callable[[AwsConfig], tuple[Document, Document]]
    """From both files as they are to both files as they shall be (config, credentials)."""

_ATTEMPTS = 20
"""How often an edit is made again because another program wrote in between, before giving up."""
_QUIET = 0.05
"""Seconds since the last write after which a file is taken to be whole."""
_QUIET_IF_EMPTY = 1.0
"""The same for an empty file, which is what a program shows that writes in place and is held up by a busy disk."""


class AwsFiles:
    """Both files of one user, at the paths that the environment names."""

    def __init__(self, paths: Paths, clock: Clock) -> None:
        self.config_path = paths.config
        self.credentials_path = paths.credentials
        self._backups = os.path.join(paths.data, "backups")
        self._clock = clock
        self._known: dict[str, Document] = {}
        """What was read last; a login to all roles looks at the same files for each."""

    def load(self) -> AwsConfig:
        """Both files, parsed; a missing one is empty.

        Raises FileProblem (``file-unreadable``, ``file-defect``) with file, line, reason and remedy.
        """
        return AwsConfig(
            self._loaded(self.config_path, "config"),
            self._loaded(self.credentials_path, "credentials"),
            (self.config_path, self.credentials_path),
        )

    def load_what_can_be_read(self) -> tuple[AwsConfig, list[FileProblem]]:
        """Both files, a bad one counting as empty, and what is wrong with those that are bad."""
        return _both(self._loaded, self.config_path, self.credentials_path)

    def obstacles(self) -> list[FileProblem]:
        """What would keep a login from writing either file, short of a full disk, which only writing tells."""
        found: list[FileProblem] = []
        for path in dict.fromkeys(self._real_paths()):
            for check, what in ((check_replaceable, path), (check_lockable, _lock_file(path))):
                try:
                    check(what)
                except FileProblem as problem:
                    found.append(problem)
        return found

    def stamp(self) -> tuple[object, ...]:
        """Changes whenever one of the files does; to see when to load again."""
        return (_stamp(self.config_path), _stamp(self.credentials_path))

    def check_writable(self, aws: AwsConfig, edit: Edit, *, room: int = 0) -> None:
        """Make sure that the files which *edit* would change can be written, and *room* bytes more.

        *aws* is what they hold, as :meth:`load` gave it.

        Raises FileProblem, WriteProblem, and what *edit* raises.
        """
        for path, (_, new) in self._changes(edit, aws).items():
            check_replaceable(path)
            check_lockable(_lock_file(path))
            with as_write_problem(f"{path} cannot be written."):
                check_room(path, len(new) + room)

    def open_to_others(self) -> bool:
        """Whether group or others can read the credentials file."""
        if os.name != "posix":
            return False
        try:
            return bool(os.stat(self.credentials_path).st_mode & (stat.S_IRWXG | stat.S_IRWXO))
        except OSError:
            return False

    def edit(
        self,
        edit: Edit,
        *,
        cancelled: Callable[[], bool] | None = None,
        waiting: Callable[[str], None] | None = None,
        despite_defects: bool = False,
    ) -> bool:
        """Apply *edit* to both files, each that changes under its lock. Returns whether anything changed.

        The edit is applied to what the files hold at that moment, and again if another program writes in between.
        It must be free of side effects. With *despite_defects* a file that cannot be read counts as empty, and is left
        alone.
        Raises FileProblem, WriteProblem (``write-failed``, ``write-contended``, ``lock-…``) and what *edit* raises.
        """
        held: list[str] = []
        changed = False
        edit = _made_once(edit)
        with contextlib.ExitStack() as locks:
            for _ in range(_ATTEMPTS):
                load = self._loaded_whole if held else self._loaded
                config_path, credentials_path = self._real_paths()
                aws, problems = _both(load, config_path, credentials_path)
                if problems and not despite_defects:
                    raise problems[0]
                changes = self._changes(edit, aws)
                if not changes:
                    return changed
                if not set(changes) <= set(held):
                    # Config before credentials, always, so that two processes never wait for each other.
                    locks.close()
                    both = dict.fromkeys((config_path, credentials_path))
                    held = [path for path in both if path in held or path in changes]
                    for path in held:
                        check_replaceable(path)
                        locks.enter_context(_lock(path, cancelled, waiting))
                    # What was read without the lock may have changed since.
                    continue
                for path, (old, new) in changes.items():
                    if not self._replace(path, old, new):
                        break
                    changed = True
                else:
                    # Where one file serves as both, the credentials' change came first: the other is yet to be made.
                    if config_path != credentials_path:
                        return True
        raise WriteProblem(
            "write-contended",
            f"{held[-1]} was not written: another program keeps writing it.",
            "",
            "Let the other program finish, then try again.",
        )

    def _real_paths(self) -> tuple[str, str]:
        """Where config and credentials lie, symbolic links resolved: what is replaced must not be the link."""
        return os.path.realpath(self.config_path), os.path.realpath(self.credentials_path)

    def _changes(self, edit: Edit, aws: AwsConfig) -> dict[str, tuple[bytes, bytes]]:
        """What *edit* would make of the files as they are in *aws*: old and new bytes of each that changes."""
        return {
            path: (old.render(), new.render())
            for path, old, new in zip(self._real_paths(), (aws.config, aws.credentials), edit(aws), strict=True)
            if new.render() != old.render()
        }

    def _loaded(self, path: str, kind: str) -> Document:
        """The file as it is; looked at twice if it is empty or broken."""
        data = _read(path)
        with contextlib.suppress(FileProblem):
            if data:
                return self._parsed(path, data, kind)
        # It may be that another program is just writing it.
        return self._parsed(path, self._settled(path, quiet_if_empty=_QUIET), kind)

    def _loaded_whole(self, path: str, kind: str) -> Document:
        """The file, once it is sure that nobody is in the middle of writing it."""
        return self._parsed(path, self._settled(path), kind)

    def _parsed(self, path: str, data: bytes, kind: str) -> Document:
        """The document of these bytes: the one that was read last, if they are the same."""
        known = self._known.get(kind)
        if known is not None and known.render() == data:
            return known
        try:
            document = self._known[kind] = Document.parse(data, kind)
        except DocumentDefect as defect:
            raise FileProblem(
                "file-defect",
                f"{path}, line {defect.line}: no AWS tool can read this file.",
                sentence(defect.reason),
                defect.remedy,
            ) from None
        return document

    def _settled(self, path: str, *, quiet_if_empty: float = _QUIET_IF_EMPTY) -> bytes:
        """The file's bytes, once it has been left alone for a moment.

        The AWS CLI and others write in place: who reads in between sees an empty file, or half of one.
        """
        data = _read(path)
        for _ in range(2 * _ATTEMPTS):
            try:
                # By the machine's clock, as the file system has it.
                age = self._clock.now() - os.stat(path).st_mtime
            except OSError:
                break
            if not 0 <= age < (_QUIET if data else quiet_if_empty):
                break
            time.sleep(_QUIET)
            data = _read(path)
        return data

    def _replace(self, path: str, old: bytes, new: bytes) -> bool:
        """Put *new* in the place of *old*; False, and nothing done, if another program wrote in between."""
        # The backup is a second net; that it cannot be had (a read-only home) must not keep anybody from logging in.
        with contextlib.suppress(OSError, ValueError):
            self._back_up(path, old)
        replacement = Replacement(path)
        try:
            with as_write_problem(f"{path} was not written; it is as it was."):
                replacement.prepare(new)
                if _read(path) != old:
                    return False
                replacement.commit()
        finally:
            replacement.discard()
        return True

    def _back_up(self, path: str, content: bytes) -> None:
        """Keep the last good file, without the session keys that are ours."""
        if not content:
            return
        import hashlib

        name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16] + "-" + os.path.basename(path)
        kind = "credentials" if path == os.path.realpath(self.credentials_path) else "config"
        kept = without_all_sessions(Document.parse(content, kind)).render()
        private.write(os.path.join(self._backups, name), kept.decode())


def _made_once(edit: Edit) -> Edit:
    """*edit*, worked out again only for other documents than the last: under a lock nothing is done twice."""
    last: list[tuple[AwsConfig, tuple[Document, Document]]] = []

    def made(aws: AwsConfig) -> tuple[Document, Document]:
        if not (last and last[0][0].config is aws.config and last[0][0].credentials is aws.credentials):
            last[:] = [(aws, edit(aws))]
        return last[0][1]

    return made


def _both(
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


def _lock_file(path: str) -> str:
    directory, name = os.path.split(path)
    return os.path.join(directory, f".{name}.mfa-tui.lock")


@contextlib.contextmanager
def _lock(path: str, cancelled: Callable[[], bool] | None, waiting: Callable[[str], None] | None) -> Iterator[None]:
    with as_write_problem(f"{path} was not written: its directory cannot be made."):
        private.make_directory(os.path.dirname(path))
    with locked(_lock_file(path), f"Writing {path}", cancelled=cancelled, waiting=waiting):
        yield


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            info = os.fstat(file.fileno())
            if stat.S_ISREG(info.st_mode):
                return file.read()
            if stat.S_ISCHR(info.st_mode) and info.st_rdev == os.stat(os.devnull).st_rdev:
                return b""
    except FileNotFoundError:
        return b""
    except IsADirectoryError:
        raise _no_file(path, "It is a directory.") from None
    except OSError as error:
        raise FileProblem(
            "file-unreadable",
            f"{path} cannot be read.",
            f"{reason(error)}.",
            "Mend its permissions, or point AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE elsewhere.",
        ) from None
    raise _no_file(path, "It is a pipe or a device.")


def _no_file(path: str, why: str) -> FileProblem:
    return FileProblem(
        "file-kind",
        f"{path} cannot be read.",
        why,
        "Move it away, or point AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE at a regular file.",
    )


def _without_waiting(path: str, flags: int) -> int:
    """Opening a pipe must not wait for its writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        info = os.stat(path)
    except OSError:
        return None
    return (info.st_mtime_ns, info.st_size, info.st_ino)
