"""The session of a profile: whether there is a valid one, and whose it is."""

import pytest

from mfa_tui.services.sessions.lookup import SessionState, State, live_session, session_state
from tests.support.homes.bench import DEV, KEY, NOW, ROLES, SERIAL, Bench, role_session, session

PROCESS = "[profile dev-mfa]\ncredential_process = mfa-tui credential-process dev\nmfa_tui_source = dev\n"


@pytest.mark.parametrize(
    ("state", "expires_at", "ending_at", "later"),
    [
        (State.LIVE, NOW, NOW - 900, {-901: State.LIVE, -900: State.ENDING, -1: State.ENDING, 0: State.ENDED}),
        (State.ENDING, NOW, NOW - 900, {-1: State.ENDING, 0: State.ENDED}),
        (State.UNVERIFIED, NOW, None, {-1: State.UNVERIFIED, 0: State.ENDED}),
        (State.UNVERIFIED, None, None, {9: State.UNVERIFIED}),
        (State.NONE, None, None, {9: State.NONE}),
        (State.ENDED, NOW, None, {-9: State.ENDED, 9: State.ENDED}),
        # Without a known end of the margin it stays live until it expires.
        (State.LIVE, NOW, None, {-1: State.LIVE, 0: State.ENDED}),
    ],
)
def test_states_as_time_passes(
    state: str, expires_at: int | None, ending_at: int | None, later: dict[int, str]
) -> None:
    known = SessionState(state, expires_at, ending_at)
    assert {seconds: known.at(NOW + seconds) for seconds in later} == later


@pytest.mark.parametrize(("left", "state"), [(901, State.LIVE), (900, State.ENDING), (1, State.ENDING)])
def test_a_target_that_asks_has_the_cached_session(bench: Bench, left: int, state: str) -> None:
    bench.write(PROCESS)
    assert session_state(bench.context, bench.aws(), bench.profile(), "dev-mfa").state == State.NONE
    bench.keep(session(left))
    found = session_state(bench.context, bench.aws(), bench.profile(), "dev-mfa")
    assert (found.state, found.expires_at, found.ending_at) == (state, NOW + left, NOW + left - 900)


def test_a_target_of_another_profile_has_no_session_of_this_one(bench: Bench) -> None:
    bench.write(PROCESS.replace("process dev", "process ops").replace("= dev\n", "= ops\n"))
    bench.keep(session())
    assert session_state(bench.context, bench.aws(), bench.profile(), "dev-mfa").state == State.NONE


@pytest.mark.parametrize(
    ("left", "margin", "found"),
    [(901, None, True), (900, None, False), (900, 0, True), (61, 60, True), (60, 60, False)],
)
def test_the_margin(bench: Bench, left: int, margin: int | None, *, found: bool) -> None:
    bench.keep(session(left))
    assert (live_session(bench.context, bench.profile(), margin=margin) is not None) == found


def test_only_a_session_of_the_key_and_the_device_counts(bench: Bench) -> None:
    bench.keep(session(key="AKIAOLD"))
    bench.keep(session(serial=SERIAL + "2", name="other"))
    assert live_session(bench.context, bench.profile()) is None
    other = live_session(bench.context, bench.profile(), serial=SERIAL + "2")
    assert other is not None
    assert other.access_key_id.startswith("ASIAOTHER")


def test_without_a_device_any_of_the_keys_counts(bench: Bench) -> None:
    bench.write(credentials=DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    bench.keep(session(5_000, name="early"))
    bench.keep(session(6_000, serial=SERIAL + "2", name="late"))
    found = live_session(bench.context, bench.profile())
    assert found is not None
    assert found.access_key_id.startswith("ASIALATE")


def test_sessions_on_the_way_to_a_role(bench: Bench) -> None:
    bench.write(ROLES)
    audit = bench.profile("audit")
    user, admin = bench.keep(session(name="user")), bench.keep(role_session(audit, first=1, name=""))
    assert live_session(bench.context, audit) is None
    for roles, expected in (((), user), (audit.roles[:1], admin)):
        found = live_session(bench.context, audit, roles=roles)
        assert found is not None
        assert found.roles == expected.roles


def test_a_role_of_a_machine_needs_no_device(bench: Bench) -> None:
    machine = "[profile m]\nrole_arn = arn:aws:iam::444455556666:role/m\nsource_profile = p\n"
    bench.write(machine + "[profile p]\ncredential_process = true\n", "")
    profile = bench.profile("m")
    assert live_session(bench.context, profile) is None
    bench.keep(role_session(profile, serial=""))
    assert live_session(bench.context, profile) is not None
    # A device that is given makes no difference to what the process has provided.
    assert live_session(bench.context, profile, serial=SERIAL) is not None


def test_a_broken_profile_has_no_session(bench: Bench) -> None:
    bench.write("[profile a]\nrole_arn = arn:aws:iam::444455556666:role/m\nsource_profile = gone\n")
    assert live_session(bench.context, bench.profile("a")) is None
    assert KEY
