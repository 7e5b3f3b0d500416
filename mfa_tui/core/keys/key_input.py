"""Long-term access keys as people have them: pasted lines, blocks, JSON, and the console's CSV files.

Forms that are read: ``export``, ``set`` and ``$Env:`` lines of any shell, sections of the AWS files, the JSON of
``aws iam create-access-key``, of ``credential_process`` and of aws-vault or granted, the CSV of the console (a new key,
and the older one of a new user), and the two values alone. Names are compared without case, spaces and underscores.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.text.display import is_visible, shortened_key
from mfa_tui.errors import UsageError
from mfa_tui.models import AccessKeys, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = {
    "awsaccesskeyid": "id",
    "accesskeyid": "id",
    "awsaccesskey": "id",
    "accesskey": "id",
    "awssecretaccesskey": "secret",
    "secretaccesskey": "secret",
    "awssecretkey": "secret",
    "secretkey": "secret",
    "awssessiontoken": "token",
    "awssecuritytoken": "token",
    "sessiontoken": "token",
    "awsdefaultregion": "region",
    "awsregion": "region",
    "region": "region",
}
"""What a name stands for, in lower case and without spaces, ``_`` and ``-``."""
_ASSIGNMENT = re.compile(
    r"""\s*(?:export\s+|setx?\s+(?:-[a-z]+\s+)*|\$env:)?["']?(?P<name>[A-Za-z][A-Za-z_ -]{1,40}?)["']?"""
    r"""(?:\s*[=:]\s*|\s+)(?P<value>\S.*?)\s*;?\s*""",
    re.IGNORECASE,
)
_ID = re.compile(r"A[A-Z0-9]{15,127}")
_SECRET = re.compile(r"[A-Za-z0-9/+=]{20,128}")
_SECRET_LENGTH = 40
_LONG_TERM, _TEMPORARY = "AKIA", "ASIA"
_QUOTES = "\"'`"
_OTHER_CSV = {
    "arn": "the credential report of an account",
    "consolesigninurl": "the password of a user",
    "consoleloginlink": "the password of a user",
    "serviceusername": "a service-specific credential",
    "apikeyid": "an API key",
}
"""What another CSV of the console holds, by a column that only it has."""


class PastedKeys(NamedTuple):
    """The key in the user's input."""

    keys: AccessKeys
    """The key."""
    region: str = ""
    """The region that stood beside it; empty if none did."""


def read_keys(given: Secret) -> PastedKeys:
    """The long-term key in *given*.

    Raises UsageError: ``keys-input`` (there is none, or more than one), ``keys-invisible``, ``keys-csv``,
    ``keys-temporary``. None of them shows any of the text.
    """
    plain = given.reveal().removeprefix("\ufeff")
    _check_visible(plain)
    values: dict[str, str] = {}
    for name, value in _values(plain.strip()):
        if values.setdefault(name, value) != value and name != "region":
            raise _bad_input("It has more than one.", "Pass only the one to import.")
    return _checked(values, has_text=bool(plain.strip()))


def key_id_in(given: Secret) -> str:
    """The access key ID in *given*, which may be incomplete; empty if there is none, or more than one."""
    try:
        ids = {value for name, value in _values(given.reveal().strip()) if name == "id"}
    except UsageError:
        return ""
    found = ids.pop() if len(ids) == 1 else ""
    return found if _ID.fullmatch(found) and found.startswith(_LONG_TERM) else ""


def describe_keys(keys: AccessKeys) -> str:
    """A key in words that show nothing of its secret."""
    length = len(keys.secret_access_key.reveal())
    return f"the key {shortened_key(keys.access_key_id)}, with a secret of {length} characters (not shown)"


def _values(plain: str) -> Iterator[tuple[str, str]]:
    """The values in the text, each with what it is: id, secret, token or region."""
    if plain.startswith("{"):
        yield from _json_values(plain)
        return
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    header = _fields(lines[0]) if lines else []
    if len(header) > 1 and (_is_header(header) or any(_plain(name) in _OTHER_CSV for name in header)):
        yield from _csv_values(lines, header)
        return
    found = {line: [pair for part in _statements(line) for pair in _line_values(part)] for line in lines}
    named = [pair for pairs in found.values() for pair in pairs]
    yield from named
    # The two values alone, as they stand beside each other in the console, or one of them after the other's line.
    known = {name for name, _ in named}
    for word in " ".join(line for line in lines if not found[line]).replace(",", " ").split():
        name = "id" if _is_like_id(word) else "secret" if _SECRET.fullmatch(word) else ""
        if name and name not in known:
            yield name, word


def _is_like_id(word: str) -> bool:
    """Whether *word* is meant as an access key ID, which may be in small letters; secrets are longer."""
    small = len(word) < _SECRET_LENGTH and word[:4].upper() in (_LONG_TERM, _TEMPORARY)
    return _ID.fullmatch(word.upper() if small else word) is not None


def _statements(line: str) -> list[str]:
    """The statements of a line; several may stand in one."""
    return re.split(r"\s*(?:;|&&|&)\s*(?=export\b|set\b|\$env:|$)|\s+(?=AWS_[A-Z_]+=)", line, flags=re.IGNORECASE)


def _line_values(line: str) -> Iterator[tuple[str, str]]:
    # cmd's way to quote: set "NAME=value".
    quoted = re.fullmatch(r"""(set\s+)(["'])(.*)\2""", line, re.IGNORECASE)
    match = _ASSIGNMENT.fullmatch(quoted[1] + quoted[3] if quoted else line)
    if match is None:
        return
    name = _NAMES.get(_plain(match["name"]))
    value = match["value"].strip()
    if name and value:
        # A command or a comment may follow; no value has spaces.
        yield name, value[1:].partition(value[0])[0] if value[0] in _QUOTES else value.split()[0]


def _json_values(plain: str) -> Iterator[tuple[str, str]]:
    try:
        document = json.loads(plain)
    except (ValueError, RecursionError):
        raise _bad_input("It looks like JSON, but cannot be read as such.", "Pass the whole of it.") from None
    if isinstance(document, dict):
        for inner in ("AccessKey", "Credentials"):
            if isinstance(document.get(inner), dict):
                document = document[inner]
        for key, value in document.items():
            name = _NAMES.get(_plain(str(key)))
            if name and isinstance(value, str) and value:
                yield name, value.strip()


def _csv_values(lines: list[str], header: list[str]) -> Iterator[tuple[str, str]]:
    """The values of a CSV file. Raises UsageError (``keys-csv``) if it is of another kind."""
    names = [_NAMES.get(_plain(name)) for name in header]
    if not {"id", "secret"} <= set(names):
        kind = next((_OTHER_CSV[_plain(name)] for name in header if _plain(name) in _OTHER_CSV), "something else")
        raise problem("keys-csv", kind=kind).as_error(UsageError)
    for line in lines[1:]:
        for name, value in zip(names, _fields(line, lines[0]), strict=False):
            if name and value:
                yield name, value


def _fields(line: str, first: str = "") -> list[str]:
    """The fields of a line of a CSV file, whose *first* line shows what separates them: a spreadsheet may use ``;``."""
    first = first or line
    separator = ";" if ";" in first and "," not in first else ","
    return [field.strip() for field in next(csv.reader([line], delimiter=separator), [])]


def _is_header(fields: list[str]) -> bool:
    return any(_NAMES.get(_plain(field)) in ("id", "secret") for field in fields)


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _checked(values: dict[str, str], *, has_text: bool) -> PastedKeys:
    """The key of *values*; *has_text*: the text that they are from is not empty. Raises UsageError."""
    key_id, secret = values.get("id", ""), values.get("secret", "")
    if "token" in values or key_id.startswith(_TEMPORARY):
        raise problem("keys-temporary").as_error(UsageError)
    if not key_id or not secret:
        missing = "no secret access key" if key_id else "no access key ID"
        why = f"It has {missing}." if key_id or secret else "" if has_text else "It is empty."
        raise _bad_input(why, "Pass both the access key ID (AKIA…) and the secret access key.")
    if not _ID.fullmatch(key_id) or not key_id.startswith(_LONG_TERM):
        raise _bad_input(
            "The access key ID does not look like one.", "Long-term keys begin with AKIA, and have capitals and digits."
        )
    if not _SECRET.fullmatch(secret):
        raise _bad_input(
            "The secret access key does not look like one.", "It has about 40 letters, digits, and any of / + =."
        )
    return PastedKeys(AccessKeys(key_id, Secret(secret)), values.get("region", ""))


def _check_visible(plain: str) -> None:
    """Raise UsageError (``keys-invisible``), which names the first character that cannot be seen."""
    import unicodedata

    for number, line in enumerate(plain.splitlines() or [""], start=1):
        for at, character in enumerate(line, start=1):
            if character != "\t" and not is_visible(character):
                name = unicodedata.name(character, "without a name")
                code = f"U+{ord(character):04X}"
                raise problem("keys-invisible", line=number, column=at, character=f"{code}, {name}").as_error(
                    UsageError
                )


def _bad_input(why: str, remedy: str) -> UsageError:
    return problem("keys-input", why=why, remedy=remedy).as_error(UsageError)
