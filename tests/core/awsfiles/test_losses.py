"""What a file has lost since it was last complete."""

from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.losses import has_lost, lost_sections, only_sections_removed, sections_with_lost_keys
from tests.core.awsfiles.test_merge import document


def test_what_a_file_has_lost() -> None:
    whole = document({"a": {"k": "1"}, "b": {"k": "1", "l": "2"}, "t": {"k": "1", "mfa_tui_source": "a"}})
    without_ours = document({"a": {"k": "1"}, "b": {"k": "1", "l": "2"}})
    less = document({"b": {"k": "1", "l": "2"}})
    assert not has_lost(whole, without_ours)
    assert lost_sections(whole, less) == ["a"]
    assert only_sections_removed(whole, less)
    half = document({"a": {"k": "1"}, "b": {"k": "1"}})
    assert has_lost(whole, half)
    assert lost_sections(whole, half) == []
    assert sections_with_lost_keys(whole, half) == ["b"]
    for other in ({}, {"b": {"k": "1"}}, {"b": {"k": "1", "l": "2"}, "c": {"k": "1"}}):
        assert not only_sections_removed(whole, document(other))
    defaults = Document.parse(b"[DEFAULT]\nx = 1\n" + less.render(), "credentials")
    assert not only_sections_removed(whole, defaults)
    assert not has_lost(whole, whole)
    assert has_lost(whole, less)
