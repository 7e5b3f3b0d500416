"""What other tools have left on the disk, beside the AWS files. It is only read, and no secret of it is kept.

The places of their files are from the tools' sources: aws-vault 7 (``cli/global.go``) and the keyring library that it
shares with Granted, Granted of May 2025 (``pkg/config``, ``pkg/securestorage``), awsume 4.5 (``lib/constants.py``,
``lib/cache.py``), AWS CLI (``customizations/assumerole.py`` and botocore's ``JSONFileCache``), Leapp 0.26.
"""

from __future__ import annotations

import os
import stat

from mfa_tui.core.doctor.other_tools import Tool, until_phrase
from mfa_tui.core.sessions.expiry import parse_expiry
from mfa_tui.core.text.display import in_words, quoted, sanitize, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LARGEST = 1 << 20
"""Bytes; none of these files is as large, so a larger one is something else."""
_MOST = 1000
"""How many files of a directory are read."""
_LISTED = 5
"""How many sessions or names are listed one by one."""


def traces_on_disk(env: Mapping[str, str], home: str, now: float) -> dict[str, list[str]]:
    """What each tool has on the disk, as lines by tool; *now* is in seconds since the epoch."""
    found: dict[str, list[str]] = {}
    for tool, line in _lines(env, home, now):
        found.setdefault(tool, []).append(sanitize(line.replace(home + os.sep, "~" + os.sep)))
    return found


def _lines(env: Mapping[str, str], home: str, now: float) -> Iterator[tuple[str, str]]:
    for line in _aws_vault(env, home):
        yield Tool.AWS_VAULT, line
    for line in _granted(env, home):
        yield Tool.GRANTED, line
    for line in _awsume(env, home, now):
        yield Tool.AWSUME, line
    for line in _role_sessions(os.path.join(home, ".aws", "cli", "cache"), now):
        yield Tool.AWS_CLI, line
    leapp = os.path.join(home, ".Leapp", "Leapp-lock.json")
    if os.path.exists(leapp):
        yield Tool.LEAPP, f"its sessions in {leapp}, encrypted"


def _aws_vault(env: Mapping[str, str], home: str) -> Iterator[str]:
    directory = env.get("AWS_VAULT_FILE_DIR") or "~/.awsvault/keys"
    if directory.startswith("~"):
        directory = home + directory[1:]
    names = _keys(directory)
    if names:
        yield f"keys of {_listed(names)} in {directory}, encrypted"
    yield from _keyrings(env, home, "awsvault.keyring")
    keychain = os.path.join(home, "Library", "Keychains", "aws-vault.keychain-db")
    if os.path.exists(keychain):
        yield f"its keychain {keychain}"


def _is_session(name: str) -> bool:
    """Whether an entry is a session or an SSO token: TYPE,PROFILE,SERIAL,EXPIRY, or ``oidc:URL``."""
    return "," in name or name.startswith(("oidc:", "session:"))


def _granted(env: Mapping[str, str], home: str) -> Iterator[str]:
    settings = os.path.join(home, ".granted")
    if not os.path.isdir(settings) and env.get("XDG_CONFIG_HOME"):
        settings = os.path.join(env["XDG_CONFIG_HOME"], "granted")
    if os.path.isfile(os.path.join(settings, "config")):
        yield f"its settings in {settings}"
    names = _keys(os.path.join(settings, "secure-storage-aws-iam-credentials"))
    if names:
        yield f"keys of {_listed(names)} in {settings}, encrypted"
    yield from _keyrings(env, home, "granted-aws-iam-credentials.keyring")


def _keyrings(env: Mapping[str, str], home: str, name: str) -> Iterator[str]:
    """A collection of the Secret Service, which gnome-keyring stores in a file of that name."""
    data = env.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    path = os.path.join(data, "keyrings", name)
    if os.path.exists(path):
        yield f"its keyring {path}"


def _awsume(env: Mapping[str, str], home: str, now: float) -> Iterator[str]:
    old = os.path.join(home, ".awsume")
    # It uses one of these places; an earlier version, or another shell, may have used the other.
    for settings in _places(env, "XDG_CONFIG_HOME", old):
        if os.path.isfile(os.path.join(settings, "config.yaml")):
            yield f"its settings in {settings}"
    for cache in _places(env, "XDG_CACHE_HOME", os.path.join(old, "cache")):
        sessions: list[tuple[str, int]] = []
        for name in _names(cache):
            prefix, _, key_id = name.partition("aws-credentials-")
            if prefix or not key_id:
                continue
            ends = _local_expiry(_field(_json(os.path.join(cache, name)), "Expiration"))
            if ends is None:
                yield _damaged(os.path.join(cache, name))
            else:
                sessions.append((f"a session made with the access key {shown(key_id[:4])}…{shown(key_id[-4:])}", ends))
        yield from _session_lines(sessions, cache, now)


def _places(env: Mapping[str, str], variable: str, otherwise: str) -> list[str]:
    base = env.get(variable)
    return [os.path.join(base, "awsume"), otherwise] if base else [otherwise]


def _local_expiry(value: object) -> int | None:
    """A local time as awsume writes it, ``2026-11-24 12:55:42``, in seconds since the epoch; None if invalid."""
    from datetime import datetime

    try:
        return int(datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S").timestamp())  # noqa: DTZ007 - local, as it says
    except (ValueError, OverflowError, OSError):
        return None


def _role_sessions(cache: str, now: float) -> Iterator[str]:
    """The AWS CLI's cache: each file is a response of AssumeRole, or of IAM Identity Center in the same form."""
    sessions: list[tuple[str, int]] = []
    for name in _names(cache):
        if not name.endswith(".json"):
            continue
        path = os.path.join(cache, name)
        answer = _json(path)
        # botocore writes "…Z" or, from a datetime, "…UTC".
        ends = parse_expiry(str(_field(answer, "Credentials", "Expiration")).removesuffix("UTC"))
        if ends is None:
            yield _damaged(path)
            continue
        role = _field(answer, "AssumedRoleUser", "Arn")
        whose = f" of {sanitize(role)}" if isinstance(role, str) else ""
        sessions.append((f"a session{whose}", ends))
    yield from _session_lines(sessions, cache, now)


def _session_lines(sessions: list[tuple[str, int]], directory: str, now: float) -> Iterator[str]:
    """The valid sessions of a cache, those that expire last first, and how many others there are."""
    live = sorted((ends, what) for what, ends in sessions if ends > now)[::-1]
    for ends, what in live[:_LISTED]:
        yield what + until_phrase(ends)
    if len(live) > _LISTED:
        yield f"{len(live) - _LISTED} more sessions in {directory}"
    ended = len(sessions) - len(live)
    if ended:
        yield f"{ended} expired {'session' if ended == 1 else 'sessions'} in {directory}"


def _damaged(path: str) -> str:
    return f"{path}, which was skipped: it is damaged or cannot be read"


def _names(directory: str) -> list[str]:
    """The files in *directory*, sorted; none if it cannot be read."""
    try:
        with os.scandir(directory) as entries:
            return sorted(entry.name for entry, _ in zip(entries, range(_MOST), strict=False))
    except OSError:
        return []


def _keys(directory: str) -> list[str]:
    """The names whose keys a keyring of encrypted files holds: its files' names, partly percent-encoded."""
    if not (names := _names(directory)):
        return []
    from urllib.parse import unquote

    return [name for name in map(unquote, names) if not _is_session(name)]


def _listed(names: list[str]) -> str:
    return in_words([quoted(name) for name in names], _LISTED)


def _json(path: str) -> object:
    """The value in a JSON file; None if it cannot be read, is not JSON, not a regular file, or far too large."""
    import json

    try:
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode) or info.st_size > _LARGEST:
            return None
        with open(path, encoding="utf-8") as file:
            value: object = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    return value


def _field(value: object, *keys: str) -> object:
    """A value inside nested mappings; None if one of them is missing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
