"""The other hot commands: ``env``, ``exec``, ``login`` and ``use``, where a valid session is at hand.

They go by the rules of :mod:`mfa_tui`, which serves them; ``aws`` waits for that file alone, so they are apart.
"""

import os
import stat
import sys
import time

from mfa_tui import (
    FACTS,
    NO_LINK,
    RENEW_BELOW,
    WITHOUT_WAITING,
    aws_now,
    find_session,
    home_and_files,
    is_own,
    is_safe,
    original_core_limit,
    own_directory,
    read_safe,
    stamps,
)
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.core.shells.variables import EXPORTED, KEYS, REGIONS, SHOWN_PROFILE, session_environment, session_variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import NoReturn

    Answer = tuple[str, str]
    """The result, and remarks for a person; both are empty for what takes the ordinary way."""

NONE = "", ""
_DAY = 86_400
"""Seconds."""
_MANY_USES = 16 * 1024
"""Bytes of uses to count: then the ordinary way is to do it."""


class Paths:
    """All paths, from an environment. Nothing is read or created here.

    ``home`` is the user's home directory; ``config`` and ``credentials`` are the AWS files; ``settings`` is our
    ``config.toml``. ``data`` is the directory of the list of secrets, the vault and the backups, ``cache`` that of the
    sessions, ``state`` that of the used codes and the interface's preferences.
    """

    __slots__ = ("cache", "config", "credentials", "data", "home", "settings", "state")

    def __init__(self, env: "Mapping[str, str]") -> None:
        self.home, self.config, self.credentials, self.settings = home_and_files(env)
        self.data, self.cache, self.state = [own_directory(env, self.home, kind) for kind in ("data", "cache", "state")]

    @property
    def files(self) -> "tuple[str, str, str]":
        """The files that decide what a profile means."""
        return self.config, self.credentials, self.settings


class SessionShortcut:
    """A profile's cached session, with what commands need to know of the profile."""

    __slots__ = ("expires_at", "margin", "process", "profile", "renew_below", "scope", "variables")

    def __init__(self, facts: "Sequence[str]", expires_at: float, process: str) -> None:
        """The arguments are what ``find_session`` has found. Raises ValueError."""
        self.expires_at = int(expires_at)
        """When the session expires, in seconds since the epoch."""
        self.process = process
        """The JSON that a credential process prints for it."""
        self.renew_below = int(facts[RENEW_BELOW])
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
    try:
        found = find_session(paths.cache, paths.files, name, scope)
        return SessionShortcut(*found) if found is not None else None
    except (OSError, ValueError, OverflowError):
        return None


def set_core_limit(soft: int) -> None:
    """Set the soft limit on core dumps, as far as the system lets us."""
    if sys.platform != "win32":
        import resource

        try:
            resource.setrlimit(resource.RLIMIT_CORE, (soft, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        except (ValueError, OSError):
            return


def replace_process(command: "Sequence[str]", environment: "dict[str, str]") -> "NoReturn":
    """Replace this process by *command*, found as ``os.execvpe`` finds it. Raises OSError. POSIX only.

    It gets the limit on core dumps that we found, and the signals that Python ignores, which stay ignored in the next
    program: ``yes | head`` would not end.
    """
    import _signal  # type: ignore[import-not-found]  # what signal is built on: that one makes enums, which takes time

    names = [name for name in ("SIGPIPE", "SIGXFSZ") if hasattr(_signal, name)]
    before = [_signal.signal(getattr(_signal, name), _signal.SIG_DFL) for name in names]
    if original_core_limit and original_core_limit[0]:
        set_core_limit(original_core_limit[0])
    try:
        # os.execvpe would do the same, but imports warnings for it.
        refused: OSError | None = None
        missing: OSError | None = None
        places = [""] if os.path.dirname(command[0]) else environment.get("PATH", os.defpath).split(os.pathsep)
        for place in places:
            try:
                os.execve(os.path.join(place, command[0]), list(command), environment)  # noqa: S606 - the user's own
            except (FileNotFoundError, NotADirectoryError) as error:
                missing = error
            except OSError as error:
                refused = refused or error
        raise refused or missing or FileNotFoundError(command[0])
    finally:
        for name, handler in zip(names, before, strict=True):
            _signal.signal(getattr(_signal, name), handler)
        if original_core_limit and original_core_limit[0]:
            set_core_limit(0)


class SavedTarget:
    """What is noted of a login that had nothing to do: the target holds the profile's session already."""

    __slots__ = ("margin", "profile", "remarks", "result", "target")
    FACTS = 10
    """The lines of a note before those of the remarks."""

    def __init__(self, facts: "Sequence[str]") -> None:
        """*facts* are the lines of the note. Raises ValueError."""
        self.margin = int(facts[5])
        """With fewer seconds left, a login gets a new session."""
        self.profile = facts[6]
        """The name of the profile."""
        self.target = facts[7]
        """The section that holds the session."""
        self.result = facts[8]
        """What the login has printed, without the time."""
        self.remarks = facts[self.FACTS :]
        """What it has told a person."""


def load_saved_target(paths: Paths, command: str, name: str) -> "tuple[SavedTarget, int] | None":
    """What *command* (``login`` or ``use``) noted of *name*, and when the session expires; None if it may not hold.

    It holds while all that decided it is as it was: the AWS files, the settings, the session, the regions of the
    environment; and while no program has made a file beside them, which a login would clear away if it was left there.
    Raises OSError, ValueError.
    """
    lines = read_safe(saved_target_path(paths, command, name)).splitlines()
    if (
        len(lines) < SavedTarget.FACTS
        or lines[9] != str(len(lines))
        or lines[0] != stamps(*paths.files)
        or lines[2] != regions(os.environ)
    ):
        return None
    if lines[1] != stamps(*[line.rsplit(" ", 4)[0] for line in lines[1].split("\t")]):
        return None
    expires_at, process, _ = read_safe(os.path.join(paths.cache, "sessions", lines[3])).splitlines()
    if not process.startswith(f'{{"Version": 1, "AccessKeyId": "{lines[4]}", '):
        return None
    return SavedTarget(lines), int(expires_at)


def saved_target_path(paths: Paths, command: str, name: str) -> str:
    """Where it is noted what *command* found of *name*."""
    return os.path.join(paths.cache, "ready", f"{command}-{name.encode(errors='surrogateescape').hex()}")


def regions(env: "Mapping[str, str]") -> str:
    """The regions of the environment, which a login checks."""
    return "\t".join([env.get(name, "") for name in REGIONS])


def are_own(paths: "Sequence[str]") -> bool:
    """Whether all that there are of *paths* are directories, no links, that only we can write to. Raises OSError."""
    found = True
    for path in paths:
        try:
            found = found and is_own(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
    return found


def own_directories(paths: Paths) -> "list[str]":
    """All directories that hold files of our own."""
    below = {paths.cache: ("sessions", "ready", "flights"), paths.data: ("backups",), paths.state: ("history", "steps")}
    return [path for base, names in below.items() for path in (base, *[os.path.join(base, name) for name in names])]


def uses_path(paths: Paths) -> str:
    """Where uses of profiles are added, a line each, until ``services.listing.preferences`` counts them."""
    return os.path.join(paths.state, "uses")


def _add_use(paths: Paths, name: str) -> bool:
    """Add a use of the profile *name*, now; False if that is not possible here."""
    if not os.path.isdir(paths.state):
        return False
    handle = os.open(uses_path(paths), os.O_WRONLY | os.O_APPEND | os.O_CREAT | WITHOUT_WAITING | NO_LINK, 0o600)
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode) or not is_safe(info) or info.st_size > _MANY_USES:
            return False
        line = f"{time.time()} {name}\n".encode(errors="surrogateescape")
        return os.write(handle, line) == len(line)
    finally:
        os.close(handle)


def until(epoch: int, now: float) -> str:
    """``14:55 (11 h 59 m left)``, with the weekday if it is not today; ``expired`` if past. In epoch seconds."""
    if epoch <= now:
        return "expired"
    there, here = time.localtime(epoch), time.localtime(now)
    weekday = "" if there.tm_yday == here.tm_yday and epoch - now < _DAY else "%a "
    return f"{time.strftime(weekday + '%H:%M', there)} ({format_duration(epoch - now)} left)"


def env_arguments(arguments: "list[str]", shells: "Sequence[str]") -> "tuple[str | None, str, bool, str] | None":
    """Profile, shell, whether to unset, and scope, in their usual form. None for help, mistakes and other forms."""
    profile, shell, remove, scope = None, "sh", False, ""
    words = iter(arguments)
    for word in words:
        if word == "--unset":
            remove = True
        elif word == "--shell":
            shell = next(words, "")
        elif word == "--scope":
            if not (scope := next(words, "")).strip():
                return None
        elif word and not word.startswith("-") and profile is None:
            profile = word
        else:
            return None
    return (profile, shell, remove, scope) if shell in shells else None


def _env(arguments: "list[str]") -> "Answer":
    if os.isatty(1):
        # Then a hint follows.
        return NONE
    from mfa_tui.core.shells.shell_code import SHELLS, assignments
    from mfa_tui.core.shells.switching import env_output

    profile, shell, remove, scope = env_arguments(arguments, SHELLS) or (None, "", False, "")
    if profile is None or remove:
        return NONE
    paths = Paths(os.environ)
    known = load_shortcut(paths, profile, scope)
    if known is None or not known.is_live(aws_now(paths.cache)[0]):
        return NONE
    change = env_output(os.environ, shell, _credentials(known), known.variables)
    return assignments(shell, change.variables, change.removed) + "\n", ""


def _exec(arguments: "list[str]") -> "Answer":
    profile, *rest = arguments or [""]
    command = rest[1:] if rest[:1] == ["--"] else rest
    if profile[:1] in ("", "-") or not command or command[0][:1] in ("", "-"):
        return NONE
    paths = Paths(os.environ)
    known = load_shortcut(paths, profile)
    if known is not None and known.is_live(aws_now(paths.cache)[0]):
        settings = {**known.variables, SHOWN_PROFILE: known.profile}
        replace_process(command, session_environment(os.environ, _credentials(known), settings))
    return NONE


def _credentials(known: SessionShortcut) -> "dict[str, str]":
    key_id, secret, token = map(known.field, ("AccessKeyId", "SecretAccessKey", "SessionToken"))
    return session_variables(key_id, secret, token, known.expires_at)


def _login(arguments: "list[str]") -> "Answer":
    name = arguments[0] if len(arguments) == 1 else ""
    if name[:1] in ("", "-") or any(map(os.environ.get, (EXPORTED, *KEYS))):
        return NONE
    _, found, time_left = _saved_target("login", name)
    if found is None:
        return NONE
    return f"{found.result}, valid until {time_left}\n", "".join([f"{line}\n" for line in found.remarks])


def _use(arguments: "list[str]") -> "Answer":
    from mfa_tui.core.shells.shell_code import INTERACTIVE, assignments
    from mfa_tui.core.shells.switching import PREVIOUS, use_profile

    shell = "sh"
    if arguments[:1] == ["--shell"]:
        shell, arguments = "".join(arguments[1:2]), arguments[2:]
    name = arguments[0] if len(arguments) == 1 else ""
    if name == "-":
        name = os.environ.get(PREVIOUS, "")
    if name[:1] in ("", "-") or shell not in INTERACTIVE or os.isatty(1) or os.environ.get(EXPORTED):
        return NONE
    paths, found, time_left = _saved_target("use", name)
    if found is None:
        return NONE
    change = use_profile(os.environ, found.target)
    code = assignments(shell, change.variables, change.removed) + "\n"
    return (code, f"AWS_PROFILE={found.target}, valid until {time_left}\n") if _add_use(paths, found.profile) else NONE


def _saved_target(command: str, name: str) -> "tuple[Paths, SavedTarget | None, str]":
    """What *command* noted of *name*, if a login would find the same now, and until when the session is valid."""
    paths = Paths(os.environ)
    known = load_saved_target(paths, command, name)
    now, was_set = aws_now(paths.cache)
    if known is None or was_set or known[1] - now <= known[0].margin or not are_own(own_directories(paths)):
        return paths, None, ""
    return paths, known[0], until(known[1], now)


COMMANDS: "Mapping[str, Callable[[list[str]], Answer]]" = {"env": _env, "exec": _exec, "login": _login, "use": _use}
"""What each prints, by its name."""
