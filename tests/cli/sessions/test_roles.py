"""Roles through the real command: one code is enough for all, and errors say what to change."""

import json
import sys

import pytest

from mfa_tui.core.text.display import format_account
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import examples, long

pytestmark = pytest.mark.both_ways


def identity(home: Home, profile: str) -> str:
    """The identity of AWS's own `aws` command with that profile."""
    answer = home.run_aws("sts", "get-caller-identity", f"--profile={profile}", "--query", "Arn", "--output", "text")
    return answer.stdout.strip() or answer.stderr


def test_a_role_by_the_session_of_its_user(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    role = aws.add_role(f"admin-{user.name}", trust(user.arn, mfa=True))
    home.add_role_profile("admin", role)
    home.store_seed(device)
    result = home.run("login", "admin")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("admin: saved as admin-mfa, valid until")
    assert identity(home, "admin-mfa").endswith(f":assumed-role/admin-{user.name}/{user.name}")
    assert "region = eu-west-1" in home.config.read_text().split("[profile admin-mfa]")[1]
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 1)
    # The user's own login needs no code now, and the role's session is kept.
    assert home.run("login", "dev", "admin").returncode == 0
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 1)
    assert identity(home, "dev-mfa") == user.arn
    # --force renews the role without a code.
    assert home.run("login", "admin", "--force").returncode == 0
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 2)


def test_many_roles_by_one_code(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    many = examples(28, short=6)
    roles = {
        f"role-{number}": aws.add_role(f"r{number}-{user.name}", trust(user.arn, mfa=True)) for number in range(many)
    }
    for name, arn in roles.items():
        home.add_role_profile(name, arn)
    for number in (many, many + 1):
        arn = aws.add_role(f"r{number}-{user.name}", trust(roles["role-3"]))
        home.add_role_profile(f"role-{number}", arn, source="role-3")
    result = home.run("login", "--all-roles", "--code", device.code())
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == many + 2
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole"), aws.count()) == (1, many + 2, many + 3)
    found = [identity(home, f"role-{number}-mfa") for number in range(many + 2)]
    assert [f":assumed-role/r{number}-{user.name}/" in arn for number, arn in enumerate(found)] == [True] * (many + 2)


def test_all_roles_are_written_at_once(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    for number in range(4):
        home.add_role_profile(f"role-{number}", aws.add_role(f"w{number}-{user.name}", trust(user.arn)))
    home.store_seed(device)
    before = home.credentials.stat().st_ino
    trace = home.path / "writes.py"
    trace.write_text(
        "import sys\n"
        "from mfa_tui.adapters.filesystem.atomic_replace import Replacement\n"
        "from mfa_tui import main\n"
        "commit, seen = Replacement.commit, []\n"
        "Replacement.commit = lambda self, **k: (seen.append(self.path), commit(self, **k))[1]\n"
        "sys.argv = ['mfa-tui', 'login', 'dev', '--all-roles']\n"
        "status = main()\n"
        "print(seen, file=sys.stderr)\n"
        "sys.exit(status)\n"
    )
    result = home.run_python(str(trace))
    assert result.returncode == 0, result.stderr
    assert result.stderr.strip() == str([str(home.config), str(home.credentials)])
    assert home.credentials.stat().st_ino != before
    for name in ("dev", "role-0", "role-3"):
        assert f"[{name}-mfa]" in home.credentials.read_text()


def test_one_role_that_fails_leaves_the_others(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    home.store_seed(device)
    home.add_role_profile("good", aws.add_role(f"good-{user.name}", trust(user.arn)))
    home.add_role_profile("gone", f"arn:aws:iam::{user.account}:role/gone")
    home.add_role_profile("broken", "arn:aws:iam::123:role/x")
    result = home.run("login", "--all-roles", "--json")
    # The one that cannot log in was not named on the command line.
    assert result.returncode == 1
    warning = "mfa-tui: warning: The profile 'broken' cannot log in with MFA. role_arn is not the ARN of a role"
    assert result.stderr.startswith(warning)
    logins = {login["profile"]: login for login in json.loads(result.stdout)["logins"]}
    assert logins["good"]["target"] == "good-mfa"
    assert logins["gone"]["error"]["code"] == "role-denied"
    assert logins["broken"]["error"]["code"] == "profile-broken"
    assert "mfa-tui: AWS denied the role gone" in result.stderr
    named = home.run("login", "broken", "--all-roles")
    assert (named.returncode, named.stderr.splitlines()[0]) == (
        2, "mfa-tui: The profile 'broken' cannot log in with MFA.",
    )  # fmt: skip


DENIED = "Check role_arn and external_id of r, and ask an administrator about the role's trust policy."


def test_bad_roles(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    """Each is named, with what to change. Mistakes in the configuration are found before a code is used."""
    home.store_seed(device)
    fine = aws.add_role(f"fine-{user.name}", trust(user.arn, external_id="other"), max_duration=7200)
    before = home.config.read_text()

    def said(arn: str = fine, source: str = "dev", *options: str, **keys: object) -> tuple[int, list[str]]:
        home.config.write_text(before)
        home.add_role_profile("r", arn, source, **keys)
        result = home.run("login", "r", *options)
        return result.returncode, [line.strip() for line in result.stderr.splitlines()]

    status, lines = said(external_id="wrong")
    assert status == 1
    role = f"fine-{user.name} (account {format_account(user.account)})"
    assert lines[0] == f"mfa-tui: AWS denied the role {role} of the profile 'r'."
    assert lines[1] == (
        "The role does not exist, it does not trust this user, the user may not assume it, or it requires another "
        "external_id."
    )
    assert lines[2] == DENIED
    status, lines = said()
    assert (status, lines[1].endswith("or it requires an external_id, which the profile does not have.")) == (1, True)
    codes = aws.count("GetSessionToken")
    assert codes == 1
    status, lines = said(fine, "dev", "--code", device.code(1), external_id="other", duration_seconds=10_800)
    assert status == 1
    assert lines[-2:] == [
        "It is longer than the role's maximum.",
        "Lower duration_seconds of r (or --duration), or have the role's maximum raised.",
    ]
    codes = aws.count("AssumeRole")
    for keys, words in (
        ({"source": "gone"}, "Source 'gone' is missing."),
        ({"source": "r"}, "Its sources form a loop: r → r. It names itself as its source_profile."),
        ({"duration_seconds": 99}, "duration_seconds is not a number from 900 to 43200."),
        ({"external_id": "a b"}, "external_id is not 2 to 1,224 letters, digits or any of + = , . @ : / - _."),
        ({"role_session_name": "x y"}, "role_session_name is not 2 to 64 letters, digits or any of + = , . @ - _."),
    ):
        status, lines = said(**keys)
        assert (status, lines[1]) == (2, words)
    status, lines = said(fine, "dev", "--duration", "13h")
    assert (status, lines[1]) == (2, "Role sessions last from 15 minutes to 12 hours.")
    assert aws.count("AssumeRole") == codes


def test_chaining_gives_one_hour(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    home.store_seed(device)
    first = aws.add_role(f"first-{user.name}", trust(user.arn), max_duration=43_200)
    second = aws.add_role(f"second-{user.name}", trust(first), max_duration=43_200)
    home.add_role_profile("first", first, duration_seconds=7200)
    home.add_role_profile("second", second, source="first")
    home.add_role_profile("long", second, source="first", duration_seconds=7200)
    result = home.run("login", "long")
    assert result.returncode == 2
    assert "duration_seconds is over 3600, the most that role chaining allows." in result.stderr
    assert home.run("login", "second", "--duration", "2h").returncode == 2
    assert aws.count() == 0
    assert home.run("login", "second").returncode == 0
    assert [call.action for call in aws.requests] == ["GetSessionToken", "AssumeRole", "AssumeRole"]
    assert identity(home, "second-mfa").split("/")[-2] == f"second-{user.name}"


def test_more_than_an_hour_needs_a_code_of_its_own(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    role = aws.add_role(f"long-{user.name}", trust(user.arn, mfa=True), max_duration=43_200)
    home.add_role_profile("long", role, duration_seconds=14_400)
    result = home.run("login", "long", "--code", device.code(), "--json")
    assert result.returncode == 0, result.stderr
    assert [call.action for call in aws.requests] == ["AssumeRole"]
    assert identity(home, "long-mfa").startswith(f"arn:aws:sts::{user.account}:assumed-role/long-{user.name}/")
    # One hour is possible with the user's session, and so without a code of its own.
    assert home.run("login", "long", "--force", "--duration", "1h", "--code", device.code(1)).returncode == 0
    assert [call.action for call in aws.requests[-2:]] == ["GetSessionToken", "AssumeRole"]


def test_profiles_of_one_role_that_ask_for_different_lengths(
    home: Home, aws: StrictAws, user: User, device: Device
) -> None:
    """Neither gets the session that the other asked for."""
    role = aws.add_role(f"two-{user.name}", trust(user.arn, mfa=True), max_duration=43_200)
    home.add_role_profile("hour", role)
    home.add_role_profile("long", role, duration_seconds=7200)
    assert home.run("login", "hour", "--code", device.code()).returncode == 0
    result = home.run("login", "long", "--code", device.code(1))
    assert result.returncode == 0, result.stderr
    assert "1 h 59 m" in result.stdout
    assert "still" not in result.stdout
    kept = home.run("login", "hour").stdout
    assert "already saved as" in kept
    assert "59 m" in kept
    assert "1 h" not in kept


def test_a_valid_session_that_is_too_old_for_a_role(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    role = aws.add_role(f"recent-{user.name}", trust(user.arn, mfa=True, mfa_max_age=300))
    home.add_role_profile("recent", role)
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    aws.clock.offset = 3600
    # There is no terminal to ask for a new code, and no code is asked for that is not needed.
    result = home.run("login", "recent")
    assert result.returncode == 1
    assert result.stderr.startswith(f"mfa-tui: AWS denied the role recent-{user.name}")
    assert aws.count("GetSessionToken") == 1
    # A code given with --force is for that; with a stored secret it is generated.
    assert home.run("login", "recent", "--force", "--code", device.code()).returncode == 0
    assert aws.count("GetSessionToken") == 2
    aws.clock.offset = 7200
    home.store_seed(device)
    result = home.run("login", "recent", "--force")
    assert result.returncode == 0, result.stderr
    assert aws.count("GetSessionToken") == 3


@long
def test_sources_that_are_ours_or_of_other_tools(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    """A source that login saved means its own source; a credential process is run through botocore."""
    role = aws.add_role(f"shared-{user.name}", trust(user.arn))
    home.add_role_profile("through-target", role, source="dev-mfa")
    home.store_seed(device)
    assert home.run("login", "dev").returncode == 0
    assert home.run("login", "through-target").returncode == 0
    assert aws.count("GetSessionToken") == 1
    program = home.path / "keys.py"
    answer = {"Version": 1, "AccessKeyId": user.access_key_id, "SecretAccessKey": user.secret_access_key}
    program.write_text(f"print({json.dumps(answer)!r})")
    with home.config.open("a") as file:
        file.write(f"[profile tool]\ncredential_process = {sys.executable} {program}\n")
    home.add_role_profile("through-tool", role, source="tool")
    result = home.run("login", "through-tool")
    assert result.returncode == 0, result.stderr
    assert aws.count("GetSessionToken") == 1
    assert identity(home, "through-tool-mfa").endswith("/mfa-tui-tool")
    # A trust policy that requires MFA is named: such a source has none.
    wants = aws.add_role(f"wants-{user.name}", trust(user.arn, mfa=True))
    home.add_role_profile("wants-mfa", wants, source="tool")
    result = home.run("login", "wants-mfa")
    assert result.returncode == 1
    assert "its trust policy requires MFA (the session of wants-mfa's source has none)" in result.stderr
    program.write_text("import sys; sys.exit('no token: sign in first')")
    result = home.run("login", "through-tool", "--force")
    assert result.returncode == 1
    assert "The source 'tool' of 'through-tool' provided no credentials." in result.stderr
    assert "sign in first" in result.stderr
    program.write_text("import sys; sys.exit(1)")
    result = home.run("login", "through-tool", "--force")
    assert "  Error when retrieving credentials from custom-process.\n" in result.stderr
    for answered, words in (("", "JSONDecodeError"), ("[]", "AttributeError"), ("\\xff", "JSONDecodeError")):
        program.write_text(f"print('{answered}')")
        result = home.run("login", "through-tool", "--force")
        assert (result.returncode, words in result.stderr) == (1, True), result.stderr
        assert "Its answer could not be read" in result.stderr
    with home.config.open("a") as file:
        file.write("[profile gone]\ncredential_process = no-such-program --secret hush\n")
        file.write(f"[profile web]\nrole_arn = {role}\nweb_identity_token_file = /no/such/token\n")
    for source, words in (("gone", "No such file or directory: no-such-program"), ("web", "/no/such/token")):
        home.add_role_profile(f"through-{source}", role, source=source)
        result = home.run("login", f"through-{source}")
        assert (result.returncode, words in result.stderr) == (1, True), result.stderr
        assert ("Install that program, or correct credential_process in 'gone'." in result.stderr) == (source == "gone")
        assert "hush" not in result.stderr
