"""Logout: what login wrote is removed, and nothing else."""

import os

import pytest

from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.errors import FileProblem, KeyringProblem, MfaTuiError, ProfileProblem
from mfa_tui.services.login.logout import LogoutResult, log_out
from tests.support.homes.bench import DEV, KEY, NOW, ROLES, Bench, role_session, session

OPS = DEV.replace("[dev]", "[ops]").replace(KEY, "AKIAOPS")


def target(profile: str = "dev", name: str = "", *, left: int = 9_000, key_id: str = "ASIAXXXXXXXXXXXXXXXX") -> str:
    return (
        f"[{name or profile + '-mfa'}]\naws_access_key_id = {key_id}\naws_secret_access_key = x\n"
        f"aws_session_token = y\nx_security_token_expires = {format_utc(NOW + left)}\nmfa_tui_source = {profile}\n"
    )


def out(bench: Bench, profile: str | None = "dev") -> LogoutResult:
    return log_out(bench.context, profile, bench.cancel)


@pytest.mark.parametrize("name", ["dev", "dev-mfa", "special"])
def test_one_profile_by_any_of_its_names(bench: Bench, name: str) -> None:
    bench.write("[profile special]\nregion = eu-west-1\nmfa_tui_source = dev\n", DEV + OPS + target("ops") + target())
    bench.keep(session())
    bench.keep(session(key="AKIAOPS", name="ops"))
    done = out(bench, name)
    assert done == LogoutResult(("dev",), ("special", "dev-mfa"), 1, NOW + 9_000)
    assert bench.credentials.read_text() == DEV + OPS + target("ops")
    # A header that login did not write stays.
    assert bench.config.read_text() == "[profile special]\n"
    assert [each.source_key_id for each in bench.context.cache.valid_sessions()] == ["AKIAOPS"]


def test_every_profile(bench: Bench) -> None:
    bench.write(credentials=DEV + target() + OPS + target("ops") + target("gone", "x") + target("ops", "y"))
    bench.keep(session(20_000))
    done = out(bench, None)
    assert done == LogoutResult(("dev", "ops", "gone"), ("dev-mfa", "ops-mfa", "x", "y"), 1, NOW + 20_000)
    assert bench.credentials.read_text() == DEV + OPS
    assert out(bench, None) == LogoutResult((), (), 0, None)


@pytest.mark.parametrize(("written", "cached", "until"), [
    (9_000, None, 9_000), (-1, None, None), (0, None, None), (1, None, 1), (-1, 50, 50), (90, 50, 90),
])  # fmt: skip
def test_until_when_copies_work(bench: Bench, written: int, cached: int | None, until: int | None) -> None:
    bench.write(credentials=DEV + target(left=written))
    if cached is not None:
        bench.keep(session(cached))
    assert out(bench).honoured_until == (None if until is None else NOW + until)


def test_a_profile_that_is_gone_can_be_logged_out(bench: Bench) -> None:
    bench.write(credentials=target())
    assert out(bench).targets == ("dev-mfa",)
    with pytest.raises(ProfileProblem) as caught:
        out(bench)
    assert caught.value.slug == "profile-unknown"


def test_which_cached_sessions_are_the_profiles(bench: Bench) -> None:
    """Those of its key and roles, and what its targets hold, even if the key was replaced since."""
    bench.write(ROLES, DEV + target(key_id=session(name="old").access_key_id))
    bench.keep(session(name="own"))
    bench.keep(session(key="AKIAOLD", name="old"))
    bench.keep(session(key="AKIAOLDER", name="older"))
    bench.keep(role_session(bench.profile("admin"), access_key_id="ASIAROLE"))
    assert out(bench).sessions == 2
    left = {each.access_key_id[:9] for each in bench.context.cache.valid_sessions()}
    assert left == {"ASIAOLDER", "ASIAROLE"}
    assert out(bench, "admin").sessions == 1


def test_a_file_that_cannot_be_read_leaves_the_other_to_be_cleaned_up(bench: Bench) -> None:
    bench.write("[profile dev]\nregion\n", DEV + target())
    with pytest.raises(FileProblem) as caught:
        out(bench)
    assert bench.credentials.read_text() == DEV
    assert caught.value.remedy.endswith(
        " Then log out again: [dev-mfa] removed; what login wrote in that file is still there."
    )
    with pytest.raises(FileProblem) as again:
        out(bench)
    assert again.value.remedy.endswith(" Then log out again: what login wrote in that file is still there.")
    # A name that may be in that file.
    with pytest.raises(FileProblem):
        out(bench, "nobody")


def test_a_file_that_cannot_be_written(bench: Bench) -> None:
    bench.write(credentials=DEV + target())
    os.link(bench.credentials, bench.path / "second-name")
    with pytest.raises(MfaTuiError) as nothing_cached:
        out(bench)
    bench.keep(session())
    with pytest.raises(MfaTuiError) as caught:
        out(bench)
    assert caught.value.remedy.startswith("The cached session was removed. ")
    assert not nothing_cached.value.remedy.startswith("The cached session")
    assert bench.context.cache.valid_sessions() == []


def test_a_keyring_that_fails_is_told_after_the_files_are_cleaned_up(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write(credentials=DEV + target())
    bench.keep(session())
    seen: list[str] = []

    def locked(kept: object, _: object) -> None:
        seen.append(repr(kept))
        raise KeyringProblem("keyring-locked", "The keyring is locked.")

    monkeypatch.setattr(bench.context.cache, "forget", locked)
    with pytest.raises(KeyringProblem):
        out(bench)
    assert (len(seen), bench.credentials.read_text()) == (1, DEV)
