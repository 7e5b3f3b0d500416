"""What can go wrong at login, in a table: the network, AWS itself, endpoints and settings.

Each row has all that is said, the exit status, and how often AWS was asked. The AWS files stay as they are, byte for
byte, and at most four lines are said.
"""

import pytest

from mfa_tui.demo.aws import faults
from tests.cli.trouble.scene import CODE, Row, Scene, check, env, fault
from tests.support.aws.hostile import nobody
from tests.support.runner.thoroughness import quick_cases

pytestmark = pytest.mark.both_ways

PORTAL = """\
Something other than AWS answered instead of 127.0.0.1.
A network's sign-in page (a captive portal) or a proxy answered instead.
Open a browser, sign in to the network, then try again with a new code."""
NEXT_CODE = "Try again with the next code: this one may count as used."


def nobody_listens(scene: Scene) -> None:
    scene.env["AWS_ENDPOINT_URL_STS"] = scene.held.enter_context(nobody())


def hanging(scene: Scene) -> None:
    scene.settings("timeout = 1\n")
    scene.aws.fault(faults.delay(20))


TROUBLE = {
    # The network.
    "no network": Row(
        CODE,
        """\
127.0.0.1 cannot be reached.
There is no network, no DNS, or nothing listens at that endpoint.
Check the connection, VPN and any endpoint_url, then try again.""",
        1,
        0,
        nobody_listens,
    ),
    "no such host": Row(
        CODE,
        """\
sts.invalid cannot be reached.
There is no network, no DNS, or nothing listens at that endpoint.
Check the connection, VPN and any endpoint_url, then try again.""",
        1,
        0,
        env("AWS_ENDPOINT_URL_STS", "https://sts.invalid"),
    ),
    **{
        f"captive portal, {status}{kind}": Row(CODE, PORTAL, 1, 1, fault(faults.captive_portal(status, page)))
        for status in (200, 302, 511)
        for kind, page in (("", faults.LOOSE_PAGE), (", XHTML", faults.XHTML_PAGE))
    },
    "captive portal in place of IAM": Row(
        CODE, PORTAL, 1, 1, lambda scene: scene.forget_serial().aws.fault(faults.captive_portal())
    ),
    "dropped connection": Row(
        CODE,
        """\
The connection to 127.0.0.1 was dropped.
The other end closed it without an answer.
"""
        + NEXT_CODE,
        1,
        1,
        fault(faults.dropped()),
    ),
    "server that hangs": Row(
        CODE,
        """\
127.0.0.1 did not answer in time.
The network is slow, or something blocks the connection.
"""
        + NEXT_CODE,
        1,
        1,
        hanging,
    ),
    "not AWS's certificate": Row(
        CODE,
        """\
127.0.0.1 could not prove its identity.
Its certificate is not trusted here: a company proxy or a network's sign-in page may be in between.
Sign in to the network in a browser, or name the proxy's certificate in AWS_CA_BUNDLE or ca_bundle.""",
        1,
        0,
        lambda scene: scene.env.update(AWS_ENDPOINT_URL_STS=scene.aws.url.replace("http:", "https:")),
    ),
    "proxy that is down": Row(
        CODE,
        """\
The proxy cannot be reached.
HTTPS_PROXY names a proxy that does not respond.
Correct or unset HTTPS_PROXY, or add the host to NO_PROXY.""",
        1,
        0,
        lambda scene: scene.env.update(
            AWS_ENDPOINT_URL_STS="https://sts.invalid", HTTPS_PROXY="http://user:canary@127.0.0.1:1"
        ),
    ),
    "proxy that is none": Row(
        CODE,
        """\
No request could be made to sts.invalid.
The address of the proxy or of the endpoint cannot be used.
Check HTTPS_PROXY and any endpoint_url, then try again.""",
        1,
        0,
        lambda scene: scene.env.update(AWS_ENDPOINT_URL_STS="https://sts.invalid", HTTPS_PROXY="::canary"),
    ),
    # Failures of AWS.
    "500": Row(
        CODE,
        """\
AWS had an internal error (InternalFailure).
The request processing has failed because of an unknown error, exception or failure.
"""
        + NEXT_CODE,
        1,
        1,
        fault(faults.server_error(500)),
    ),
    "503": Row(
        CODE,
        """\
AWS had an internal error (ServiceUnavailable).
The request has failed due to a temporary failure of the server.
"""
        + NEXT_CODE,
        1,
        1,
        fault(faults.server_error(503)),
    ),
    "throttling": Row(
        CODE,
        """\
AWS is throttling this account's requests.
Too many were made in a short time.
Wait a minute, then try again with a new code.""",
        1,
        1,
        fault(faults.throttled()),
    ),
    # Endpoints and settings.
    "plain http to another host": Row(
        CODE,
        """\
The endpoint http://sts.example.com is not encrypted; nothing is sent to it.
Plain http is for this machine only.
See the environment variable AWS_ENDPOINT_URL_STS.
Change it to https, or remove it.""",
        2,
        0,
        env("AWS_ENDPOINT_URL_STS", "http://canary:canary@sts.example.com"),
    ),
    "endpoint that is no URL": Row(
        CODE,
        """\
The endpoint that is set for STS is not a URL.
A URL starts with https://, or with http:// for this machine.
See the environment variable AWS_ENDPOINT_URL_STS.
Correct it, or remove it.""",
        2,
        0,
        env("AWS_ENDPOINT_URL_STS", "127.0.0.1:5000"),
    ),
    "region that is none": Row(
        CODE,
        """\
The profile 'dev' cannot log in with MFA.
Region is not the name of a region, such as eu-central-1.
See {home}/.aws/config, line 2: [profile dev] region
Set it to the name of a region, such as eu-central-1.""",
        2,
        0,
        lambda scene: scene.set(old="eu-central-1", new="eu central").env.update(AWS_ENDPOINT_URL_STS=""),
    ),
    "settings that are no TOML": Row(
        CODE,
        """\
{settings} is not valid TOML.
Invalid value (at line 1, column 11).
Correct that line, or remove the file.""",
        2,
        0,
        lambda scene: scene.settings("timeout = \n"),
    ),
    "setting that is too large": Row(
        CODE,
        """\
{settings}, line 2: timeout cannot be 9000.
It must be a number of seconds from 1 to 120.
Correct it.""",
        2,
        0,
        lambda scene: scene.settings("# mine\ntimeout = 9000\n"),
    ),
}


@quick_cases(5)
@pytest.mark.parametrize("row", TROUBLE.values(), ids=TROUBLE)
def test_trouble(scene: Scene, row: Row) -> None:
    check(scene, row)
