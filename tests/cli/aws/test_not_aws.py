"""Answers that are not from AWS: nothing in them is trusted or saved, and no code is sent twice."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

pytestmark = pytest.mark.both_ways

PORTAL = """\
mfa-tui: Something other than AWS answered instead of 127.0.0.1.
  A network's sign-in page (a captive portal) or a proxy answered instead.
  Open a browser, sign in to the network, then try again with a new code.
"""


def ending(**later: float) -> str:
    return (datetime.now(UTC) + timedelta(**later)).strftime("%Y-%m-%dT%H:%M:%SZ")


PAGES = {
    "page": faults.captive_portal(),
    "xhtml": faults.captive_portal(page=faults.XHTML_PAGE),
    "empty": faults.captive_portal(page=""),
    "204": faults.captive_portal(204, ""),
    "302": faults.captive_portal(302),
    "403": faults.captive_portal(403, faults.XHTML_PAGE),
    "511": faults.captive_portal(511),
    "no request ID": faults.without_request_id(),
    "another call": faults.of_another_call(),
    "cut short": faults.cut_short(),
    "oversized": faults.oversized(8),
    "oversized chunks": faults.oversized(8, chunked=True),
    "no field": faults.altered(lambda body: body.replace(b"Credentials", b"Others")),
    "a date that is none": faults.field("Expiration", "tomorrow"),
    "a date of year 0": faults.field("Expiration", "0000-00-00T00:00:00Z"),
    "a number that is too large": faults.field("Expiration", "9" * 400),
    "a field twice": faults.altered(lambda body: body.replace(b"<Expiration>", b"<AccessKeyId/><Expiration>")),
}


@pytest.mark.parametrize("fault", PAGES.values(), ids=PAGES)
def test_pages_and_odd_xml(home: Home, aws: StrictAws, device: Device, fault: faults.Fault) -> None:
    before = home.credentials.read_bytes(), home.config.read_bytes()
    aws.fault(fault)
    result = home.run("login", "dev", "--code", device.code())
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == PORTAL.splitlines()[0]
    assert len(result.stderr.splitlines()) == 3
    assert aws.count() == 1
    assert (home.credentials.read_bytes(), home.config.read_bytes()) == before


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("AccessKeyId", "ASIA&#10;[default]&#10;x=y", "access key ID"),
        ("SecretAccessKey", "s" * 39 + "&#10;", "secret access key"),
        ("SessionToken", "t" * 40 + "&#13;&#10;[default]", "session token"),
        ("SessionToken", "", "session token"),
    ],
)
def test_invalid_keys(home: Home, aws: StrictAws, name: str, value: str, word: str) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    before = home.credentials.read_bytes(), home.config.read_bytes()
    aws.fault(faults.field(name, value))
    result = home.run("login", "dev", "--code", device.code())
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "mfa-tui: Something other than AWS answered instead of 127.0.0.1.\n"
        f"  It cannot be AWS: in its answer, the {word} is malformed. None of it was kept.\n"
        "  Check any endpoint_url and the proxy, then try again with a new code.\n"
    )
    assert (home.credentials.read_bytes(), home.config.read_bytes()) == before


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ({"seconds": -5}, "the expiry is in the past"),
        ({"hours": 1, "minutes": 7}, "the expiry is later than what was asked for"),
    ],
)
def test_an_impossible_expiry(home: Home, aws: StrictAws, device: Device, later: dict[str, float], words: str) -> None:
    aws.fault(faults.field("Expiration", ending(**later)))
    result = home.run("login", "dev", "--code", device.code(), "--duration", "1h")
    assert result.returncode == 1
    assert f"in its answer, {words}." in result.stderr
    assert "dev-mfa" not in home.credentials.read_text()


def test_the_expiry_is_by_awss_clock(home: Home, aws: StrictAws, device: Device) -> None:
    aws.clock.offset = -4 * 60
    assert home.run("login", "dev", "--code", device.code(), "--duration", "1h").returncode == 0


def test_a_shorter_session_is_accepted(home: Home, aws: StrictAws, device: Device) -> None:
    aws.fault(faults.field("Expiration", ending(minutes=12)))
    result = home.run("login", "dev", "--code", device.code(), "--duration", "12h")
    assert result.returncode == 0, result.stderr
    # It is live, though it has less left than a session of twelve hours is renewed at.
    again = home.run("login", "dev")
    assert (again.returncode, aws.count("GetSessionToken")) == (0, 1), again.stderr


def test_a_roles_keys_are_checked_too(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    role = aws.add_role(f"role-{user.name}", trust(user.account))
    home.config.write_text(home.config.read_text() + f"[profile admin]\nrole_arn = {role}\nsource_profile = dev\n")
    aws.fault(faults.field("SessionToken", "a b"), action="AssumeRole")
    result = home.run("login", "admin", "--code", device.code())
    assert result.returncode == 1
    assert "in its answer, the session token is malformed" in result.stderr
    assert "admin-mfa" not in home.credentials.read_text()


@pytest.mark.parametrize("serial", ["", "arn:aws:iam::111122223333:mfa/&#x202e;x"])
def test_invalid_serials(home: Home, aws: StrictAws, user: User, serial: str) -> None:
    device = user.add_device(user.name)
    home.add_profile("dev", user)
    aws.fault(faults.field("SerialNumber", serial))
    result = home.run("login", "dev", "--code", device.code())
    assert (result.returncode, aws.count("GetSessionToken")) == (1, 0)
    assert "in its answer, the MFA serial is malformed" in result.stderr


@pytest.mark.parametrize("arn", ["", "arn:aws:iam::111122223333:user/&#x7f;[2J"])
def test_invalid_identities(home: Home, aws: StrictAws, user: User, arn: str) -> None:
    home.add_profile("dev", user)
    aws.fault(faults.field("Arn", arn))
    result = home.run("device", "list", "dev")
    assert (result.returncode, result.stdout) == (1, "")
    assert "in its answer, the identity is malformed" in result.stderr


@long
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Base32StringSeed", "MTIzNDU2Nzg=", "the secret of the device is malformed"),
        ("SerialNumber", "arn:aws:iam::111122223333:mfa/other", "the MFA serial is another device's"),
    ],
)
def test_invalid_new_devices(new_home: Callable[[], Home], aws: StrictAws, name: str, value: str, words: str) -> None:
    home, user = new_home(), aws.add_user()
    home.add_profile("dev", user)
    aws.fault(faults.field(name, value), action="CreateVirtualMFADevice")
    result = home.run("device", "enroll", "dev", "--yes")
    assert (result.returncode, user.devices()) == (1, [])
    assert f"in its answer, {words}" in result.stderr
    again = home.run("device", "enroll", "dev", "--yes")
    assert (again.returncode, len(user.devices())) == (0, 1), again.stderr


@pytest.mark.parametrize(
    "date", ["yesterday", "Mon, 01 Jan 99999999999 00:00:00 GMT", "", "Thu, 01 Jan 0001 00:00:00 GMT"]
)
def test_an_invalid_date_header_is_ignored(home: Home, aws: StrictAws, device: Device, date: str) -> None:
    aws.fault(faults.dated(date))
    result = home.run("login", "dev", "--code", device.code())
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) <= 4
    assert (result.returncode == 0) == ("dev-mfa" in home.credentials.read_text())


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_gateways_page(home: Home, aws: StrictAws, device: Device, status: int) -> None:
    aws.fault(faults.gateway(status))
    result = home.run("login", "dev", "--code", device.code())
    assert (result.returncode, aws.count()) == (1, 1)
    assert result.stderr == (
        f"mfa-tui: A server in front of 127.0.0.1 answered with status {status}; the answer is not AWS's.\n"
        "  A proxy or gateway in between gets no response from AWS.\n"
        "  Try again with the next code: this one may count as used.\n"
    )


@pytest.mark.parametrize("trouble", ["portal", "plain http", "certificates"])
def test_a_source_whose_credentials_botocore_gets(home: Home, aws: StrictAws, user: User, trouble: str) -> None:
    token = home.path / "token"
    token.write_text("the web identity token")
    base = f"arn:aws:iam::{user.account}:role/base"
    role = aws.add_role(f"role-{user.name}", trust(user.account))
    home.config.write_text(
        f"[profile base]\nregion = eu-central-1\nweb_identity_token_file = {token}\nrole_arn = {base}\n"
        f"[profile admin]\nrole_arn = {role}\nsource_profile = base\n"
    )
    aws.fault(faults.captive_portal(page=faults.XHTML_PAGE))
    if trouble == "plain http":
        home.env["AWS_ENDPOINT_URL_STS"] = "http://sts.example.com"
    if trouble == "certificates":
        home.env["AWS_CA_BUNDLE"] = "/not/there.pem"
    result = home.run("login", "admin")
    assert (result.returncode, aws.count()) == ((1, 1) if trouble == "portal" else (2, 0))
    assert {
        "portal": "Something other than AWS answered instead of AWS.",
        "plain http": "The endpoint http://sts.example.com is not encrypted; nothing is sent to it.",
        "certificates": "The file of certificates that AWS_CA_BUNDLE names cannot be used.",
    }[trouble] in result.stderr


@pytest.mark.parametrize("marker", ["<Marker>a</Marker>", "<Marker/>", ""])
def test_a_list_without_an_end(home: Home, aws: StrictAws, user: User, marker: str) -> None:
    user.add_device(user.name)
    home.add_profile("dev", user)
    more = f"<IsTruncated>true</IsTruncated>{marker}".encode()
    unending = faults.altered(lambda body: body.replace(b"<IsTruncated>false</IsTruncated>", more))
    aws.fault(unending, action="ListMFADevices", times=1000)
    result = home.run("login", "dev", "--code", "123456")
    assert (result.returncode, aws.count("GetSessionToken") <= 1) == (1, True)
    assert "Traceback" not in result.stderr
    assert aws.count("ListMFADevices") <= 3
    if marker == "<Marker>a</Marker>":
        assert "in its answer, the list does not end" in result.stderr


@pytest.mark.parametrize("name", ["Code", "Message"])
@pytest.mark.parametrize("value", ["x" * 500_000, "a&#10;b&#10;c&#10;d&#10;e", "<a/>"])
def test_refusals_with_odd_words_are_short(home: Home, aws: StrictAws, device: Device, name: str, value: str) -> None:
    odd = dataclasses.replace(faults.throttled(), alter=faults.field(name, value).alter)
    aws.fault(odd)
    result = home.run("login", "dev", "--code", device.code())
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert len(result.stderr.splitlines()) <= 4
    assert max(map(len, result.stderr.splitlines())) < 200
