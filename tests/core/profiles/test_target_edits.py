"""Edits of many targets at once: the same result, to the byte, as one edit after the other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.ini import DocumentDefect
from mfa_tui.core.profiles.target_edits import removal_changes, target_changes, with_edits
from mfa_tui.errors import TargetRefused
from tests.core.awsfiles.strategies import NUMBERS
from tests.support.awsfiles.filemaker import FileMaker, picker
from tests.support.awsfiles.profiles import SESSION, load
from tests.support.runner.examples import generated

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.profiles.target_edits import ChangesOf

NAMES = ("one", "two", "three", "default")
PIECES = st.lists(
    st.sampled_from(
        [
            "[{}-mfa]\n", "\n[{}-mfa]\n", "\n\n[{}-mfa]\nregion = x\n", "[{}-mfa]\nregion = x\n\n\n", "  [{}-mfa]\n",
            "[{}]\nregion = x\n", "\n[{}]\nregion = y\ns3 =\n  a = b\n", "\n# mine\n", "\n", "  # mine\n", "[x]\ny =\n",
        ]
    ),
    max_size=8,
)  # fmt: skip


def log_in(name: str) -> "ChangesOf":
    return lambda aws: target_changes(aws, f"{name}-mfa", name, SESSION)


def log_out(name: str) -> "ChangesOf":
    return lambda aws: removal_changes(aws, f"{name}-mfa")


def one_by_one(aws: AwsConfig, names: Sequence[str], edit: "Callable[[str], ChangesOf]") -> AwsConfig:
    for name in names:
        aws = with_edits(aws, [([f"{name}-mfa"], edit(name))], "")
    return aws


def at_once(aws: AwsConfig, names: Sequence[str], edit: "Callable[[str], ChangesOf]") -> AwsConfig:
    return with_edits(aws, [([f"{name}-mfa", name], edit(name)) for name in names], "")


def rendered(aws: AwsConfig) -> tuple[bytes, bytes]:
    return aws.config.render(), aws.credentials.render()


def parsed(pieces: list[str], numbers: bytes, kind: str, ending: str) -> Document:
    """A file of these pieces, some of them sections of the targets, and of random text."""
    headers = [f"profile {name}" if kind == "config" and name != "default" else name for name in NAMES]
    text = "".join(piece.format(headers[number % len(headers)]) for number, piece in enumerate(pieces))
    random = (
        FileMaker(picker(numbers), kind, keys=("region", "output", "Two words", "x_Custom")).make(defects=False)
        if numbers
        else b""
    )
    try:
        return Document.parse(text.replace("\n", ending).encode() + random, kind)
    except DocumentDefect:
        assume(condition=False)
        raise


@generated(40, 200)
@given(PIECES, PIECES, st.one_of(st.just(b""), NUMBERS), st.sampled_from(["\n", "\r\n"]))
@example(["[{}]\nregion = x\n"] * 4, ["[{}]\nregion = x\n"] * 4, b"", "\r\n")
@example(["\n[{}]\nregion = x\n"] * 4, ["\n[{}-mfa]\n"] * 4, b"", "\n")
def test_many_at_once_have_the_same_result_as_one_by_one(
    config: list[str], credentials: list[str], numbers: bytes, ending: str
) -> None:
    before = AwsConfig(parsed(config, numbers, "config", ending), parsed(credentials, numbers, "credentials", ending))
    try:
        expected = one_by_one(before, NAMES, log_in)
    except TargetRefused:
        assume(condition=False)
        raise
    after = at_once(before, NAMES, log_in)
    assert rendered(after) == rendered(expected)
    assert at_once(after, NAMES, log_in) is after
    # Each takes its own blank line with it, so what is below goes first.
    lowest_first = sorted(NAMES, key=lambda name: -after.credentials.line_of(f"{name}-mfa"))
    try:
        expected = one_by_one(AwsConfig(Document.parse(b"", "config"), after.credentials), lowest_first, log_out)
    except TargetRefused:
        assume(condition=False)
        raise
    gone = at_once(after, NAMES, log_out)
    assert rendered(gone)[1] == rendered(expected)[1]
    assert at_once(gone, NAMES, log_out) is gone
    if not any(f"{name}-mfa" in before for name in NAMES):
        assert rendered(gone) == rendered(before)


class Counted:
    """How often, and how much of, a document is read meanwhile."""

    def __init__(self) -> None:
        self.times = self.size = 0
        self._parse = Document.parse

    def parse(self, data: bytes, kind: str) -> Document:
        self.times += 1
        self.size += len(data)
        return self._parse(data, kind)


@pytest.mark.parametrize("count", [1, 20, 400])
def test_many_targets_parse_each_file_once(count: int) -> None:
    names = [f"r{number}" for number in range(count)]
    config = "".join(f"[profile {name}]\nregion = x\n\n" for name in names)
    before = AwsConfig(Document.parse(config.encode(), "config"), Document.parse(b"[dev]\nregion = y\n", "credentials"))
    counted = Counted()
    with patch.object(Document, "parse", counted.parse):
        after = at_once(before, names, log_in)
        assert counted.times == 2
        gone = at_once(after, names, log_out)
        assert counted.times == 4
    assert rendered(gone) == rendered(before)
    # What was read: both files, once with the targets, once without.
    assert counted.size == sum(map(len, (*rendered(after), *rendered(gone))))


def test_a_target_that_cannot_be_changed_does_not_stop_the_others() -> None:
    # What is below is indented: without the section it would be read as part of the one above.
    aws = load("", "[dev]\nx = 1\n[bad]\n    [below]\n    y = 1\n")
    names = [f"r{number}" for number in range(30)]
    edits: list[tuple[list[str], ChangesOf]] = [([f"{name}-mfa", name], log_in(name)) for name in names]
    edits.insert(7, (["bad"], lambda _: ({}, {"bad": None})))
    refused: list[tuple[str, str]] = []
    after = with_edits(aws, edits, "Tidy up.", lambda name, error: refused.append((name, error.slug)))
    assert refused == [("bad", "target-unsafe")]
    assert after.credentials.sections() == ["dev", "bad", "below", *(f"{name}-mfa" for name in names)]
    with pytest.raises(TargetRefused, match="bad"):
        with_edits(aws, edits, "Tidy up.")


def test_a_target_that_is_a_source_is_written_before_it_is_read() -> None:
    aws = load("[profile a]\nregion = x\n[profile c]\n", "")

    def region(target: str, source: str) -> "tuple[list[str], ChangesOf]":
        return [target, source], lambda aws: target_changes(aws, target, source, SESSION)

    after = with_edits(aws, [region("b", "a"), region("d", "b")], "")
    assert after.config.raw("profile d")["region"] == "x"


def edited(aws: AwsConfig, *, scope: str = "", process: str = "") -> tuple[str, str]:
    whole = with_edits(
        aws, [(["dev-ci"], lambda now: target_changes(now, "dev-ci", "dev", SESSION, process, scope=scope))], ""
    )
    return whole.config.render().decode(), whole.credentials.render().decode()


def test_the_scope_of_a_target_is_written_and_goes() -> None:
    dev = "[dev]\nregion = x\n"
    config, credentials = edited(load("", dev), scope="ci")
    assert "mfa_tui_scope = ci\n" in config
    assert "mfa_tui_scope = ci\n" in credentials
    assert credentials.index("mfa_tui_scope") < credentials.index("mfa_tui_source")
    whole = load(config, credentials)
    # With a process it has no keys.
    config, credentials = edited(whole, scope="ci", process="mfa-tui credential-process --scope ci dev")
    assert "region = x\nmfa_tui_scope = ci\ncredential_process = mfa-tui credential-process --scope ci dev\n" in config
    assert "dev-ci" not in credentials
    gone = with_edits(whole, [(["dev-ci"], lambda now: removal_changes(now, "dev-ci"))], "")
    assert (gone.config.render(), gone.credentials.render().decode()) == (b"", dev)


def test_a_section_that_was_written_by_hand() -> None:
    hand = "[profile dev-ci]\noutput = json\n"
    dev = "[dev]\nregion = x\n"
    # Without a process, the settings stay as they are.
    assert edited(load(hand, dev))[0] == hand
    config, _ = edited(load(hand, dev), process="p")
    assert config == "[profile dev-ci]\ncredential_process = p\nmfa_tui_source = dev\noutput = json\n"
    other = hand + "credential_process = other\n"
    assert edited(load(other, dev), process="p")[0] == config


def test_lines_that_were_added_to_a_target_stay() -> None:
    _, credentials = edited(load("", "[dev]\nregion = x\n"))
    for added in ("# mine\n", "region = y\n"):
        changed = load("", credentials + added)
        gone = with_edits(changed, [(["dev-ci"], lambda now: removal_changes(now, "dev-ci"))], "")
        left = gone.credentials.render().decode()
        assert added in left
        assert "aws_session_token" not in left


def test_keys_of_aws_mfa_go_where_a_process_takes_their_place() -> None:
    foreign = (
        "[dev-ci]\naws_access_key_id = ASIAX\nassumed_role = x\nassumed_role_arn = y\nexpiration = z\nregion = r\n"
    )
    _, credentials = edited(load("", f"[dev]\nregion = x\n{foreign}"), process="p")
    assert credentials.endswith("[dev-ci]\nregion = r\n")
