"""Everything that can go wrong at login, in one table: what is said, the exit status, and how often AWS was asked.

In every row the AWS files stay as they are, byte for byte, and at most four lines are said.
"""

import socket
from collections.abc import Callable
from typing import NamedTuple

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.policy_documents import NOTHING_BEFORE_MFA
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.home import Home


class Scene:
    """A user with one virtual device whose serial is in profile ``dev``, and what a row makes of that."""

    def __init__(self, aws: StrictAws, home: Home) -> None:
        self.aws = aws
        self.home = home
        self.user: User = aws.add_user()
        self.device: Device = self.user.add_device(self.user.name)
        self.env: dict[str, str] = {}
        home.add_profile("dev", self.user, self.device)
        (home.path / ".config/mfa-tui").mkdir(parents=True)

    def words(self) -> dict[str, str]:
        """What stands in braces in the table."""
        key = self.user.access_key_id
        return {
            "code": self.device.code(),
            "device": self.device.serial,
            "key": f"{key[:4]}…{key[-4:]}",
            "config": str(self.home.config),
            "credentials": str(self.home.credentials),
        }

    def set(self, *, old: str = "", new: str) -> "Scene":
        """Replaces or appends a line of the config file."""
        text = self.home.config.read_text()
        self.home.config.write_text(text.replace(old, new) if old else text + new)
        return self

    def forget_serial(self) -> "Scene":
        return self.set(old=f"mfa_serial = {self.device.serial}\n", new="")

    def settings(self, text: str) -> None:
        (self.home.path / ".config/mfa-tui/config.toml").write_text(text)


class Row(NamedTuple):
    """One way to fail. ``said`` is all of standard error, ``given`` makes the trouble."""

    arguments: str
    said: str
    status: int
    requests: int = 0
    given: Callable[[Scene], object] = lambda _: None


def fault(ordered: faults.Fault) -> Callable[[Scene], object]:
    return lambda scene: scene.aws.fault(ordered)


def env(name: str, value: str) -> Callable[[Scene], object]:
    return lambda scene: scene.env.update({name: value})


def line(text: str) -> Callable[[Scene], object]:
    return lambda scene: scene.set(new=text)


def nobody_listens(scene: Scene) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        scene.env["AWS_ENDPOINT_URL_STS"] = f"http://127.0.0.1:{unused.getsockname()[1]}"


def reused_code(scene: Scene) -> None:
    other = Home(scene.home.path / "other", scene.aws.url)
    other.add_profile("dev", scene.user, scene.device)
    scene.env["SPENT"] = scene.device.code()
    assert other.run("login", "dev", "--code", scene.env["SPENT"]).returncode == 0
    scene.aws.reset()


def hanging(scene: Scene) -> None:
    scene.settings("timeout = 1\n")
    scene.aws.fault(faults.delay(20))


def denied(scene: Scene) -> None:
    scene.forget_serial()
    scene.user.set_policy(NOTHING_BEFORE_MFA)


def several_devices(scene: Scene) -> None:
    scene.forget_serial()
    scene.user.add_device(scene.user.name + "-tablet")


def fido_only(scene: Scene) -> None:
    scene.user = scene.aws.add_user()
    scene.user.add_fido_device("key")
    scene.home.add_profile("fay", scene.user)


def no_device(scene: Scene) -> None:
    scene.user = scene.aws.add_user()
    scene.home.add_profile("new", scene.user)


def directory_as_file(scene: Scene) -> None:
    scene.env["AWS_SHARED_CREDENTIALS_FILE"] = str(scene.home.path)


CODE = "login dev --code {code}"
SIX_DIGITS = """\
An MFA code has six digits.
{why}
Type the 6-digit code that your device shows; nothing was sent."""
NOT_ACCEPTED = """\
AWS did not accept the code for dev.
It is wrong, of another device, or was used already: AWS takes each code once.
Wait for the next code and give that one."""
PORTAL = """\
Something other than AWS answered in place of 127.0.0.1.
A network's sign-in page (a captive portal) or a proxy answered instead.
Open a browser, sign in to the network, then try again with a new code."""
NEXT_CODE = "Try again with the next code: this one may count as used."

TROUBLE = {
    # What is typed.
    "five digits": Row("login dev --code 12345", SIX_DIGITS.replace("{why}", "It has 5 digits."), 2),
    "letters": Row("login dev --code 12a456", SIX_DIGITS.replace("{why}", "It has characters other than digits."), 2),
    "full-width digits": Row(
        "login dev --code １２３４５６",
        SIX_DIGITS.replace("{why}", "Its digits are not the plain 0 to 9; switch the keyboard to ASCII."),
        2,
    ),
    "an empty code": Row("login dev --code=", SIX_DIGITS.replace("{why}", "It is empty."), 2),
    "duration out of range": Row(
        CODE + " --duration 5m",
        """\
AWS does not allow a session of 5 m.
Sessions last from 15 minutes to 36 hours (one hour at most for root).
Give --duration between 15m and 36h.""",
        2,
    ),
    "no duration": Row(
        CODE + " --duration soon",
        """\
'soon' is not a duration.
Write it as 12h, 90m, 1h30m or in seconds.""",
        2,
    ),
    "no serial": Row(
        CODE + " --serial dev",
        """\
The MFA serial in --serial is malformed.
A serial is an ARN such as arn:aws:iam::123456789012:mfa/NAME, or the number on a hardware token.
Look it up in the IAM console under your user's security credentials, and correct it.""",
        2,
    ),
    # Codes, keys and devices that AWS does not take.
    "wrong code": Row("login dev --code 000000", NOT_ACCEPTED, 1, 1),
    "reused code": Row("login dev --code {SPENT}", NOT_ACCEPTED, 1, 1, reused_code),
    "wrong serial": Row(
        CODE + " --serial {device}x",
        """\
AWS does not recognize this MFA serial as one of the user's devices.
It was {device}x.
Look the serial up in the IAM console, correct mfa_serial of dev, or give it with --serial.""",
        1,
        1,
    ),
    "deleted key": Row(
        CODE,
        """\
AWS does not know the access key {key} of dev.
It was deleted or deactivated, or belongs to another partition.
Make a new access key in the IAM console, and put it in the credentials file.""",
        1,
        1,
        lambda scene: scene.user.delete_key(),
    ),
    "wrong secret": Row(
        CODE,
        """\
The secret access key of dev does not belong to {key}.
AWS refused the signature.
Copy both keys into the credentials file again. If the secret is lost, create a new access key.""",
        1,
        1,
        lambda scene: scene.home.credentials.write_text(
            f"[dev]\naws_access_key_id = {scene.user.access_key_id}\naws_secret_access_key = wrong\n"
        ),
    ),
    "FIDO serial configured": Row(
        CODE,
        """\
The MFA device in the profile 'dev' is a FIDO key or passkey, which only works in the browser.
AWS's API takes six-digit codes, which FIDO devices do not generate.
Give the serial of a virtual MFA device. If there is none, assign an authenticator app in the console, or use \
aws login (AWS CLI 2.32+, takes passkeys).""",
        2,
        0,
        lambda scene: scene.set(old=":mfa/", new=":u2f/user/"),
    ),
    "FIDO devices only": Row(
        "login fay --code 123456",
        """\
The user of fay has FIDO keys or passkeys only; they work in the browser, not in the API.
AWS's API takes six-digit codes, and only a session made with one can add a device.
Assign an authenticator app in the console, signed in with the key, then: mfa-tui device import fay; or use aws login \
(AWS CLI 2.32+, takes passkeys).""",
        2,
        1,
        fido_only,
    ),
    "no device": Row(
        "login new --code 123456",
        """\
The user of new has no MFA device.
Enroll one: mfa-tui device enroll new""",
        2,
        1,
        no_device,
    ),
    # Questions, and nobody to ask.
    "nobody to type a code": Row(
        "login dev",
        """\
A code for dev is needed, and there is no terminal to ask on.
No secret is stored for {device}.
Log in with a code: mfa-tui login dev --code CODE; or store the secret: mfa-tui device import dev""",
        3,
    ),
    "several devices": Row(
        CODE,
        """\
The MFA device of dev is not known, and there is no terminal to ask on.
The user has several MFA devices. They are {device} and {device}-tablet.
Use --serial ARN, or add mfa_serial to the profile.""",
        3,
        1,
        several_devices,
    ),
    "devices may not be listed": Row(
        CODE,
        """\
The MFA device of dev is not known, and there is no terminal to ask on.
AWS does not let this user list MFA devices before MFA.
Use --serial ARN, or add mfa_serial to the profile.""",
        3,
        1,
        denied,
    ),
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
The connection to 127.0.0.1 broke off.
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
127.0.0.1 did not prove who it is.
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
    # AWS's bad days.
    "500": Row(
        CODE,
        """\
AWS has trouble of its own (InternalFailure).
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
AWS has trouble of its own (ServiceUnavailable).
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
Wait a minute and try again with a new code.""",
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
Its region is not the name of a region, such as eu-central-1.
See {home}/.aws/config, line 2: [profile dev] region
Set it to the name of a region, such as eu-central-1.""",
        2,
        0,
        lambda scene: scene.set(old="eu-central-1", new="eu central").env.update(AWS_ENDPOINT_URL_STS=""),
    ),
    "settings that are no TOML": Row(
        CODE,
        """\
{settings} is no TOML.
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
It is a number of seconds from 1 to 120.
Correct it.""",
        2,
        0,
        lambda scene: scene.settings("# mine\ntimeout = 9000\n"),
    ),
    # Profiles that cannot log in.
    "unknown profile": Row(
        "login dve --code 123456",
        """\
There is no profile 'dve' in the AWS files.
Did you mean dev? mfa-tui list shows all profiles.""",
        2,
    ),
    "unknown profile of the shell": Row(
        "login --code 123456",
        """\
There is no profile 'nobody' in the AWS files (from AWS_PROFILE).
mfa-tui list shows all profiles.""",
        2,
        0,
        env("AWS_PROFILE", "nobody"),
    ),
    "unknown profile of the shell, by its other name": Row(
        "code",
        """\
There is no profile 'nobody' in the AWS files (from AWS_DEFAULT_PROFILE).
mfa-tui list shows all profiles.""",
        2,
        0,
        env("AWS_DEFAULT_PROFILE", "nobody"),
    ),
    "no default profile": Row(
        "login --code 123456",
        """\
There is no profile 'default' in the AWS files and no profile was named.
mfa-tui list shows all profiles.""",
        2,
    ),
    "code refused for a role": Row(
        "login admin --code 123456",
        """\
AWS did not accept the code for dev.
It is wrong, of another device, or was used already: AWS takes each code once.
Wait for the next code and give that one.""",
        1,
        1,
        line("[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = dev\n"),
    ),
    "role without a source": Row(
        "login admin --code 123456",
        """\
The profile 'admin' cannot log in with MFA.
Source 'gone' is missing.
See {home}/.aws/config, line 7: [profile admin] source_profile
Add a profile 'gone', or correct source_profile in 'admin'.""",
        2,
        0,
        line("[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = gone\n"),
    ),
    "loop of sources": Row(
        "login one --code 123456",
        """\
The profile 'one' cannot log in with MFA.
Its sources form a loop: one → two → one.
See {home}/.aws/config, line 10: [profile two] source_profile
Correct source_profile in 'two': the chain must end at a profile with credentials.""",
        2,
        0,
        line(
            "[profile one]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = two\n"
            "[profile two]\nrole_arn = arn:aws:iam::111122223333:role/b\nsource_profile = one\n"
        ),
    ),
    "SSO": Row(
        "login corp --code 123456",
        """\
The profile 'corp' cannot log in with MFA.
It signs in through IAM Identity Center: run aws sso login --profile corp.
Log in to a profile with access keys; mfa-tui list shows all profiles.""",
        2,
        0,
        line("[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = dev\n"),
    ),
    "no keys": Row(
        "login bare --code 123456",
        """\
The profile 'bare' cannot log in with MFA.
It has no credentials.
Add access keys: aws configure --profile bare""",
        2,
        0,
        line("[profile bare]\nregion = eu-west-1\n"),
    ),
    # The AWS files.
    "credentials that cannot be read": Row(
        CODE,
        """\
{home} cannot be read.
It is a directory.
Move it away, or point AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE at a regular file.""",
        2,
        0,
        directory_as_file,
    ),
    "defective config": Row(
        CODE,
        """\
{config}, line 5: no AWS tool can read this file.
This line is neither a [section] nor 'key = value'.
Correct the line, or put a # at its start.""",
        2,
        0,
        line("no delimiter\n"),
    ),
    "target with long-term keys": Row(
        CODE + " --as dev",
        """\
The target [dev] holds long-term access keys; they are never overwritten.
A session needs a section of its own, apart from the keys that it is made from.
Choose another with --as dev-session, or with mfa_tui_target = dev-session in the profile.""",
        2,
    ),
    "target that others wrote": Row(
        CODE,
        """\
The target [dev-mfa] holds temporary credentials that mfa-tui did not write (ASIA…CLI1).
It was not replaced.
Replace it with --overwrite, or choose another target with --as.""",
        2,
        0,
        line("[profile dev-mfa]\naws_access_key_id = ASIACLI1\naws_session_token = t\naws_secret_access_key = s\n"),
    ),
    "code for several profiles": Row(
        "login dev other --code 123456",
        """\
--code and --as work with one profile only.
AWS accepts each code once, and each session needs a name of its own.
Log in to the profiles one at a time.""",
        2,
    ),
    "unknown option": Row("login dev --forse", "Unrecognized arguments: --forse.\nSee mfa-tui login --help", 2),
    "unknown command": Row("logn dev", "There is no command 'logn'.\nDid you mean mfa-tui login?", 2),
}


@pytest.fixture
def scene(aws: StrictAws, home: Home) -> Scene:
    return Scene(aws, home)


@pytest.mark.parametrize("row", TROUBLE.values(), ids=TROUBLE)
def test_trouble(scene: Scene, row: Row) -> None:
    row.given(scene)
    words = scene.words() | scene.env
    words |= {"home": str(scene.home.path), "settings": str(scene.home.path / ".config/mfa-tui/config.toml")}
    files = {path: path.read_bytes() for path in scene.home.aws_dir.iterdir()}
    result = scene.home.run(*row.arguments.format(**words).split(), env=scene.env, timeout=15)
    first, *rest = row.said.format(**words).splitlines()
    assert result.stderr == f"mfa-tui: {first}\n" + "".join(f"  {text}\n" for text in rest)
    assert (result.returncode, result.stdout, scene.aws.count()) == (row.status, "", row.requests)
    assert len(result.stderr.splitlines()) <= 4
    assert {path: path.read_bytes() for path in scene.home.aws_dir.iterdir()} == files


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{code[0]}{code[1]}{code[2]} {code[3]}{code[4]}{code[5]}\t"])
def test_a_code_may_be_pasted_with_spaces(scene: Scene, typed: str) -> None:
    result = scene.home.run("login", "dev", "--code", typed.format(code=scene.device.code()))
    assert (result.returncode, result.stderr, scene.aws.count()) == (0, "", 1)


@pytest.mark.parametrize("seconds", [600, -600])
def test_a_clock_that_is_off_by_ten_minutes_needs_no_second_code(scene: Scene, seconds: int) -> None:
    # The first request is refused for its signature's time, before AWS looks at the code.
    scene.aws.clock.offset = seconds
    result = scene.home.run("login", "dev", "--code", scene.device.code())
    off = "10 m behind" if seconds > 0 else "10 m ahead of"
    assert (
        result.stderr == f"mfa-tui: This machine's clock is {off} AWS's; that was allowed for. Set it when you can.\n"
    )
    assert (result.returncode, scene.aws.count()) == (0, 2)
    assert len(scene.aws.steps(scene.device.serial).attempted) == 1


def test_the_same_is_told_in_json(scene: Scene) -> None:
    import json

    result = scene.home.run("login", "dev", "--code", "000000", "--json")
    assert json.loads(result.stdout) == {
        "logins": [
            {
                "profile": "dev",
                "error": {
                    "code": "code-refused",
                    "what": "AWS did not accept the code for dev.",
                    "why": "It is wrong, of another device, or was used already: AWS takes each code once.",
                    "remedy": "Wait for the next code and give that one.",
                    "exit_status": 1,
                },
            }
        ]
    }
    assert result.returncode == 1
