"""The other hot commands: ``env``, ``exec``, ``login`` and ``use``, where a valid session is at hand.

They go by the rules of :mod:`mfa_tui.hot`, which serves them; ``aws`` waits for that module alone, so they are apart.
"""

import os
import stat
import sys
import time

from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.core.shells.variables import EXPORTED, KEYS, REGIONS, SHOWN_PROFILE, session_environment, session_variables
from mfa_tui.hot import (
    NO_LINK,
    NONE,
    WITHOUT_WAITING,
    Paths,
    aws_now,
    find_session,
    fingerprint,
    is_own,
    is_safe,
    original_core_limit,
    read_private,
    stamp,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

    from mfa_tui.hot import Answer, Commands, SessionShortcut

_DAY = 86_400
"""Seconds."""
_MANY_USES = 16 * 1024
"""Bytes of uses to count: then the ordinary way is to do it."""


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
    """
    lines = (read_private(saved_target_path(paths, command, name)) or "").splitlines()
    if (
        len(lines) < SavedTarget.FACTS
        or lines[9] != str(len(lines))
        or lines[0] != fingerprint(paths)
        or lines[2] != regions(os.environ)
    ):
        return None
    if lines[1] != "\t".join([stamp(line.rsplit(" ", 4)[0]) for line in lines[1].split("\t")]):
        return None
    try:
        expires_at, process, _ = (read_private(os.path.join(paths.cache, "sessions", lines[3])) or "").splitlines()
        if not process.startswith(f'{{"Version": 1, "AccessKeyId": "{lines[4]}", '):
            return None
        return SavedTarget(lines), int(expires_at)
    except ValueError:
        return None


def saved_target_path(paths: Paths, command: str, name: str) -> str:
    """Where it is noted what *command* found of *name*."""
    return os.path.join(paths.cache, "ready", f"{command}-{name.encode(errors='surrogateescape').hex()}")


def regions(env: "Mapping[str, str]") -> str:
    """The regions of the environment, which a login checks."""
    return "\t".join([env.get(name, "") for name in REGIONS])


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
    known, now = find_session(profile, scope)
    if known is None or not known.is_live(now):
        return NONE
    change = env_output(os.environ, shell, _credentials(known), known.variables)
    return assignments(shell, change.variables, change.removed) + "\n", ""


def _exec(arguments: "list[str]") -> "Answer":
    profile, *rest = arguments or [""]
    command = rest[1:] if rest[:1] == ["--"] else rest
    if profile[:1] in ("", "-") or not command or command[0][:1] in ("", "-"):
        return NONE
    known, now = find_session(profile)
    if known is not None and known.is_live(now):
        settings = {**known.variables, SHOWN_PROFILE: known.profile}
        replace_process(command, session_environment(os.environ, _credentials(known), settings))
    return NONE


def _credentials(known: "SessionShortcut") -> "dict[str, str]":
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
    now, was_set = aws_now(paths)
    if known is None or was_set or known[1] - now <= known[0].margin or not all(map(is_own, own_directories(paths))):
        return paths, None, ""
    return paths, known[0], until(known[1], now)


COMMANDS: "Commands" = {"env": _env, "exec": _exec, "login": _login, "use": _use}
"""See ``hot.COMMANDS``."""
