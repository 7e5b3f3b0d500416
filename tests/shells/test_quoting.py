"""Assignments in real shells: every value arrives byte for byte, and nothing in it is executed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mfa_tui.core.shells.shell_code import assignments
from tests.support.processes import shells
from tests.support.runner.thoroughness import examples

WEIRD = "we ird$(touch x)'\""
NASTY = [
    WEIRD,
    "`touch x`; touch x && touch x | touch x > x",
    "'",
    "''",
    '"',
    "\\",
    "\\\\'\\",
    "$HOME ${HOME} %PATH% !! !-1",
    "two\nlines\n",
    "\ttab and\rreturn",
    "",
    " ",
    "~ * ? [a] {b,c} #",
    "-n",
    "ключ 鍵 🔑 ‘’",
]

values = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@pytest.mark.parametrize(
    ("shell", "options"),
    [*((shell, "") for shell in shells.ALL), ("zsh", "setopt rc_quotes sh_word_split glob_subst ksh_arrays")],
)
@settings(
    max_examples=examples(10, short=4), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(values, min_size=15, max_size=15))
@example(NASTY)
def test_any_value_survives(shell: str, options: str, tmp_path: Path, given_values: list[str]) -> None:
    variables = {f"KEY_{number}": value for number, value in enumerate(given_values)}
    script = f"{options}\n{assignments(shells.dialect(shell), variables)}\nenv -0"
    read = shells.exported(shells.run(shell, script, env={}, directory=tmp_path).stdout)
    assert {name: read.get(name) for name in variables} == variables
    assert shells.left_in(tmp_path) == []


@pytest.mark.parametrize("shell", shells.ALL)
def test_what_is_removed_is_gone(shell: str, tmp_path: Path) -> None:
    removal = assignments(shells.dialect(shell), {"NEW": "new"}, ["OLD", "NEVER_WAS"])
    strict = "" if shell == "fish" else "set -eu\n"
    result = shells.run(shell, f"{strict}{removal}\nenv -0", env={"OLD": "old", "KEPT": "kept"}, directory=tmp_path)
    read = shells.exported(result.stdout)
    assert ("OLD" in read, read["NEW"], read["KEPT"], result.stderr) == (False, "new", "kept", "")


@pytest.mark.parametrize("shell", shells.ALL)
def test_through_eval_and_source(shell: str, tmp_path: Path) -> None:
    """As users do it: the code comes out of a command's output."""
    (tmp_path / "code").write_text(assignments(shells.dialect(shell), {"KEY": WEIRD}) + "\n", encoding="utf-8")
    taken = "cat code | source" if shell == "fish" else 'eval "$(cat code)"'
    read = shells.exported(shells.run(shell, f"{taken}\nenv -0", env={}, directory=tmp_path).stdout)
    assert read["KEY"] == WEIRD
    assert shells.left_in(tmp_path) == ["code"]
