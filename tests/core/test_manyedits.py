"""Many targets edited at once: to the byte what comes of one edit after the other."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mfa_tui.core import manyedits
from mfa_tui.core.awsconfig import AwsConfig
from mfa_tui.core.document import Document, DocumentDefect
from mfa_tui.core.manyedits import edited_together
from mfa_tui.core.targets import with_target, without_target
from mfa_tui.errors import TargetRefused
from tests.core.strategies import NUMBERS
from tests.core.test_targets import SESSION
from tests.core.test_targets_properties import CHECKED
from tests.filemaker import FileMaker, picker

EditOfOne = Callable[[AwsConfig], AwsConfig]
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


def log_in(name: str) -> EditOfOne:
    return lambda aws: AwsConfig(*with_target(aws, f"{name}-mfa", name, SESSION))


def log_out(name: str) -> EditOfOne:
    return lambda aws: AwsConfig(*without_target(aws, f"{name}-mfa"))


def one_by_one(aws: AwsConfig, edits: list[EditOfOne]) -> AwsConfig:
    for edit in edits:
        aws = edit(aws)
    return aws


def at_once(aws: AwsConfig, edits: list[EditOfOne]) -> AwsConfig:
    with patch.object(manyedits, "_FEW", 0):
        return edited_together(aws, [(f"{name}-mfa", name, edit) for name, edit in zip(NAMES, edits, strict=True)])


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


@CHECKED
@given(PIECES, PIECES, st.one_of(st.just(b""), NUMBERS), st.sampled_from(["\n", "\r\n"]))
@example(["[{}]\nregion = x\n"] * 4, ["[{}]\nregion = x\n"] * 4, b"", "\r\n")
@example(["\n[{}]\nregion = x\n"] * 4, ["\n[{}-mfa]\n"] * 4, b"", "\n")
def test_all_at_once_is_one_after_the_other(
    config: list[str], credentials: list[str], numbers: bytes, ending: str
) -> None:
    before = AwsConfig(parsed(config, numbers, "config", ending), parsed(credentials, numbers, "credentials", ending))
    logins, logouts = [log_in(name) for name in NAMES], [log_out(name) for name in NAMES]
    try:
        expected = one_by_one(before, logins)
    except TargetRefused:
        with pytest.raises(TargetRefused):
            at_once(before, logins)
        return
    after = at_once(before, logins)
    assert rendered(after) == rendered(expected)
    assert rendered(at_once(after, logins)) == rendered(after)
    try:
        expected = one_by_one(after, logouts)
    except TargetRefused:
        with pytest.raises(TargetRefused):
            at_once(after, logouts)
        return
    assert rendered(at_once(after, logouts)) == rendered(expected)


def test_a_thousand_targets_take_few_readings_of_the_files() -> None:
    names = [f"r{number}" for number in range(200)]
    config = "".join(f"[profile {name}]\nregion = x\n\n" for name in names)
    before = AwsConfig(Document.parse(config.encode(), "config"), Document.parse(b"[dev]\nregion = y\n", "credentials"))
    read = 0
    parse = Document.parse

    def counted(data: bytes, kind: str) -> Document:
        nonlocal read
        read += len(data)
        return parse(data, kind)

    with patch.object(Document, "parse", counted):
        after = edited_together(before, [(f"{name}-mfa", name, log_in(name)) for name in names])
        once_in = read
        gone = edited_together(after, [(f"{name}-mfa", "", log_out(name)) for name in names])
    assert rendered(gone) == rendered(before)
    size = sum(map(len, rendered(after)))
    assert once_in < 4 * size
    assert read - once_in < 8 * size
