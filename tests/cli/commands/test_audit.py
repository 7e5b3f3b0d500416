"""``mfa-tui audit`` as scripts and people see it."""

import csv
import io
import json
import re
import secrets
import signal
import subprocess
import sys
import threading
from html.parser import HTMLParser

import pytest

from mfa_tui.core.text.display import format_account
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.account_setup import AUDITOR, AccountSetup
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.protocol.aws_errors import not_authorized
from mfa_tui.demo.aws.server import StrictAws
from tests.support.aws.clients import client
from tests.support.homes.home import Home
from tests.support.runner.timeouts import scaled


@pytest.fixture
def account(home: Home, aws: StrictAws) -> AccountSetup:
    """An account of its own with an auditor, whose profile ``dev`` logs in by itself, and with some faults."""
    name = f"{secrets.randbelow(10**12):012d}"
    auditor = aws.add_user("auditor", account=name, policy=AUDITOR)
    device = auditor.add_device("auditor")
    home.add_profile("dev", auditor, device)
    home.store_seed(device)
    account = aws.account(name)
    account.add_device("auditor")
    account.date_key("auditor", auditor.access_key_id, age=3, used=0)
    account.add_root_device()
    account.set_password_policy(16, 24)
    return account


def test_the_table(home: Home, account: AccountSetup) -> None:
    account.add_user("boss", password=True)
    account.attach_of_aws("boss")
    account.add_user("ana", password=True)
    ran = home.run("audit", "dev")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0].startswith(f"Account {format_account(account.state.account)}, ")
    assert re.match(r"The credential report is new", lines[1])
    assert [line.split()[:2] for line in lines if line.startswith(("critical", "high"))] == [
        ["critical", "admin-no-mfa"],
        ["high", "user-no-mfa"],
    ]
    assert "1 of 3 users with a password or an active key (33%)" in ran.stdout


def test_the_json_contract(home: Home, account: AccountSetup) -> None:
    account.add_user("ana", password=True)
    ran = home.run("audit", "dev", "--json")
    found = json.loads(ran.stdout)
    assert found["account"] == account.state.account
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["made_at"])
    assert found["report_age_s"] in range(10)
    assert found["denied"] == []
    assert found["findings"] == [
        {
            "id": "user-no-mfa",
            "severity": "high",
            "resource": f"arn:aws:iam::{account.state.account}:user/ana",
            "what": "ana has a password, and no MFA device.",
            "remedy": "Enroll an MFA device for the user.",
        }
    ]
    assert all(check["state"] == "done" for check in found["checks"])


@pytest.mark.parametrize(("limit", "status"), [("critical", 0), ("high", 1), ("medium", 1), ("low", 1)])
def test_a_limit_for_scripts(home: Home, account: AccountSetup, limit: str, status: int) -> None:
    account.add_user("ana", password=True)
    assert home.run("audit", "dev", "--no-sign-ins", "--fail-on", limit).returncode == status


@pytest.mark.usefixtures("account")
def test_what_is_wrong_is_found_before_a_request(home: Home, aws: StrictAws) -> None:
    aws.reset()
    assert home.run("audit", "nobody").returncode == 2
    settings = home.path / "settings.toml"
    settings.write_text("key_unused_days = 0\n")
    wrong = home.run("audit", "dev", env={"MFA_TUI_CONFIG": str(settings)})
    assert (wrong.returncode, "key_unused_days cannot be 0" in wrong.stderr, aws.requests) == (2, True, [])


def test_a_missing_right_is_named(home: Home, account: AccountSetup, aws: StrictAws) -> None:
    aws.add_role("open", trust(f"arn:aws:iam::{account.state.account}:root"), account=account.state.account)
    refusal = faults.Fault(refusal=not_authorized("arn:aws:iam::1:user/x", "iam:ListRoles", "*"))
    aws.fault(refusal, action="ListRoles")
    ran = home.run("audit", "dev", "--no-sign-ins")
    assert ran.returncode == 0
    assert re.search(r"^denied +roles +iam:ListRoles was denied$", ran.stdout, re.MULTILINE)
    aws.fault(refusal, action="ListRoles")
    assert json.loads(home.run("audit", "dev", "--no-sign-ins", "--json").stdout)["denied"] == ["iam:ListRoles"]


def test_no_right_at_all(home: Home, aws: StrictAws) -> None:
    user = aws.add_user(account=f"{secrets.randbelow(10**12):012d}")
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    ran = home.run("audit", "dev", "--json")
    assert ran.returncode == 1
    assert {"iam:GenerateCredentialReport", "iam:ListRoles", "cloudtrail:LookupEvents"} <= set(
        json.loads(ran.stdout)["denied"]
    )


def test_a_failed_check_is_one_message(home: Home, account: AccountSetup, aws: StrictAws) -> None:
    account.add_user("ana", password=True)
    aws.fault(faults.server_error(), action="ListRoles", times=5)
    ran = home.run("audit", "dev", "--no-sign-ins")
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1
    assert ran.stderr.startswith("mfa-tui: Role trust policies: ")
    assert "user-no-mfa" in ran.stdout


def test_a_user_without_a_device_asks_with_the_keys(home: Home, aws: StrictAws) -> None:
    auditor = aws.add_user("auditor", account=f"{secrets.randbelow(10**12):012d}", policy=AUDITOR)
    home.add_profile("new", auditor)
    ran = home.run("audit", "new", "--no-sign-ins", "--json")
    assert ran.returncode == 0
    assert "The audit uses its credentials as they are." in ran.stderr
    assert "user-no-mfa" in [one["id"] for one in json.loads(ran.stdout)["findings"]]


def test_a_session_of_another_program(home: Home, account: AccountSetup, aws: StrictAws) -> None:
    """What a credential process, IAM Identity Center and the like provide is used as it is."""
    name = account.state.account
    user = aws.add_user("other", account=name, policy=AUDITOR)
    role = aws.add_role("audit", trust(user.arn), account=name, policy=AUDITOR)
    answer = client(aws, "sts", user).assume_role(RoleArn=role, RoleSessionName="other")["Credentials"]
    home.credentials.write_text(
        f"[tool]\naws_access_key_id = {answer['AccessKeyId']}\naws_secret_access_key = {answer['SecretAccessKey']}\n"
        f"aws_session_token = {answer['SessionToken']}\n"
    )
    ran = home.run("audit", "tool", "--no-sign-ins", "--json")
    assert ran.returncode == 0
    assert "The audit uses its credentials as they are." in ran.stderr
    assert json.loads(ran.stdout)["account"] == name


def test_ctrl_c_prints_what_is_known(home: Home, account: AccountSetup, aws: StrictAws) -> None:
    for _ in range(60):
        account.add_sign_in("ana")
    asked = threading.Event()
    aws.on_request(lambda request, when: asked.set() if (request.action, when) == ("LookupEvents", "after") else None)
    with subprocess.Popen(
        [sys.executable, "-m", "mfa_tui", "audit", "dev", "--json"], cwd=home.path, env=home.env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        assert asked.wait(scaled(60))
        process.send_signal(signal.SIGINT)
        result, errors = process.communicate(timeout=scaled(60))
    assert (process.returncode, errors) == (130, "")
    found = json.loads(result)
    assert {check["id"]: check["state"] for check in found["checks"]}["sign-ins"] == "stopped"


def test_settings_say_what_is_old(home: Home, account: AccountSetup) -> None:
    account.add_user("ana")
    for _ in range(2):
        account.add_device("ana")
    account.add_key("ana", age=40, used=20)
    home.write_settings("key_age_days = 30\nkey_unused_days = 14\n")
    home.settings.chmod(0o600)
    ran = home.run("audit", "dev", "--no-sign-ins", "--json")
    assert [one["id"] for one in json.loads(ran.stdout)["findings"]] == ["key-old", "key-unused"]


ODD = "=cmd@calc"
"""A name that IAM allows, and a spreadsheet would take for a formula."""
SCRIPT, MARKS = "<script>alert(1)</script>", "a|b`c*d_e[f](g)"
"""What no service is called: AWS may answer anything, and no format may obey it."""


@pytest.fixture
def odd(account: AccountSetup) -> AccountSetup:
    """The account with users whose names mean something to other programs."""
    for name in (ODD, "+1@evil"):
        account.add_user(name, password=True)
    for service in ("bedrock\u202egro.live\u200b", SCRIPT, MARKS, 'x" onmouseover="x'):
        account.add_credential("auditor", service)
    return account


def test_csv_runs_no_formula(home: Home, odd: AccountSetup) -> None:
    assert odd.state.account
    ran = home.run("audit", "dev", "--csv")
    assert ran.returncode == 0
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert len(rows) == 6
    assert list(rows[0]) == ["severity", "id", "resource", "name", "what", "remedy"]
    assert {f"'{ODD}", "'+1@evil"} <= {row["name"] for row in rows}
    assert any(SCRIPT in row["what"] for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert not {"\u202e", "\u200b"}.intersection(ran.stdout)


def test_markdown_means_only_text(home: Home, odd: AccountSetup) -> None:
    ran = home.run("audit", "dev", "--markdown")
    number = format_account(odd.state.account).replace("-", r"\-")
    assert ran.stdout.startswith(f"# Account {number}, ")
    assert "<script" not in ran.stdout
    assert r"a\|b\`c\*d\_e\[f\]\(g\)" in ran.stdout
    assert "@" not in ran.stdout
    assert not {"\u202e", "\u200b"}.intersection(ran.stdout)
    rows = [line for line in ran.stdout.splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_html_is_one_page_that_runs_nothing(home: Home, odd: AccountSetup) -> None:
    odd.add_sign_in("ana", age=3)
    ran = home.run("audit", "dev", "--html")
    assert ran.stdout.isascii()
    page = Page(ran.stdout)
    assert page.tags.count("svg") == 3
    assert not {"script", "link", "img", "iframe"}.intersection(page.tags)
    assert not any(name.startswith("on") or name in ("src", "href") for name in page.attributes)
    assert SCRIPT in page.words
    assert not {"\u202e", "\u200b"}.intersection(ran.stdout)
    assert "default-src 'none'" in ran.stdout
    assert "prefers-color-scheme: dark" in ran.stdout
    assert "url(" not in ran.stdout
