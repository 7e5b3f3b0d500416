"""Section headers: which profile a header names, and which header a profile needs.

Config headers go through shlex (``botocore.configloader.build_profile_map``); credentials headers are literal.
Headers are written here without their brackets.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    T = TypeVar("T")

_NEVER_USUAL = "\t\r\n'\"\\"
"""What shlex treats in a special way, apart from the space."""
_SHLEX_SPECIAL = frozenset({*_NEVER_USUAL, " "})
_LINE_SEPARATORS = "\u2028\u2029"


def profile_in(header: str) -> str | None:
    """The profile that a config header names for botocore; None for ``[x]`` and ``[profile a b]``."""
    if header == "default":
        return header
    if not header.startswith("profile"):
        return None
    name = header[8:]
    if name and header[7] == " " and _SHLEX_SPECIAL.isdisjoint(name):
        return name
    import shlex

    try:
        words = shlex.split(header)
    except ValueError:
        return None
    return words[1] if len(words) == 2 else None  # noqa: PLR2004 - the word "profile" and the name


def profiles_in(sections: Mapping[str, T]) -> dict[str, T]:
    """What belongs to each profile, by its name, of what belongs to each config header; of several the last."""
    found = {}
    # The same as profile_in says, but in a fraction of the time for most of thousands of headers.
    usual = not any(map("".join(sections).__contains__, _NEVER_USUAL))
    for header, own in sections.items():
        kind, _, rest = header.partition(" ")
        name: str | None = rest
        if not usual or not rest or " " in rest or kind != "profile":
            name = profile_in(header)
        if name is not None:
            found[name] = own
    return found


def config_header(profile: str) -> str:
    """The header of a profile in the config file: ``default``, ``profile dev``, ``profile "a b"``.

    :raises ValueError: no header can express the name so that every reader agrees on it.
    """
    _check(profile)
    if profile == "default":
        return profile
    # White space that shlex does not know (a no-break space) is quoted too: other readers may split there.
    if _SHLEX_SPECIAL.isdisjoint(profile) and not any(character.isspace() for character in profile):
        return f"profile {profile}"
    escaped = profile.replace("\\", "\\\\").replace('"', '\\"')
    return f'profile "{escaped}"'


def credentials_header(profile: str) -> str:
    """The header of a profile in the credentials file: its name.

    :raises ValueError: no header can express the name so that every reader agrees on it.
    """
    _check(profile)
    if profile == "DEFAULT":
        raise ValueError("[DEFAULT] is not a profile: its keys would leak into every other")
    return profile


def _check(profile: str) -> None:
    if not profile:
        raise ValueError("a profile's name cannot be empty")
    if has_control(profile):
        raise ValueError("a profile's name cannot contain control characters")
    if "]" in profile:
        raise ValueError("a profile's name cannot contain a closing bracket: readers differ on where its header ends")
    if profile != profile.strip():
        raise ValueError("a profile's name cannot start or end with white space")


def has_control(text: str) -> bool:
    """Whether text contains what must never be written: control characters, line separators, lone surrogates."""
    # Nearly all text is printable, which is quick to check.
    return not text.isprintable() and any(
        character < " "
        or "\x7f" <= character <= "\x9f"
        or character in _LINE_SEPARATORS
        or "\ud800" <= character <= "\udfff"
        for character in text
    )
