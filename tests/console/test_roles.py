"""``console`` with the profile of a role: a secret link of the right credentials, given to the browser by a detour."""

import json
import sys
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import StrictAws, User
from tests.console.conftest import StandIn
from tests.support.aws.clients import Keys, client
from tests.support.homes.home import Home

pytestmark = pytest.mark.usefixtures("admin")


def test_the_browser_arrives(home: Home, aws: StrictAws, user: User, browser: StandIn) -> None:
    done = home.run("console", "admin", "--service", "s3")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("admin: console opened, until ")
    visit = browser.visit()
    assert f"assumed-role/admin-{user.name}/" in visit.page
    assert "https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1" in visit.page
    (address,) = visit.argv
    assert urlsplit(address).hostname == "127.0.0.1"
    (sign_in,) = [each for each in aws.sign_ins if f"admin-{user.name}" in each.arn]
    # Chained: made with the user's session.
    assert sign_in.session_duration is None
    assert not sign_in.in_address
    assert sign_in.token not in done.stdout + done.stderr + address
    assert "CloudTrail will show this sign-in as one without MFA" in done.stderr
    (entry,) = json.loads(home.run("history", "--json", "--limit", "1").stdout)["entries"]
    assert (entry["action"], entry["result"], entry["calls"][-1]["action"]) == ("console", "done", "getSigninToken")


def test_nothing_of_the_link_is_kept(home: Home, aws: StrictAws, browser: StandIn) -> None:
    assert home.run("console", "admin", env={"PYTHONVERBOSE": ""}).returncode == 0
    browser.visit()
    token = aws.sign_ins[-1].token.encode()
    kept = [path for path in home.path.rglob("*") if path.is_file() and token in path.read_bytes()]
    assert kept == []


def test_a_role_that_long_term_keys_assume_gets_its_whole_duration(
    home: Home, aws: StrictAws, admin: str, browser: StandIn
) -> None:
    home.add_role_profile("long", admin, duration_seconds=14_400)
    done = home.run("console", "long")
    assert done.returncode == 0, done.stderr
    assert "(3 h 59 m left)" in done.stdout or "(4 h 0 m left)" in done.stdout or "(4 h left)" in done.stdout
    browser.visit()
    assert aws.sign_ins[-1].session_duration == 14_400


def test_a_role_behind_a_role_sends_no_duration(
    home: Home, aws: StrictAws, user: User, admin: str, browser: StandIn
) -> None:
    deep = aws.add_role(f"deep-{user.name}", trust(admin))
    home.add_role_profile("deep", deep, "admin")
    assert home.run("console", "deep").returncode == 0
    assert f"deep-{user.name}" in browser.visit().page
    assert aws.sign_ins[-1].session_duration is None


def test_print_gives_the_address_alone(home: Home, browser: StandIn) -> None:
    done = home.run("console", "admin", "--print", "--region", "us-east-2")
    assert done.returncode == 0
    (address,) = done.stdout.splitlines()
    query = parse_qs(urlsplit(address).query)
    assert query["Destination"] == ["https://us-east-2.console.aws.amazon.com/console/home?region=us-east-2"]
    with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(address, timeout=30) as page:
        assert b"Signed in as" in page.read()
    assert not browser.started


def test_it_signs_out_first_if_asked(home: Home, aws: StrictAws, browser: StandIn) -> None:
    assert home.run("console", "admin", "--logout").returncode == 0
    assert "Signed in as" in browser.visit().page
    assert aws.sign_ins[-1].signed_out
    assert home.run("console", "admin").returncode == 0
    browser.visit()
    assert not aws.sign_ins[-1].signed_out


def test_a_destination_of_the_console(home: Home, browser: StandIn) -> None:
    page = "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:"
    assert home.run("console", "admin", "--destination", page).returncode == 0
    assert page in browser.visit().page


def test_a_live_session_needs_no_code(home: Home, aws: StrictAws, browser: StandIn) -> None:
    assert home.run("login", "admin").returncode == 0
    aws.reset()
    assert home.run("console", "admin-mfa").returncode == 0
    browser.visit()
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole"), aws.count("getSigninToken")) == (0, 0, 1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--service", "s4"), "Did you mean s3?"),
        (("--destination", "https://evil.example/"), "not an address of this account's console"),
        (("--destination", "https://console.amazonaws.cn/"), "console.aws.amazon.com"),
        (("--region", "cn-north-1"), "not a region of the partition aws"),
        (("--region", "mars"), "'mars' is not the name of an AWS region."),
        (("--service", "s3", "--destination", "https://console.aws.amazon.com/"), "exclude each other"),
    ],
)
def test_bad_usage_is_found_before_any_request(
    home: Home, aws: StrictAws, browser: StandIn, options: tuple[str, ...], words: str
) -> None:
    done = home.run("console", "admin", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) <= 4
    assert aws.requests == []
    assert not browser.started


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({"BROWSER": "no-such-browser"}, "The browser 'no-such-browser' is not installed."),
        ({"BROWSER": "", "SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}, "This is an SSH session without a display."),
    ],
)
@pytest.mark.usefixtures("browser")
def test_without_a_browser_no_code_is_spent(home: Home, aws: StrictAws, env: dict[str, str], why: str) -> None:
    done = home.run("console", "admin", env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert why in done.stderr
    assert "--print" in done.stderr
    assert len(done.stderr.splitlines()) <= 4
    assert aws.requests == []


def test_a_browser_that_fails_costs_nothing(home: Home, aws: StrictAws, browser: StandIn) -> None:
    done = home.run("console", "admin", env={"BROWSER": "false"})
    assert done.returncode == 1
    assert "ended with exit status 1" in done.stderr
    assert "--print" in done.stderr
    aws.reset()
    assert home.run("console", "admin").returncode == 0
    browser.visit()
    assert aws.count("GetSessionToken") == 0


def test_the_browser_of_the_settings(home: Home, browser: StandIn) -> None:
    home.write_settings(f"browser = '''{browser.command} --container {{profile}} {{url}}'''\n")
    done = home.run("console", "admin", env={"BROWSER": "no-such-browser"})
    assert done.returncode == 0, done.stderr
    visit = browser.visit()
    assert visit.argv[:2] == ["--container", "admin"]
    assert "Signed in as" in visit.page


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.captive_portal(), ""),
        (faults.server_error(500), ""),
        (faults.dropped(), ""),
    ],
)
def test_trouble_at_the_endpoint_is_one_message(home: Home, aws: StrictAws, fault: faults.Fault, words: str) -> None:
    aws.fault(fault, action="getSigninToken", times=3)
    done = home.run("console", "admin")
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr.lower()
    assert "sessionKey" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if "CloudTrail" not in line]) <= 4


@pytest.mark.usefixtures("browser")
def test_a_refusal_names_the_remedy(home: Home, aws: StrictAws) -> None:
    assert home.run("login", "admin").returncode == 0
    keys = home.credentials.read_text().split("[admin-mfa]")[1].split()
    aws.end_session(keys[keys.index("aws_access_key_id") + 2])
    done = home.run("console", "admin")
    assert done.returncode == 1
    assert "AWS refused to sign in to the console" in done.stderr
    assert "mfa-tui login admin --force" in done.stderr


@pytest.mark.usefixtures("browser")
def test_a_plain_endpoint_is_refused(home: Home, aws: StrictAws) -> None:
    done = home.run("console", "admin", env={"AWS_ENDPOINT_URL_SIGNIN": "http://sign-in.example"})
    assert done.returncode == 2
    assert aws.requests == []


def test_a_users_session_never_makes_a_link(home: Home, aws: StrictAws, user: User, browser: StandIn) -> None:
    """A profile with the session that another tool has got by GetSessionToken."""
    keys = Keys.of(client(aws, "sts", user).get_session_token())
    with home.credentials.open("a") as file:
        file.write(
            f"[foreign]\naws_access_key_id = {keys.access_key_id}\naws_secret_access_key = {keys.secret_access_key}\n"
            f"aws_session_token = {keys.session_token}\n"
        )
    done = home.run("console", "foreign")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot sign in to the console" in done.stderr
    assert aws.count("getSigninToken") == 0
    assert not browser.started


def test_a_process_that_gives_a_roles_session(home: Home, aws: StrictAws, user: User, browser: StandIn) -> None:
    role = aws.add_role(f"process-{user.name}", trust(user.arn))
    keys = Keys.of(client(aws, "sts", user).assume_role(RoleArn=role, RoleSessionName="ana"))
    script = home.path / "process.py"
    script.write_text(
        "import json\n"
        f"print(json.dumps({{'Version': 1, 'AccessKeyId': {keys.access_key_id!r}, "
        f"'SecretAccessKey': {keys.secret_access_key!r}, 'SessionToken': {keys.session_token!r}}}))\n"
    )
    with home.config.open("a") as file:
        file.write(f"[profile given]\ncredential_process = {sys.executable} {script}\nregion = eu-west-1\n")
    done = home.run("console", "given")
    assert done.returncode == 0, done.stderr
    assert f"process-{user.name}" in browser.visit().page
    assert aws.sign_ins[-1].session_duration is None


def test_a_target_with_a_scope_opens_no_wider_console(home: Home, aws: StrictAws, browser: StandIn) -> None:
    done = home.run("console", "admin-read-only")
    assert (done.returncode, done.stdout) == (2, "")
    assert "limited to the scope read-only" in done.stderr
    assert aws.requests == []
    assert not browser.started
