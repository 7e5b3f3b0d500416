"""The hot module: what commands do that other programs wait for all day, where a valid session is at hand.

``aws`` runs ``credential-process`` before each command. It mostly finds a valid session, and then the time goes into
starting Python and importing. So this is the one exception to the layers: it reads files, finds a session and prints
it, in one file. Its imports are modules that every Python has loaded when a program begins, and ``resource`` where core
dumps must be switched off. Adapters use what it knows (places, formats, who may have written a file), so nothing is
known twice. At the end the process exits without Python's clean-up: there is nothing to clean up, and that takes longer
than all of this. ``hot_commands`` has what other commands need besides.

It serves the usual case only. Whatever else there is, a wrong option, a changed file, a session about to expire, output
that cannot be written, it returns, and the command runs in the ordinary way. Tests compare the answers of both.
"""

import os
import stat
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Answer = tuple[str, str]
    """The result, and remarks for a person; both are empty for what takes the ordinary way."""
    Commands = Mapping[str, Callable[[list[str]], Answer]]
    """What commands answer, by their names."""

NAME = "mfa-tui"
"""The name of our directories in those for settings, data, caches and state."""
_HOME = "USERPROFILE" if sys.platform == "win32" else "HOME"
"""The variable that ``os.path.expanduser``, and so botocore, uses for the home directory. Git's shell on Windows sets
both."""


class Paths:
    """All paths, from an environment. Nothing is read or created here.

    ``home`` is the user's home directory; ``config`` and ``credentials`` are the AWS files; ``settings`` is our
    ``config.toml``. ``data`` is the directory of the list of secrets, the vault and the backups, ``cache`` that of the
    sessions, ``state`` that of the used codes and the interface's preferences.
    """

    __slots__ = ("cache", "config", "credentials", "data", "home", "settings", "state")

    def __init__(self, env: "Mapping[str, str]") -> None:
        self.home = home = env.get(_HOME) or os.path.expanduser("~")
        self.config = _expanded(env.get("AWS_CONFIG_FILE") or "~/.aws/config", home)
        self.credentials = _expanded(env.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials", home)
        if sys.platform in ("win32", "darwin"):
            import platformdirs

            directories = platformdirs.PlatformDirs(NAME, appauthor=False)
            settings, self.data = directories.user_config_dir, directories.user_data_dir
            self.cache, self.state = directories.user_cache_dir, directories.user_state_dir
        else:
            # As platformdirs does (XDG base directories), but without importing it, which takes longer than starting
            # Python.
            settings = _xdg(env, "XDG_CONFIG_HOME", home, ".config")
            self.data = _xdg(env, "XDG_DATA_HOME", home, ".local/share")
            self.cache = _xdg(env, "XDG_CACHE_HOME", home, ".cache")
            self.state = _xdg(env, "XDG_STATE_HOME", home, ".local/state")
        self.settings = env.get("MFA_TUI_CONFIG") or os.path.join(settings, "config.toml")


def _expanded(path: str, home: str) -> str:
    """*path* as botocore expands it: variables, then ``~``."""
    path = os.path.expandvars(path)
    if path == "~" or path.startswith("~/"):
        return home + path[1:]
    return os.path.expanduser(path)


def _xdg(env: "Mapping[str, str]", variable: str, home: str, default: str) -> str:
    base = env.get(variable, "")
    # Relative paths are invalid and must be ignored (XDG Base Directory Specification).
    return os.path.join(base if os.path.isabs(base) else os.path.join(home, default), NAME)


LARGEST = 16 * 1024 * 1024
"""More bytes than any file of ours has."""
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""Flags to open anything and read its bytes: do not wait for a pipe's writer, nor make a terminal ours."""
NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def read_private(path: str) -> "str | None":
    """The text of a file in a directory of ours; None if there is no such file, or it cannot be read or trusted.

    ``adapters.filesystem.ownership.read_trusted`` trusts the same, and says what is wrong.
    """
    try:
        handle = os.open(path, os.O_RDONLY | WITHOUT_WAITING | NO_LINK)
        try:
            info = os.fstat(handle)
            if not stat.S_ISREG(info.st_mode) or info.st_size > LARGEST:
                return None
            directory = os.path.dirname(path)
            if os.name == "posix" and not (is_safe(info) and is_own(own_base(directory)) and is_own(directory)):
                return None
            # Bytes that are not UTF-8 are damage, which the caller notices.
            return read_all(handle, info.st_size).decode(errors="replace")
        finally:
            os.close(handle)
    except (OSError, ValueError):
        return None


def is_own(path: str) -> bool:
    """Whether *path* is a directory, no link, that only we can write to; or there is nothing of that name."""
    try:
        info = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    return stat.S_ISDIR(info.st_mode) and is_safe(info)


def is_safe(info: os.stat_result) -> bool:
    """Whether nobody but this user and root can write to the file of *info*. POSIX only."""
    return info.st_uid in (os.geteuid(), 0) and not info.st_mode & OTHERS_WRITE


def own_base(path: str) -> str:
    """The directory called mfa-tui that *path* is or is in; else *path*."""
    before, found, _ = (path + os.sep).rpartition(f"{os.sep}{NAME}{os.sep}")
    return f"{before}{os.sep}{NAME}" if found else path


def read_all(handle: int, size: int) -> bytes:
    """Read a file that has, or had, *size* bytes. Raises OSError."""
    data = os.read(handle, size + 1)
    if len(data) == size:
        return data
    parts = [data]
    while data and sum(map(len, parts)) <= LARGEST:
        data = os.read(handle, 65536)
        parts.append(data)
    return b"".join(parts)


STEADY = 2.0
"""Seconds by which wall and monotonic clock may drift apart before we take the wall clock to have been set."""
CLOCK = "clock"
"""The file in the cache directory with the offset to AWS's clock."""
_BOOT_ID = "/proc/sys/kernel/random/boot_id"
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""The monotonic clock that continues during suspend: CLOCK_BOOTTIME on Linux, CLOCK_MONOTONIC on macOS
(clock_gettime(3)). Windows has neither; ``time.monotonic()`` counts sleep there."""


def monotonic() -> float:
    """Seconds that only increase, where possible during suspend too."""
    return time.monotonic() if _SINCE_BOOT is None else time.clock_gettime(_SINCE_BOOT)


def boot_id() -> str:
    """An id of this start of the machine; empty where the system has none."""
    return (read_private(_BOOT_ID) or "").strip() if os.name == "posix" else ""


def stored_offset(path: str) -> "tuple[str, float, float] | None":
    """The :func:`boot_id`, wall clock minus monotonic clock, and AWS's time minus the wall clock, at AWS's last answer.

    They are in the file *path*, and hold until the machine starts again; None if there are none.
    """
    try:
        boot, base, offset = (read_private(path) or "").splitlines()
        return boot, float(base), float(offset)
    except ValueError:
        return None


def aws_now(paths: Paths) -> "tuple[float, bool]":
    """As ``Clock.aws_now`` and ``Clock.was_set``, of the clock that the adapters have."""
    now, since_boot = time.time(), monotonic()
    boot, base, offset = stored_offset(os.path.join(paths.cache, CLOCK)) or ("", now - since_boot, 0.0)
    was_set = abs(now - since_boot - base) > STEADY
    # Mostly it makes no difference whether it still holds.
    if not (was_set or offset) or boot != boot_id():
        return now, False
    return max(now, since_boot + base + offset) if was_set else now + offset, was_set


FACTS = 7
"""The lines of a shortcut before those of the variables."""


def fingerprint(paths: Paths, *others: str) -> str:
    """A line that changes whenever one of the AWS files, the settings or *others* does.

    See ``adapters.filesystem.fingerprint`` for when that is certain.
    """
    return "\t".join([stamp(path) for path in (paths.config, paths.credentials, paths.settings, *others)])


def stamp(path: str) -> str:
    """What shows that the file *path* has not changed: its metadata."""
    try:
        info = os.stat(path)
    except OSError:
        return f"{path} -"
    # The status change time (ctime) shows that a file was moved away and back, or that its time was set.
    return f"{path} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_size} {info.st_ino}"


class SessionShortcut:
    """A profile's cached session, with what commands need to know of the profile."""

    __slots__ = ("expires_at", "margin", "process", "profile", "renew_below", "scope", "variables")

    def __init__(self, facts: "Sequence[str]", expires_at: str, process: str) -> None:
        """*facts* are the lines of the shortcut, the others the first two of the session's. Raises ValueError."""
        self.expires_at = int(expires_at)
        """When the session expires, in seconds since the epoch."""
        self.process = process
        """The JSON that a credential process prints for it."""
        self.renew_below = int(facts[2])
        """With fewer seconds left, a credential process renews it."""
        self.margin = int(facts[3])
        """With fewer seconds left, other commands renew it."""
        self.profile = facts[4]
        """The name of its profile."""
        self.scope = facts[5]
        """The name of the scope that the session is limited to; empty for none."""
        self.variables: dict[str, str] = dict([line.split("=", 1) for line in facts[FACTS:]])
        """The environment variables that carry the profile's settings, such as the region."""

    def is_live(self, now: float) -> bool:
        """Whether a login would keep the session at *now*; as ``core.sessions.expiry.is_live``, without its import."""
        return self.expires_at - now > self.margin

    def is_due(self, now: float) -> bool:
        """Whether a credential process should renew it at *now*; as ``core.sessions.expiry.is_due``."""
        return self.expires_at - now < self.renew_below

    def field(self, name: str) -> str:
        """A field of the JSON. Raises ValueError if it is missing, or needs unescaping.

        AWS's values need none. The json module loads regular expressions, which take half as long as starting Python.
        """
        _, found, rest = self.process.partition(f'"{name}": "')
        value, end, _ = rest.partition('"')
        if not found or not end or "\\" in value:
            raise ValueError(name)
        return value


def load_shortcut(paths: Paths, name: str, scope: str = "") -> "SessionShortcut | None":
    """Load the shortcut of the profile *name*, limited to *scope*; None if there is no valid one.

    Its session may have expired.
    """
    text = read_private(shortcut_path(paths, name, scope))
    lines = (text or "").splitlines()
    if len(lines) < FACTS or lines[0] != fingerprint(paths, *filter(None, lines[6:7])):
        return None
    if scope not in ("", lines[5]):
        return None
    try:
        expires_at, process, _ = (read_private(os.path.join(paths.cache, "sessions", lines[1])) or "").splitlines()
        return SessionShortcut(lines, expires_at, process) if process.startswith("{") else None
    except ValueError:
        return None


def shortcut_path(paths: Paths, name: str, scope: str) -> str:
    """Where the shortcut of *name* with the option ``--scope`` *scope* is. Names may be too long for a file."""
    parts = [part.encode(errors="surrogateescape").hex() for part in (name, scope)]
    return os.path.join(paths.cache, "ready", "-".join(parts).removesuffix("-") or "-")


original_core_limit: "list[int]" = []
"""The soft limit on core dumps, in bytes, before it was first lowered; empty until then."""


def limit_core_dumps() -> None:
    """Allow no core dumps of this process and the helpers it starts; ``replace_process`` restores the limit."""
    if sys.platform == "win32" or _core_limit_is_zero():
        return
    import resource

    try:
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    except (ValueError, OSError):
        return
    if not original_core_limit:
        original_core_limit.append(soft)


def _core_limit_is_zero() -> bool:
    """Whether there are no core dumps anyway, as on most machines; then ``resource`` need not be loaded."""
    try:
        handle = os.open("/proc/self/limits", os.O_RDONLY)
        limits = os.read(handle, 4096)
        os.close(handle)
    except OSError:
        return False
    # As fs/proc/base.c of Linux writes it: columns of 25 and 20 characters, and a space between them.
    return b"\nMax core file size        0 " in limits


def is_home_of_root(home: str) -> bool:
    """Whether *home* is root's own and no link."""
    try:
        return not home or (os.stat(home).st_uid == 0 and os.path.realpath(home) == home)
    except OSError:
        return False


VERSION = ("-V", "--version")
_ENCODINGS = ("utf-8", "ascii", "iso8859-1", "iso8859-15")
"""What standard output may be encoded in: no marks at the beginning, and ASCII is ASCII."""


class OutputCutOff(OSError):
    """A part of the result was written to standard output, and the rest cannot be."""


NONE = "", ""


def _encoded(text: str) -> bytes:
    """*text* as ``cli.terminal.output`` writes it to standard output; empty if that takes more thought."""
    stream = sys.__stdout__
    if stream is None or stream is not sys.stdout or stream.encoding not in _ENCODINGS:
        return b""
    return text.replace("\n", os.linesep).encode(stream.encoding, "surrogateescape")


def _is_written(data: bytes) -> bool:
    """Whether *data* was written to standard output, all of it; False if nothing was. Raises OutputCutOff."""
    rest = data
    try:
        while rest:
            rest = rest[os.write(1, rest) :]
    except OSError as error:
        if rest is data:
            return False
        raise OutputCutOff(error.errno, error.strerror) from None
    return True


def find_session(name: str, scope: str = "") -> "tuple[SessionShortcut | None, float]":
    """The shortcut of *name*, and the time by AWS's clock."""
    paths = Paths(os.environ)
    return load_shortcut(paths, name, scope), aws_now(paths)[0]


def profile_and_scope(arguments: "list[str]") -> "tuple[str, str] | None":
    """The profile and the scope of ``PROFILE``, with ``--scope NAME`` before or after it; None for anything else."""
    profile, scope = arguments[0] if len(arguments) == 1 else "", ""
    if len(arguments) == 3 and "--scope" in arguments[:2]:  # noqa: PLR2004 - as many words
        at = arguments.index("--scope")
        scope, profile = arguments[at + 1], arguments[0 if at else 2]
        profile = profile if scope.strip() else ""
    return (profile, scope) if profile and profile[0] != "-" and scope[:1] != "-" else None


def _credential_process(arguments: "list[str]") -> "Answer":
    given = profile_and_scope(arguments)
    known, now = find_session(*given) if given is not None else (None, 0.0)
    if known is None or known.is_due(now) or not (known.process.isascii() and known.process.isprintable()):
        return NONE
    return known.process + "\n", ""


COMMANDS: "Commands" = {"credential-process": _credential_process}
"""What each prints on standard output, and remarks on standard error if that is a terminal; NONE: the ordinary way."""


def serve(arguments: "list[str]", commands: "Commands" = COMMANDS) -> None:
    """Do what the command line asks for and end the process, or return having done nothing.

    Raises OutputCutOff.
    """
    command, *given = arguments or [""]
    text = remark = ""
    try:
        if command in VERSION:
            from mfa_tui import __version__

            text = f"mfa-tui {__version__}\n"
        elif command in commands and os.name == "posix":
            if os.geteuid() == 0 and not is_home_of_root(os.environ.get("HOME", "")):
                return
            limit_core_dumps()
            text, remark = commands[command](given)
        data = _encoded(text)
    except Exception:  # noqa: BLE001 - the ordinary way says what is wrong, and no traceback may show secrets
        return
    if data and _is_written(data):
        try:
            if remark and os.isatty(2):
                os.write(2, remark.encode())
        finally:
            os._exit(0)
