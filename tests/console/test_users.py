"""``console`` with the profile of an IAM user: the account's sign-in page, with a code on the clipboard."""

import base64
import re

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.seeds.used_codes import UsedCodes
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.demo.aws.accounts.one_time_codes import code_of
from mfa_tui.demo.aws.accounts.policy_documents import NOTHING_BEFORE_MFA, SELF_SERVICE
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.console.conftest import StandIn
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal

ALIASES = {"Effect": "Allow", "Action": "iam:ListAccountAliases", "Resource": "*"}
ACCOUNT = "222244446666"


@pytest.fixture
def user(aws: StrictAws) -> User:
    """A user of an account with an alias, who may list it."""
    aws.set_alias("acme", ACCOUNT)
    return aws.add_user(account=ACCOUNT, policy={**SELF_SERVICE, "Statement": [*SELF_SERVICE["Statement"], ALIASES]})


def used_steps(home: Home, device: Device) -> list[int]:
    """The time steps that mfa-tui counts as used."""
    return sorted(UsedCodes(Paths(home.env), Clock()).used_steps(device.serial))


def test_the_page_of_the_account_opens(home: Home, user: User, device: Device, browser: StandIn) -> None:
    done = home.run("console", "dev")
    assert (done.returncode, done.stdout) == (0, "dev: sign-in page opened\n")
    assert f"Account: acme   IAM user name: {user.name}" in done.stderr
    assert "No secret is stored for dev." in done.stderr
    assert "Account: acme" in browser.visit().page
    assert device.serial


@pytest.mark.usefixtures("device")
def test_print_gives_the_address_alone(home: Home, aws: StrictAws, browser: StandIn) -> None:
    printed = home.run("console", "dev", "--print", "--service", "iam")
    assert printed.stdout == f"{aws.url}/console/iam?account=acme\n"
    ours = home.run("console", "dev", "--print", env={"AWS_ENDPOINT_URL_SIGNIN": ""})
    assert ours.stdout == "https://acme.signin.aws.amazon.com/console\n"
    assert not browser.started


@pytest.mark.usefixtures("device", "browser")
def test_without_the_right_the_account_is_named_by_its_id(home: Home, user: User) -> None:
    user.set_policy(SELF_SERVICE)
    done = home.run("console", "dev", "--print", env={"AWS_ENDPOINT_URL_SIGNIN": ""})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"https://{ACCOUNT}.signin.aws.amazon.com/console\n"


@pytest.mark.usefixtures("browser")
def test_a_session_with_mfa_may_know_the_alias(home: Home, user: User, device: Device) -> None:
    user.set_policy({**NOTHING_BEFORE_MFA, "Statement": [*NOTHING_BEFORE_MFA["Statement"], ALIASES]})
    assert f"account={ACCOUNT}" in home.run("console", "dev", "--print").stdout
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    assert "account=acme" in home.run("console", "dev", "--print").stdout


def test_the_code_is_copied_and_counts_as_used(home: Home, aws: StrictAws, device: Device, browser: StandIn) -> None:
    home.store_seed(device)
    with terminal(home, "mfa-tui console dev") as shown:
        shown.wait_for("sign-in page opened")
        shown.wait_for("sent to the clipboard")
        shown.wait_for(r"The code is valid for \d+ s")
        # It ends early: everything is done.
        shown.type("\x03")
        assert shown.status() == 0
    browser.visit()
    copied = re.findall(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", shown.screen)
    codes = [base64.b64decode(each).decode() for each in copied]
    assert len(codes) == 1
    steps = used_steps(home, device)
    assert [code_of(device.seed, step) for step in steps] == codes
    assert aws.count("getSigninToken") == 0


@pytest.mark.usefixtures("browser")
def test_without_a_terminal_no_code_is_reserved(home: Home, device: Device) -> None:
    home.store_seed(device)
    done = home.run("console", "dev")
    assert done.returncode == 0
    assert "mfa-tui code dev --wait" in done.stderr
    assert used_steps(home, device) == []
    assert device.code() not in done.stdout + done.stderr


@pytest.mark.usefixtures("device")
def test_a_destination_is_opened_itself(home: Home, browser: StandIn) -> None:
    page = "https://eu-central-1.console.aws.amazon.com/ec2/home"
    done = home.run("console", "dev", "--print", "--destination", page)
    assert done.stdout == f"{page}\n"
    assert not browser.started


@pytest.mark.parametrize(
    ("serial", "words"),
    [
        ("arn:aws:iam::222244446666:u2f/user/ana/key-ABC", "the browser asks for it"),
        ("", "The profile 'dev' names no MFA device. Type the code"),
        ("GAHT12345678", "No secret is stored for dev. Type the code"),
    ],
)
def test_devices_without_codes_of_ours(home: Home, user: User, browser: StandIn, serial: str, words: str) -> None:
    keys = {"mfa_serial": serial} if serial else {}
    home.add_profile("dev", user, None, **keys)
    done = home.run("console", "dev")
    assert done.returncode == 0, done.stderr
    assert words in done.stderr
    assert "Account: acme" in browser.visit().page


@pytest.mark.usefixtures("browser")
def test_a_keyring_that_fails_does_not_keep_the_page_closed(home: Home, device: Device) -> None:
    home.store_seed(device)
    done = home.run("console", "dev", env={"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})
    assert (done.returncode, done.stdout) == (0, "dev: sign-in page opened\n")
    assert "Type the code that the MFA device shows." in done.stderr
