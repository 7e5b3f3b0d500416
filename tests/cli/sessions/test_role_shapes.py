"""Roles as people write them down: in both files, as default, beside keys, behind aws-mfa and other tools."""

import json
import sys

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.cli.commands.test_credential_process import SESSIONS, answer
from tests.cli.sessions.test_roles import identity
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

pytestmark = pytest.mark.both_ways


def keys(user: User) -> str:
    return f"aws_access_key_id = {user.access_key_id}\naws_secret_access_key = {user.secret_access_key}\n"


def write(home: Home, config: str, credentials: str) -> tuple[str, str]:
    """Write both files; at the end they must be as they were written."""
    home.config.write_text(config)
    home.credentials.write_text(credentials)
    home.credentials.chmod(0o600)
    return config, credentials


def files(home: Home) -> tuple[str, str]:
    return home.config.read_text(), home.credentials.read_text()


def actions(aws: StrictAws) -> list[str]:
    """The requests to AWS, without GetCallerIdentity."""
    return [call.action for call in aws.requests if call.action != "GetCallerIdentity"]


def test_default_is_a_role_in_both_files(home: Home, aws: StrictAws, user: User) -> None:
    phone = user.add_device(user.name)
    home.store_seed(phone)
    role = aws.add_role(f"d-{user.name}", trust(user.arn, mfa=True))
    before = write(
        home,
        f"[default]\nsource_profile = base\nregion = eu-west-1\n[profile base]\nmfa_serial = {phone.serial}\n",
        # What the credentials file says counts more.
        f"[default]\nrole_arn = {role}\n[base]\n{keys(user)}",
    )
    assert home.run("login").stdout.startswith("default: saved as default-mfa")
    assert identity(home, "default-mfa").endswith(f":assumed-role/d-{user.name}/{user.name}")
    key_id = str(answer(home, "default")["AccessKeyId"])
    assert key_id in home.run("env").stdout
    assert key_id in home.run("exec", "--", "env").stdout
    assert "AWS_PROFILE='default-mfa'" in home.run("use", "default").stdout
    # Its own name cannot be the target: SDKs would use the role first.
    assert "has role_arn, so SDKs would ignore" in home.run("login", "--as", "default").stderr
    assert home.run("logout", "default").returncode == 0
    assert files(home) == before
    assert actions(aws) == ["GetSessionToken", "AssumeRole"]


@long
def test_default_is_the_source_or_the_target(home: Home, aws: StrictAws, user: User) -> None:
    phone = user.add_device(user.name)
    home.store_seed(phone)
    role = aws.add_role(f"s-{user.name}", trust(user.arn, mfa=True))
    write(home, f"[default]\nmfa_serial = {phone.serial}\nregion = eu-west-1\n", f"[default]\n{keys(user)}")
    home.add_role_profile("r", role, source="default")
    assert home.run("login", "r").returncode == 0
    refused = home.run("login", "r", "--as", "default")
    assert refused.returncode == 2
    assert "holds long-term access keys; they are never overwritten" in refused.stderr
    write(home, f"[profile base]\nmfa_serial = {phone.serial}\n", f"[base]\n{keys(user)}")
    home.add_role_profile("r", role, source="base")
    before = files(home)
    assert home.run("login", "r", "--as", "default", "--process").returncode == 0
    assert identity(home, "default").endswith(f":assumed-role/s-{user.name}/{user.name}")
    # A target means its source.
    assert answer(home, "default") == answer(home, "r")
    assert home.run("logout", "default").returncode == 0
    assert files(home) == before


def test_a_role_beside_keys_of_its_own(home: Home, aws: StrictAws, user: User) -> None:
    phone = user.add_device(user.name)
    home.store_seed(phone)
    role = aws.add_role(f"o-{user.name}", trust(user.arn, mfa=True))
    before = write(
        home,
        f"[profile r]\nrole_arn = {role}\nsource_profile = r\nmfa_serial = {phone.serial}\nregion = eu-west-1\n",
        f"[r]\n{keys(user)}",
    )
    assert home.run("login", "r", "--process").returncode == 0
    assert identity(home, "r-mfa").endswith(f":assumed-role/o-{user.name}/{user.name}")
    assert home.run("logout", "r").returncode == 0
    assert files(home) == before
    home.config.write_text(before[0].replace("source_profile = r\n", ""))
    assert "source_profile is missing." in home.run("login", "r").stderr
    home.config.write_text(before[0].replace("source_profile = r\n", "credential_source = Environment\n"))
    assert "Its credentials come from Environment." in home.run("credential-process", "r").stderr


@long
def test_behind_the_profiles_of_aws_mfa(home: Home, aws: StrictAws, user: User) -> None:
    """The source and the session that login saved for it mean the same."""
    phone = user.add_device(user.name)
    home.store_seed(phone)
    role = aws.add_role(f"m-{user.name}", trust(user.arn, mfa=True))
    stale = "aws_access_key_id = ASIAOLDOLDOLDOLDOLD1\naws_secret_access_key = s\naws_session_token = t\n"
    write(
        home,
        "[profile x]\nregion = eu-west-1\n",
        f"[x-long-term]\n{keys(user)}aws_mfa_device = {phone.serial}\n[x]\n{stale}expiration = 2020-01-01 00:00:00\n",
    )
    home.add_role_profile("one", role, source="x")
    home.add_role_profile("two", role, source="x-long-term")
    assert home.run("login", "one", "two", "x").returncode == 0
    assert identity(home, "one-mfa") == identity(home, "two-mfa")
    assert identity(home, "x") == user.arn
    assert actions(aws) == ["GetSessionToken", "AssumeRole"]
    rows = {row["name"]: row for row in json.loads(home.run("list", "--json").stdout)["profiles"]}
    assert rows.keys() == {"one", "two", "x-long-term"}
    assert {row["session"]["state"] for row in rows.values()} == {"live"}


def test_serials_of_role_and_source(home: Home, aws: StrictAws, user: User) -> None:
    """The nearest serial counts, as for SDKs. Sessions of one device are not used as those of another."""
    phone, tablet = user.add_device(user.name), user.add_device(f"{user.name}-tablet")
    role = aws.add_role(f"n-{user.name}", trust(user.arn, mfa=True))
    write(home, f"[profile b]\nmfa_serial = {tablet.serial}\n", f"[b]\n{keys(user)}")
    home.add_role_profile("own", role, source="b", mfa_serial=phone.serial)
    home.add_role_profile("inherited", role, source="b")
    assert home.run("login", "own", "--code", phone.code()).returncode == 0
    assert home.run("login", "inherited").returncode == 3
    assert home.run("login", "inherited", "--code", tablet.code()).returncode == 0
    assert home.run("login", "b").returncode == 0
    # --serial is used before both, also with --as.
    assert home.run("login", "inherited", "--serial", phone.serial, "--as", "else").returncode == 0
    assert actions(aws) == ["GetSessionToken", "AssumeRole"] * 2
    target = home.credentials.read_text().partition("[else]")[2]
    assert str(answer(home, "own")["AccessKeyId"]) in target


def test_a_serial_is_saved_in_the_role(home: Home, aws: StrictAws, user: User) -> None:
    phone = user.add_device(user.name)
    home.store_seed(phone)
    write(home, "", f"[b]\n{keys(user)}")
    home.add_role_profile("r", aws.add_role(f"v-{user.name}", trust(user.arn, mfa=True)), source="b")
    assert home.run("login", "r", "--save-serial").returncode == 0
    assert f"mfa_serial = {phone.serial}\n" in home.config.read_text().partition("[profile r-mfa]")[0]
    # The source takes the session of the only device, without looking for it.
    assert home.run("login", "b").returncode == 0
    assert actions(aws) == ["ListMFADevices", "GetSessionToken", "AssumeRole"]


def test_roles_behind_roles_behind_another_tool(home: Home, aws: StrictAws, user: User) -> None:
    program = home.path / "keys.py"
    found = {"Version": 1, "AccessKeyId": user.access_key_id, "SecretAccessKey": user.secret_access_key}
    program.write_text(f"print({json.dumps(found)!r})")
    write(home, f"[profile tool]\ncredential_process = {sys.executable} {program}\n", "")
    first = aws.add_role(f"f-{user.name}", trust(user.arn))
    home.add_role_profile("first", first, source="tool")
    home.add_role_profile("second", aws.add_role(f"g-{user.name}", trust(first)), source="first")
    assert home.run("login", "second", "--process").returncode == 0
    assert identity(home, "second-mfa").endswith(f":assumed-role/g-{user.name}/mfa-tui-tool")
    # The role in between has a session for its own profile.
    assert home.run("login", "first").returncode == 0
    assert actions(aws) == ["AssumeRole", "AssumeRole"]


@long
def test_logout(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    """Of a role, of its user, of all: only their sessions are removed."""
    home.store_seed(device)
    role = aws.add_role(f"l-{user.name}", trust(user.arn))
    home.add_role_profile("one", role)
    home.add_role_profile("two", role, role_session_name="two")
    before = files(home)
    assert home.run("login", "dev", "--all-roles").returncode == 0
    sessions = home.path / SESSIONS
    assert len(list(sessions.iterdir())) == 3
    assert home.run("logout", "one").stdout == "one: removed one-mfa\n"
    assert len(list(sessions.iterdir())) == 2
    assert identity(home, "two-mfa").endswith("/two")
    # The user's session is still there, so a new role session takes no code.
    assert home.run("login", "one").returncode == 0
    assert home.run("logout", "dev-mfa").stdout == "dev-mfa: removed dev-mfa\n"
    assert len(list(sessions.iterdir())) == 2
    result = home.run("logout", "--all", "--json")
    (gone,) = json.loads(result.stdout)["logouts"]
    assert (sorted(gone["profiles"]), sorted(gone["targets"]), gone["sessions"]) == (
        ["one", "two"],
        ["one-mfa", "two-mfa"],
        2,
    )
    assert files(home) == before
    assert list(sessions.iterdir()) == []
    assert aws.count("GetSessionToken") == 1
