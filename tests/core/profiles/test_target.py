"""Targets: their names, which ones are refused, and edits that can be undone to the byte."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.profiles.target import (
    check_target,
    foreign_credentials,
    source_by_name,
    target_name,
    without_all_sessions,
)
from mfa_tui.core.profiles.target_edits import (
    removal_changes,
    serial_changes,
    serial_removal,
    session_changes,
    target_changes,
    with_edits,
)
from mfa_tui.errors import TargetRefused
from tests.support.awsfiles.profiles import KEYS, SESSION, TEMPORARY, load

if TYPE_CHECKING:
    from mfa_tui.core.profiles.target_edits import Changes

PATTERN = "{profile}-mfa"


def write(aws: AwsConfig, target: str = "dev-mfa") -> AwsConfig:
    return changed(aws, target_changes(aws, target, "dev", SESSION))


def remove(aws: AwsConfig, target: str = "dev-mfa") -> AwsConfig:
    return changed(aws, removal_changes(aws, target))


def changed(aws: AwsConfig, changes: "Changes") -> AwsConfig:
    return with_edits(aws, [(["dev-mfa"], lambda _: changes)], "Tidy up.")


def files(aws: AwsConfig) -> tuple[str, str]:
    return aws.config.render().decode(), aws.credentials.render().decode()


def test_the_target_has_the_name_that_the_user_expects() -> None:
    aws = load("[profile chosen]\nmfa_tui_target = short\n", f"[dev]\n{KEYS}[work-long-term]\n{KEYS}[-long-term]\n")
    assert target_name(aws, "dev", PATTERN) == "dev-mfa"
    assert target_name(aws, "dev", "mfa.{profile}") == "mfa.dev"
    assert target_name(aws, "chosen", PATTERN) == "short"
    assert target_name(aws, "work-long-term", PATTERN) == "work"
    assert target_name(aws, "-long-term", PATTERN) == "-long-term-mfa"


def test_an_unwritten_target_is_recognized_by_its_name() -> None:
    aws = load("[profile chosen]\nmfa_tui_target = short\n", f"[dev]\n{KEYS}[work-long-term]\n{KEYS}")
    assert source_by_name(aws, "dev-mfa", PATTERN) == "dev"
    assert source_by_name(aws, "short", PATTERN) == "chosen"
    assert source_by_name(aws, "work", PATTERN) == "work-long-term"
    assert source_by_name(aws, "other-mfa", PATTERN) is None
    assert source_by_name(aws, "-mfa", PATTERN) is None
    # Of two, it is the one that the name is made of.
    aws = load("[profile chosen]\nmfa_tui_target = dev-mfa\n", f"[dev]\n{KEYS}")
    assert source_by_name(aws, "dev-mfa", PATTERN) == "dev"
    assert source_by_name(load("", f"[dev]\n{KEYS}"), "mfa.dev.x", "mfa.{profile}.x") == "dev"


@pytest.mark.parametrize(
    ("target", "slug"),
    [
        ("", "target-name"),
        ("DEFAULT", "target-name"),
        ("a]b", "target-name"),
        (" dev", "target-name"),
        ("de\nv", "target-name"),
        ("de\u2028v", "target-name"),
        ("role", "target-ignored"),
        ("sso", "target-ignored"),
        ("web", "target-ignored"),
        ("dev", "target-long-term"),
        ("inconfig", "target-long-term"),
    ],
)
def test_targets_that_are_refused(target: str, slug: str) -> None:
    aws = load(
        "[profile role]\nrole_arn = arn\n[profile sso]\nsso_session = s\n[profile web]\nweb_identity_token_file = f\n"
        f"[profile inconfig]\n{KEYS}",
        f"[dev]\n{KEYS}",
    )
    with pytest.raises(TargetRefused) as refusal:
        check_target(aws, "dev", target)
    assert refusal.value.slug == slug
    assert "--as" in refusal.value.remedy


@pytest.mark.parametrize(
    ("config", "credentials", "word"),
    [
        ("", f"[t]\n{TEMPORARY}", "ASIA…MPLE"),
        ("", f"[t]\n{TEMPORARY}mfa_tui_source = dev\n", ""),
        ("", f"[t]\n{TEMPORARY}[t-long-term]\n{KEYS}", "ASIA…MPLE"),
        ("[profile t]\ncredential_process = x\n", "", "credential_process"),
        (f"[profile t]\n{TEMPORARY}", "", "ASIA…MPLE"),
        ("[profile t]\nregion = x\n", "", ""),
    ],
)
def test_foreign_credentials_in_a_target_are_named(config: str, credentials: str, word: str) -> None:
    found = foreign_credentials(load(config, credentials), "dev", "t")
    assert word in found
    assert bool(word) == bool(found)


def test_what_aws_mfa_wrote_for_the_same_source_is_ours() -> None:
    aws = load("", f"[dev]\n{TEMPORARY}expiration = 2026-11-24 11:55:42\nassumed_role = False\n[dev-long-term]\n{KEYS}")
    assert foreign_credentials(aws, "dev-long-term", "dev") == ""
    written = aws.credentials.with_sections(session_changes(aws.credentials, "dev", "dev-long-term", SESSION)).raw(
        "dev"
    )
    assert "expiration" not in written
    assert "assumed_role" not in written
    assert written["aws_session_token"] == "new-token"


def test_the_target_gets_the_sources_settings_and_no_credentials() -> None:
    aws = load(
        "[profile dev]\nregion = eu-central-1\nmfa_serial = x\nrole_session_name = n\nmfa_tui_target = dev-mfa\n"
        "s3 =\n  max_concurrent_requests = 20\n  addressing_style = path\noutput = json\nsso_region = y\n",
        f"[dev]\n{KEYS}cli_pager =\n",
    )
    written = write(aws)
    assert dict(written.in_config("dev-mfa")) == {
        "region": "eu-central-1",
        "output": "json",
        "cli_pager": "",
        "s3": {"max_concurrent_requests": "20", "addressing_style": "path"},
        "mfa_tui_source": "dev",
    }
    assert dict(written.in_credentials("dev-mfa")) == {
        "aws_access_key_id": "ASIANEW",
        "aws_secret_access_key": "new-secret",
        "aws_session_token": "new-token",
        "x_security_token_expires": "2026-11-24T11:55:42Z",
        "mfa_tui_source": "dev",
    }


def test_no_settings_make_no_section() -> None:
    assert files(write(load("", f"[dev]\n{KEYS}")))[0] == ""


def test_a_section_of_ours_follows_its_source_and_keeps_what_the_user_added_below_the_mark() -> None:
    aws = write(load("[profile dev]\nregion = a\noutput = json\n", f"[dev]\n{KEYS}"))
    config, credentials = files(aws)
    config = (
        config.replace("region = a\noutput = json\n", "region = b\ncli_pager = less\n", 1) + "retry_mode = standard\n"
    )
    written = write(load(config, credentials)).in_config("dev-mfa")
    assert dict(written) == {
        "region": "b",
        "cli_pager": "less",
        "mfa_tui_source": "dev",
        "retry_mode": "standard",
    }


def test_a_foreign_config_section_is_left_alone() -> None:
    config = "[profile dev]\nregion = a\n[profile dev-mfa]\nregion = b\n"
    assert files(write(load(config, f"[dev]\n{KEYS}")))[0] == config


def test_default_is_written_to_its_section() -> None:
    aws = load("[profile dev]\nregion = a\n", f"[dev]\n{KEYS}")
    assert "[default]" in files(write(aws, "default"))[0]
    aws = load("[profile dev]\nregion = a\n[profile default]\noutput = json\n", f"[dev]\n{KEYS}")
    assert "[default]" not in files(write(aws, "default"))[0]


@pytest.mark.parametrize(
    "credentials",
    [
        f"[dev]\n{KEYS}",
        f"[dev]\n{KEYS}".rstrip("\n"),
        f"[dev]\n{KEYS}\n\n# the end\n\n",
        f"[dev]\n{KEYS}".replace("\n", "\r\n"),
        f"[dev]\n{KEYS}[dev-mfa]\n",
        f"[dev]\n{KEYS}[dev-mfa]\n# mine\nregion = x\n\n[other]\na = b",
        f"[dev-mfa]\n\n[dev]\n{KEYS}",
    ],
)
@pytest.mark.parametrize(
    "config", ["", "[profile dev]\nregion = a", "[profile dev]\nregion = a\n\n[profile dev-mfa]\n"]
)
def test_removing_restores_every_byte(config: str, credentials: str) -> None:
    before = load(config, credentials)
    once = write(before)
    twice = write(once)
    assert files(twice) == files(once)
    assert files(remove(twice)) == files(before)


@given(st.text(alphabet=" \n\r#;=a", max_size=12), st.text(alphabet=" \n\r#;", max_size=8))
def test_removing_restores_every_byte_whatever_the_file_ends_in(middle: str, end: str) -> None:
    credentials = f"[dev]\n{KEYS}{end}"
    try:
        before = load("[profile dev]\nregion = a\n" + middle, credentials)
    except ValueError:
        return
    assert files(remove(write(before))) == files(before)


def test_the_backup_holds_no_session_keys() -> None:
    aws = write(load("", f"[dev]\n{KEYS}"))
    kept = without_all_sessions(aws.credentials).render().decode()
    assert "new-secret" not in kept
    assert "new-token" not in kept
    assert KEYS in kept


def serial_saved(aws: AwsConfig, serial: str) -> AwsConfig:
    return changed(aws, serial_changes(aws, "dev", serial))


def test_a_serial_is_saved_where_the_profile_has_its_settings() -> None:
    serial = "arn:aws:iam::111122223333:mfa/ana"
    both = serial_saved(load("[profile dev]\nregion = a\n", f"[dev]\n{KEYS}"), serial)
    assert files(both) == (f"[profile dev]\nregion = a\nmfa_serial = {serial}\n", f"[dev]\n{KEYS}")
    alone = serial_saved(load("", f"[dev]\n{KEYS}"), serial)
    assert files(alone) == ("", f"[dev]\n{KEYS}mfa_serial = {serial}\n")


def test_a_saved_serial_is_removed_from_both_files_and_no_other() -> None:
    serial, other = "arn:aws:iam::111122223333:mfa/ana", "arn:aws:iam::111122223333:mfa/ben"
    config = f"[profile dev]\n# mine\nmfa_serial = {serial}\nregion = a\n[profile prod]\nmfa_serial = {serial}\n"
    aws = load(config, f"[dev]\n{KEYS}aws_mfa_device = {serial}\n")
    assert files(changed(aws, serial_removal(aws, "dev", serial))) == (
        config.replace(f"mfa_serial = {serial}\nregion", "region"),
        f"[dev]\n{KEYS}",
    )
    assert files(changed(aws, serial_removal(aws, "dev", other))) == files(aws)
    assert files(changed(aws, serial_removal(aws, "unknown", serial))) == files(aws)


@pytest.mark.parametrize(
    ("source", "other"),
    [("a]b", "ab-session"), ("a\x1b[31mb", "a[31mb-session"), (" a ", "a-session"), ("]", "session")],
)
def test_the_target_that_is_suggested_is_not_refused_itself(source: str, other: str) -> None:
    aws = AwsConfig(Document.parse(b"", "config"), Document.parse(b"", "credentials"))
    with pytest.raises(TargetRefused) as refused:
        check_target(aws, source, f"{source}]")
    assert f"--as {other.replace('a[31mb-session', repr('a[31mb-session'))}, " in refused.value.remedy
    check_target(aws, source, other)
