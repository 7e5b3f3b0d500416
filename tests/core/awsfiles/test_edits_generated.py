"""Editing of generated files: botocore reads the same but for the target, and all other bytes stay in place."""

from collections import Counter
from collections.abc import Iterator
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from mfa_tui.core.awsfiles.changes import SectionChange
from mfa_tui.core.awsfiles.document import Document, UnsafeEdit
from mfa_tui.core.awsfiles.ini import DocumentDefect
from tests.core.awsfiles import oracle
from tests.core.awsfiles.strategies import KINDS, NUMBERS
from tests.core.awsfiles.test_edits import OURS
from tests.support.awsfiles.filemaker import FileMaker, picker
from tests.support.runner.examples import generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.changes import SectionChanges

NEW_VALUES = ("plain", "", "a=b:c", "# text", "é\u2028x", "two\nlines", "\na = 1\nb = 2", "first\n\n[third]")
NEW_KEYS = ("region", "OUTPUT", "mfa_serial", "Two Words", "[odd", "x_new")


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
    """The line of the header [DEFAULT]; one inside a value does not count."""
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

    @generated(50, 500)
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
    assert min(done[name] for name in ("set", "removed", "above", "changed")) >= 10, done


@generated(40, 500)
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


def test_a_section_is_appended_and_removed_to_the_byte(botocore_says: oracle.Oracle) -> None:
    met: Counter[str] = Counter()

    @generated(50, 500)
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
    assert min(met.values()) >= 10, met


def test_a_section_goes_without_a_trace_elsewhere(botocore_says: oracle.Oracle) -> None:
    done: Counter[str] = Counter()

    @generated(60, 500)
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
    assert done["removed"] >= 30, done
    assert done["unsafe"] >= 1, done


def drawn_changes(
    data: st.DataObject, before: Document
) -> dict[str, SectionChange | list[tuple[str, str] | str] | None]:
    """What may become of some sections, and some new ones, in any order."""
    own = before.sections()
    changes: dict[str, SectionChange | list[tuple[str, str] | str] | None] = {}
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
            changes[header] = SectionChange({given: data.draw(st.sampled_from(NEW_VALUES))}, gone)
    return changes


def one_by_one(document: Document, changes: "SectionChanges") -> Document:
    """The same changes, each on what the others left: sections from the last one up, then new ones."""
    order = {header: number for number, header in enumerate(document.sections(), 1)}
    for header in sorted(changes, key=lambda header: -order.get(header, 0)):
        document = document.with_sections({header: changes[header]})
    return document


def test_many_sections_at_once_have_the_same_result_as_one_by_one(botocore_says: oracle.Oracle) -> None:
    done: Counter[str] = Counter()

    @generated(40, 500)
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
            if isinstance(change, SectionChange):
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
    assert done["the same"] > 15, done
    assert done["unsafe"] < done["the same"], done
    assert not done["misnamed"], done


@given(NUMBERS, KINDS, st.randoms(use_true_random=False))
@generated(40, 500)
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
