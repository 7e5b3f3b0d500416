"""Settings that are well-formed but that the AWS SDK refuses, as findings with their place."""

from __future__ import annotations

from mfa_tui.core.problems.place import Place, continuation, place_of, variable
from mfa_tui.core.profiles.login_problems import problem
from mfa_tui.errors import sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.problems.finding import Finding


def setting_problem(aws: AwsConfig, profile: str, *, key: str, name: str, reason: str) -> Finding:
    """The finding that botocore refuses a *key* of a profile or the variable *name*; both may be empty.

    *reason* is the kind of botocore's error and its message, separated by ": ".
    """
    kind, _, said = reason.partition(": ")
    merged = aws.merged(profile)
    if not said or any("\n" in value for value in merged.values() if isinstance(value, str)):
        # A value may contain other lines by mistake, with a secret in them, and botocore quotes values.
        said = f"It fails with {kind}"
    why = sentence(_without_password(said))
    if name:
        place, setting, remedy = variable(name), f"the variable {name}", f"Correct it, or unset {name}"
        return problem("botocore", place=place, setting=setting, why=why, remedy=remedy)
    place_of_key = place_of(aws, profile, key) if key else None
    lines = continuation(aws, place_of_key) if place_of_key else []
    if not key:
        setting, remedy = "this configuration", "Correct it in the AWS files or the environment."
    elif lines and isinstance(merged.get(key), str):
        setting = f"{key} of '{profile}', which continues on line {lines[0]}"
        remedy = f"Put a # at the start of line {lines[0]}" + (f" and those up to {lines[-1]}." if lines[1:] else ".")
    else:
        setting, remedy = f"{key} of '{profile}'", f"Correct {key}, or delete it."
    found = problem("botocore", place=place_of_key, setting=setting, why=why, remedy=remedy)
    return found._replace(profile=profile)


def _without_password(text: str) -> str:
    """*text* without the user name and password of any address in it, which botocore quotes in full."""
    words = text.split(" ")
    for number, word in enumerate(words):
        before, mark, rest = word.partition("://")
        if mark and "@" in rest:
            words[number] = f"{before}://{rest.rpartition('@')[2]}"
    return " ".join(words)


def locale_problem(
    aws: AwsConfig, encoding: Callable[[], str], *, windows: bool, only_unreadable: bool = True
) -> Finding | None:
    """The first character that the SDK cannot read in the locale's *encoding*.

    With *only_unreadable* false, also the first one that it would read as another character.
    """
    for document, path in ((aws.config, aws.paths[0]), (aws.credentials, aws.paths[1])):
        data = document.render()
        if data.isascii():
            continue
        text = data.decode("utf-8")
        try:
            read = data.decode(encoding())
        except UnicodeDecodeError as error:
            name, at = "file-locale", len(data[: error.start].decode("utf-8", "ignore"))
        except LookupError:
            continue
        else:
            if only_unreadable or read == text:
                continue
            name, at = "file-locale-other", next(place for place, letter in enumerate(text) if not letter.isascii())
        line = text.count("\n", 0, at) + 1
        remedy = "set PYTHONUTF8=1" if windows else "export LC_ALL=C.UTF-8"
        return problem(name, place=Place(path, line), path=path, line=line, encoding=encoding(), remedy=remedy)
    return None
