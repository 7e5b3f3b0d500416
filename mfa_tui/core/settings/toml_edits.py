"""Edits of the text of ``config.toml`` that leave every other byte as it is: comments, order, blank lines."""

from __future__ import annotations

from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping
    from typing import Any

    Path = tuple[str, ...]
    """The names of a key's tables, and its own."""


def with_value(text: str, path: Path, value: object) -> str:
    """*text*, which is valid TOML, with *value* at *path*. Raises ConfigError (``settings-edit``)."""

    def change(document: MutableMapping[str, Any]) -> None:
        import tomlkit

        table = document
        for name in path[:-1]:
            if name not in table:
                table[name] = tomlkit.table()
            table = table[name]
        if path[-1] in table:
            table[path[-1]] = value
        else:
            _append(table, path[-1], value)

    return _edited(text, change, _expected(text, path, value))


def without(text: str, path: Path) -> str:
    """*text*, which is valid TOML, without the key or the table at *path*. Comments on lines of their own stay.

    Raises ConfigError (``settings-edit``).
    """
    expected = _expected(text, path)

    def change(document: MutableMapping[str, Any]) -> None:
        table = document
        for name in path[:-1]:
            table = table[name]
        del table[path[-1]]

    value = _value_at(_parsed(text), path)
    if not isinstance(value, dict):
        return _edited(text, change, expected)
    # Deleting the table at once would delete the comments in it, and those before the next table.
    for leaf in _leaves(value, path):
        text = without(text, leaf)
    text = "\n".join(line for line in text.split("\n") if not _is_header(line, path))
    return _edited(text, change, expected) if _has(_parsed(text), path) else text


def _append(table: MutableMapping[str, Any], name: str, value: object) -> None:
    """Add a key to a table, before the comments and blank lines at its end, which may belong to the next table."""
    from tomlkit.items import Comment, Table, Whitespace

    body = table.value.body if isinstance(table, Table) else []
    rest: list[Any] = []
    while body and isinstance(body[-1][1], Comment | Whitespace):
        rest.insert(0, body.pop())
    table[name] = value
    body += rest


def _edited(text: str, change: Callable[[MutableMapping[str, Any]], None], expected: dict[str, Any]) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        change(document)
        new = _with_line_ends_of(text, document.as_string())
    except (TOMLKitError, TypeError, AttributeError, KeyError):
        raise _impossible() from None
    # The library is trusted only as far as this: the file says what it should, and nothing else has changed.
    if _pruned(_parsed(new)) != expected:
        raise _impossible()
    return new


def _with_line_ends_of(old: str, new: str) -> str:
    """*new* with the line ends of *old* in what was added."""
    if "\r\n" not in old:
        return new
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    limit = min(len(old), len(new)) - start
    tail = next((at for at in range(limit) if old[-1 - at] != new[-1 - at]), limit)
    added = new[start : len(new) - tail]
    return new[:start] + added.replace("\r\n", "\n").replace("\n", "\r\n") + new[len(new) - tail :]


def _parsed(text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise _impossible() from None


def _expected(text: str, path: Path, *value: object) -> dict[str, Any]:
    """What the file should say after the edit: with *value* at *path*, or without the key."""
    values = _parsed(text)
    table: Any = values
    for name in path[:-1]:
        table = table.setdefault(name, {}) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        raise _impossible()
    table.pop(path[-1], None)
    if value:
        table[path[-1]] = value[0]
    return _pruned(values)


def _pruned(values: dict[str, Any]) -> dict[str, Any]:
    """*values* without empty tables: some go when their last key does, others leave a header."""
    pruned = {name: _pruned(value) if isinstance(value, dict) else value for name, value in values.items()}
    return {name: value for name, value in pruned.items() if value != {}}


def _value_at(values: Any, path: Path) -> Any:
    for name in path:
        values = values[name]
    return values


def _leaves(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, (*path, name))
    else:
        yield path


def _has(values: Any, path: Path) -> bool:
    for name in path:
        if not isinstance(values, dict) or name not in values:
            return False
        values = values[name]
    return True


def _is_header(line: str, path: Path) -> bool:
    """Whether *line* is the header of the table at *path*, or of one below it."""
    import tomllib

    if not line.lstrip().startswith("["):
        return False
    try:
        found: Any = tomllib.loads(line.rstrip("\r"))
    except tomllib.TOMLDecodeError:
        return False
    return _has(found, path)


def _impossible() -> ConfigError:
    return ConfigError(
        "settings-edit",
        "The settings file was not changed: mfa-tui cannot make this change without touching other lines.",
        "The table is written in a way that its editor does not support.",
        "Change the line yourself: mfa-tui config edit",
    )
