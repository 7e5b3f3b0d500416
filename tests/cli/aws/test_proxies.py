"""Proxies that answer, and missing certificates: errors name them before a code is used."""

import base64
import os
import socket
from pathlib import Path

import pytest

from mfa_tui.demo.aws.server import Device, StrictAws
from tests.support.aws.hostile import Hostile, answer, certificate
from tests.support.homes.home import Home

pytestmark = pytest.mark.both_ways


@pytest.fixture
def device(home: Home, aws: StrictAws) -> Device:
    """The device of profile ``dev``, whose AWS is behind a proxy."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.env["AWS_ENDPOINT_URL_STS"] = "https://sts.eu-central-1.amazonaws.com"
    return device


def proxy(status: str, password: str = "") -> Hostile:
    """A proxy that answers every CONNECT with *status*; with 407 as long as *password* is not given."""
    wanted = base64.b64encode(f"ana:{password}".encode())

    def handle(connection: socket.socket, head: bytes) -> None:
        assert head.startswith(b"CONNECT sts.eu-central-1.amazonaws.com:443 ")
        known = not password or b"Proxy-Authorization: Basic " + wanted in head
        connection.sendall(answer(status if known else "407 Proxy Authentication Required", b"<h1>canary</h1>"))

    return Hostile(handle)


SAID = {
    "407 Proxy Authentication Required": """\
mfa-tui: The proxy answered with status 407 instead of connecting to sts.eu-central-1.amazonaws.com.
  It requires a user name and password; HTTPS_PROXY has none, or wrong ones.
  Set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT (in both, write @ as %40, : as %3A, / as %2F).
""",
    "403 Forbidden canary": """\
mfa-tui: The proxy answered with status 403 instead of connecting to sts.eu-central-1.amazonaws.com.
  It does not allow connections to that host.
  Have sts.eu-central-1.amazonaws.com allowed there, or add it to NO_PROXY if it can be reached without the proxy.
""",
    "502 \x1b[2JBad Gateway": """\
mfa-tui: The proxy answered with status 502 instead of connecting to sts.eu-central-1.amazonaws.com.
  The proxy works, but cannot connect to that host.
  Try again later, or add sts.eu-central-1.amazonaws.com to NO_PROXY if it can be reached without the proxy.
""",
}


@pytest.mark.parametrize("status", SAID)
def test_a_proxy_that_refuses(home: Home, device: Device, status: str) -> None:
    with proxy(status) as server:
        home.env["HTTPS_PROXY"] = f"http://ana:c%40nary@127.0.0.1:{server.port}"
        before = home.credentials.read_bytes()
        result = home.run("login", "dev", "--code", device.code())
        assert len(server.requests) == 1
    assert (result.returncode, result.stderr) == (1, SAID[status])
    assert home.credentials.read_bytes() == before


def test_a_proxys_password_as_the_remedy_says_it(home: Home, device: Device) -> None:
    with proxy("502 Bad Gateway", password="p@ss:w/rd") as server:
        home.env["https_proxy"] = f"http://127.0.0.1:{server.port}"
        refused = home.run("login", "dev", "--code", device.code())
        assert "Set https_proxy to http://USER:PASSWORD@HOST:PORT" in refused.stderr
        home.env["https_proxy"] = f"http://ana:p%40ss%3Aw%2Frd@127.0.0.1:{server.port}"
        assert "status 502" in home.run("login", "dev", "--code", device.code()).stderr


def test_a_code_that_no_proxy_passed_on_is_not_used_up(home: Home, device: Device, aws: StrictAws) -> None:
    home.store_seed(device)
    with proxy("503 Service Unavailable") as server:
        home.env["HTTPS_PROXY"] = f"http://127.0.0.1:{server.port}"
        assert home.run("login", "dev").returncode == 1
    home.env["AWS_ENDPOINT_URL_STS"] = aws.url
    result = home.run("login", "dev")
    assert (result.returncode, "the next one comes" in result.stderr) == (0, False), result.stderr


def place_bundle(path: Path, content: str | None) -> str:
    """Make a file or directory at *path* as *content* says, or nothing; returns what is wrong with it."""
    if content is None:
        return f"{path}: No such file or directory."
    if content in ("directory", "pipe"):
        path.mkdir() if content == "directory" else os.mkfifo(path)
        return f"{path} is not a file."
    path.write_text(content)
    return f"There is no certificate in {path}."


@pytest.mark.usefixtures("device")
@pytest.mark.parametrize("content", [None, "", "no certificate", "directory", "pipe"])
@pytest.mark.parametrize("named", ["AWS_CA_BUNDLE", "ca_bundle", "REQUESTS_CA_BUNDLE"])
def test_missing_certificates(home: Home, aws: StrictAws, named: str, content: str | None) -> None:
    home.env["AWS_ENDPOINT_URL_STS"] = aws.url
    bundle = home.path / "ca.pem"
    why = place_bundle(bundle, content)
    if named == "ca_bundle":
        text = home.config.read_text()
        home.config.write_text(text.replace("[profile dev]\n", f"[profile dev]\nca_bundle = {bundle}\n"))
        place, remedy = "ca_bundle of the profile dev", "Correct ca_bundle in the config file, or remove it."
    else:
        home.env[named] = str(bundle)
        place, remedy = named, f"Correct {named}, or unset it."
    result = home.run("login", "dev", "--code", "123456")
    assert (result.returncode, result.stderr) == (
        2,
        f"mfa-tui: The file of certificates that {place} names cannot be used.\n  {why}\n  {remedy}\n",
    )
    assert aws.requests == []


@pytest.mark.usefixtures("device")
def test_certificates_are_checked_before_a_code_is_asked_for(home: Home) -> None:
    home.env["AWS_CA_BUNDLE"] = "~/ca.pem"
    result = home.run("login", "dev")
    assert result.returncode == 2
    assert "~/ca.pem: No such file or directory. The AWS SDK does not expand ~ there." in result.stderr


def test_certificates_do_not_matter_to_a_valid_session(home: Home, device: Device, aws: StrictAws) -> None:
    home.env["AWS_ENDPOINT_URL_STS"] = aws.url
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    home.env["AWS_CA_BUNDLE"] = "/not/there.pem"
    for command in (("login", "dev"), ("env", "dev"), ("credential-process", "dev")):
        assert home.run(*command).returncode == 0


def test_existing_certificates(home: Home, device: Device, aws: StrictAws, tmp_path: Path) -> None:
    home.env["AWS_ENDPOINT_URL_STS"] = aws.url
    home.env["AWS_CA_BUNDLE"] = str(certificate(tmp_path))
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
