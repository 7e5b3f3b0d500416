"""Targets of scopes: how login writes them, what they mean as PROFILE, and how they go."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mfa_tui.cli.commands import COMMANDS, module_of
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.cli.scopes.test_handing_on import KEY, MAKE_USER, key, process
from tests.keys.support import both_files
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long, quick_cases

pytestmark = pytest.mark.both_ways


@pytest.fixture(autouse=True)
def _dev(device: Device) -> None:
    assert device.seed


def log_in(home: Home, *words: str) -> dict[str, object]:
    result = home.run("login", *words, "--json")
    assert result.returncode == 0, result.stderr
    (found,) = json.loads(result.stdout)["logins"]
    assert isinstance(found, dict)
    return found


def sdk_key(home: Home, profile: str) -> str:
    result = home.run_python("-c", KEY, env={"AWS_PROFILE": profile})
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_login_writes_the_target_and_logout_restores_the_files(home: Home) -> None:
    before = both_files(home)
    first = log_in(home, "dev", "--scope", "read-only")
    assert (first["target"], first["scope"], first["kept"]) == ("dev-read-only", "read-only", False)
    assert "[dev-read-only]" in home.credentials.read_text()
    assert home.credentials.read_text().count("mfa_tui_scope = read-only\nmfa_tui_source = dev\n") == 1
    assert sdk_key(home, "dev-read-only") == first["access_key_id"]
    again = log_in(home, "dev", "--scope", "read-only")
    assert (again["access_key_id"], again["kept"]) == (first["access_key_id"], True)
    whole = log_in(home, "dev")
    assert (whole["target"], "scope" in whole) == ("dev-mfa", False)
    assert "limited to read-only" in home.run("login", "dev", "--scope", "read-only").stdout
    result = home.run("logout", "dev")
    assert "dev-mfa" in result.stdout
    assert "dev-read-only" in result.stdout
    assert both_files(home) == before
    assert not [path for path in home.path.glob(".cache/mfa-tui/sessions/*") if not path.suffix]


def test_its_name_means_its_source_with_that_scope(home: Home, aws: StrictAws) -> None:
    # Before the first login, too.
    limited = process(home, "dev-read-only")["AccessKeyId"]
    assert log_in(home, "dev-read-only")["access_key_id"] == limited
    assert process(home, "dev-read-only")["AccessKeyId"] == limited
    assert key(home, "dev-read-only") == limited
    result = home.run("exec", "--", sys.executable, "-c", KEY, env={"AWS_PROFILE": "dev-read-only"})
    assert result.stdout.strip() == limited
    result = home.run("exec", "--", sys.executable, "-c", MAKE_USER, env={"AWS_PROFILE": "dev-read-only"})
    assert "no session policy allows" in result.stderr
    assert limited in home.run("env", "dev-read-only").stdout
    assert aws.count("GetScopedCredentials") == 1


@pytest.mark.parametrize(
    "command",
    ["code", "device list", "device export", "login --all-roles", "exec --scope no-iam", "login --scope no-iam"],
)
def test_what_cannot_obey_a_scope_refuses_its_target(home: Home, aws: StrictAws, command: str) -> None:
    log_in(home, "dev", "--scope", "read-only")
    aws.reset()
    more = ("--", "true") if command.startswith("exec") else ()
    result = home.run(*command.split(), "dev-read-only", *more)
    assert result.returncode == 2
    assert "dev-read-only" in result.stderr
    assert aws.count() == 0


@quick_cases(6)
@pytest.mark.parametrize("name", ["dev-read-only", ""])
@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"demo", "shell-init", "completion", "vault", "logout"}))
def test_no_command_uses_more_than_the_scope(home: Home, aws: StrictAws, command: str, name: str) -> None:
    """By its name, or as the shell's profile; those of subcommands as well."""
    limited = log_in(home, "dev", "--scope", "read-only")["access_key_id"]
    aws.reset()
    inner = module_of(command).parser().commands
    calls: list[tuple[str, ...]] = [(command, each) for each in inner] or [(command,)]
    for words in calls:
        more = ("--", "true") if command == "exec" else ()
        home.run(*words, *filter(None, [name]), *more, env={"AWS_PROFILE": "dev-read-only"})
    assert {each.access_key_id for each in aws.requests} <= {limited}


def test_a_role_is_not_assumed_through_it(home: Home, aws: StrictAws) -> None:
    log_in(home, "dev", "--scope", "read-only")
    role = "role_arn = arn:aws:iam::111122223333:role/r"
    with home.config.open("a") as file:
        file.write(f"[profile r]\n{role}\nsource_profile = dev-read-only\n")
        file.write("[profile agent]\ncredential_process = mfa-tui credential-process dev --scope read-only\n")
        file.write(f"[profile q]\n{role}\nsource_profile = agent\n")
    aws.reset()
    for name in ("r", "q"):
        result = home.run("login", name)
        assert result.returncode == 2
        assert "limited to the scope read-only: name 'dev' instead" in result.stderr
    assert aws.count() == 0


def test_a_scope_that_is_gone_hands_out_nothing(home: Home) -> None:
    home.write_settings('[scopes.mine]\nservices = ["iam"]\n')
    log_in(home, "dev", "--scope", "mine")
    home.write_settings("")
    for command in (("credential-process",), ("env",), ("login",), ("exec",)):
        result = home.run(*command, "dev-mine", *(("--", "true") if command == ("exec",) else ()))
        assert (result.returncode, result.stdout) == (2, "")
        assert "There is no scope 'mine'" in result.stderr
    found = json.loads(home.run("doctor", "--json").stdout)["findings"]
    assert [(each["code"], each["profile"]) for each in found if each["code"].startswith("scope")] == [
        ("scope-gone", "dev-mine")
    ]
    assert home.run("logout", "dev-mine").returncode == 0
    assert "dev-mine" not in home.credentials.read_text()


def test_logout_of_the_target_leaves_the_others(home: Home) -> None:
    whole = log_in(home, "dev")["access_key_id"]
    for scope in ("read-only", "no-iam"):
        log_in(home, "dev", "--scope", scope)
    assert "removed dev-read-only\n" in home.run("logout", "dev-read-only").stdout
    text = home.credentials.read_text()
    assert ("[dev-read-only]" in text, "[dev-no-iam]" in text, "[dev-mfa]" in text) == (False, True, True)
    assert process(home, "dev")["AccessKeyId"] == whole
    assert len([path for path in home.path.glob(".cache/mfa-tui/sessions/*") if not path.suffix]) == 2


@pytest.mark.parametrize(
    "words", [("--scope", "mfa"), ("--scope", "other"), ("--scope", "read-only", "--as", "dev-mfa")]
)
def test_a_target_of_something_else_is_refused(home: Home, aws: StrictAws, words: tuple[str, ...]) -> None:
    home.write_settings('[scopes.mfa]\nservices = ["iam"]\n[scopes.other]\nservices = ["iam"]\n')
    with home.config.open("a") as file:
        file.write("[profile dev-other]\nregion = eu-west-1\n")
    before = both_files(home)
    result = home.run("login", "dev", *words)
    assert (result.returncode, both_files(home), aws.count()) == (2, before, 0)
    assert "cannot be saved as" in result.stderr


def test_a_target_with_a_scope_never_gets_more(home: Home) -> None:
    log_in(home, "dev", "--scope", "read-only")
    before = both_files(home)
    for words in (("--as", "dev-read-only"), ("--scope", "no-iam", "--as", "dev-read-only", "--overwrite")):
        result = home.run("login", "dev", *words)
        assert result.returncode == 2
        assert "must not get other permissions" in result.stderr
    assert both_files(home) == before


@long
def test_a_target_that_asks_for_its_session(home: Home, aws: StrictAws) -> None:
    before = both_files(home)
    found = log_in(home, "dev", "--scope", "read-only", "--process")
    assert found["process"] is True
    config = home.config.read_text()
    assert "credential-process --scope read-only dev\n" in config
    assert "mfa_tui_scope = read-only\n" in config
    assert sdk_key(home, "dev-read-only") == found["access_key_id"]
    # Back to keys in the file, and again.
    assert log_in(home, "dev", "--scope", "read-only")["process"] is False
    assert "credential_process" not in home.config.read_text()
    assert sdk_key(home, "dev-read-only") == found["access_key_id"]
    assert log_in(home, "dev", "--scope", "read-only", "--process")["process"] is True
    assert aws.count("GetScopedCredentials") == 1
    assert home.run("logout", "dev-read-only").returncode == 0
    assert both_files(home) == before


def test_use_switches_to_it_and_back(home: Home) -> None:
    result = home.run("use", "dev", "--scope", "read-only")
    assert "export AWS_PROFILE='dev-read-only'\n" in result.stdout
    back = home.run("use", "-", env={"AWS_PROFILE": "dev-mfa", "MFA_TUI_PREVIOUS": "dev-read-only"})
    assert "export AWS_PROFILE='dev-read-only'\n" in back.stdout
    limited = key(home, "dev-read-only")
    exported = home.run("use", "dev", "--scope", "read-only", "--export").stdout
    assert limited in exported
    assert "dev-read-only'" in exported
    assert limited in home.run("use", "dev-read-only", "--export").stdout


def test_list_shows_it_as_its_source_s(home: Home) -> None:
    log_in(home, "dev", "--scope", "read-only")
    found = json.loads(home.run("list", "--json").stdout)
    assert [row["name"] for row in found["profiles"]] == ["dev"]
    assert "none; limited: dev-read-only\n" in home.run("list").stdout
    (target,) = found["targets"]
    assert (target["name"], target["source"], target["scope"]) == ("dev-read-only", "dev", "read-only")


@pytest.mark.parametrize(
    ("settings", "slug", "says"),
    [
        ("[scopes.a]\nread_olny = true\n", "settings-value", "unknown key 'read_olny'"),
        ("[scopes.a]\n", "settings-value", "It limits nothing"),
        ('[scopes.read-only]\nservices = ["iam"]\n', "settings-value", "A preset has this name"),
        ('[scopes.a]\nservices = ["iam:List*"]\n', "settings-value", "services cannot have 'iam:List*'"),
        ('[scopes.a]\nduration = "40h"\n', "settings-value", "duration is a length of time from 1 m to 36 h"),
        ('[scopes.a]\npolicy = "p.json"\nread_only = true\n', "settings-value", "use one or the other"),
        ('[scopes.a]\npolicy = "gone.json"\n', "scope-policy", "No such file"),
        ("[scopes]\na = 1\n", "settings-value", "scopes must have a table for each scope"),
    ],
)
def test_doctor_finds_bad_scopes(home: Home, settings: str, slug: str, says: str) -> None:
    home.write_settings(settings)
    found = json.loads(home.run("doctor", "--json").stdout)["findings"]
    (finding,) = [each for each in found if each["code"] == slug]
    assert says in finding["why"] + finding["what"]
    used = home.run("env", "dev", "--scope", "read-only" if "read-only" in settings else "a")
    assert (used.returncode, used.stdout) == (2, "")
    assert says in used.stderr


def test_a_policy_that_is_too_long_is_refused_with_a_count(home: Home, aws: StrictAws) -> None:
    home.write_settings('[scopes.a]\npolicy = "~/p.json"\n')
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::" + "x" * 60] * 40}
    (home.path / "p.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": statement}))
    result = home.run("env", "dev", "--scope", "a")
    assert (result.returncode, result.stdout, aws.count()) == (2, "", 0)
    assert "The policy has 3,124 characters; AWS takes at most 2,048." in result.stderr


def test_doctor_knows_a_target_that_is_not_written_yet(home: Home) -> None:
    found = json.loads(home.run("doctor", "--json", env={"AWS_PROFILE": "dev-read-only"}).stdout)["findings"]
    (finding,) = [each for each in found if each["code"].startswith("env-profile")]
    assert finding["code"] == "env-profile-unwritten"
    assert "login dev-read-only" in finding["remedy"]


@long
def test_all_roles_under_a_scope(home: Home, aws: StrictAws, user: User) -> None:
    role = aws.add_role(f"r-{user.name}", trust(user.arn, mfa=True))
    with home.config.open("a") as file:
        file.write(f"[profile r]\nrole_arn = {role}\nsource_profile = dev\nregion = eu-west-1\n")
    found = json.loads(home.run("login", "dev", "--all-roles", "--scope", "read-only", "--json").stdout)["logins"]
    assert [(each["target"], each["scope"]) for each in found] == [
        ("dev-read-only", "read-only"), ("r-read-only", "read-only"),
    ]  # fmt: skip
    for each in found:
        denied = home.run_python("-c", MAKE_USER, env={"AWS_PROFILE": each["target"]})
        assert "is not authorized to perform: iam:CreateUser" in denied.stderr


def test_many_at_once_make_one_session(home: Home, aws: StrictAws) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: process(home, "dev", "--scope", "read-only")["AccessKeyId"], range(4)))
    assert len(found) == 1
    assert (aws.count("GetSessionToken"), aws.count("GetScopedCredentials")) == (1, 1)


@long
def test_long_term_keys_in_the_keyring(home: Home, aws: StrictAws) -> None:
    stored = home.run("keys", "store", "dev", "--yes")
    assert stored.returncode == 0, stored.stderr
    whole, limited = process(home, "dev"), process(home, "dev", "--scope", "read-only")
    assert limited["AccessKeyId"] != whole["AccessKeyId"]
    assert log_in(home, "dev", "--scope", "read-only")["access_key_id"] == limited["AccessKeyId"]
    assert sdk_key(home, "dev-read-only") == limited["AccessKeyId"]
    assert "AKIA" not in home.credentials.read_text()
    assert aws.count("GetScopedCredentials") == 1
