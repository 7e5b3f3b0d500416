"""Merging of two changes of one file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.merge import merged

Sections = dict[str, dict[str, str]]

SECTIONS = st.dictionaries(
    st.sampled_from("abcdef"), st.dictionaries(st.sampled_from(["k", "l", "m"]), st.sampled_from("123"), max_size=3)
)


def document(sections: Sections) -> Document:
    text = "".join(
        f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()) for name, keys in sections.items()
    )
    return Document.parse(text.encode(), "credentials")


def sections_of(found: Document) -> Sections:
    return {name: dict(found.raw(name)) for name in found.sections()}


@given(before=SECTIONS, theirs=SECTIONS, ours=SECTIONS)
def test_every_change_of_theirs_is_merged_or_reported(before: Sections, theirs: Sections, ours: Sections) -> None:
    whole, told = merged(document(before), document(theirs), document(ours))
    found = sections_of(whole)
    for name in {*before, *theirs, *ours}:
        old, new, now = before.get(name), theirs.get(name), ours.get(name)
        if f"[{name}]" in told:
            assert new != old, "they changed it"
            assert now != old, "and so did we"
        elif new == old:
            assert found.get(name) == now
        elif now == old:
            assert found.get(name) == new
        else:
            for key in "klm":
                was, is_ = (old or {}).get(key), (new or {}).get(key)
                assert (found.get(name) or {}).get(key) == ((now or {}).get(key) if is_ == was else is_)


@pytest.mark.parametrize("added", ["# why\n\n[b]\n  k : 2\n", "\n[b] ; x\n  k : 2\n# end\n"])
def test_appended_text_is_merged_to_the_byte(added: str) -> None:
    before = "[a]\nk = 1\n"
    ours = before + "\n[m]\nk = s\n"
    whole, told = merged(*(Document.parse(text.encode(), "credentials") for text in (before, before + added, ours)))
    assert (whole.render().decode(), told) == (ours + added, [])


@pytest.mark.parametrize(
    ("theirs", "ours", "told"),
    [
        ("[a]\nk = 2\n", "[a]\nk = 3\n", ["[a]"]),
        ("[a]\nk = 2\n", "", ["[a]"]),
        ("", "[a]\nk = 3\n", ["[a]"]),
        ("[DEFAULT]\nk = 2\n[a]\nk = 1\n", "[a]\nk = 1\nl = 1\n", ["[DEFAULT]"]),
        ("# why\n[a]\nk = 1\n", "[a]\nk = 1\nl = 1\n", ["comments"]),
    ],
)
def test_conflicts_are_reported(theirs: str, ours: str, told: list[str]) -> None:
    before = Document.parse(b"[a]\nk = 1\n", "credentials")
    whole, found = merged(before, *(Document.parse(text.encode(), "credentials") for text in (theirs, ours)))
    assert (whole.render().decode(), found) == (ours, told)


@pytest.mark.parametrize(
    ("before", "added", "ours", "whole"),
    [
        # What was appended must not continue another section than theirs.
        ("[a]\nk = 1\n", "l = 2\n", "[a]\nk = 1\n[m]\nk = s\n", "[a]\nk = 1\nl = 2\n[m]\nk = s\n"),
        # Without a line break at the end of ours it cannot be appended as it is.
        ("[a]\nk = 1\n", "[b]\nk = 2\n", "[a]\nk = 3", "[a]\nk = 3\n[b]\nk = 2\n"),
        ("[a]\nk = 1", "\n[b]\nk = 2\n", "[a]\nk = 3\n", "[a]\nk = 3\n[b]\nk = 2\n"),
        # We have added a section of that name meanwhile, too.
        ("[a]\nk = 1\n", "[b]\nk = 2\n", "[a]\nk = 1\n[b]\nl = 3\n", "[a]\nk = 1\n[b]\nl = 3\nk = 2\n"),
    ],
)
def test_appended_text_that_cannot_go_to_the_end(before: str, added: str, ours: str, whole: str) -> None:
    found, told = merged(*(Document.parse(text.encode(), "credentials") for text in (before, before + added, ours)))
    assert (sections_of(found), told) == (sections_of(Document.parse(whole.encode(), "credentials")), [])
