"""``mfa-tui doctor`` and login beside other tools: what of theirs is found, and taken over."""

import json
import os
import re
from collections.abc import Callable

import pytest

from mfa_tui.demo.aws.server import Device
from tests.cli.commands.doctor_runs import KEYS, SERIAL, TEMPORARY, codes, doctor, furnish
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long


@pytest.mark.skipif(os.name != "posix", reason="a script that can be run is POSIX's")
def test_all_other_tools_at_once(home: Home) -> None:
    for tool in ("aws-vault", "granted", "leapp"):
        program = home.path / "bin" / tool
        program.parent.mkdir(exist_ok=True)
        # Looked for, never run.
        program.write_text("#!/bin/sh\ntouch ~/was-run\n")
        program.chmod(0o700)
    home.env["PATH"] += os.pathsep + str(home.path / "bin")
    furnish(
        home,
        f"[profile dev]\n{SERIAL}[profile vault]\ncredential_process = aws-vault exec --json vault\n"
        "[profile granted]\ncredential_process = granted credential-process --profile granted\n"
        "[profile leapp]\ncredential_process = leapp session generate 1\n",
        f"[dev]\n{KEYS}[x-long-term]\n{KEYS.replace('DEV', 'LTK')}{SERIAL.replace('mfa_serial', 'aws_mfa_device')}"
        f"[x]\n{TEMPORARY}assumed_role = False\nexpiration = 2999-01-01 00:00:00\n"
        f"[autoawsume-dev]\nmanager = awsume\nautoawsume = true\n{TEMPORARY}expiration = 2020-01-01 00:00:00\n"
        f"[111122223333-ana]\n{TEMPORARY}",
    )
    cache = home.aws_dir / "cli/cache"
    cache.mkdir(parents=True)
    secrets = {"SecretAccessKey": "verysecret", "SessionToken": "verytoken", "Expiration": "2999-01-01T00:00:00UTC"}
    (cache / "good.json").write_text(
        json.dumps({"Credentials": secrets, "AssumedRoleUser": {"Arn": "arn:aws:sts::1:r"}})
    )
    (cache / "bad.json").write_text('{"Credentials": "verysecret')
    document = doctor(home)
    assert codes(document) == []
    assert [other["tool"] for other in document["other_tools"]] == [
        "aws-vault", "Granted", "awsume", "aws-mfa", "aws configure mfa-login", "AWS CLI cache", "Leapp",
    ]  # fmt: skip


@pytest.fixture
def aws_mfa(home: Home, device: Device) -> Callable[[str], str]:
    """Turns ``dev`` into a setup of aws-mfa: ``x-long-term``, with a session in ``x`` that expires as given."""
    keys = home.credentials.read_text().partition("\n")[2].strip()
    long_term = f"[x-long-term]\n{keys}\naws_mfa_device = {device.serial}\n\n"

    def make(expiration: str) -> str:
        home.config.unlink()
        home.credentials.write_text(
            f"{long_term}[x]\nassumed_role = False\n{TEMPORARY}aws_security_token = verytoken\n"
            f"expiration = {expiration}\n"
        )
        return long_term

    return make


@pytest.mark.parametrize(
    ("expiration", "state", "shown"),
    [
        ("2999-01-01 00:00:00", "unproved", r"\? x until .* left\)"),
        ("2020-01-01 00:00:00", "ended", r"! x expired"),
    ],
)
def test_a_session_that_aws_mfa_wrote(
    home: Home, aws_mfa: Callable[[str], str], expiration: str, state: str, shown: str
) -> None:
    aws_mfa(expiration)
    listed = json.loads(home.run("list", "--json").stdout)
    expires = expiration.replace(" ", "T") + "Z"
    assert listed["targets"] == [{"name": "x", "source": "x-long-term", "kind": "aws-mfa-session", "expires": expires}]
    (row,) = listed["profiles"]
    assert (row["name"], row["target"], row["can_log_in"]) == ("x-long-term", "x", True)
    assert row["session"] == {"state": state, "expires": expires}
    assert re.search(shown, home.run("list").stdout)
    (other,) = doctor(home)["other_tools"]
    assert other["found"][1] == f"[x] holds a session, until {expires}"
    ended = [("session-ended", "hint", "x")]
    assert codes(doctor(home)) == (ended if state == "ended" else [])


def test_a_login_takes_over_from_aws_mfa(home: Home, device: Device, aws_mfa: Callable[[str], str]) -> None:
    long_term = aws_mfa("2999-01-01 00:00:00")
    # Users of aws-mfa name the session.
    result = home.run("login", "x", "--code", device.code())
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("x-long-term: saved as x, valid until ")
    text = home.credentials.read_text()
    assert text.startswith(long_term)
    keys = [line.partition(" = ")[0] for line in text.removeprefix(long_term).splitlines()]
    assert sorted(keys) == sorted(
        [
            "[x]", "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "x_security_token_expires",
            "mfa_tui_source",
        ]
    )  # fmt: skip
    assert "verytoken" not in text
    assert doctor(home)["findings"] == []


@long
def test_aws_mfa_after_mfa_tui(home: Home, device: Device, aws_mfa: Callable[[str], str]) -> None:
    """aws-mfa keeps our keys in the section and adds its own. Then its expiry counts."""
    aws_mfa("2020-01-01 00:00:00")
    home.run("login", "x-long-term", "--code", device.code())
    text = re.sub(r"(aws_access_key_id = )ASIA.*", r"\1ASIATHEIRS", home.credentials.read_text())
    home.credentials.write_text(text.rstrip() + "\nassumed_role = False\nexpiration = 2999-01-01 00:00:00\n")
    (row,) = json.loads(home.run("list", "--json").stdout)["profiles"]
    assert row["session"] == {"state": "unproved", "expires": "2999-01-01T00:00:00Z"}


def test_a_session_of_aws_configure_mfa_login(home: Home, device: Device) -> None:
    name = f"{device.serial.split(':')[4]}-{device.serial.rsplit('/', 1)[-1]}"
    home.credentials.write_text(f"{home.credentials.read_text()}[{name}]\n{TEMPORARY}")
    listed = json.loads(home.run("list", "--json").stdout)
    assert listed["targets"] == [{"name": name, "source": None, "kind": "aws-cli-session", "expires": None}]
    assert "it holds a session that aws configure mfa-login wrote" in home.run("list").stdout
    (other,) = doctor(home)["other_tools"]
    assert other["found"] == [f"[{name}] holds a session of the MFA device of 'dev'"]
    theirs = home.credentials.read_text()
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    assert home.credentials.read_text().startswith(theirs)


def test_awsumes_time_is_not_read_as_utc(home: Home, device: Device) -> None:
    assert device.serial
    session = f"[prod]\nmanager = awsume\n{TEMPORARY}expiration = 2020-01-01 00:00:00\n"
    home.credentials.write_text(home.credentials.read_text() + session)
    (target,) = json.loads(home.run("list", "--json").stdout)["targets"]
    assert target["expires"] is None
    assert codes(doctor(home)) == []
