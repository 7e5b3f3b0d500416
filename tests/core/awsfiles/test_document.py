"""Reading: the document compared with botocore's own loader."""

from collections import Counter
from collections.abc import Iterator, Mapping

import hypothesis.strategies as st
import pytest
from botocore import configloader
from hypothesis import given

from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.ini import DocumentDefect, scan
from mfa_tui.core.awsfiles.plain_ini import plain_sections
from mfa_tui.core.awsfiles.section_headers import config_header, credentials_header
from tests.core.awsfiles import oracle
from tests.core.awsfiles.strategies import KINDS, NUMBERS
from tests.support.awsfiles.filemaker import DEFECTS, FileMaker, picker
from tests.support.runner.examples import generated
from tests.support.runner.thoroughness import is_long

TRICKY = st.text(alphabet="[]=:#;aA \t\r\n\x0b\x0c\x1c\x85\u2028\u00a0\ufeff\x00\"'\\", max_size=60)
"""Few characters, each of which means something: every rule is met within some hundred texts."""

WORDS = {
    "appears twice": ("DuplicateSectionError", "DuplicateOptionError"),
    "before the first": ("MissingSectionHeaderError",),
    "byte order mark": ("MissingSectionHeaderError",),
    "neither a": ("ParsingError",),
    "has no key": ("ParsingError",),
}
"""A word of the reason, and what configparser calls it."""

FEATURES = (
    "plain header", "default", "default as a profile", "double-quoted header", "single-quoted header", "escaped header",
    "more words than one name", "bare header", "keys for all sections", "unclosed quote", "text behind a header",
    "indented header", "indented option", "colon", "upper-case key", "hash inside a value", "nested block",
    "white space that ends no line", "empty value", "comment or blank line inside a value", "header inside a value",
    "empty section", "no-break space", "Unicode line separator", "non-ASCII", "no newline at the end",
    "line endings ('\\n',)", "line endings ('\\r\\n',)", "line endings ('\\r',)",
    "line endings ('\\n', '\\r\\n', '\\r')",
)  # fmt: skip


@pytest.fixture(scope="module")
def botocore_says() -> Iterator[oracle.Oracle]:
    reader = oracle.Oracle()
    yield reader
    reader.close()


def parse(data: bytes, kind: str) -> Document | DocumentDefect:
    try:
        return Document.parse(data, kind)
    except DocumentDefect as defect:
        return defect


def check_like_botocore(data: bytes, kind: str, botocore_says: oracle.Oracle) -> Document | DocumentDefect:
    """The same verdict as botocore's; the same content, or the line of the first defect."""
    expected = botocore_says.read(data)
    found = parse(data, kind)
    if isinstance(found, DocumentDefect):
        assert expected is None, (found, data)
        check_defect(data, found, botocore_says)
        return found
    assert expected is not None, data
    assert found.render() == data
    assert found.read() == expected
    assert list(found.read()) == list(expected)
    assert found.sections() == list(expected)
    profiles = botocore_says.profiles(data, kind)
    assert found.profiles() == profiles
    assert list(found.profiles()) == list(profiles)
    own = oracle.own_keys(data)
    assert {name: found.raw(name) for name in found.sections()} == {n: k for n, k in own.items() if n != "DEFAULT"}
    assert list(found.raw("DEFAULT").items()) == list(own.get("DEFAULT", {}).items())
    return found


def check_defect(data: bytes, defect: DocumentDefect, botocore_says: oracle.Oracle) -> None:
    """The file is good up to the line of the defect, and bad with it, for the reason that the defect gives."""
    assert defect.remedy
    assert defect.remedy.endswith(".")
    assert "\n" not in defect.reason + defect.remedy
    if "UTF-" in defect.reason:
        good = bad = b""
        for line in data.split(b"\n"):  # not enough for lone carriage returns: those are counted in examples
            good, bad = bad, bad + line + b"\n"
            if not decodes(bad):
                break
        assert decodes(good)
        assert b"\r" in data or defect.line == bad.count(b"\n")
        return
    lines = oracle.lines(data)
    good, bad = ("".join(lines[:count]).encode() for count in (defect.line - 1, defect.line))
    if "indented line" in defect.reason:
        assert botocore_says.read(good) is not None
        # Values of [DEFAULT] are looked at only once there is a section for them to leak into.
        assert botocore_says.read(bad) is None or botocore_says.read(bad + b"\n[one more section]") is None
        return
    assert oracle.refusal(good.decode()) is None
    kind = oracle.refusal(bad.decode())
    assert kind is not None
    assert kind.__name__ in next(names for word, names in WORDS.items() if word in defect.reason)


def decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_made_files_are_read_as_botocore_reads_them(botocore_says: oracle.Oracle) -> None:
    met: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()

    @generated(200, 800)
    @given(NUMBERS, KINDS)
    def check(numbers: bytes, kind: str) -> None:
        maker = FileMaker(picker(numbers), kind)
        text = maker.make()
        found = check_like_botocore(text, kind, botocore_says)
        refused = isinstance(found, DocumentDefect)
        verdicts["refused" if refused else "accepted"] += 1
        # A feature counts where it was read, a defect where it was found.
        met.update(feature for feature in maker.features if (feature in DEFECTS) == refused)

    check()
    assert verdicts["accepted"] >= 0.5 * verdicts.total(), verdicts
    enough = 5 if is_long() else 1
    missed = {feature: met[feature] for feature in (*FEATURES, *DEFECTS) if met[feature] < enough}
    assert not missed, met


def test_tricky_text_is_read_as_botocore_reads_it(botocore_says: oracle.Oracle) -> None:
    verdicts: Counter[type] = Counter()

    @generated(200, 800)
    @given(TRICKY, st.booleans())
    def check(text: str, in_section: bool) -> None:
        data = ("[a]\n" * in_section + text).encode()
        verdicts[type(check_like_botocore(data, "config", botocore_says))] += 1

    check()
    assert min(verdicts[Document], verdicts[DocumentDefect]) >= 30, verdicts


@generated(50, 800)
@given(st.binary(max_size=200))
def test_bytes_are_read_or_refused(data: bytes) -> None:
    found = parse(data, "config")
    assert isinstance(found, DocumentDefect) or found.render() == data


@pytest.mark.parametrize("body", ["profile %s", "%s", "profile%s", "profile a%s"])
def test_headers_name_the_profiles_that_botocore_finds(body: str) -> None:
    @generated(50, 800)
    @given(st.text(alphabet="ab \t\"'\\#=\u00a0\u2028\x0b", min_size=1, max_size=12))
    def check(text: str) -> None:
        header = body % text
        try:
            document = Document.parse(f"[{header}]\nregion = x\n".encode(), "config")
        except DocumentDefect:
            return
        profiles = configloader.build_profile_map({header: {"region": "x"}})["profiles"]
        assert document.profiles() == profiles
        assert all(document.section_of(name) == header for name in profiles)

    check()


@generated(50, 800)
@given(st.text(min_size=1, max_size=20) | st.text(alphabet="ab \"'\\#]\u00a0\n", max_size=8))
def test_a_header_written_for_a_profile_means_that_profile(name: str) -> None:
    for kind, header_for in (("config", config_header), ("credentials", credentials_header)):
        try:
            header = header_for(name)
        except ValueError:
            assert not name.isprintable() or not name or name != name.strip() or "]" in name or name == "DEFAULT"
            continue
        document = Document.parse(f"[{header}]\n".encode(), kind)
        assert list(document.profiles()) == [name]
        assert document.section_of(name) == header


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("dev", "profile dev"),
        ("default", "default"),
        ("DEFAULT", "profile DEFAULT"),
        ("a b", 'profile "a b"'),
        ('say "hi"', 'profile "say \\"hi\\""'),
        ("back\\slash", 'profile "back\\\\slash"'),
        ("it's", 'profile "it\'s"'),
        ("é@x/y.z+1", "profile é@x/y.z+1"),
        ("no\u00a0break", 'profile "no\u00a0break"'),
    ],
)
def test_header_of_a_profile(name: str, header: str) -> None:
    assert config_header(name) == header


@pytest.mark.parametrize("name", ["", " a", "a ", "a]b", "a\nb", "a\x00", "a\x7f", "a\x85b", "a\u2028b", "a\udc80"])
def test_names_that_no_header_can_express(name: str) -> None:
    for header_for in (config_header, credentials_header):
        with pytest.raises(ValueError, match="a profile's name cannot"):
            header_for(name)


def test_default_in_capitals_is_not_a_profile() -> None:
    with pytest.raises(ValueError, match="leak"):
        credentials_header("DEFAULT")


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"[a]\nx = 1\n[b]\n\n[a]\n", 5, "the section [a] appears twice (first on line 1)"),
        (b"[a]\nRegion = 1\n# c\nregion: 2\n", 4, "the key region appears twice in [a] (first on line 2)"),
        (b"[DEFAULT]\nx = 1\n[a]\n[DEFAULT]\nx = 1\n", 5, "the key x appears twice in [DEFAULT] (first on line 2)"),
        (b"\n# c\nregion = x\n[a]\n", 3, "this line comes before the first [section]"),
        (b"[a]\r\rwords only\r", 3, "this line is neither a [section] nor 'key = value'"),
        (b"[a]\n[]\n", 2, "this line is neither a [section] nor 'key = value'"),
        (b"[a]\r\n: value\r\n", 2, "this line has no key before its delimiter"),
        (b"\xef\xbb\xbf[a]\n", 1, "the file starts with a byte order mark (BOM)"),
        ("[a]\n".encode("utf-16"), 1, "the file is UTF-16, not UTF-8"),
        (b"[a]\rx = 1\r\nname = caf\xe9\n", 3, "the byte 0xe9 is not UTF-8"),
        (b"[a]\ns3 =\n  x = 1\n  # c\n\n  y\n  z\n", 6, "this indented line under s3 has no '='"),
        ("[a]\ns3 =\n  x = 1\u2028y\n".encode(), 3, "this indented line under s3 has no '='"),
        (b"[DEFAULT]\ns3 =\n  y\n[a]\n", 3, "this indented line under s3 has no '='"),
        (b"[\x1b[31m]\n[\x1b[31m]\n", 2, "the section [\\x1b[31m] appears twice (first on line 1)"),
        (b"[" + b"a" * 90 + b"]\n" + b"[" + b"a" * 90 + b"]", 2, f"the section [{'a' * 59}…] appears twice"),
    ],
)
def test_a_defect_names_line_and_reason(data: bytes, line: int, reason: str) -> None:
    with pytest.raises(DocumentDefect) as caught:
        Document.parse(data, "config")
    assert caught.value.line == line
    assert caught.value.reason.startswith(reason)
    assert str(caught.value) == f"line {line}: {caught.value.reason}"
    assert len(caught.value.remedy) < 110


def test_a_defect_quotes_no_value() -> None:
    secret = "wJalrXUtnFEMI/K7MDENG"
    for data in (f"[a]\n{secret}\n", f"{secret}\n", f"[a]\nk = {secret}\nk = {secret}\n", f"[a]\ns3 =\n  {secret}\n"):
        with pytest.raises(DocumentDefect) as caught:
            Document.parse(data.encode(), "credentials")
        assert secret not in f"{caught.value} {caught.value.remedy}"


def test_a_block_that_leaks_nowhere_is_accepted() -> None:
    assert Document.parse(b"[DEFAULT]\ns3 =\n  y\n", "config").read() == {}
    assert Document.parse(b"[DEFAULT]\ns3 =\n  y\n[a]\ns3 = own", "config").read() == {"a": {"s3": "own"}}


def test_the_later_of_two_headers_for_a_profile_counts_whole() -> None:
    document = Document.parse(b"[profile default]\nregion = a\noutput = json\n[x]\n[default]\nregion = b\n", "config")
    assert document.profiles() == {"default": {"region": "b"}}
    assert document.section_of("default") == "default"
    document = Document.parse(b"[default]\nregion = b\n[profile 'default']\noutput = json\n", "config")
    assert document.profiles() == {"default": {"output": "json"}}
    assert document.section_of("default") == "profile 'default'"


def test_lines_of_headers_and_keys() -> None:
    document = Document.parse(b"# c\r\n[a]\rx = 1\r\n  more\n\nKey: v\n[b]\n", "credentials")
    assert document.line_of("a") == 2
    assert document.line_of("a", "x") == 3
    assert document.line_of("a", "KEY") == 6
    assert document.line_of("b") == 7
    for section, key in (("c", None), ("a", "y")):
        with pytest.raises(KeyError):
            document.line_of(section, key)
    assert document.section_of("nobody") is None


def test_ten_thousand_profiles() -> None:
    text = "".join(
        f"[profile p{number}]\nregion = eu-central-1\nmfa_serial = s{number}\n\n" for number in range(10_000)
    )
    profiles = Document.parse(text.encode(), "config").profiles()
    assert len(profiles) == 10_000
    assert profiles["p9999"] == {"region": "eu-central-1", "mfa_serial": "s9999"}


PIECES = st.sampled_from(
    ("[dev]", "[a]", "[profile dev]", "[profile a b]", "[]", "[a]]", "[DEFAULT]", "[a = b]", "[a", "region", "s3", "a",
     "A", " = ", "=", ":", " =  ", "x", "eu-west-1", "#", ";", " ", "  ", "\t", "\r", "\x0b", "ä", "\n", "\n", "\n"),
)  # fmt: skip
"""What lines of nearly plain files consist of."""


@generated(80, 5000)
@given(st.lists(PIECES, max_size=30))
def test_the_quick_way_through_a_plain_file_reads_the_same(pieces: list[str]) -> None:
    text = "".join(pieces)
    sections = plain_sections(text)
    if sections is None:
        return
    found = scan(text)
    assert list(sections.items()) == list(found.sections.items())
    assert [list(keys.items()) for keys in sections.values()] == [
        list(keys.items()) for keys in found.sections.values()
    ]
    assert (found.defaults, found.nested) == ({}, {})


def _in_order(sections: Mapping[str, Mapping[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(header, list(keys.items())) for header, keys in sections.items()]


@pytest.mark.parametrize("profiles", [0, 1, 40])
def test_files_as_tools_write_them_are_read_in_the_quick_way(profiles: int) -> None:
    config = "".join(f"[profile p-{n}]\nregion = eu-central-1\noutput = json \n\n" for n in range(profiles))
    keys = "".join(
        f"# of {n}\n[p-{n}]\naws_access_key_id = AKIA{n}\naws_secret_access_key = a+/=\n" for n in range(profiles)
    )
    others = [keys.replace(" = ", style) for style in ("=", "  =  ", " =", "= ")]
    more = [keys.replace("aws_", "AWS_"), keys.replace("\n", "\r\n"), keys.replace("\n", "\t\n"), f"# é = =\n{keys}"]
    for text in (config, keys, keys.rstrip("\n"), f"\n; two\n\n{keys}", *others, *more):
        assert plain_sections(text) == scan(text).sections
        assert len(plain_sections(text) or {}) == profiles


@pytest.mark.parametrize(
    "text",
    [
        "[dev]\nregion: x\n", "[dev]\ns3 =\n  a = b\n", "[dev]\nregion = a\n  b\n", "[DEFAULT]\na = b\n",
        "[dev]\nA = b\na = c\n", "[dev]\na = b\na = c\n", "[dev]\n[dev]\n", "a = b\n", "[dev]\na = b\rc = d\n",
        "[dev]\nä = b\n", "[dev] # x\n", "[dev]\n = b\n", "[]\na = b\n", "[dev]\nregion\n", "[dev]\n  # x\n",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_whole_reader(text: str) -> None:
    assert plain_sections(text) is None


def test_the_quick_way_does_not_lose_lines() -> None:
    document = Document.parse(b"# first\n[dev]\nregion = eu-central-1\n\n[ops]\na = b\n", "credentials")
    assert (document.line_of("dev"), document.line_of("ops", "a"), document.line(4)) == (2, 6, "\n")
    assert document.raw("DEFAULT") == {}
    assert document.read() == {"dev": {"region": "eu-central-1"}, "ops": {"a": "b"}}
