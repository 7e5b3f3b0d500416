"""The AWS config and credentials files on disk: read them, and edit them without damage."""

from __future__ import annotations

import contextlib
import os
import stat
import time

from mfa_tui import stamps
from mfa_tui.adapters.awsfiles.leases import BUSY
from mfa_tui.adapters.awsfiles.settled_read import lock_path, read_both, read_snapshot
from mfa_tui.adapters.filesystem.ownership import foreign_link, others_can_write, user_name
from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.ini import DocumentDefect
from mfa_tui.errors import FileProblem, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from mfa_tui.adapters.awsfiles.settled_read import Snapshot
    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.system.clock import Clock
    from mfa_tui.core.awsfiles.awsconfig import Edit
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.models import AccessKeys, Secret

_READ_ONLY = frozenset({"file-read-only", "directory-read-only", "file-fixed"})
_BLOCK = 4096
"""Bytes that even the smallest file may take on a disk."""
_TIMEOUT = 10.0
"""Seconds that another program may take to write a file that we want to read."""
_QUIET = 0.05
"""Seconds after the last write before a file counts as complete."""
_QUIET_IF_MISSING = 0.2
"""Seconds after the last change of the directory before a file counts as missing."""
_RECENT = 5.0
"""Seconds after the last write during which we ask whether a program is still writing."""


class AwsFiles:
    """Both files of one user, at the paths that the environment sets."""

    def __init__(self, paths: Paths, clock: Clock) -> None:
        self.config_path = paths.config
        self.credentials_path = paths.credentials
        self._paths = paths
        self._backups = os.path.join(paths.data, "backups")
        self._used = [os.path.join(paths.cache, "sessions"), os.path.join(paths.state, "steps")]
        self._clock = clock
        self.environment: AccessKeys | None = None
        """The access keys that the environment holds, for :meth:`load`."""
        self._known: dict[str, Document] = {}
        """The documents that were read last: a login reads the same files before and after asking for a code."""
        self._last: AwsConfig | None = None
        self.written_without_backup: Finding | None = None
        """That the last :meth:`edit` could make no backup, though there was none yet."""

    def load(self) -> AwsConfig:
        """Read and parse both files; a missing one is empty. Returns the same object as last time if nothing changed.

        Raises FileProblem (``file-unreadable``, ``file-defect``) with file, line, reason and remedy.
        """
        config = self._loaded(self.config_path, "config")
        credentials = self._loaded(self.credentials_path, "credentials")
        last = self._last
        if last is None or last.config is not config or last.credentials is not credentials:
            paths = (self.config_path, self.credentials_path)
            last = self._last = AwsConfig(config, credentials, paths, environment=self.environment)
        return last

    def load_readable(self) -> tuple[AwsConfig, list[FileProblem]]:
        """Both files, and the problems of those that cannot be read, which count as empty."""
        aws, problems = read_both(self._loaded, self.config_path, self.credentials_path)
        return AwsConfig(aws.config, aws.credentials, aws.paths, environment=self.environment), problems

    def write_obstacles(self) -> list[FileProblem]:
        """What would keep a login from writing either file, apart from a full disk, which only a write shows."""
        from mfa_tui.adapters.awsfiles.write_checks import check_replaceable
        from mfa_tui.adapters.filesystem.locks import check_lockable

        found: list[FileProblem] = []
        paths = dict.fromkeys(self._real_paths())
        for path in list(paths)[1:] if self.read_only_store() else paths:
            for check, what in ((check_replaceable, path), (check_lockable, lock_path(path))):
                try:
                    check(what)
                except FileProblem as problem:
                    found.append(problem)
        return found

    def read_only_store(self) -> str:
        """Why the config file cannot be written, if it is in a read-only store; else empty.

        That is a file behind a link (Nix, a managed home), in another directory, or on a read-only file system.
        """
        from mfa_tui.adapters.awsfiles.write_checks import check_replaceable

        config, credentials = self._real_paths()
        try:
            check_replaceable(config)
        except FileProblem as problem:
            apart = os.path.islink(self.config_path) or os.path.dirname(config) != os.path.dirname(credentials)
            if problem.slug == "file-system-read-only" or (apart and problem.slug in _READ_ONLY):
                return problem.why
        return ""

    def stamp(self) -> str:
        """A value that changes whenever one of the files does, to know when to load them again."""
        return stamps(self.config_path, self.credentials_path)

    def check_writable(self, aws: AwsConfig, edit: Edit, *, room: int = 0) -> None:
        """Make sure that the files that *edit* would change can be written, with space for *room* bytes more.

        *aws* is what they hold, as :meth:`load` returned it.

        Raises FileProblem, WriteProblem, and what *edit* raises.
        """
        from mfa_tui.adapters.awsfiles.file_edit import changes_of
        from mfa_tui.adapters.awsfiles.write_checks import check_replaceable, check_space
        from mfa_tui.adapters.filesystem.locks import check_lockable

        changes = changes_of(edit, aws, self._real_paths())
        for path in changes:
            check_replaceable(path)
            check_lockable(lock_path(path))
        sizes = {path: len(new) + room for path, (_, new) in changes.items()}
        sizes |= {lock: 1 for lock in map(lock_path, changes) if not os.path.exists(lock)}
        backups = sum(len(old) for old, _ in changes.values())
        check_space(sizes, {**dict.fromkeys(self._used, room + 2 * _BLOCK), self._backups: backups} if room else {})

    def backup_warning(self) -> Finding | None:
        """That no backup of the files can be made before their first change; None if one can, or there is one."""
        from mfa_tui.adapters.awsfiles.backups import Backups

        backups = Backups(self._backups)
        if not (obstacle := backups.obstacle()):
            return None
        paths = [path for path in dict.fromkeys(self._real_paths()) if os.path.isfile(path) and os.path.getsize(path)]
        unsaved = [path for path in paths if not backups.has(path)]
        return self._without_backup(dict.fromkeys(unsaved, f"{obstacle} is not yours to write"))

    def _without_backup(self, reasons: Mapping[str, str]) -> Finding | None:
        """The warning that there is no backup of these files; *reasons* says why, by path."""
        if not reasons:
            return None
        from mfa_tui.core.problems.catalogue import problem
        from mfa_tui.core.text.display import in_words

        path, reason = in_words(list(reasons)), next(iter(reasons.values()))
        return problem("backup-impossible", path=path, directory=self._backups, reason=reason)

    def is_readable_by_others(self) -> bool:
        """Whether group or others can read the credentials file."""
        if os.name != "posix":
            return False
        try:
            mode = os.stat(self.credentials_path).st_mode
        except OSError:
            return False
        return stat.S_ISREG(mode) and bool(mode & (stat.S_IRWXG | stat.S_IRWXO))

    def directories_writable_by_others(self) -> list[str]:
        """The directories of the files where other users can replace them."""
        found = []
        for directory in dict.fromkeys(map(os.path.dirname, self._real_paths())):
            with contextlib.suppress(OSError):
                info = os.stat(directory)
                if os.name == "posix" and others_can_write(info) and not info.st_mode & stat.S_ISVTX:
                    found.append(directory)
        return found

    def edit(
        self,
        edit: Edit,
        *,
        start: AwsConfig | None = None,
        cancelled: Callable[[], bool] | None = None,
        waiting: Callable[[str], None] | None = None,
        despite_defects: bool = False,
        stored: Collection[str] = (),
    ) -> bool:
        """Apply *edit* to both files, each changed one under its lock. Returns whether anything changed.

        The edit is applied to what the files hold at that moment, and again if another program writes in between, so
        it must have no side effects. *start* is what they held when the command began: another program may be about
        to write what has gone since then. After half a second *waiting* is called with the program that we wait for.
        With *despite_defects* a file that cannot be read counts as empty, and is left alone. *stored* are the ids of
        long-term keys that the edit takes out: they do not get into the backups.
        Raises FileProblem, WriteProblem (``write-failed``, ``write-contended``, ``lock-…``, ``write-overtaken``, where
        another program's change is not in the file), Cancelled, and what *edit* raises.
        """
        from mfa_tui.adapters.awsfiles.backups import Backups
        from mfa_tui.adapters.awsfiles.file_edit import FileEdit

        file_edit = FileEdit(
            edit,
            paths=self._real_paths,
            parse=self._parsed,
            clock=self._clock,
            backups=Backups(self._backups, stored),
            start=start,
            cancelled=cancelled,
            waiting=waiting,
            despite_defects=despite_defects,
        )
        changed = file_edit.run()
        self.written_without_backup = self._without_backup(file_edit.without_backup)
        self.clear_leftovers()
        return changed

    def take_out_of_backups(self, access_key_id: str, secret: Secret) -> None:
        """Remove a long-term key from our backups of the files. Raises WriteProblem."""
        from mfa_tui.adapters.awsfiles.backups import Backups
        from mfa_tui.adapters.filesystem.os_errors import as_write_problem

        with as_write_problem(f"The key was not removed from the backups in {self._backups}."):
            Backups(self._backups).take_out(access_key_id, secret.reveal())

    def clear_leftovers(self) -> None:
        """Delete temporary files of killed processes, beside both files and in our directories: they may hold keys."""
        from mfa_tui.adapters.filesystem.own_directories import clear_own_leftovers
        from mfa_tui.adapters.filesystem.temporary_directories import clear_left_directories
        from mfa_tui.adapters.filesystem.temporary_files import SIBLING_MARK, clear_leftovers

        # The files may have been moved since, with a link to them left in their place.
        paths = (*self._real_paths(), self.config_path, self.credentials_path)
        for directory in dict.fromkeys(map(os.path.dirname, paths)):
            clear_leftovers(directory, containing=SIBLING_MARK)
        clear_own_leftovers(self._paths)
        clear_left_directories()

    def _real_paths(self) -> tuple[str, str]:
        """The paths of config and credentials without symbolic links: a link itself must not be replaced.

        One file has one path, even if its directory is mounted at two places, or the case of letters does not matter.
        """
        config, credentials = os.path.realpath(self.config_path), os.path.realpath(self.credentials_path)
        with contextlib.suppress(OSError):
            if os.path.samefile(config, credentials):
                return credentials, credentials
        return config, credentials

    def _loaded(self, path: str, kind: str) -> Document:
        """The file, once another program has finished writing it; as it is if that takes too long."""
        if os.name == "posix" and os.geteuid() == 0:
            _check_links(path)
        look = read_snapshot(path)
        if look.modified is not None and 0 <= self._clock.now() - look.modified < _RECENT:
            look = read_snapshot(path, asking=True)
        for _ in range(int(_TIMEOUT / _QUIET)):
            with contextlib.suppress(FileProblem):
                if look.data and look.use != BUSY:
                    return self._parsed(path, look.data, kind)
            if look.use != BUSY and not self._is_just_written(path, look):
                break
            time.sleep(_QUIET)
            look = read_snapshot(path, asking=True)
        return self._parsed(path, look.data, kind)

    def _is_just_written(self, path: str, look: Snapshot) -> bool:
        """Whether an empty, broken or missing file may change in a moment."""
        # By this machine's clock, which the file system uses.
        if look.modified is not None:
            return 0 <= self._clock.now() - look.modified < _QUIET
        try:
            return 0 <= self._clock.now() - os.stat(os.path.dirname(path) or ".").st_mtime < _QUIET_IF_MISSING
        except OSError:
            return False

    def _parsed(self, path: str, data: bytes, kind: str) -> Document:
        """The document of these bytes; the last one again if they are the same."""
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


def _check_links(path: str) -> None:
    """As root, make sure that no other user has redirected *path*. Raises FileProblem (``file-link``)."""
    if link := foreign_link(os.path.abspath(path)):
        where, info = link
        raise FileProblem(
            "file-link",
            f"{path} cannot be read by root.",
            f"{where} is a symbolic link of another user, {user_name(info.st_uid)}.",
            "Run mfa-tui as that user, or name the file itself in AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE.",
        )
