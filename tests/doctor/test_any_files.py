"""Any content of the files: what botocore refuses is reported with its line, and nothing fails unexpectedly."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.ini import DocumentDefect, split_lines
from mfa_tui.core.doctor.profile_checks import check_profiles
from mfa_tui.core.doctor.section_header_checks import check_headers
from mfa_tui.core.problems.finding import Finding
from mfa_tui.core.profiles.login_problems import login_problem
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.profiles.value_checks import RULES, bad_value
from mfa_tui.core.text.display import is_clean
from tests.core.awsfiles.oracle import Oracle
from tests.core.awsfiles.strategies import NUMBERS
from tests.support.awsfiles.filemaker import FileMaker, picker
from tests.support.runner.thoroughness import examples

KEYS = (*RULES, "credential_process", "services", "output", "Role_Arn", "mfa_tui_source", "s3")
REGION = re.compile(r"^(?![0-9]+$)(?!-)[a-zA-Z0-9-]{,63}(?<!-)$")
"""``botocore.utils.validate_region_name``."""


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    oracle = Oracle()
    yield oracle
    oracle.close()


@given(NUMBERS, NUMBERS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(50, short=15), deadline=None
)
def test_any_files(oracle: Oracle, config: bytes, credentials: bytes) -> None:
    documents = []
    for kind, numbers in (("config", config), ("credentials", credentials)):
        data = FileMaker(picker(numbers), kind, KEYS).make()
        if oracle.read(data) is None:
            with pytest.raises(DocumentDefect) as caught:
                Document.parse(data, kind)
            assert 1 <= caught.value.line <= max(1, len(split_lines(data.decode("utf-8", "replace"))))
            return
        documents.append(Document.parse(data, kind))
    aws = AwsConfig(documents[0], documents[1])
    assert "" not in aws.names
    found = [*check_headers(aws), *check_profiles(aws, aws.names, "{profile}-mfa", now=0, active="")]
    found += [fault for name in aws.names if (fault := login_problem(aws, read_profile(aws, name), {})) is not None]
    for finding in found:
        _check_place(aws, finding)
        assert is_clean(finding.what)
    for name in aws.names:
        region = aws.merged(name).get("region", "")
        if isinstance(region, str) and region and not REGION.match(region.strip()):
            assert bad_value("region", region) is not None, f"botocore refuses {region!r}"


def _check_place(aws: AwsConfig, finding: Finding) -> None:
    """A place is the line with its key, or with the header of its section."""
    place = finding.place
    if place is None or not place.line:
        assert finding.severity != "error" or finding.code.startswith("target-"), finding.lines()
        return
    document = aws.config if place.file == aws.paths[0] else aws.credentials
    line = split_lines(document.render().decode())[place.line - 1].strip().lower()
    assert line.startswith(place.key.lower() if place.key else "["), (finding.lines(), line)
