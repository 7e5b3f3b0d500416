"""Names that a shell function can have."""

import string
from pathlib import Path

import pytest

from mfa_tui.core.shells.function_name import checked_function_name, command
from mfa_tui.errors import UsageError
from tests.support.processes import shells

WORDS = {
    "bash": "compgen -b; compgen -k",
    "zsh": "print -l ${(k)builtins} ${(k)reswords}",
    "fish": "builtin -n",
}
"""What prints the words that mean something to a shell."""


@pytest.mark.parametrize("name", ["mt", "m", "_m", "aws-use", "Mt2"])
def test_plain_names_can_be_used(name: str) -> None:
    assert checked_function_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "2m", "-m", "a b", "a;b", "$(x)", "a'b", "m\n", "mté", "a/b", "if", "cd", "test", "IF", "string", "workflow"],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be called that"):
        checked_function_name(name)


@pytest.mark.parametrize("shell", shells.SWITCHING)
def test_all_words_of_the_shell_are_refused(shell: str, tmp_path: Path) -> None:
    words = shells.run(shell, WORDS[shell], env={}, directory=tmp_path).stdout.split()
    plain = [word for word in words if set(word) <= {*string.ascii_letters, *string.digits, "_", "-"}]
    assert len(plain) > 50
    for word in plain:
        with pytest.raises(UsageError):
            checked_function_name(word)


def test_commands_are_shown_by_the_name_that_was_used() -> None:
    assert command({}, "mfa-tui use --unset") == "mfa-tui use --unset"
    assert command({"MFA_TUI_FUNCTION": "mt"}, "mfa-tui use --unset") == "mt use --unset"
    assert command({"MFA_TUI_FUNCTION": "$(x)"}, "mfa-tui use") == "mfa-tui use"
    assert command({"MFA_TUI_FUNCTION": ""}, "mfa-tui use") == "mfa-tui use"
