"""What all parsers of arguments have in common."""

import argparse
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from mfa_tui.cli.commands import COMMANDS, module_of
from mfa_tui.errors import UsageError
from tests.support.homes.home import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.cli.terminal.parser import Parser


def parsers() -> "Iterator[tuple[tuple[str, ...], Parser]]":
    """The parser of each command and of each of a group's commands, with the words that name it."""
    todo: list[tuple[tuple[str, ...], Parser]] = [((name,), module_of(name).parser()) for name in COMMANDS]
    for words, parser in todo:
        yield words, parser
        todo += [((*words, name), command) for name, command in parser.commands.items()]


OPTIONS = [
    (words, option)
    for words, parser in parsers()
    for action in parser._actions
    for option in action.option_strings
    if action.nargs != 0
]


@pytest.mark.parametrize(("words", "option"), OPTIONS)
def test_an_empty_value_of_an_option_is_a_mistake(words: tuple[str, ...], option: str) -> None:
    command, *rest = words
    module = module_of(command)
    after = ["dev", "--", "true"] if command == "exec" else ["dev"]
    for value in ([option, ""], [f"{option}="], [option, "  "]):
        arguments = [*rest, *value, *after]
        with pytest.raises(UsageError) as caught:
            module.run(arguments, None) if command == "use" else module.run(arguments)
        assert caught.value.what == f"{option} is empty."
        assert caught.value.remedy.endswith(f"see mfa-tui {' '.join(words)} --help")


GROUPS = [
    (words, [action for action in group._group_actions if action.option_strings])
    for words, parser in parsers()
    for group in parser._mutually_exclusive_groups
]


@pytest.mark.parametrize(("words", "group"), GROUPS)
def test_two_options_that_exclude_each_other(words: tuple[str, ...], group: list[argparse.Action]) -> None:
    command, *rest = words
    for first, second in permutations(group, 2):
        given = []
        for action in (first, second):
            given += [action.option_strings[0], *(() if action.nargs == 0 else [*(action.choices or "x")][:1])]
        with pytest.raises(UsageError) as caught:
            module_of(command).run([*rest, *given])
        names = ["/".join(each.option_strings) for each in (second, first)]
        assert caught.value.what == f"{names[0]} and {names[1]} exclude each other."


def test_the_options_are_found() -> None:
    names = {option for _, option in OPTIONS}
    assert {"--scope", "--as", "--user", "--service", "--region", "--code", "--shell", "--fail-on", "--key"} <= names


@pytest.mark.parametrize("arguments", [["--profile", ""], ["--profile="], ["--profile=", "dev"]])
def test_the_interface_on_an_empty_profile(home: Home, arguments: list[str]) -> None:
    result = home.run(*arguments)
    assert (result.returncode, result.stderr.splitlines()[0]) == (2, "mfa-tui: --profile is empty.")
