"""The filter over profiles: what it searches besides their names."""

import pytest

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.ui.state.profile_filter import Filter

CONFIG = """\
[profile dev]
mfa_serial = arn:aws:iam::111122223333:mfa/phone
[profile token]
mfa_serial = GAHT12345678
[profile bare]
region = us-east-1
[profile admin]
role_arn = arn:aws:iam::444455556666:role/Gardener
source_profile = dev
[profile lost]
role_arn = arn:aws:iam::444455556666:role/x
source_profile = gone
[profile sign-in]
sso_account_id = 777788889999
"""


@pytest.fixture
def found() -> Filter:
    """The filter over CONFIG."""
    aws = AwsConfig(Document.parse(CONFIG.encode(), "config"), Document.parse(b"", "credentials"))
    return Filter(aws, aws.names)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("phone", ("dev",)),
        ("4444-5555", ("lost", "admin")),
        ("444455556666", ("lost", "admin")),
        ("7777-8888-9999", ("sign-in",)),
        ("444455556666 lost", ("lost",)),
        ("gardener", ("admin",)),
        ("gaht", ("token",)),
        ("gone", ("lost",)),
        # By its name, then by its source.
        ("DEV", ("dev", "admin")),
        ("dex", ()),
    ],
)
def test_names_accounts_roles_sources_and_devices_are_found(found: Filter, wanted: str, names: tuple[str, ...]) -> None:
    assert found.matching(wanted, {}) == names


def test_without_a_filter_all_are_there_in_the_lists_order(found: Filter) -> None:
    assert found.matching(" ", {}) == ("dev", "token", "bare", "admin", "lost", "sign-in")
    found.sort(("lost", "sign-in", "dev", "token", "bare", "admin"))
    assert found.matching("", {})[0] == "lost"


def test_the_order_of_the_list_decides_among_equals(found: Filter) -> None:
    assert found.matching("e", {})[:3] == ("dev", "bare", "token")
    found.sort(("token", "bare", "admin", "lost", "sign-in", "dev"))
    assert found.matching("3333", {}) == ("dev",)
    assert found.matching("arn", {})[:1] == ("dev",)


def test_more_use_comes_first_as_soon_as_it_is_known(found: Filter) -> None:
    assert found.matching("4444", {})[0] == "lost"
    assert found.matching("4444", {"admin": 0.5})[0] == "admin"
