"""Editing of files written by hand: the result to the byte, and which edits are refused."""

from collections.abc import Callable

import pytest

from mfa_tui.core.awsfiles.changes import SectionChange
from mfa_tui.core.awsfiles.document import Document, UnsafeEdit, verify_only_changed
from mfa_tui.core.awsfiles.ini import DocumentDefect

OURS: list[tuple[str, str] | str] = [
    ("aws_access_key_id", "ASIAEXAMPLE"),
    "# ours",
    ("s3", "\na = b\n\nc = d"),
    ("mfa_tui_source", "dev"),
]


@pytest.mark.parametrize(
    "text",
    [
        b"", b"\n", b"\r\n", b"\r", b"\n\n\n", b"   ", b"\t\n", b"  \r\n ", b"# only a comment", b"# c\n", b"# c\r",
        b"[a]", b"[a]\n", b"[a]\nx = 1", b"[a]\nx = 1\n", b"[a]\nx = 1\n\n\n", b"[a]\r\nx = 1\r\n", b"[a]\r\nx = 1",
        b"[a]\rx = 1\r", b"[a]\rx = 1", b"[a]\n  x = 1", b"[a]\n  x = 1\n    y\n", b"[a]\ns3 =\n  x = 1\n",
        b"[a]\nx =", b"[a]\nx = ", b"[a]\n x =\n", b"[DEFAULT]\nx = 1\n", b"[a]\nx = 1\n   # c", b"[a]\nx = 1\r\n\r",
        b"[a]\r\r\n",
    ],
)  # fmt: skip
def test_a_section_appended_to_any_ending_is_removed_to_the_byte(text: bytes) -> None:
    before = Document.parse(text, "credentials")
    after = before.with_section("dev-mfa", OURS)
    assert after.without_section("dev-mfa").render() == text
    assert (after.render()[-1:] in b"\r\n") == (text[-1:] in b"\r\n")
    # Another program appends meanwhile, as the AWS CLI does: what it wrote stays, and so does all from before.
    gap = b"" if after.render()[-1:] in b"\r\n" else b"\n"
    more = Document.parse(after.render() + gap + b"[other]\nx = 1\n", "credentials")
    left = more.without_section("dev-mfa").render()
    assert left.startswith(text)
    assert left.endswith(b"[other]\nx = 1\n")
    assert left[len(text) : -len(b"[other]\nx = 1\n")] in (b"", b"\n", b"\r\n", b"\r")


def test_an_edit_that_cannot_be_made_among_many_is_named() -> None:
    sections = "".join(f"[s{number}]\nk = v\n" for number in range(50))
    document = Document.parse(f"{sections}[bad]\n    [next]\ny = 1\n".encode(), "credentials")
    with pytest.raises(UnsafeEdit) as caught:
        document.with_sections({**{f"s{number}": SectionChange({"k": "w"}) for number in range(50)}, "bad": None})
    assert caught.value.section == "bad"


def edited(text: str, edit: Callable[[Document], Document]) -> str:
    return edit(Document.parse(text.encode(), "credentials")).render().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[a]\nKey=old\n", "[a]\nKey=new\n"),
        ("[a]\nKEY\t:  old  \r\nx=1", "[a]\nKEY\t:  new  \r\nx=1"),
        ("[a]\n  key = old\n  x = 1\n", "[a]\n  key = new\n  x = 1\n"),
        ("[a]\nkey =\n", "[a]\nkey = new\n"),
        ("[a]\nkey=\n", "[a]\nkey=new\n"),
        ("[a]\nkey = \n", "[a]\nkey = new\n"),
        ("[a]\nkey = old", "[a]\nkey = new"),
        ("[a]\nkey = old\n  more\n\n  yet more\n\n# next\n[b]\n", "[a]\nkey = new\n\n# next\n[b]\n"),
        ("[a]\nkey = old\r\n  more\rx = 1\n", "[a]\nkey = new\rx = 1\n"),
        ("[a]\nkey = old\n  more", "[a]\nkey = new"),
        ("[a]\nkey = a = b : c\n", "[a]\nkey = new\n"),
        ("[a]\nkey : a = b\n", "[a]\nkey : new\n"),
        ("[a]\n# key = old\n", "[a]\nkey = new\n# key = old\n"),
        ("[a]", "[a]\nkey = new"),
        ("[a]\r\n\r\n[b]\r\n", "[a]\r\nkey = new\r\n\r\n[b]\r\n"),
        ("[a]\nx = 1\n\n# about b\n[b]\n", "[a]\nx = 1\nkey = new\n\n# about b\n[b]\n"),
        ("[a]\n  x = 1\n    more\n[b]\n", "[a]\n  x = 1\n    more\n  key = new\n[b]\n"),
        ("[a]\n    [b]\n", "[a]\n    key = new\n    [b]\n"),
        ("[a]\nx = 1", "[a]\nx = 1\nkey = new"),
        ("[a]\r\nx = 1", "[a]\r\nx = 1\r\nkey = new"),
        ("[a]\nx = 1\r\n# c\n", "[a]\nx = 1\r\nkey = new\r\n# c\n"),
    ],
)
def test_setting_a_key(before: str, after: str) -> None:
    assert edited(before, lambda document: document.with_values("a", {"key": "new"})) == after


def test_several_lines_are_indented_as_they_were() -> None:
    before = "[a]\ns3 =\n# fast\n\tx = 1\n\ty = 2\nz = 3\n"
    after = edited(before, lambda document: document.with_values("a", {"s3": "\nq = 9\n\nr = 8", "t": "\nu = 1"}))
    assert after == "[a]\ns3 =\n\tq = 9\n\n\tr = 8\nz = 3\nt =\n  u = 1\n"


def test_new_keys_go_above_the_one_named() -> None:
    before = "[a]\n  x = 1\n# mark\n  Mark = 1\n  # yours\n  y = 2"
    after = edited(before, lambda document: document.with_values("a", {"new": "1"}, remove=["x"], before="mark"))
    assert after == "[a]\n# mark\n  new = 1\n  Mark = 1\n  # yours\n  y = 2"


def test_a_key_that_is_set_and_removed_moves() -> None:
    before = "[a]\nx = 1\n  more\ny = 2\nKey: old\n"
    after = edited(before, lambda document: document.with_values("a", {"Key": "new", "z": "3"}, ["key"], before="y"))
    assert after == "[a]\nx = 1\n  more\nKey = new\nz = 3\ny = 2\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[a]\nx = 1\n\n[s]\nk = v\n\n[b]\n", "[a]\nx = 1\n\n[b]\n"),
        ("[a]\nx = 1\n[s]\nk = v\n[b]\n", "[a]\nx = 1\n[b]\n"),
        ("[a]\n\n# mine\n[s]\nk = v\n\n# about b\n[b]\n", "[a]\n\n# mine\n\n# about b\n[b]\n"),
        ("[s]\nk = v\n\n[b]\n", "[b]\n"),
        ("[s]\n# ours\nk = v\n  more\n# theirs\n", "# theirs\n"),
        ("[a]\r\n\r\n[s]\r\nk = v", "[a]"),
        ("[s]", ""),
    ],
)
def test_removing_a_section(before: str, after: str) -> None:
    assert edited(before, lambda document: document.without_section("s")) == after


@pytest.mark.parametrize(
    "text",
    ["[a]\nx = 1\n[s]\n    [b]\ny = 1\n", "[a]\nx = 1\n[s]\n  k = v\n  [b]\n", "[a]\nx = 1\n[s]\n [DEFAULT]\nd = 1"],
)
def test_a_section_that_separates_others_is_not_removed(text: str) -> None:
    document = Document.parse(text.encode(), "credentials")
    with pytest.raises(UnsafeEdit):
        document.without_section("s")
    # Its keys can go all the same.
    assert document.with_values("s", {}, remove=document.raw("s")).raw("s") == {}


@pytest.mark.parametrize(
    "value",
    [" x", "x ", "a\rb", "\tx", "x\n", "x\n# gone", "x\n;gone", "x\n  y", "\u2028", "no\nblock\n", "\nno block"],
)
def test_a_value_that_would_not_be_read_back_is_refused(value: str) -> None:
    document = Document.parse(b"[a]\nx = 1\n", "config")
    with pytest.raises(ValueError, match=r"k|\[a\]|\[b\]") as caught:
        document.with_values("a", {"k": value})
    assert not isinstance(caught.value, DocumentDefect)
    with pytest.raises(ValueError, match=r"k|\[a\]|\[b\]"):
        document.with_section("b", [("k", value)])


def test_no_message_quotes_a_value() -> None:
    document = Document.parse(b"[a]\nx = 1\n", "config")
    for value in ("hush ", "hush\rhush", "\nhush", "hush\udc80", "hush\n# hush"):
        with pytest.raises(ValueError, match=r".") as caught:
            document.with_values("a", {"k": value})
        assert "hush" not in str(caught.value)


@pytest.mark.parametrize("key", ["", " k", "k ", "#k", ";k", "a=b", "a:b", "a\nb", "a\rb", "[k]", "a\udc80"])
def test_a_key_that_would_not_be_read_back_is_refused(key: str) -> None:
    document = Document.parse(b"[a]\nx = 1\n", "config")
    with pytest.raises(ValueError, match=r"cannot be written|would"):
        document.with_values("a", {key: "v"})
    with pytest.raises(ValueError, match=r"cannot be written|would"):
        document.with_section("b", [(key, "v")])
    assert document.render() == b"[a]\nx = 1\n"


@pytest.mark.parametrize("header", ["", "a", "DEFAULT", "x]", "x\ny", "x\r", "x\x1b", "x\u2028"])
def test_a_header_that_cannot_be_appended_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match="section"):
        Document.parse(b"[a]\nx = 1\n", "config").with_section(header, [("k", "v")])


@pytest.mark.parametrize("entries", [["# at the end"], [("k", "v"), "# at the end"], ["no comment", ("k", "v")]])
def test_a_comment_must_be_above_a_key(entries: list[tuple[str, str] | str]) -> None:
    with pytest.raises(ValueError, match="comment"):
        Document.parse(b"", "config").with_section("a", entries)


def test_keys_set_twice_are_refused() -> None:
    document = Document.parse(b"[a]\nx = 1\n", "config")
    with pytest.raises(ValueError, match="twice"):
        document.with_values("a", {"k": "1", "K": "2"})
    with pytest.raises(ValueError, match="unreadable"):
        document.with_section("b", [("k", "1"), ("K", "1")])


@pytest.mark.parametrize("section", ["b", "DEFAULT"])
def test_only_a_section_that_exists_can_be_edited(section: str) -> None:
    document = Document.parse(b"[DEFAULT]\ny = 1\n[a]\nx = 1\n", "config")
    with pytest.raises(KeyError):
        document.with_values(section, {"k": "v"})
    with pytest.raises(KeyError):
        document.without_section(section)


def test_a_block_in_default_that_would_begin_to_leak_is_refused() -> None:
    document = Document.parse(b"[DEFAULT]\ns3 =\n  no block\n[a]\ns3 = own\n", "config")
    with pytest.raises(UnsafeEdit):
        document.with_values("a", {}, remove=["s3"])
    with pytest.raises(UnsafeEdit):
        document.with_section("b", [("k", "v")])


def test_an_edit_leaves_the_document_it_came_from() -> None:
    before = Document.parse(b"[a]\nx = 1\n", "config")
    before.with_values("a", {"x": "2"})
    assert before.render() == b"[a]\nx = 1\n"
    assert before.raw("a") == {"x": "1"}


@pytest.mark.parametrize(
    "after",
    ["[a]\nx = 2\n[b]\ny = 1\n[c]\n", "[b]\n[c]\n", "[c]\n[a]\nx = 1\n[b]\n", "[a]\nx = 1\n[b]\n[c]\n[d]\n",
     "[DEFAULT]\nz = 1\n[a]\nx = 1\n[b]\n[c]\n"],
)  # fmt: skip
def test_a_change_elsewhere_is_found(after: str) -> None:
    before = Document.parse(b"[a]\nx = 1\n[b]\ny = 1\n[c]\n", "credentials")
    with pytest.raises(UnsafeEdit):
        verify_only_changed(before, Document.parse(after.encode(), "credentials"), ["b"])


@pytest.mark.parametrize("after", ["# c\n[a]\nx: 1\n[c]\n", "[a]\nx = 1\n[b]\ny = 2\n[c]\n", "[a]\nx = 1\n[c]\n[b]\n"])
def test_a_change_of_only_the_section_is_accepted(after: str) -> None:
    before = Document.parse(b"[a]\nx = 1\n[b]\ny = 1\n[c]\n", "credentials")
    verify_only_changed(before, Document.parse(after.encode(), "credentials"), ["b"])
