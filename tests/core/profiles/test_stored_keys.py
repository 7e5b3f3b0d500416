"""Profiles whose long-term keys are stored outside the files: what counts as one, and what depends on it."""

import pytest

from mfa_tui.core.awsfiles.awsconfig import AwsConfig, stored_key_ids
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.losses import has_lost, only_sections_removed
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.profiles.target import check_target
from mfa_tui.errors import TargetRefused

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
MARK = f"mfa_tui_access_key_id = {KEY_ID}\n"
PROCESS = "credential_process = /usr/bin/mfa-tui credential-process dev\n"
KEYS = "aws_access_key_id = AKIAI44QH8DHBEXAMPLE\naws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n"
ROLE = "role_arn = arn:aws:iam::111122223333:role/admin\n"


def files(config: str, credentials: str = "") -> AwsConfig:
    return AwsConfig(Document.parse(config.encode(), "config"), Document.parse(credentials.encode(), "credentials"))


CASES = {
    "mark": (MARK, "[dev]\n", Kind.STORED_KEYS),
    "mark and our process": (MARK + PROCESS, "", Kind.STORED_KEYS),
    "mark and another process": (MARK + "credential_process = /bin/other\n", "", Kind.STORED_KEYS),
    "keys in the credentials file": (MARK + PROCESS, f"[dev]\n{KEYS}", Kind.ACCESS_KEYS),
    "keys beside the mark": (MARK + KEYS, "", Kind.ACCESS_KEYS),
    "keys beside mark and process": (MARK + PROCESS + KEYS, "", Kind.STORED_KEYS),
    "a role": (MARK + ROLE + "source_profile = other\n", "", Kind.BROKEN),
    "a login session": (MARK + "login_session = arn:aws:iam::111122223333:user/x\n", "", Kind.AWS_LOGIN),
    "an empty mark": ("mfa_tui_access_key_id =\n", "", Kind.NO_CREDENTIALS),
    "a mark in the credentials file": ("region = x\n", f"[dev]\n{MARK}", Kind.NO_CREDENTIALS),
}


@pytest.mark.parametrize("case", CASES)
def test_kinds(case: str) -> None:
    config, credentials, kind = CASES[case]
    profile = read_profile(files(f"[profile dev]\n{config}", credentials), "dev")
    assert profile.kind == kind
    stored = kind == Kind.STORED_KEYS
    assert (profile.stored_key_id, profile.keys if stored else None) == (KEY_ID if stored else "", None)
    assert profile.can_log_in == (kind in (Kind.STORED_KEYS, Kind.ACCESS_KEYS))


def test_what_it_stands_for() -> None:
    profile = read_profile(files(f"[profile dev]\n{MARK}{PROCESS}"), "dev")
    assert (profile.access_key_id, profile.credential_id, profile.source) == (KEY_ID, KEY_ID, "")
    assert profile.has_user
    assert profile.takes_codes


@pytest.mark.parametrize("process", [PROCESS, "", "credential_process = /bin/other\n"])
def test_roles_with_it_as_source(process: str) -> None:
    config = f"[profile dev]\n{MARK}{process}[profile admin]\n{ROLE}source_profile = dev\nduration_seconds = 7200\n"
    role = read_profile(files(config), "admin")
    assert (role.kind, role.chain, role.base_kind) == (Kind.ROLE, ("admin", "dev"), Kind.STORED_KEYS)
    assert (role.stored_key_id, role.credential_id, role.source_fingerprint) == (KEY_ID, KEY_ID, "")
    assert role.needs_direct_assume


def test_a_role_through_what_asks_for_its_session() -> None:
    asking = "[profile dev-mfa]\ncredential_process = /usr/bin/mfa-tui credential-process dev\n"
    role = read_profile(
        files(f"[profile dev]\n{MARK}{asking}[profile admin]\n{ROLE}source_profile = dev-mfa\n"), "admin"
    )
    assert (role.chain, role.credential_id) == (("admin", "dev"), KEY_ID)


def test_it_is_no_target() -> None:
    with pytest.raises(TargetRefused) as refused:
        check_target(files(f"[profile dev]\n{MARK}"), "ops", "dev")
    assert refused.value.slug == "target-long-term"


def test_ids() -> None:
    config = files(f"[profile dev]\n{MARK}[profile a]\nregion = x\n[profile b]\nmfa_tui_access_key_id =\n").config
    assert stored_key_ids(config) == {KEY_ID}


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        (f"[profile dev]\nregion = x\n{PROCESS}{MARK}", "[profile dev]\nregion = x\n", False),
        (f"[profile a]\nb = c\n[profile dev]\n{PROCESS}{MARK}", "[profile a]\nb = c\n", False),
        (f"[profile dev]\nregion = x\n{PROCESS}{MARK}", "[profile dev]\n", True),
        (f"[profile dev]\nregion = x\n{PROCESS}", "[profile dev]\nregion = x\n", True),
        (f"[profile dev]\nregion = x\n{MARK}", "", True),
    ],
)
def test_marks_come_and_go_without_a_loss(before: str, after: str, *, lost: bool) -> None:
    documents = [Document.parse(text.encode(), "config") for text in (before, after)]
    assert has_lost(*documents) == lost
    assert not (lost and only_sections_removed(*documents) and after.startswith("[profile dev]"))
