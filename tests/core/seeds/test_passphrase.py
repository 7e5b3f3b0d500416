"""New passphrases, and those that programs print."""

import pytest

from mfa_tui.core.seeds.passphrase import checked_passphrase, first_line
from mfa_tui.errors import UsageError


@pytest.mark.parametrize("text", ["a" * 12, "four unrelated words", " twelve chars"])
def test_a_passphrase_of_twelve_characters_will_do(text: str) -> None:
    assert checked_passphrase(text).reveal() == text


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("", "passphrase-short"),
        ("a" * 11, "passphrase-short"),
        (" " * 20, "passphrase-blank"),
        (" ", "passphrase-blank"),
    ],
)
def test_a_weak_passphrase_is_refused(text: str, slug: str) -> None:
    with pytest.raises(UsageError) as refusal:
        checked_passphrase(text)
    assert refusal.value.slug == slug


@pytest.mark.parametrize("text", ["correct horse", "correct horse\n", "correct horse\r\n", "correct horse\nmore\n"])
def test_only_the_first_line_of_a_program_counts(text: str) -> None:
    assert first_line(text).reveal() == "correct horse"
