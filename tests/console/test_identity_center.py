"""``console`` with a profile of IAM Identity Center, whose sessions are those of a role."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from tests.console.conftest import StandIn
from tests.support.aws.clients import Keys, client
from tests.support.runner.thoroughness import long

if TYPE_CHECKING:
    import subprocess

    from mfa_tui.demo.aws.server import StrictAws, User
    from tests.support.homes.home import Home

START = "https://example.awsapps.com/start"


@pytest.fixture
def portal(aws: "StrictAws", user: "User") -> Iterator[str]:
    """Identity Center's portal, which gives the session of a role (GetRoleCredentials)."""
    role = aws.add_role(f"center-{user.name}", trust(user.arn))
    keys = Keys.of(client(aws, "sts", user).assume_role(RoleArn=role, RoleSessionName="ana@example.com"))

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            credentials = {
                "accessKeyId": keys.access_key_id,
                "secretAccessKey": keys.secret_access_key,
                "sessionToken": keys.session_token,
                "expiration": int((time.time() + 3600) * 1000),
            }
            body = json.dumps({"roleCredentials": credentials}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def center(home: "Home", portal: str) -> "Home":
    """A home that is signed in there, with the profile ``center``."""
    home.config.write_text(
        f"[profile center]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = admin\n"
        f"region = eu-west-1\n[sso-session corp]\nsso_start_url = {START}\nsso_region = eu-west-1\n"
        "sso_registration_scopes = sso:account:access\n"
    )
    cache = home.aws_dir / "sso" / "cache"
    cache.mkdir(parents=True)
    token = {
        "startUrl": START,
        "region": "eu-west-1",
        "accessToken": "token",
        "expiresAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600)),
    }
    # As the SDKs name it (``botocore.tokens.SSOTokenProvider``).
    name = hashlib.sha1(b"corp").hexdigest()  # noqa: S324
    (cache / f"{name}.json").write_text(json.dumps(token))
    home.env["AWS_ENDPOINT_URL_SSO"] = portal
    return home


def run(center: "Home", *options: str) -> "subprocess.CompletedProcess[str]":
    """Python is started for it: botocore looks up the home directory when it is imported."""
    return center.run_python("-m", "mfa_tui", "console", "center", *options)


def test_it_arrives(center: "Home", aws: "StrictAws", user: "User", browser: StandIn) -> None:
    done = run(center, "--service", "ec2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "center: console opened\n"
    assert f"assumed-role/center-{user.name}/" in browser.visit().page
    assert aws.sign_ins[-1].session_duration is None


@long
def test_signed_out_of_it(center: "Home", aws: "StrictAws", browser: StandIn) -> None:
    for path in (center.aws_dir / "sso" / "cache").iterdir():
        path.unlink()
    done = run(center)
    assert (done.returncode, done.stdout) == (1, "")
    assert "aws sso login --profile center" in done.stderr
    assert aws.count("getSigninToken") == 0
    assert not browser.started
