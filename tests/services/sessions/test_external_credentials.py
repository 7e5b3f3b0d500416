"""Credentials that are not in the AWS files, and the device discovery and time that a login starts from."""

import pytest

from mfa_tui.adapters.aws.caller import AwsUnreachable, CredentialsUnavailable
from mfa_tui.errors import AwsRefused, NetworkProblem, ProfileProblem
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.sessions.device_discovery import base_caller
from mfa_tui.services.sessions.external_credentials import get_base_credentials, get_user_keys
from tests.support.homes.bench import DEV, KEY, ROLES, SERIAL, Bench, session

SSO = "[profile sso]\nsso_session = x\n[profile r]\nrole_arn = arn:aws-cn:iam::444455556666:role/r\nsource_profile = "


def process(bench: Bench, printed: str) -> str:
    """A credential process that counts its runs."""
    (bench.path / "printed").write_text(printed)
    script = bench.path / "process"
    script.write_text(f"#!/bin/sh\necho >> {bench.path}/runs\ncat {bench.path}/printed\n")
    script.chmod(0o755)
    return f"[profile p]\ncredential_process = {script}\n{ROLES.replace('= dev', '= p')}"


def runs(bench: Bench) -> int:
    file = bench.path / "runs"
    return len(file.read_text().splitlines()) if file.exists() else 0


def test_keys_in_the_files_need_no_asking(bench: Bench) -> None:
    keys = get_base_credentials(bench.operation(), bench.aws(), bench.profile())
    assert isinstance(keys, AccessKeys)
    assert (keys.access_key_id, bench.reports) == (KEY, [])


def test_a_process_is_run_once_in_a_command(bench: Bench) -> None:
    bench.write(process(bench, '{"Version": 1, "AccessKeyId": "AKIAX", "SecretAccessKey": "s"}'), "")
    first, second = (get_user_keys(bench.operation(), bench.aws(), bench.profile(name)) for name in ("p", "admin"))
    assert first is second
    assert (first.access_key_id, runs(bench)) == ("AKIAX", 1)
    bench.renew()
    get_user_keys(bench.operation(), bench.aws(), bench.profile("p"))
    assert runs(bench) == 2


def test_a_process_that_fails(bench: Bench) -> None:
    bench.write(process(bench, "no JSON"), "")
    for name, whose in (("p", "The profile 'p'"), ("admin", "The source 'p' of 'admin'")):
        with pytest.raises(AwsRefused) as caught:
            get_base_credentials(bench.operation(), bench.aws(), bench.profile(name))
        assert (caught.value.slug, caught.value.what) == ("source-silent", f"{whose} provided no credentials.")
        assert caught.value.remedy == "Check that it works: aws sts get-caller-identity --profile p"


def test_a_process_that_provides_a_session_has_no_user(bench: Bench) -> None:
    printed = '{"Version": 1, "AccessKeyId": "ASIAX", "SecretAccessKey": "s", "SessionToken": "t"}'
    bench.write(process(bench, printed), "")
    with pytest.raises(ProfileProblem) as caught:
        get_user_keys(bench.operation(), bench.aws(), bench.profile("admin"))
    assert caught.value.slug == "profile-kind"
    assert "credential process of 'p'" in caught.value.why


def test_a_machine_has_no_user(bench: Bench) -> None:
    bench.write(SSO + "sso\n", "")
    with pytest.raises(ProfileProblem) as caught:
        get_user_keys(bench.operation(), bench.aws(), bench.profile("r"))
    assert caught.value.slug == "no-user"
    with pytest.raises(ValueError, match="access keys"):
        base_caller(bench.aws(), bench.profile("r"))


def test_what_the_sdk_finds(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write(SSO + "sso\n", "")
    failures = [CredentialsUnavailable("the token has expired"), AwsUnreachable("unreachable", "sso")]

    def load(profile: str, origin: str, _: object) -> object:
        assert (profile, origin) == ("sso", bench.profile("r").credential_id)
        if failures:
            raise failures.pop(0)
        return session(serial="")

    monkeypatch.setattr(bench.context.aws, "load_profile_credentials", load)
    with pytest.raises(AwsRefused) as silent:
        get_base_credentials(bench.operation(), bench.aws(), bench.profile("r"))
    assert (silent.value.why, silent.value.remedy) == (
        "The token has expired.",
        "Sign in to it: aws sso login --profile sso",
    )
    with pytest.raises(NetworkProblem):
        get_base_credentials(bench.operation(), bench.aws(), bench.profile("r"))
    found = get_base_credentials(bench.operation(), bench.aws(), bench.profile("r"))
    assert found.access_key_id == session().access_key_id


def test_where_the_users_session_is_asked_for(bench: Bench) -> None:
    """In the region of the profile with the keys, and in the partition of the device or, failing that, of the roles."""
    role = "[profile r]\nrole_arn = arn:aws-cn:iam::444455556666:role/r\nsource_profile = dev\nregion = cn-north-1\n"
    bench.write(role)
    assert base_caller(bench.aws(), bench.profile("r"))[2:4] == ("eu-west-1", "aws")
    bench.write(role, DEV.replace(SERIAL, "GAHT12345678").replace("region = eu-west-1\n", ""))
    assert base_caller(bench.aws(), bench.profile("r"))[2:4] == ("cn-north-1", "aws-cn")
    other = AccessKeys("AKIAOTHER", Secret("s"))
    assert base_caller(bench.aws(), bench.profile("dev"), other)[:4] == ("dev", other, "", "")


def test_the_time_is_asked_for_where_it_decides(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        bench.context.aws, "measure_clock", lambda caller, _: asked.append((caller.profile, caller.region))
    )
    # An answer of AWS has set the clock; since then the machine's was set a day ahead.
    bench.clock.offset = 0.0
    bench.keep(session(100))
    bench.prepare()
    bench.clock.shift = 99
    bench.prepare()
    assert asked == []
    bench.clock.shift = 100
    bench.prepare()
    assert asked == [("dev", "eu-west-1")]
    # What has expired anyway is not in doubt, nor is a session of other keys.
    bench.clock.time += 100
    bench.prepare()
    bench.keep(session(5, key="AKIAOTHER"))
    bench.prepare()
    assert len(asked) == 1
