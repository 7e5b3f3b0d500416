"""Editing: after it, botocore reads the same but for the target, and every other byte is where it was."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, assume, given, settings

from mfa_tui.core.awsfiles.changes import Change
from mfa_tui.core.awsfiles.document import Document, UnsafeEdit, verify_only_changed
from mfa_tui.core.awsfiles.ini import DocumentDefect
from tests.core.awsfiles import oracle
from tests.core.awsfiles.strategies import KINDS, NUMBERS
from tests.support.filemaker import FileMaker, picker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.changes import SectionChanges

CHECKED = settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
NEW_VALUES = ("plain", "", "a=b:c", "# text", "é\u2028x", "two\nlines", "\na = 1\nb = 2", "first\n\n[third]")
NEW_KEYS = ("region", "OUTPUT", "mfa_serial", "Two Words", "[odd", "x_new")
OURS: list[tuple[str, str] | str] = [
    ("aws_access_key_id", "ASIAEXAMPLE"),
    "# ours",
    ("s3", "\na = b\n\nc = d"),
    ("mfa_tui_source", "dev"),
]


@pytest.fixture(scope="module")
def botocore_says() -> Iterator[oracle.Oracle]:
    reader = oracle.Oracle()
    yield reader
    reader.close()


def made(numbers: bytes, kind: str) -> Document:
    """A file that botocore accepts."""
    try:
        return Document.parse(FileMaker(picker(numbers), kind).make(defects=False), kind)
    except DocumentDefect:
        assume(condition=False)
        raise


def outside(data: bytes, section: str) -> tuple[list[str], list[str]]:
    """The lines up to and with a section's header, and those from the next header on."""
    document = Document.parse(data, "credentials")
    lines = oracle.lines(data)
    first = document.line_of(section)
    later = [document.line_of(name) for name in document.sections()]
    if (defaults := default_header(data)) is not None:
        later.append(defaults)
    following = [number for number in later if number > first]
    stop = min(following) - 1 if following else len(lines)
    return lines[:first], lines[stop:]


def default_header(data: bytes) -> int | None:
    """The line of the header [DEFAULT]; one inside a value is none."""
    lines = oracle.lines(data)
    for number, line in enumerate(lines, 1):
        if line.strip().startswith("[DEFAULT]"):
            probed = "".join([*lines[:number], "\nprobe = 1"]).encode()
            if "probe" in oracle.own_keys(probed).get("DEFAULT", {}):
                return number
    return None


def content(lines: list[str]) -> list[str]:
    """The lines that are not blank, without their endings."""
    return [line.rstrip("\r\n") for line in lines if line.strip()]


def comments(data: bytes) -> Counter[str]:
    return Counter(line.strip() for line in oracle.lines(data) if line.strip()[:1] in ("#", ";"))


def without_blocks(document: Document) -> bool:
    return not any("\n" in value for name in document.sections() for value in document.raw(name).values())


def test_values_change_in_their_section_only(botocore_says: oracle.Oracle) -> None:
    done: Counter[str] = Counter()

    @CHECKED
    @given(NUMBERS, KINDS, st.data())
    def check(numbers: bytes, kind: str, data: st.DataObject) -> None:
        before = made(numbers, kind)
        assume(before.sections())
        section = data.draw(st.sampled_from(before.sections()))
        own = before.raw(section)
        removed = data.draw(st.lists(st.sampled_from(sorted(own)), unique=True)) if own else []
        keys = st.sampled_from([key for key in (*NEW_KEYS, *own) if key.lower() not in removed])
        values = data.draw(
            st.lists(st.tuples(keys, st.sampled_from(NEW_VALUES)), max_size=4, unique_by=lambda pair: pair[0].lower())
        )
        above = data.draw(st.sampled_from([None, "absent", *own]))
        after = before.with_values(section, dict(values), removed, above)

        expected = {key: value for key, value in own.items() if key not in removed}
        expected |= {key.lower(): value for key, value in values}
        assert after.raw(section) == expected
        old, new = botocore_says.read(before.render()), botocore_says.read(after.render())
        assert old is not None
        assert new is not None
        assert list(old) == list(new)
        assert {n: k for n, k in old.items() if n != section} == {n: k for n, k in new.items() if n != section}
        if outside(before.render(), section)[1]:
            assert outside(before.render(), section) == outside(after.render(), section)
        assert (
            oracle.lines(after.render())[: before.line_of(section) - 1]
            == (oracle.lines(before.render())[: before.line_of(section) - 1])
        )
        if without_blocks(before) and not any("\n" in value for _, value in values):
            assert comments(after.render()) == comments(before.render())
        done.update(
            f"{name}" for name, present in {"set": values, "removed": removed, "above": above}.items() if present
        )
        done["changed"] += after.render() != before.render()

    check()
    assert min(done[name] for name in ("set", "removed", "above", "changed")) >= 50, done


@CHECKED
@given(NUMBERS, KINDS, st.data())
def test_keys_that_are_added_and_removed_leave_no_trace(numbers: bytes, kind: str, data: st.DataObject) -> None:
    before = made(numbers, kind)
    assume(before.sections())
    section = data.draw(st.sampled_from(before.sections()))
    above = data.draw(st.sampled_from([None, *before.raw(section)]))
    new = {"mfa_serial": "arn:aws:iam::111122223333:mfa/dev", "s3_new": "\na = 1\n\nb = 2"}
    after = before.with_values(section, new, before=above)
    assert after.render() != before.render()
    assert after.with_values(section, {}, remove=new).render() == before.render()
    assert after.with_values(section, new) is after


def test_a_section_is_appended_and_taken_away_to_the_byte(botocore_says: oracle.Oracle) -> None:
    met: Counter[str] = Counter()

    @CHECKED
    @given(NUMBERS, KINDS)
    def check(numbers: bytes, kind: str) -> None:
        before = made(numbers, kind)
        try:
            after = before.with_section("dev-mfa", OURS)
        except UnsafeEdit:
            # A block in [DEFAULT] that botocore could not read, once there is a section for it to leak into.
            assert botocore_says.read(before.render() + b"\n[any]\n") is None
            return
        old, new = botocore_says.read(before.render()), botocore_says.read(after.render())
        assert old is not None
        assert new is not None
        assert list(new) == [*old, "dev-mfa"]
        assert {name: keys for name, keys in new.items() if name != "dev-mfa"} == old
        assert after.raw("dev-mfa") == dict(entry for entry in OURS if not isinstance(entry, str))
        assert after.render().startswith(before.render())
        assert after.without_section("dev-mfa").render() == before.render()
        renewed = after.with_values("dev-mfa", {"aws_access_key_id": "ASIANEW", "added": "1"}, remove=["s3"])
        assert renewed.without_section("dev-mfa").render() == before.render()
        met["unterminated"] += before.render()[-1:] not in (b"", b"\n", b"\r")
        met["terminated"] += before.render()[-1:] in (b"\n", b"\r")

    check()
    assert min(met.values()) >= 50, met


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
def test_a_section_appended_to_any_ending_is_taken_away_to_the_byte(text: bytes) -> None:
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


def test_a_section_goes_without_a_trace_elsewhere(botocore_says: oracle.Oracle) -> None:
    done: Counter[str] = Counter()

    @CHECKED
    @given(NUMBERS, KINDS, st.data())
    def check(numbers: bytes, kind: str, data: st.DataObject) -> None:
        before = made(numbers, kind)
        assume(before.sections())
        section = data.draw(st.sampled_from(before.sections()))
        old = botocore_says.read(before.render())
        assert old is not None
        try:
            after = before.without_section(section)
        except UnsafeEdit:
            # The header that follows would be swallowed: it must be an indented one.
            assert outside(before.render(), section)[1][0][0].isspace()
            done["unsafe"] += 1
            return
        assert botocore_says.read(after.render()) == {name: keys for name, keys in old.items() if name != section}
        above, below = outside(before.render(), section)
        above, below, left = (content(part) for part in (above[:-1], below, oracle.lines(after.render())))
        assert left[: len(above)] == above
        assert left[len(left) - len(below) :] == below
        assert all(line.strip()[0] in "#;" for line in left[len(above) : len(left) - len(below)])
        done["removed"] += 1

    check()
    assert done["removed"] >= 100, done
    assert done["unsafe"] >= 3, done


def drawn_changes(data: st.DataObject, before: Document) -> dict[str, Change | list[tuple[str, str] | str] | None]:
    """What may become of some sections, and some new ones, in any order."""
    own = before.sections()
    changes: dict[str, Change | list[tuple[str, str] | str] | None] = {}
    for header in data.draw(st.permutations([*own, "new", "newer"])):
        kind = data.draw(st.sampled_from(("stays", "goes", "changes")))
        if header not in own:
            if kind != "stays":
                changes[header] = OURS
        elif kind == "goes":
            changes[header] = None
        elif kind == "changes":
            keys = list(before.raw(header))
            gone = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=2)) if keys else []
            given = data.draw(st.sampled_from([*NEW_KEYS, *keys]))
            changes[header] = Change({given: data.draw(st.sampled_from(NEW_VALUES))}, gone)
    return changes


def one_by_one(document: Document, changes: "SectionChanges") -> Document:
    """The same changes, each on what the others left: sections from the last one up, then new ones."""
    order = {header: number for number, header in enumerate(document.sections(), 1)}
    for header in sorted(changes, key=lambda header: -order.get(header, 0)):
        document = document.with_sections({header: changes[header]})
    return document


def test_many_sections_at_once_are_one_after_the_other(botocore_says: oracle.Oracle) -> None:
    done: Counter[str] = Counter()

    @CHECKED
    @given(NUMBERS, KINDS, st.data())
    def check(numbers: bytes, kind: str, data: st.DataObject) -> None:
        before = made(numbers, kind)
        changes = drawn_changes(data, before)
        try:
            after = before.with_sections(changes)
        except UnsafeEdit as error:
            done["unsafe" if error.section in changes else "misnamed"] += 1
            return
        assert before.changed_by(changes) == (after is not before)
        old, new = botocore_says.read(before.render()), botocore_says.read(after.render())
        assert old is not None
        assert new is not None
        assert {name: keys for name, keys in new.items() if name not in changes} == {
            name: keys for name, keys in old.items() if name not in changes
        }
        added = [name for name in changes if name not in before]
        assert list(new) == [name for name in old if changes.get(name, ()) is not None] + added
        for name, change in changes.items():
            if isinstance(change, Change):
                assert after.raw(name) == change.applied(before.raw(name))
            elif change is not None:
                assert after.raw(name) == dict(entry for entry in change if not isinstance(entry, str))
        if None not in changes.values():
            assert without_blocks(before) is False or comments(before.render()) <= comments(after.render())
        try:
            alone = one_by_one(before, changes).render()
        except UnsafeEdit:
            done["only together"] += 1
        else:
            # A key alone under its header is indented like what follows, which may go, too.
            assert [line.strip() for line in oracle.lines(alone)] == [
                line.strip() for line in oracle.lines(after.render())
            ]
            done["the same"] += len(changes) > 2

    check()
    assert done["the same"] > 100, done
    assert done["unsafe"] < done["the same"], done
    assert not done["misnamed"], done


def test_an_edit_that_cannot_be_made_among_many_is_named() -> None:
    sections = "".join(f"[s{number}]\nk = v\n" for number in range(50))
    document = Document.parse(f"{sections}[bad]\n    [next]\ny = 1\n".encode(), "credentials")
    with pytest.raises(UnsafeEdit) as caught:
        document.with_sections({**{f"s{number}": Change({"k": "w"}) for number in range(50)}, "bad": None})
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
def test_a_section_that_holds_the_next_apart_is_not_removed(text: str) -> None:
    document = Document.parse(text.encode(), "credentials")
    with pytest.raises(UnsafeEdit):
        document.without_section("s")
    # Its keys can go all the same.
    assert document.with_values("s", {}, remove=document.raw("s")).raw("s") == {}


@pytest.mark.parametrize(
    "value",
    [" x", "x ", "a\rb", "\tx", "x\n", "x\n# gone", "x\n;gone", "x\n  y", "\u2028", "no\nblock\n", "\nno block"],
)
def test_a_value_that_would_not_come_back_is_refused(value: str) -> None:
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
def test_a_key_that_would_not_come_back_is_refused(key: str) -> None:
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
def test_a_comment_stands_above_a_key(entries: list[tuple[str, str] | str]) -> None:
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
def test_a_change_of_the_section_is_none_elsewhere(after: str) -> None:
    before = Document.parse(b"[a]\nx = 1\n[b]\ny = 1\n[c]\n", "credentials")
    verify_only_changed(before, Document.parse(after.encode(), "credentials"), ["b"])


@given(NUMBERS, KINDS, st.randoms(use_true_random=False))
@CHECKED
def test_keys_go_from_all_sections_at_once(numbers: bytes, kind: str, chance: Random) -> None:
    before = made(numbers, kind)
    sections = ["DEFAULT", *before.sections()]
    gone = {section: {key for key in before.raw(section) if chance.random() < 1 / 3} for section in sections}
    try:
        after = before.without_keys(gone)
    except DocumentDefect:
        assume(condition=False)
        raise
    assert after.sections() == before.sections()
    for section in sections:
        left = {key: value for key, value in before.raw(section).items() if key not in gone[section]}
        assert after.raw(section) == left
    assert comments(after.render()) == comments(before.render())
