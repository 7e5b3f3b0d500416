"""A login as a whole: what is kept, what is asked first, and what is said of it afterwards."""

from typing import Any

import pytest

from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.errors import FileProblem, TargetRefused
from mfa_tui.services.login.login import log_in, login_result, plan_target
from mfa_tui.services.login.login_many import ManyLogins, with_role_profiles
from mfa_tui.services.sessions.outcomes import (
    LoginRequest,
    LoginResult,
    NeedsCode,
    NeedsConsent,
    ObtainedSession,
    Outcome,
)
from tests.support.homes.bench import DEV, KEY, ROLES, SERIAL, Bench, role_session, session

THEIRS = "[dev-mfa]\naws_access_key_id = ASIATHEIRSTHEIRS1234\naws_secret_access_key = s\naws_session_token = t\n"
OPS = DEV.replace("[dev]", "[ops]").replace(KEY, "AKIAOPS")


def login(bench: Bench, profile: str | None = "dev", **request: Any) -> Outcome:
    return log_in(bench.operation(), LoginRequest(profile, **request))


def done(bench: Bench, profile: str | None = "dev", **request: Any) -> LoginResult:
    outcome = login(bench, profile, **request)
    assert isinstance(outcome, LoginResult)
    return outcome


def test_a_valid_session_is_written_and_then_kept(bench: Bench) -> None:
    bench.keep(session())
    first = done(bench)
    assert (first.profile, first.target, first.kept, first.process) == ("dev", "dev-mfa", True, False)
    # Another command made the session, and nothing had saved it.
    assert not first.saved_before
    assert "writing" in bench.phases
    written, bench.reports[:] = bench.credentials.read_bytes(), []
    again = done(bench)
    assert (again.session.access_key_id, again.saved_before) == (first.session.access_key_id, True)
    assert (bench.credentials.read_bytes(), bench.phases) == (written, [])
    # Another target gets the same session.
    other = done(bench, target="t")
    assert (other.session.access_key_id, other.saved_before) == (first.session.access_key_id, False)
    assert text(bench.aws().in_credentials("t"), "aws_access_key_id") == first.session.access_key_id


def test_consent_is_asked_before_a_code(bench: Bench) -> None:
    bench.write(credentials=DEV + THEIRS)
    need = login(bench)
    assert isinstance(need, NeedsConsent)
    assert (need.profile, need.target) == ("dev", "dev-mfa")
    assert need.what == "temporary credentials that mfa-tui did not write (ASIA…1234)"
    assert isinstance(log_in(bench.operation(), need.request._replace(overwrite=True), need.continuation), NeedsCode)


def test_whether_the_files_can_be_written_is_checked_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    need = login(bench)
    assert isinstance(need, NeedsCode)
    assert need.continuation.writable is bench.aws()
    checked: list[object] = []
    monkeypatch.setattr("mfa_tui.services.login.login.check_writers", lambda *given: checked.append(given))
    log_in(bench.operation(), need.request, need.continuation)
    assert checked == []
    bench.write(ROLES)
    log_in(bench.operation(), need.request, need.continuation)
    assert len(checked) == 1


@pytest.mark.parametrize(
    ("config", "request_target", "target"),
    [
        ("", "", "dev-mfa"),
        ("[profile dev]\nmfa_tui_target = own\n", "", "own"),
        ("[profile dev]\nmfa_tui_target = own\n", "given", "given"),
    ],
)
def test_which_target_is_written(bench: Bench, config: str, request_target: str, target: str) -> None:
    bench.write(config)
    request, writer = plan_target(bench.context, LoginRequest("x", target=request_target), bench.aws(), bench.profile())
    assert (request.profile, request.target, writer.source, writer.target) == ("dev", target, "dev", target)


@pytest.mark.parametrize("target", ["admin", "audit", "dev"])
def test_a_target_that_the_credentials_come_from_is_refused(bench: Bench, target: str) -> None:
    """Also the profile that a role names as its source, though that holds a session of its own."""
    bench.write(ROLES)
    with pytest.raises(TargetRefused) as caught:
        plan_target(bench.context, LoginRequest(target=target), bench.aws(), bench.profile("audit"))
    assert caught.value.slug in ("target-ring", "target-ignored", "target-long-term")
    by_session = "[profile r]\nrole_arn = arn:aws:iam::444455556666:role/r\nsource_profile = dev-mfa\n"
    bench.write(by_session, DEV + THEIRS + "mfa_tui_source = dev\n")
    with pytest.raises(TargetRefused) as ring:
        plan_target(bench.context, LoginRequest(target="dev-mfa"), bench.aws(), bench.profile("r"))
    assert ring.value.slug == "target-ring"
    assert plan_target(bench.context, LoginRequest(target="t"), bench.aws(), bench.profile("r"))[1].target == "t"


def test_what_is_said_of_a_login(bench: Bench) -> None:
    bench.keep(session())
    assert done(bench).notices == ()
    bench.env["AWS_ACCESS_KEY_ID"] = "AKIAX"
    bench.credentials.chmod(0o644)
    shell, others = done(bench).notices
    assert shell.startswith("AWS_ACCESS_KEY_ID is set in this shell")
    assert others.startswith(f"Others on this machine can read {bench.credentials}: ")


def test_lines_to_add_by_hand_are_shown(bench: Bench) -> None:
    request, writer = plan_target(bench.context, LoginRequest(), bench.aws(), bench.profile(), read_only_store="Nix.")
    writer.changes(bench.aws(), session())
    result = login_result(bench.context, request, ObtainedSession(bench.profile(), session(), kept=False), writer)
    assert result.notices[0] == f"{bench.config} cannot be written. Add this to it by hand:"
    assert result.notices[1] == "  [profile dev-mfa]"
    assert all(line.startswith("  ") for line in result.notices[1:])


@pytest.mark.parametrize(
    ("serial", "remember", "kept", "unsaved"),
    [
        (SERIAL + "2", False, False, SERIAL + "2"),
        (SERIAL + "2", True, False, ""),
        (SERIAL + "2", False, True, ""),
        (SERIAL, False, False, ""),
    ],
)
def test_a_serial_that_has_worked_and_is_in_no_profile(
    bench: Bench, serial: str, unsaved: str, *, remember: bool, kept: bool
) -> None:
    request, writer = plan_target(bench.context, LoginRequest(remember_serial=remember), bench.aws(), bench.profile())
    found = ObtainedSession(bench.profile(), session(serial=serial), kept=kept)
    assert login_result(bench.context, request, found, writer).unsaved_serial == unsaved


def test_a_target_that_asks_for_credentials(bench: Bench) -> None:
    bench.keep(session())
    assert done(bench, process=True).process
    section = bench.aws().in_config("dev-mfa")
    assert text(section, "credential_process").endswith("credential-process dev")
    assert not bench.aws().in_credentials("dev-mfa")
    assert done(bench).process
    assert not done(bench, process=False).process


def names(bench: Bench, *bases: str) -> list[str]:
    return [profile.name for profile in with_role_profiles(bench.aws(), bases)]


def test_the_roles_of_a_user(bench: Bench) -> None:
    broken = "[profile broken]\nrole_arn = arn:aws:iam::444455556666:role/b\nsource_profile = gone\n"
    other = "[profile other]\nrole_arn = arn:aws:iam::444455556666:role/o\nsource_profile = ops\n"
    web = "[profile web]\nrole_arn = arn:aws:iam::444455556666:role/w\nweb_identity_token_file = /t\n"
    bench.write(f"{broken}{other}{ROLES}{web}[profile sso]\nsso_session = x\n", DEV + OPS)
    assert names(bench) == ["broken", "other", "admin", "audit"]
    assert names(bench, "dev") == ["dev", "admin", "audit"]
    assert names(bench, "ops", "dev") == ["ops", "other", "dev", "admin", "audit"]
    assert names(bench, "admin") == ["admin"]


def test_several_logins_are_written_at_once(bench: Bench) -> None:
    bench.write(ROLES, DEV)
    many = ManyLogins(bench.context, ["dev-mfa", "dev"], LoginRequest())
    assert not many.any
    planned = list(many.plan())
    assert [each.request.profile for each in planned] == ["dev", "admin", "audit"]
    assert (many.any, many.problems) == (True, {})
    for each in planned[:2]:
        profile = bench.profile(each.request.profile or "")
        made = session() if not profile.roles else role_session(profile, access_key_id="ASIAROLE")
        many.add(each, ObtainedSession(profile, made, kept=False))
    assert [each.target for each in many.write(bench.operation())] == ["dev-mfa", "admin-mfa"]
    assert bench.phases == ["writing"]


def test_logins_that_are_not_possible_are_left_out(bench: Bench) -> None:
    twin = ROLES.replace("profile admin", "profile twin").replace("profile audit", "profile last")
    config = ROLES.replace("source_profile = dev\n", "source_profile = dev\nmfa_tui_target = t\n")
    bench.write(f"{config}{twin}mfa_tui_target = t\n", DEV)
    many = ManyLogins(bench.context, [], LoginRequest())
    assert [each.request.profile for each in many.plan()] == ["admin", "audit", "twin"]
    assert {name: problem.slug for name, problem in many.problems.items()} == {"last": "target-twice"}
    assert many.problems["last"].what == "last and admin have the same target [t]."


def test_a_device_that_has_worked_serves_the_other_logins_of_the_user(bench: Bench) -> None:
    bench.write(ROLES, DEV.replace(f"mfa_serial = {SERIAL}\n", "") + OPS)
    many = ManyLogins(bench.context, ["dev", "ops"], LoginRequest())
    plan = many.plan()
    first = next(plan)
    assert first.request.serial == ""
    many.add(first, ObtainedSession(bench.profile(), session(serial=SERIAL + "2"), kept=False))
    assert {each.request.profile: each.request.serial for each in plan} == {
        "admin": SERIAL + "2", "audit": SERIAL + "2", "ops": "",
    }  # fmt: skip


def test_a_device_that_is_named_stays(bench: Bench) -> None:
    """In a role's own section, or by the user for all."""
    bare = DEV.replace(f"mfa_serial = {SERIAL}\n", "")
    bench.write(ROLES.replace("role/admin\n", f"role/admin\nmfa_serial = {SERIAL}3\n"), bare)
    for given, expected in (("", ["", ""]), (SERIAL + "4", [SERIAL + "4"] * 2)):
        many = ManyLogins(bench.context, ["dev"], LoginRequest(serial=given))
        plan = many.plan()
        many.add(next(plan), ObtainedSession(bench.profile(), session(serial=SERIAL + "2"), kept=False))
        assert [each.request.serial for each in plan] == expected


def test_without_roles_there_is_nothing_to_do(bench: Bench) -> None:
    many = ManyLogins(bench.context, [], LoginRequest())
    with pytest.raises(Exception, match="no role profiles") as caught:
        list(many.plan())
    assert getattr(caught.value, "slug", "") == "no-roles"
    assert read_profile(bench.aws(), "dev").roles == ()


def test_a_file_that_others_have_spoiled_meanwhile_stops_no_other_login(bench: Bench) -> None:
    bench.write(ROLES, DEV)
    many = ManyLogins(bench.context, ["dev"], LoginRequest())
    for each in list(many.plan()):
        profile = bench.profile(each.request.profile or "")
        made = session() if not profile.roles else role_session(profile, access_key_id=f"ASIA{profile.name.upper()}")
        many.add(each, ObtainedSession(profile, made, kept=False))
    with bench.credentials.open("a") as file:
        file.write("[admin-mfa]\naws_access_key_id = AKIATHEIRSTHEIRS1234\naws_secret_access_key = s\n")
    assert [each.target for each in many.write(bench.operation())] == ["dev-mfa", "audit-mfa"]
    assert {name: problem.slug for name, problem in many.problems.items()} == {"admin": "target-long-term"}


def test_nothing_is_written_where_nothing_was_obtained(bench: Bench) -> None:
    before = bench.credentials.read_bytes()
    many = ManyLogins(bench.context, ["dev"], LoginRequest())
    list(many.plan())
    assert many.write(bench.operation()) == []
    assert (bench.credentials.read_bytes(), bench.phases) == (before, [])


def test_a_session_without_a_device_says_nothing_of_the_other_logins(bench: Bench) -> None:
    bench.write(ROLES, DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    many = ManyLogins(bench.context, ["dev"], LoginRequest())
    plan = many.plan()
    first = next(plan)
    many.add(first, ObtainedSession(bench.profile(), session(serial=SERIAL + "2"), kept=False))
    many.add(first, ObtainedSession(bench.profile(), session(serial=""), kept=False))
    assert [each.request.serial for each in plan] == [SERIAL + "2"] * 2


def test_a_file_that_cannot_be_written_is_found_before_the_first_login(bench: Bench) -> None:
    many = ManyLogins(bench.context, ["dev"], LoginRequest())
    bench.credentials.unlink()
    bench.credentials.mkdir()
    with pytest.raises(FileProblem) as caught:
        next(many.plan())
    assert caught.value.remedy.endswith(". No code was used.")
