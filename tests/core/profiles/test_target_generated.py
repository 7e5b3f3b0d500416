"""Targets in generated files: written, changed from one kind to the other, and removed without a trace."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.ini import DocumentDefect
from mfa_tui.core.awsfiles.section_headers import config_header
from mfa_tui.core.profiles.target import check_target, process_source
from mfa_tui.core.profiles.target_edits import removal_changes, target_changes
from mfa_tui.errors import TargetRefused
from tests.core.awsfiles import oracle
from tests.core.awsfiles.strategies import NUMBERS
from tests.core.profiles.test_target import changed
from tests.support.awsfiles.filemaker import FileMaker, picker
from tests.support.awsfiles.profiles import KEYS, SESSION
from tests.support.runner.examples import generated

LINE = "'/opt/my tools/mfa-tui' credential-process dev"
TARGETS = st.sampled_from(("dev-mfa", "default", "ops", "a b", "two words"))
"""Some of them may be in the files already, with settings of the user's."""
THEIRS = st.sampled_from(("", "", "[{}]", "[{}]\n", "\n[{}]\n# mine\n\n", "[{}]\nregion = x\n# mine\n"))
"""What the user may have put there, the target's header in it."""


@pytest.fixture(scope="module")
def botocore_says() -> Iterator[oracle.Oracle]:
    reader = oracle.Oracle()
    yield reader
    reader.close()


def made(numbers: bytes, kind: str, theirs: str) -> Document:
    """A file that botocore accepts, with the source profile ``dev`` in it, and *theirs* at the end."""
    data = FileMaker(picker(numbers), kind, keys=("region", "output", "Two words", "x_Custom")).make(defects=False)
    section = f"[dev]\n{KEYS}" if kind == "credentials" else "[profile dev]\nregion = eu-west-1\ns3 =\n  a = b\n"
    try:
        return Document.parse(section.encode() + data + theirs.encode(), kind)
    except DocumentDefect:
        assume(condition=False)
        raise


def files(aws: AwsConfig) -> tuple[bytes, bytes]:
    return aws.config.render(), aws.credentials.render()


def others(says: oracle.Oracle, aws: AwsConfig, target: str) -> dict[str, object]:
    """What botocore reads of all profiles but the target."""
    found: dict[str, object] = {}
    for kind, data in zip(("config", "credentials"), files(aws), strict=True):
        found |= {f"{kind} {name}": values for name, values in says.profiles(data, kind).items() if name != target}
    return found


def test_a_target_that_changes_its_kind_and_goes(botocore_says: oracle.Oracle) -> None:
    done: Counter[str] = Counter()

    @generated(40, 200)
    @given(NUMBERS, NUMBERS, st.tuples(THEIRS, THEIRS), TARGETS, st.lists(st.booleans(), min_size=1, max_size=4))
    def check(
        for_config: bytes, for_credentials: bytes, theirs: tuple[str, str], target: str, kinds: list[bool]
    ) -> None:
        before = aws = AwsConfig(
            made(for_config, "config", theirs[0].format(config_header(target))),
            made(for_credentials, "credentials", theirs[1].format(target)),
        )
        read = others(botocore_says, before, target)
        try:
            check_target(aws, "dev", target)
            for process in kinds:
                aws = changed(aws, target_changes(aws, target, "dev", SESSION, LINE if process else ""))
                assert others(botocore_says, aws, target) == read
                keys = botocore_says.profiles(files(aws)[1], "credentials").get(target, {})
                assert ("aws_access_key_id" in keys) is not process
                settings_ = botocore_says.profiles(files(aws)[0], "config").get(target, {})
                assert (settings_.get("credential_process") == LINE) is process
                assert process_source(aws, target) == ("dev" if process else "")
            aws = changed(aws, removal_changes(aws, target))
        except TargetRefused as refusal:
            done[refusal.slug] += 1
            return
        assert files(aws) == files(before)
        done["whole"] += 1
        done["theirs"] += target in before

    check()
    assert done["whole"] > 20, done
    assert done["theirs"] > 5, done
