"""Long-term keys outside the AWS files: printed by a credential process, or in the environment."""

import json
import sys
from pathlib import Path

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.cli.sessions.test_roles import identity
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long


class Tool:
    """A program that prints keys, and counts how often it is asked."""

    def __init__(self, home: Home, user: User) -> None:
        self._home = home
        self.script = home.path / "keys.py"
        self._runs = home.path / "runs"
        self.keys = {"Version": 1, "AccessKeyId": user.access_key_id, "SecretAccessKey": user.secret_access_key}
        self.prints(self.keys)
        self.line = f"{sys.executable} {self.script}"

    def prints(self, answer: object, code: str = "") -> None:
        self.script.write_text(
            f"import sys\nopen({str(self._runs)!r}, 'a').write('x')\n{code}\nprint({json.dumps(answer)!r})\n"
        )

    def add_profile(self, name: str, **keys: object) -> None:
        settings = {"credential_process": self.line, "region": "eu-central-1", **keys}
        with self._home.config.open("a") as file:
            file.write(f"[profile {name}]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()) + "\n")

    @property
    def runs(self) -> int:
        """How often it was run since the last call of this."""
        count = self._runs.stat().st_size if self._runs.exists() else 0
        self._runs.unlink(missing_ok=True)
        return count


@pytest.fixture
def phone(user: User) -> Device:
    return user.add_device(user.name)


@pytest.fixture
def tool(home: Home, user: User) -> Tool:
    return Tool(home, user)


def rows(home: Home) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in json.loads(home.run("list", "--json").stdout)["profiles"]}


class TestCredentialProcess:
    def test_plain_profile_logs_in(self, home: Home, aws: StrictAws, user: User, phone: Device, tool: Tool) -> None:
        tool.add_profile("vault", mfa_serial=phone.serial)
        result = home.run("login", "vault", "--code", phone.code())
        assert (result.returncode, tool.runs) == (0, 1), result.stderr
        assert identity(home, "vault-mfa") == user.arn
        # Neither a valid session nor a list runs it.
        key_id = json.loads(home.run("credential-process", "vault").stdout)["AccessKeyId"]
        assert key_id in home.run("env", "vault").stdout
        assert "already saved" in home.run("login", "vault").stdout
        row = rows(home)["vault"]
        assert (row["kind"], row["can_log_in"], row["target"]) == ("credential-process", True, "vault-mfa")
        assert row["session"]["state"] == "live"  # type: ignore[index]
        assert home.run("exec", "vault", "--", "true").returncode == 0
        assert (tool.runs, aws.count("GetSessionToken")) == (0, 1)
        assert user.secret_access_key not in home.credentials.read_text() + home.config.read_text()
        assert home.run("logout", "vault").returncode == 0
        assert tool.runs == 0

    @long
    def test_role_takes_the_code(self, home: Home, aws: StrictAws, user: User, phone: Device, tool: Tool) -> None:
        tool.add_profile("vault")
        home.add_role_profile(
            "r", aws.add_role(f"p-{user.name}", trust(user.arn, mfa=True)), "vault", mfa_serial=phone.serial
        )
        result = home.run("login", "r", "--code", phone.code())
        assert (result.returncode, tool.runs) == (0, 1), result.stderr
        assert identity(home, "r-mfa").endswith(f":assumed-role/p-{user.name}/{user.name}")
        # The user's session renews the role.
        assert home.run("login", "r", "--force").returncode == 0
        assert (tool.runs, aws.count("GetSessionToken"), aws.count("AssumeRole")) == (0, 1, 2)

    def test_role_with_a_stored_secret(self, home: Home, aws: StrictAws, user: User, phone: Device, tool: Tool) -> None:
        home.store_seed(phone)
        tool.add_profile("vault", mfa_serial=phone.serial)
        for number in range(3):
            home.add_role_profile(
                f"r{number}", aws.add_role(f"s{number}-{user.name}", trust(user.arn, mfa=True)), "vault"
            )
        result = home.run("login", "--all-roles")
        assert (result.returncode, tool.runs) == (0, 1), result.stderr
        assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 3)
        found = home.run("credential-process", "r0")
        assert (found.returncode, tool.runs) == (0, 0)

    @long
    def test_longer_role_directly_from_the_keys(
        self, home: Home, aws: StrictAws, user: User, phone: Device, tool: Tool
    ) -> None:
        tool.add_profile("vault", mfa_serial=phone.serial)
        long = aws.add_role(f"l-{user.name}", trust(user.arn, mfa=True), max_duration=14_400)
        home.add_role_profile("long", long, "vault", duration_seconds=14_400)
        result = home.run("login", "long", "--code", phone.code())
        assert (result.returncode, tool.runs) == (0, 1), result.stderr
        assert "(3 h 59 m left)" in result.stdout
        assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (0, 1)

    @long
    def test_device_is_discovered(self, home: Home, aws: StrictAws, phone: Device, tool: Tool) -> None:
        tool.add_profile("vault")
        row = rows(home)["vault"]
        assert (row["can_log_in"], tool.runs) == (False, 0)
        result = home.run("login", "vault", "--code", phone.code(), "--save-serial")
        assert (result.returncode, tool.runs) == (0, 1), result.stderr
        assert (aws.count("ListMFADevices"), aws.count("GetSessionToken")) == (1, 1)
        assert rows(home)["vault"]["can_log_in"] is True
        assert json.loads(home.run("login", "vault", "--json").stdout)["logins"][0]["kept"] is True

    @long
    def test_serial_on_the_command_line(
        self, home: Home, aws: StrictAws, user: User, phone: Device, tool: Tool
    ) -> None:
        tool.add_profile("vault")
        home.add_role_profile("r", aws.add_role(f"q-{user.name}", trust(user.arn, mfa=True)), "vault")
        # Without a device the keys are used as they are, and the remedy says what is missing.
        denied = home.run("login", "r")
        assert (denied.returncode, tool.runs) == (1, 1)
        assert "mfa-tui login r --serial ARN --save-serial" in denied.stderr
        result = home.run("login", "r", "--serial", phone.serial, "--save-serial", "--code", phone.code())
        assert (result.returncode, tool.runs) == (0, 1), result.stderr
        assert f"mfa_serial = {phone.serial}" in home.config.read_text()

    def test_it_is_run_once_for_a_prompt(self, home: Home, phone: Device, tool: Tool) -> None:
        tool.add_profile("vault", mfa_serial=phone.serial)
        for command in ("login vault", "credential-process vault >out"):
            home.run("logout", "--all")
            with terminal(home, f"mfa-tui {command}") as tty:
                tty.wait_for("MFA code for vault")
                tty.type(f"{phone.code(1 if 'out' in command else 0)}\r")
                assert tty.status() == 0
            assert tool.runs == 1

    def test_devices_of_its_user(self, home: Home, phone: Device, tool: Tool) -> None:
        tool.add_profile("vault", mfa_serial=phone.serial)
        listed = home.run("device", "list", "vault")
        assert (listed.returncode, tool.runs) == (0, 1), listed.stderr
        assert phone.serial.rsplit("/", 1)[1] in listed.stdout

    def test_temporary_credentials_take_no_code(
        self, home: Home, aws: StrictAws, user: User, phone: Device, tool: Tool
    ) -> None:
        home.add_profile("dev", user, phone)
        session = json.loads(home.run("login", "dev", "--code", phone.code(), "--json").stdout)
        assert session["logins"][0]["target"] == "dev-mfa"
        given = json.loads(home.run("credential-process", "dev").stdout)
        tool.prints(given)
        tool.add_profile("vault", mfa_serial=phone.serial)
        home.add_role_profile("r", aws.add_role(f"t-{user.name}", trust(user.arn, mfa=True)), "vault")
        requests = aws.count()
        refused = home.run("login", "vault", "--code", "123456")
        assert refused.returncode == 2
        assert "The credential process of 'vault' provides temporary credentials" in refused.stderr
        assert aws.count() == requests
        tool.runs  # noqa: B018 - begins to count anew
        result = home.run("login", "r", "--code", "123456")
        assert (result.returncode, tool.runs) == (0, 1), result.stderr
        assert "The code was not used: the credential process of vault provides a session of its own." in result.stderr
        assert (home.run("credential-process", "r").returncode, tool.runs) == (0, 0)
        assert rows(home)["r"]["session"]["state"] == "live"  # type: ignore[index]

    @pytest.mark.parametrize(
        "line",
        [
            "mfa-tui credential-process dev",
            "/opt/my tools/mfa-tui credential-process dev",
            "python3 -P -m mfa_tui credential-process -- dev",
            "sh -c 'exec /usr/bin/mfa-tui credential-process dev'",
        ],
    )
    def test_ours_is_not_asked(self, home: Home, aws: StrictAws, user: User, phone: Device, line: str) -> None:
        home.add_profile("dev", user, phone)
        line = line.replace("/opt/my tools/mfa-tui", "'/opt/my tools/mfa-tui'")
        with home.config.open("a") as file:
            file.write(f"[profile asks]\ncredential_process = {line}\nmfa_serial = {phone.serial}\n")
        home.add_role_profile("r", aws.add_role(f"o-{user.name}", trust(user.arn, mfa=True)), "asks")
        refused = home.run("login", "asks")
        assert refused.returncode == 2
        assert "asks mfa-tui for the credentials of 'dev': log in to that" in refused.stderr
        # A role behind it is one of that user's.
        assert home.run("login", "r", "--code", phone.code()).returncode == 0

    def test_ours_behind_a_wrapper_does_not_call_itself_forever(self, home: Home, phone: Device, tool: Tool) -> None:
        run = [sys.executable, "-m", "mfa_tui", "credential-process", "vault"]
        tool.script.write_text(f"import os\nos.execv({run[0]!r}, {run!r})\n")
        tool.add_profile("vault", mfa_serial=phone.serial)
        refused = home.run("login", "vault", "--code", "123456")
        assert refused.returncode == 1
        assert "The profile 'vault' provided no credentials." in refused.stderr
        assert "depend on themselves" in refused.stderr

    @pytest.mark.parametrize(
        "case",
        [
            (
                {"Version": 2, "AccessKeyId": "AKIA1", "SecretAccessKey": "hush"},
                "",
                "Version in its output is not 1",
            ),
            ({"Version": 1, "AccessKeyId": "AKIA1"}, "", "SecretAccessKey is missing"),
            ({"Version": 1, "AccessKeyId": "", "SecretAccessKey": "hush"}, "", "has no valid credentials: "),
            ({"Version": 1, "AccessKeyId": ["hush"], "SecretAccessKey": "hush"}, "", "has no valid credentials: "),
            (["hush"], "", "could not be read"),
            (
                "hush",
                "sys.exit('session of op ended: Hush0hush1hush2hush3hush4hush5hush6/+==')",
                "session of op ended: …",
            ),
            ("hush" * 100_000, "", "It printed too much for credentials"),
        ],
    )
    def test_what_it_prints_is_not_shown(
        self, home: Home, phone: Device, tool: Tool, case: tuple[object, str, str]
    ) -> None:
        printed, code, said = case
        tool.prints(printed, code)
        tool.add_profile("vault", mfa_serial=phone.serial)
        refused = home.run("login", "vault", "--code", "123456")
        assert refused.returncode == 1
        assert said in refused.stderr
        assert "ush" not in refused.stderr.replace("vault", "")
        assert len(refused.stderr.splitlines()) <= 4

    @long
    def test_another_command_line_is_another_origin(self, home: Home, phone: Device, tool: Tool) -> None:
        tool.add_profile("vault", mfa_serial=phone.serial)
        assert home.run("login", "vault", "--code", phone.code()).returncode == 0
        home.config.write_text(home.config.read_text().replace(tool.line, f"{tool.line} --other"))
        assert home.run("login", "vault").returncode == 3


class TestEnvironment:
    @pytest.fixture
    def keys(self, user: User) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": user.access_key_id, "AWS_SECRET_ACCESS_KEY": user.secret_access_key}

    def test_no_file_at_all(self, home: Home, aws: StrictAws, user: User, phone: Device, keys: dict[str, str]) -> None:
        home.store_seed(phone)
        home.env |= {**keys, "AWS_DEFAULT_REGION": "eu-central-1"}
        row = rows(home)["default"]
        assert (row["kind"], row["can_log_in"], row["target"]) == ("environment", True, "default-mfa")
        result = home.run("login")
        assert result.returncode == 0, result.stderr
        assert "AWS_ACCESS_KEY_ID is set in this shell and takes precedence over AWS_PROFILE" in result.stderr
        assert user.secret_access_key not in home.credentials.read_text()
        assert rows(home)["default"]["session"]["state"] == "live"  # type: ignore[index]
        answer = json.loads(home.run("credential-process", "default").stdout)
        assert answer["AccessKeyId"] in home.credentials.read_text()
        assert answer["AccessKeyId"] in home.run("env").stdout
        assert aws.count("GetSessionToken") == 1
        for name in keys:
            del home.env[name]
        assert identity(home, "default-mfa") == user.arn
        assert home.run("logout", "default-mfa").returncode == 0
        assert home.credentials.read_text() == ""

    @long
    def test_other_keys_are_not_in_its_session(
        self, home: Home, aws: StrictAws, phone: Device, keys: dict[str, str]
    ) -> None:
        assert home.run("login", "--serial", phone.serial, "--code", phone.code(), env=keys).returncode == 0
        for _ in range(2):
            assert home.run("credential-process", "default", env=keys).returncode == 0
        other = aws.add_user()
        device = other.add_device(other.name)
        others = {"AWS_ACCESS_KEY_ID": other.access_key_id, "AWS_SECRET_ACCESS_KEY": other.secret_access_key}
        assert home.run("credential-process", "default", env=others).returncode == 3
        assert home.run("login", "--code", device.code(), env=others).returncode == 0
        assert aws.count("GetSessionToken") == 2

    @pytest.mark.parametrize("extra", [{"AWS_SESSION_TOKEN": "t"}, {"AWS_SECRET_ACCESS_KEY": ""}])
    def test_session_or_half_a_pair_is_no_profile(
        self, home: Home, keys: dict[str, str], extra: dict[str, str]
    ) -> None:
        result = home.run("login", "--code", "123456", env={**keys, **extra})
        assert result.returncode == 2
        assert "There is no profile 'default'" in result.stderr

    def test_profile_of_the_files_comes_first(
        self, home: Home, aws: StrictAws, phone: Device, keys: dict[str, str]
    ) -> None:
        other = aws.add_user()
        home.add_profile("default", other, other.add_device(other.name))
        assert home.run("login", "--serial", phone.serial, "--code", phone.code(), env=keys).returncode == 1
        assert rows(home)["default"]["kind"] == "access-keys"

    @long
    def test_default_with_settings_only(self, home: Home, phone: Device, keys: dict[str, str]) -> None:
        home.config.write_text(f"[default]\nregion = eu-west-1\nmfa_serial = {phone.serial}\n")
        result = home.run("login", "--code", phone.code(), env=keys)
        assert result.returncode == 0, result.stderr
        assert "region = eu-west-1" in home.config.read_text().partition("[profile default-mfa]")[2]

    def test_role_by_credential_source(
        self, home: Home, aws: StrictAws, user: User, phone: Device, keys: dict[str, str]
    ) -> None:
        role = aws.add_role(f"e-{user.name}", trust(user.arn, mfa=True))
        home.config.write_text(
            f"[profile r]\nrole_arn = {role}\ncredential_source = Environment\nmfa_serial = {phone.serial}\n"
            f"region = eu-west-1\n[profile two]\nrole_arn = {aws.add_role(f'f-{user.name}', trust(role))}\n"
            "source_profile = r\nregion = eu-west-1\n"
        )
        without = home.run("login", "r", "--code", phone.code())
        assert without.returncode == 2
        assert "Its credentials come from Environment." in without.stderr
        home.env |= keys
        result = home.run("login", "r", "--code", phone.code())
        assert result.returncode == 0, result.stderr
        assert home.run("login", "two").returncode == 0
        assert (rows(home)["r"]["kind"], rows(home)["two"]["kind"]) == ("role", "role-chain")
        assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 2)
        home.env = {name: value for name, value in home.env.items() if name not in keys}
        assert identity(home, "r-mfa").endswith(f":assumed-role/e-{user.name}/{user.name}")


def test_listing_runs_no_process(home: Home, phone: Device, tool: Tool) -> None:
    tool.add_profile("vault", mfa_serial=phone.serial)
    home.add_role_profile("r", "arn:aws:iam::111122223333:role/x", "vault")
    for command in (["list"], ["list", "--json"], ["doctor"], ["completion", "--profiles"], ["use", "vault", "--help"]):
        home.run(*command)
    assert tool.runs == 0
    assert isinstance(tool.script, Path)
