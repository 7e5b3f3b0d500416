"""The groups of the list."""

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.profiles.profile import Profile, read_profile
from mfa_tui.ui.state.groups import Group, ListLine, group_of, grouped

CONFIG = b"""
[profile deep]
role_arn = arn:aws:iam::444455556666:role/deep
source_profile = admin
[profile admin]
role_arn = arn:aws:iam::444455556666:role/admin
source_profile = dev
[profile dev]
[profile read]
role_arn = arn:aws:iam::444455556666:role/read
source_profile = dev
[profile ops]
[profile sso]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = x
[profile from-sso]
role_arn = arn:aws:iam::444455556666:role/x
source_profile = sso
[profile lost]
role_arn = arn:aws:iam::444455556666:role/x
source_profile = gone
"""
KEYS = "".join(
    f"[{name}]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n" for name in ("dev", "ops")
).encode()
AWS = AwsConfig(Document.parse(CONFIG, "config"), Document.parse(KEYS, "credentials"))


def profile(name: str) -> Profile:
    return read_profile(AWS, name)


def lines(*, pinned: tuple[str, ...] = (), closed: frozenset[str] = frozenset()) -> tuple[ListLine, ...]:
    return grouped(AWS.names, profile, pinned, closed)


def shown(of: tuple[ListLine, ...]) -> list[str]:
    return [f"{line.tree}{line.name}" if line.name else f"{line.title} {line.size}" for line in of]


def test_roles_are_below_whom_they_are_assumed_from() -> None:
    assert shown(lines()) == [
        "Users and their roles 6",
        "dev",
        "├ admin",
        "│ └ deep",
        "└ read",
        "ops",
        "from-sso",
        "Sign in elsewhere 1",
        "sso",
        "Cannot log in 1",
        "lost",
    ]


def test_each_profile_is_there_once_whatever_is_pinned() -> None:
    for pinned in ((), ("dev",), ("admin",), ("deep", "lost"), AWS.names):
        found = [line.name for line in lines(pinned=pinned) if line.name]
        assert sorted(found) == sorted(AWS.names)
        assert found[: len(pinned)] == [name for name in AWS.names if name in pinned]


def test_a_closed_group_is_a_title() -> None:
    closed = lines(closed=frozenset({Group.USERS}))
    assert shown(closed)[0] == "Users and their roles 6"
    assert closed[0].closed
    assert [line.name for line in closed if line.name] == ["sso", "lost"]


def test_a_single_group_has_a_title_only_while_it_is_closed() -> None:
    names = ("dev", "ops")
    assert shown(grouped(names, profile, (), frozenset())) == ["dev", "ops"]
    assert shown(grouped(names, profile, (), frozenset({Group.USERS}))) == ["Users and their roles 2"]


def test_a_profile_belongs_to_the_title_above_it() -> None:
    assert group_of("deep", lines()) == Group.USERS
    assert group_of("lost", lines()) == Group.UNABLE
    assert group_of("nobody", lines()) == ""
