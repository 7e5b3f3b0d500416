"""Setups as people have them, with one or two typical mistakes."""

import random
from collections.abc import Callable
from typing import NamedTuple

from tests.doctor.scenes import CREDENTIALS

CONFIG = """# AWS, for all of us
[default]
region = eu-west-1
output = json

[profile dev]
region = eu-central-1
mfa_serial = SERIAL
s3 =
    max_concurrent_requests = 20
    addressing_style = path
retry_mode = standard

[profile role]
role_arn = ROLE
source_profile = dev
region = us-east-1
duration_seconds = 3600

# Identity Center
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1

[profile corp]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = reader
"""
PROFILES = ("dev", "role")
"""The profile to log in to."""


class SetUp(NamedTuple):
    """Both files, what is added to the environment, and which mistakes were made."""

    config: str
    credentials: str
    env: dict[str, str]
    mistakes: tuple[str, ...]


Mistake = Callable[[random.Random, list[str], int], None]
"""Spoils a line of a file, in place."""


def _value(change: Callable[[random.Random, str], str]) -> Mistake:
    """A mistake in the value of a line."""

    def spoil(rng: random.Random, lines: list[str], at: int) -> None:
        key, delimiter, value = lines[at].partition(" = ")
        lines[at] = f"{key}{delimiter}{change(rng, value)}" if delimiter else lines[at]

    return spoil


def _inserted(rng: random.Random, value: str) -> str:
    at = rng.randrange(len(value) + 1)
    letter = rng.choice(["\u200b", "\u00a0", "\u00ad", "\ufeff", "\u202a", "\t", " ", "é"])
    return value[:at] + letter + value[at:]


def _header(rng: random.Random, lines: list[str], at: int) -> None:
    """Another header for the section that the line is in."""
    while at and not lines[at].startswith("["):
        at -= 1
    name = lines[at].strip("[]")
    bare = name.removeprefix("profile ")
    lines[at] = rng.choice(
        [
            f"[{bare}]", f"[profile {bare}]", f"[profile{bare}]", f"[ {name}]", f"[{name} ]", f'[profile "{bare}]',
            f"[Profile {bare}]", f"[{name}] # mine", f"[{name}] # the [old] one", f'[profile "{bare}"]', f"[{name}",
            '[profile ""]', f"[profile  {bare}]", f"[{name.upper()}]", f"['{bare}']",
        ]
    )  # fmt: skip


def _dropped(_: random.Random, lines: list[str], at: int) -> None:
    del lines[at]


def _commented(_: random.Random, lines: list[str], at: int) -> None:
    lines[at] = f"# {lines[at]}"


def _indented(rng: random.Random, lines: list[str], at: int) -> None:
    lines[at] = rng.choice(["  ", "\t", " "]) + lines[at]


def _doubled(rng: random.Random, lines: list[str], at: int) -> None:
    lines.insert(rng.choice([at, len(lines)]), lines[at])


def _added(rng: random.Random, lines: list[str], at: int) -> None:
    lines.insert(
        at + 1,
        rng.choice(
            [
                "region = <region>", "credential_source = Environment", "credential_source = ec2", "role_arn =",
                "source_profile = dev", "source_profile = role", "mfa_serial = USER", "services = mine",
                "ca_bundle = /nowhere/ca.pem", "retry_mode = quick", "max_attempts = many", "endpoint_url = http://x",
                "endpoint_url = nonsense", "s3 = fast", "sts =\n  endpoint_url = http://x", "aws_session_token = left",
                "sso_session = gone", "credential_process = no-such-program", "duration_seconds = 1h",
                "external_id = x", "sts_regional_endpoints = mine", "defaults_mode = x", "words only", "= no key",
                "aws_secret_access_key = x", "mfa_tui_target = dev", "web_identity_token_file = /nowhere",
                "login_session = x", "aws_access_key_id = <your key>", "region = ", "mfa_tui_source = gone",
            ]
        ),
    )  # fmt: skip


MISTAKES: dict[str, Mistake] = {
    "comment": _value(lambda rng, value: value + rng.choice([" # mine", " ; mine", "  #x", "# mine"])),
    "quotes": _value(lambda rng, value: rng.choice(['"{}"', "'{}'", "“{}”", '"{}', "{}'"]).format(value)),
    "odd character": _value(_inserted),
    "placeholder": _value(lambda rng, _: rng.choice(["<value>", "YOUR_VALUE", "xxxxxxxx", "${VALUE}"])),
    "empty": _value(lambda _rng, _value: ""),
    "other case": _value(lambda rng, value: rng.choice([value.upper(), value.title()])),
    "header": _header,
    "line dropped": _dropped,
    "line commented out": _commented,
    "line indented": _indented,
    "line twice": _doubled,
    "line added": _added,
}
_VARIABLES = (
    {"AWS_REGION": "eu-central-1 # x"}, {"AWS_DEFAULT_REGION": "<region>"}, {"AWS_CA_BUNDLE": "/nowhere"},
    {"AWS_RETRY_MODE": "quick"}, {"AWS_DEFAULTS_MODE": "x"}, {"AWS_MAX_ATTEMPTS": "x"}, {"AWS_PROFILE": "nobody"},
    {"HTTPS_PROXY": "socks9://x"}, {"AWS_STS_REGIONAL_ENDPOINTS": "x"}, {"AWS_DEFAULT_PROFILE": ""},
)  # fmt: skip


def mangled(seed: int) -> SetUp:
    """A setup with no, one or two mistakes; always the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - no secret is made
    files = [CONFIG.splitlines(), CREDENTIALS.splitlines()]
    env: dict[str, str] = {}
    mistakes = []
    for _ in range(rng.choice([0, 1, 1, 1, 1, 2, 2])):
        if rng.random() < 1 / 12:
            env |= rng.choice(_VARIABLES)
            mistakes.append(f"variable {env}")
            continue
        name = rng.choice(list(MISTAKES))
        lines = rng.choice(files)
        at = rng.choice([number for number, line in enumerate(lines) if line.strip()])
        mistakes.append(f"{name} at {lines[at].strip()!r}")
        MISTAKES[name](rng, lines, at)
    config, credentials = ("\n".join(lines) + "\n" for lines in files)
    return SetUp(config, credentials, env, tuple(mistakes))
