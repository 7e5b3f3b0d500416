"""mfa-tui: MFA-backed AWS credentials, from the terminal.

The package itself is where the command starts, and all of what ``aws`` waits for all day: ``credential-process`` where
a valid session is at hand. The time goes into starting Python and importing, so this is one file with few functions: a
further module takes a hundredth of an empty Python, and so do fifteen functions. Its imports are modules that every
Python has loaded when a program begins, and ``resource`` where core dumps must be switched off. This and
``hot_commands``, which has the other hot commands, are the one exception to the layers: they read files, find a session
and print it. Adapters use what they know (places, formats, who may have written a file), so nothing is known twice. At
the end the process exits without Python's clean-up: there is nothing to clean up, and that takes longer than all of
this.

Only the usual case is served. Whatever else there is, a wrong option, a changed file, a session about to expire, output
that cannot be written, is left to :mod:`mfa_tui.program`. Tests compare the answers of both.
"""

import _signal  # type: ignore[import-not-found]  # what signal is built on: that one imports enum
import os
import stat
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__version__ = "0.1.0"

NAME = "mfa-tui"
"""The name of our directories in those for settings, data, caches and state."""
VERSION = ("-V", "--version")
HOT = ("env", "exec", "login", "use")
"""The other hot commands."""
_ENCODINGS = ("utf-8", "ascii", "iso8859-1", "iso8859-15")
"""What standard output may be encoded in: no marks at the beginning, and ASCII is ASCII."""


def main() -> int:
    """Run ``mfa-tui`` with the arguments of this process; the exit status is returned (see errors.Exit).

    Where there is no more to do than to hand out a session, the process ends in here.
    """
    # Until a command can be interrupted properly (see adapters.system.process), Ctrl+C ends the process, as by default,
    # where Python would show a traceback. Where it is ignored, it stays ignored.
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    cut_off = serve(sys.argv[1:])
    # By its name, as modules of all layers import this one, and none may import the program. importlib would take
    # as long to load as three modules of ours.
    status: int = __import__("mfa_tui.program", fromlist=("run_program",)).run_program(cut_off)
    return status


def serve(arguments: "list[str]") -> "OSError | None":
    """Do what the command line asks for and end the process, or return having done nothing.

    The error that is returned is why only a part of the result could be written to standard output.
    """
    command, *given = arguments or [""]
    remark = ""
    try:
        if command in VERSION:
            text = f"mfa-tui {__version__}\n"
        elif os.name != "posix" or command not in (*HOT, "credential-process"):
            return None
        else:
            if os.geteuid() == 0 and not is_home_of_root(os.environ.get("HOME", "")):
                return None
            limit_core_dumps()
            if command in HOT:
                from mfa_tui import hot_commands

                text, remark = hot_commands.COMMANDS[command](given)
            else:
                text = _credential_process(given)
        stream = sys.__stdout__
        if not text or stream is None or stream is not sys.stdout or stream.encoding not in _ENCODINGS:
            return None
        # As cli.terminal.output writes it.
        rest = data = text.replace("\n", os.linesep).encode(stream.encoding, "surrogateescape")
    except Exception:  # noqa: BLE001 - the ordinary way says what is wrong, and no traceback may show secrets
        return None
    try:
        while rest:
            rest = rest[os.write(1, rest) :]
    except OSError as error:
        return None if rest is data else error
    try:
        if remark and os.isatty(2):
            os.write(2, remark.encode())
    finally:
        os._exit(0)


def _credential_process(arguments: "list[str]") -> str:
    """The JSON of the session, and a line end; empty for what takes the ordinary way."""
    given = profile_and_scope(arguments)
    if given is None:
        return ""
    home, *files = home_and_files(os.environ)
    cache = own_directory(os.environ, home, "cache")
    found = find_session(cache, files, *given)
    if found is None:
        return ""
    shortcut, expires_at, process = found
    is_fresh = expires_at - aws_now(cache)[0] >= float(shortcut[RENEW_BELOW])
    return f"{process}\n" if is_fresh and process.isascii() and process.isprintable() else ""


def profile_and_scope(arguments: "list[str]") -> "tuple[str, str] | None":
    """The profile and the scope of ``PROFILE``, with ``--scope NAME`` before or after it; None for anything else."""
    profile, scope = arguments[0] if len(arguments) == 1 else "", ""
    if len(arguments) == 3 and "--scope" in arguments[:2]:  # noqa: PLR2004 - as many words
        at = arguments.index("--scope")
        scope, profile = arguments[at + 1], arguments[0 if at else 2]
        profile = profile if scope.strip() else ""
    return (profile, scope) if profile and profile[0] != "-" and scope[:1] != "-" else None


def home_and_files(env: "Mapping[str, str]") -> "tuple[str, str, str, str]":
    """The user's home directory, the AWS files ``config`` and ``credentials``, and our settings, by an environment."""
    # What os.path.expanduser, and so botocore, uses for it. Git's shell on Windows sets both.
    home = env.get("USERPROFILE" if sys.platform == "win32" else "HOME") or os.path.expanduser("~")
    config = os.path.expandvars(env.get("AWS_CONFIG_FILE") or "~/.aws/config")
    credentials = os.path.expandvars(env.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials")
    # As botocore expands them: variables, then ``~``.
    config = home + config[1:] if config[:2] in ("~", "~/") else os.path.expanduser(config)
    credentials = home + credentials[1:] if credentials[:2] in ("~", "~/") else os.path.expanduser(credentials)
    settings = env.get("MFA_TUI_CONFIG") or os.path.join(own_directory(env, home, "config"), "config.toml")
    return home, config, credentials, settings


def own_directory(env: "Mapping[str, str]", home: str, kind: str) -> str:
    """Our directory for files of a *kind*: ``config``, ``data``, ``cache`` or ``state``."""
    if sys.platform in ("win32", "darwin"):
        import platformdirs

        return str(getattr(platformdirs.PlatformDirs(NAME, appauthor=False), f"user_{kind}_dir"))
    # As platformdirs does (XDG base directories), but without importing it, which takes longer than starting Python.
    # Relative paths are invalid and must be ignored.
    base = env.get(f"XDG_{kind.upper()}_HOME", "")
    return os.path.join(base if os.path.isabs(base) else os.path.join(home, _XDG[kind]), NAME)


_XDG = {"config": ".config", "data": ".local/share", "cache": ".cache", "state": ".local/state"}
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""Flags to open anything and read its bytes: do not wait for a pipe's writer, nor make a terminal ours."""
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
LARGEST = 16 * 1024 * 1024
"""More bytes than any file of ours has."""


def is_safe(info: os.stat_result) -> bool:
    """Whether nobody but this user and root can write to the file of *info*, as far as POSIX tells."""
    return os.name != "posix" or (info.st_uid in (os.geteuid(), 0) and not info.st_mode & OTHERS_WRITE)


def is_own(path: str) -> bool:
    """Whether *path* is a directory, no link, that only we can write to. Raises OSError."""
    info = os.lstat(path)
    return stat.S_ISDIR(info.st_mode) and is_safe(info)


def read_safe(path: str) -> str:
    """The text of a small file, no link, that only we can write to. Raises OSError, also if it cannot be trusted.

    ``adapters.filesystem.ownership.read_trusted`` trusts the same, looks at the directory, and says what is wrong.
    """
    handle = os.open(path, os.O_RDONLY | WITHOUT_WAITING | NO_LINK)
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode) or not is_safe(info) or info.st_size > LARGEST:
            raise PermissionError(path)
        # The system's own files say that they have no size.
        data = os.read(handle, info.st_size or 4096)
        if info.st_size not in (0, len(data)):
            raise InterruptedError(path)
        # Bytes that are not UTF-8 are damage, which the caller notices.
        return data.decode(errors="replace")
    finally:
        os.close(handle)


STEADY = 2.0
"""Seconds by which wall and monotonic clock may drift apart before we take the wall clock to have been set."""
CLOCK = "clock"
"""The file in the cache directory with the offset to AWS's clock."""
_BOOT_ID = "/proc/sys/kernel/random/boot_id"
SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", 0))
"""The monotonic clock that continues during suspend: CLOCK_BOOTTIME on Linux, CLOCK_MONOTONIC on macOS
(clock_gettime(3)). 0 on Windows, which has neither."""


def boot_id() -> str:
    """An id of this start of the machine; empty where the system has none."""
    try:
        return read_safe(_BOOT_ID).strip() if os.name == "posix" else ""
    except OSError:
        return ""


def stored_offset(cache: str) -> "tuple[str, float, float] | None":
    """The :func:`boot_id`, wall clock minus monotonic clock, and AWS's time minus the wall clock, at AWS's last answer.

    They are in the directory *cache*, and hold until the machine starts again; None if there are none.
    """
    try:
        boot, base, offset = read_safe(os.path.join(cache, CLOCK)).splitlines()
        return boot, float(base), float(offset)
    except (OSError, ValueError):
        return None


def aws_now(cache: str) -> "tuple[float, bool]":
    """As ``Clock.aws_now`` and ``Clock.was_set``, of the clock that the adapters have."""
    now, since_boot = time.time(), time.clock_gettime(SINCE_BOOT)
    boot, base, offset = stored_offset(cache) or ("", now - since_boot, 0.0)
    was_set = abs(now - since_boot - base) > STEADY
    # Mostly it makes no difference whether it still holds.
    if not (was_set or offset) or boot != boot_id():
        return now, False
    return max(now, since_boot + base + offset) if was_set else now + offset, was_set


FACTS = 7
"""The lines of a shortcut before those of the variables."""
RENEW_BELOW = 2
"""Which of them has the seconds below which a credential process renews the session."""


def find_session(
    cache: str, files: "Sequence[str]", name: str, scope: str = ""
) -> "tuple[list[str], float, str] | None":
    """The lines of the shortcut of the profile *name*, limited to *scope*; when its session expires; and its JSON.

    None if *files*, those that decide what a profile means, have changed. Raises OSError, ValueError.
    """
    ready, sessions = os.path.join(cache, "ready"), os.path.join(cache, "sessions")
    if not (is_own(cache) and is_own(ready) and is_own(sessions)):
        return None
    facts = read_safe(shortcut_path(cache, name, scope)).splitlines()
    if len(facts) < FACTS or facts[0] != stamps(*files, *filter(None, facts[6:7])) or scope not in ("", facts[5]):
        return None
    expires_at, process, _ = read_safe(os.path.join(sessions, facts[1])).splitlines()
    return (facts, float(expires_at), process) if process.startswith("{") else None


def shortcut_path(cache: str, name: str, scope: str) -> str:
    """Where the shortcut of *name* with the option ``--scope`` *scope* is. Names may be too long for a file."""
    name = name.encode(errors="surrogateescape").hex() or "-"
    return os.path.join(cache, "ready", f"{name}-{scope.encode(errors='surrogateescape').hex()}" if scope else name)


def stamps(*files: str) -> str:
    """A line that changes whenever one of the *files* does: their metadata.

    See ``adapters.filesystem.fingerprint`` for when that is certain.
    """
    found = []
    for path in files:
        try:
            info = os.stat(path)
        except OSError:
            found.append(f"{path} -")
        else:
            # The status change time (ctime) shows that a file was moved away and back, or that its time was set.
            found.append(f"{path} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_size} {info.st_ino}")
    return "\t".join(found)


original_core_limit: "list[int]" = []
"""The soft limit on core dumps, in bytes, before it was first lowered; empty until then."""


def limit_core_dumps() -> None:
    """Allow no core dumps of this process and the helpers it starts; ``replace_process`` restores the limit."""
    if sys.platform == "win32":
        return
    try:
        handle = os.open("/proc/self/limits", os.O_RDONLY)
        limits = os.read(handle, 4096)
        os.close(handle)
        # As fs/proc/base.c of Linux writes it: columns of 25 and 20 characters, and a space between them.
        if b"\nMax core file size        0 " in limits:
            # As on most machines; then ``resource`` need not be loaded.
            return
    except OSError:
        pass
    import resource

    try:
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    except (ValueError, OSError):
        return
    if not original_core_limit:
        original_core_limit.append(soft)


def is_home_of_root(home: str) -> bool:
    """Whether *home* is root's own, and there is no link on the way to it."""
    try:
        if home and (home[0] != "/" or os.stat(home).st_uid != 0):
            return False
        end = len(home)
        while end > 0:
            if stat.S_ISLNK(os.lstat(home[:end]).st_mode):
                return False
            end = home.rfind("/", 0, end)
    except OSError:
        return False
    return True
