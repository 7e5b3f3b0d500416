"""Assignments for shells and for programs that read files: every value arrives unchanged, or is refused."""

import io
import json

import dotenv
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mfa_tui.core.shells.shell_code import SHELLS, assignments, can_unset
from mfa_tui.errors import UsageError

WEIRD = "we ird$(touch x)'\""

values = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@pytest.mark.parametrize(
    ("shell", "written"),
    [
        ("sh", "unset -v B C\nexport A='it'\\''s'"),
        ("fish", "set -eg B; or true\nset -eg C; or true\nset -gx A 'it\\'s'"),
        (
            "powershell",
            """\
Remove-Item -LiteralPath Env:B -ErrorAction SilentlyContinue
Remove-Item -LiteralPath Env:C -ErrorAction SilentlyContinue
$env:A = 'it''s'""",
        ),
        ("cmd", 'set "B="\nset "C="\nset "A=it\'s"'),
        ("dotenv", "A='it\\'s'"),
        ("json", '{\n  "A": "it\'s"\n}'),
    ],
)
def test_how_each_shell_sets_and_unsets_variables(shell: str, written: str) -> None:
    assert assignments(shell, {"A": "it's"}, ["B", "C"]) == written


@pytest.mark.parametrize("shell", SHELLS)
def test_unsetting_without_setting(shell: str) -> None:
    written = assignments(shell, {}, ["GONE"])
    assert ("GONE" in written) == can_unset(shell)


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shell != "json"])
def test_a_null_character_is_refused(shell: str) -> None:
    with pytest.raises(UsageError, match="The value of KEY cannot be written") as refused:
        assignments(shell, {"KEY": "hidden\0hidden"})
    assert "hidden" not in "".join(refused.value.lines())


@given(values)
@example("‘curly’ ‚low‛ 'plain'")
@example(WEIRD)
def test_powershell_reads_back_every_value(value: str) -> None:
    """By the rule of PowerShell's tokenizer: in a string of single quotes, any quote followed by any other is one."""
    literal = assignments("powershell", {"A": value}).removeprefix("$env:A = ")
    assert literal[0] == literal[-1] == "'"
    read, position, inner = "", 0, literal[1:-1]
    while position < len(inner):
        read += inner[position]
        if inner[position] in "'\u2018\u2019\u201a\u201b":
            assert inner[position + 1] in "'\u2018\u2019\u201a\u201b"
            position += 1
        position += 1
    assert read == value


@pytest.mark.parametrize("value", ['say "hi"', "100%", "%PATH%", "wow!", "two\nlines", "bell\a", WEIRD])
def test_cmd_refuses_what_it_would_expand(value: str) -> None:
    with pytest.raises(UsageError) as refused:
        assignments("cmd", {"KEY": value})
    assert (refused.value.slug, refused.value.exit_status) == ("value-inexpressible", 2)


@pytest.mark.parametrize("value", ["", "a b", "a&b|c>d<e^f", "C:\\Users\\x y", "it's", "ключ", "a=b"])
def test_cmd_takes_the_rest_between_quotes(value: str) -> None:
    assert assignments("cmd", {"KEY": value}) == f'set "KEY={value}"'


@given(st.lists(values, max_size=4))
@example([WEIRD, "a\\", "#", "C:\\x y"])
@example(["two\nlines", " space ", "=", "'", '"', "$HOME `id`"])
def test_dotenv_is_read_back_by_a_real_reader(given_values: list[str]) -> None:
    written: dict[str, str] = {}
    for number, value in enumerate(given_values):
        try:
            assignments("dotenv", {"A": value})
        except UsageError:
            assert any(part in value for part in ("\\", "${", "\r"))
        else:
            written[f"A{number}"] = value
    assert dotenv.dotenv_values(stream=io.StringIO(assignments("dotenv", written))) == written


@given(st.text(st.sampled_from("abcXYZ0189/+=-_.:"), min_size=1))
def test_keys_and_tokens_have_no_quotes_in_dotenv(token: str) -> None:
    """As ``docker run --env-file`` needs them: it takes a line as it is, quotes and all."""
    assert assignments("dotenv", {"AWS_SESSION_TOKEN": token}) == f"AWS_SESSION_TOKEN={token}"


@pytest.mark.parametrize("value", ["a\\\\b", "a\\'b", "a b\\", "${HOME}", "a\rb"])
def test_dotenv_refuses_what_readers_disagree_on(value: str) -> None:
    with pytest.raises(UsageError) as refused:
        assignments("dotenv", {"KEY": value})
    assert refused.value.slug == "value-inexpressible"


@given(st.dictionaries(st.sampled_from(["A", "B", "C"]), values))
def test_json_is_one_object_of_strings(variables: dict[str, str]) -> None:
    assert json.loads(assignments("json", variables)) == variables
