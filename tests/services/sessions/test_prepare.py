"""What is checked before a login makes a request, and what each session on the way should be."""

from typing import Any

import pytest

from mfa_tui.errors import MfaTuiError
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.sessions.outcomes import Continuation
from tests.support.homes.bench import DEV, ROLES, SERIAL, Bench, role_session, session

LONG = ROLES.replace("role/admin\n", "role/admin\nduration_seconds = 7200\nregion = us-east-1\n")


def refused(bench: Bench, profile: str = "dev", **request: Any) -> str:
    """The slug of the error; empty if there is none."""
    try:
        bench.prepare(profile, **request)
    except MfaTuiError as problem:
        return problem.slug
    return ""


@pytest.mark.parametrize(
    ("profile", "fitting", "refused_ones"),
    [
        ("dev", (900, 129_600), (899, 129_601)),
        ("admin", (900, 43_200), (899, 43_201)),
        # A role that is assumed with a role lasts an hour at most.
        ("audit", (900, 3_600), (899, 3_601)),
    ],
)
def test_durations(bench: Bench, profile: str, fitting: tuple[int, ...], refused_ones: tuple[int, ...]) -> None:
    bench.write(ROLES)
    assert [refused(bench, profile, duration=seconds) for seconds in fitting] == [""] * len(fitting)
    assert all(refused(bench, profile, duration=seconds) for seconds in refused_ones)


def test_the_code_is_checked_first(bench: Bench) -> None:
    assert refused(bench, "nobody", code=Secret("12345")) == "code-malformed"
    assert refused(bench, "nobody", code=Secret("123456")) == "profile-unknown"
    code = bench.prepare(code=Secret(" 123456 ")).request.code
    assert code == Secret("123456")


def test_a_profile_that_was_resolved_is_not_read_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    resolved = bench.context.resolve("dev")
    monkeypatch.setattr(bench.context.files, "load", pytest.fail)
    login = bench.prepare("gone", Continuation(resolved=resolved))
    assert (login.profile, login.request.profile, login.continuation.start) == (resolved.profile, "dev", resolved.files)


def test_the_files_of_the_beginning_are_remembered(bench: Bench) -> None:
    old = bench.aws()
    bench.write(ROLES)
    assert bench.prepare("dev", Continuation(start=old)).continuation.start is old


def test_the_device_that_is_given_comes_before_the_one_that_was_learned(bench: Bench) -> None:
    bench.write(credentials=DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    learned, given = SERIAL + "-learned", SERIAL + "-given"
    for known, asked, expected in ((learned, "", learned), (learned, given, given)):
        login = bench.prepare("dev", Continuation(serial=known), serial=asked)
        assert getattr(login.serial, "text", None) == expected
    assert bench.prepare().serial is None


def test_when_a_role_takes_a_code(bench: Bench) -> None:
    """A role of a credential process without a device takes none, unless the user brings a device or a code."""
    process = ROLES + "[profile dev]\ncredential_process = true\n"
    bench.write(process, "")
    assert bench.prepare("dev").takes_codes
    assert not bench.prepare("admin").takes_codes
    for asked in ({"serial": SERIAL}, {"code": Secret("123456")}, {"type_code": True}):
        assert bench.prepare("admin", **asked).takes_codes
    bench.write(f"{process}mfa_serial = {SERIAL}\n", "")
    assert bench.prepare("admin").takes_codes


def test_how_long_each_session_on_the_way_lasts(bench: Bench) -> None:
    bench.write(LONG)
    login = bench.prepare("audit", duration=1_800)
    roles = login.profile.roles
    assert [login.duration(roles[:count], 43_200) for count in range(3)] == [43_200, 3_600, 1_800]
    admin = bench.prepare("admin")
    assert [admin.duration(admin.profile.roles[:count], 900) for count in range(2)] == [900, 7_200]
    bench.write(ROLES)
    assert bench.prepare("admin").duration(roles[:1], 900) == 3_600
    assert bench.prepare("dev", duration=900).duration((), 43_200) == 900


def test_only_a_role_of_more_than_an_hour_is_assumed_with_the_keys(bench: Bench) -> None:
    def direct(profile: str, count: int = 1, **request: Any) -> bool:
        login = bench.prepare(profile, **request)
        return login.needs_direct_assume(login.profile.roles[:count])

    bench.write(LONG)
    assert direct("admin")
    assert direct("admin", duration=3_601)
    assert not direct("admin", duration=3_600)
    # On the way to another role an hour is enough.
    assert not direct("audit")
    assert not direct("audit", 2)
    bench.write(f"{LONG}[profile dev]\ncredential_process = true\n", "")
    assert not direct("admin")


def test_who_assumes_a_role(bench: Bench) -> None:
    bench.write(LONG)
    login = bench.prepare("audit")
    first, second = (login.role_caller(role, AccessKeys("AKIA", Secret("s"))) for role in login.profile.roles)
    assert (first.profile, first.keys_of, first.region, first.partition) == ("admin", "dev", "us-east-1", "aws")
    assert (second.profile, second.keys_of, second.region) == ("audit", "admin", "")
    assert first.serial_of == "dev"


def test_sessions_have_names_of_what_they_are_made_from(bench: Bench) -> None:
    bench.write(ROLES)
    login = bench.prepare("audit")
    names = [login.session_name(login.profile.roles[:count]) for count in range(3)]
    assert names[0] == session().name
    assert names[1:] == [role_session(login.profile, first=count).name for count in (1, 2)]


def test_what_a_renewal_replaces(bench: Bench) -> None:
    bench.write(ROLES)
    assert bench.prepare("admin", renew=True).continuation.stale == ""
    user = bench.keep(session(1, name="user")).access_key_id
    role = bench.keep(role_session(bench.profile("admin"), 1, access_key_id="ASIAROLE")).access_key_id
    assert bench.prepare("dev", renew=True).continuation.stale == user
    alone = bench.prepare("admin", renew=True).continuation
    assert (alone.stale, alone.refused_source) == (role, "")
    # Only with a code, or if it is asked for, the session of the user is replaced, too.
    for asked in ({"code": Secret("123456")}, {"renew_source": True}):
        both = bench.prepare("admin", renew=True, **asked).continuation
        assert (both.stale, both.refused_source) == (role, user)
    assert bench.prepare("dev", renew=True, code=Secret("123456")).continuation.refused_source == ""
    assert bench.prepare("dev").continuation.stale is None
    # It was settled when the login began.
    assert bench.prepare("dev", Continuation(stale="ASIAFIRST"), renew=True).continuation.stale == "ASIAFIRST"
