"""Lists of names in sentences."""

import pytest

from mfa_tui.core.text.display import in_words


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_names_in_a_sentence(names: list[str], words: str) -> None:
    assert in_words(names, 3) == words
