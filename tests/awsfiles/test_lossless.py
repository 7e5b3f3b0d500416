"""Login then logout, over every shape of files: only the target changes, and then every byte is back."""

import shutil
from collections.abc import Callable
from typing import Any

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.services.login.logout import log_out
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    CREDENTIALS,
    KEY_ID,
    SERIAL,
    age,
    as_botocore_reads,
    beside,
    contents,
    context_of,
    furnish,
    hold_session,
    log_in,
    new_session,
)
from tests.support.awsfiles.shapes import ACCESS_KEY_ID, MFA_SERIAL, Shape, pairs
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long, quick_cases

OURS = """[t]
aws_access_key_id = ASIAOLD
aws_secret_access_key = old
aws_session_token = old
x_security_token_expires = 2020-01-01T00:00:00Z
mfa_tui_source = dev
"""


def test_there_are_two_hundred_shapes() -> None:
    assert len(pairs()) >= 200
    assert len({(shape.config, shape.credentials) for shape in pairs()}) >= 200


@quick_cases(30)
@pytest.mark.parametrize(
    "shape",
    # Those made by hand, and every third of the generated ones.
    [
        pytest.param(shape, id=shape.name, marks=long if shape.name.startswith("generated") and number % 3 else ())
        for number, shape in enumerate(pairs())
    ],
)
def test_only_the_target_changes_and_logout_restores_every_byte(home: Home, shape: Shape) -> None:
    home.config.write_bytes(shape.config)
    home.credentials.write_bytes(shape.credentials)
    age(home)
    session = hold_session(home, new_session(ACCESS_KEY_ID, MFA_SERIAL))
    before = as_botocore_reads(home.config), as_botocore_reads(home.credentials)

    assert log_in(home, serial=MFA_SERIAL).target == "dev-mfa"

    config, credentials = contents(home)
    assert_only_added(shape.config, config)
    assert_only_added(shape.credentials, credentials)
    after = as_botocore_reads(home.config), as_botocore_reads(home.credentials)
    assert without(after[0], "profile dev-mfa") == before[0]
    assert without(after[1], "dev-mfa") == before[1]
    assert list(after[1])[:-1] == list(before[1])
    target = after[1]["dev-mfa"]
    assert target["aws_access_key_id"] == session.access_key_id
    assert target["aws_session_token"] == session.session_token.reveal()

    age(home)
    log_out(context_of(home), "dev", CancelScope())
    assert contents(home) == (shape.config, shape.credentials)
    assert beside(home) == set()


def assert_only_added(old: bytes, new: bytes) -> None:
    """*new* is *old* with something put in at one place."""
    start = 0
    while start < len(old) and start < len(new) and old[start] == new[start]:
        start += 1
    rest = old[start:]
    assert new.endswith(rest)
    assert len(new) >= len(old)


def without(sections: Any, target: str) -> dict[str, Any]:
    return {name: values for name, values in sections.items() if name != target}


@pytest.mark.parametrize("name", ["plain", "comments everywhere", "plain, CRLF", "generated 7", "indented section"])
def test_the_real_command_does_the_same(home: Home, name: str) -> None:
    shape = next(shape for shape in pairs() if shape.name == name)
    home.config.write_bytes(shape.config)
    home.credentials.write_bytes(shape.credentials)
    hold_session(home, new_session(ACCESS_KEY_ID, MFA_SERIAL))
    result = home.run("login", "dev", "--serial", MFA_SERIAL)
    assert result.returncode == 0, result.stderr
    assert_only_added(shape.config, home.config.read_bytes())
    assert_only_added(shape.credentials, home.credentials.read_bytes())
    assert contents(home) != (shape.config, shape.credentials)
    assert home.run("logout", "dev").returncode == 0
    assert contents(home) == (shape.config, shape.credentials)


@quick_cases(6)
@pytest.mark.parametrize(
    "section",
    [
        "[t]\n",
        "[t]\n\n\n",
        "[t]",
        "[t]\r\n",
        "# above\n[t]\n# inside\n",
        "[t]\nregion = eu-west-1\n",
        "[t]\n  region = eu-west-1",
        "[t]\n# mine\nregion = eu-west-1\n\n# last\n[z]\nx = 1\n",
        "[t]\ns3 =\n  addressing_style = path\n",
    ],
    ids=repr,
)
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_section_of_the_user_s_keeps_its_content(home: Home, section: str, place: str) -> None:
    ended = section if section.endswith("\n") or place == "last" else section + "\n"
    credentials = ended + CREDENTIALS if place == "first" else CREDENTIALS + ended
    furnish(home, credentials=credentials)
    old = contents(home)
    theirs = dict(as_botocore_reads(home.credentials)["t"])

    log_in(home, target="t")

    found = as_botocore_reads(home.credentials)
    assert theirs.items() <= found["t"].items()
    assert found["t"]["mfa_tui_source"] == "dev"
    assert_every_line_is_there(old[1], home.credentials.read_bytes())

    log_out(context_of(home), "dev", CancelScope())
    assert contents(home) == old


def assert_every_line_is_there(old: bytes, new: bytes) -> None:
    """All lines of *old* are in *new*, in the same order."""
    rest = iter(new.splitlines())
    assert all(any(line == found for found in rest) for line in old.splitlines())


def test_the_users_lines_in_our_section_stay(home: Home) -> None:
    furnish(home, credentials=CREDENTIALS + "\n# the session\n" + OURS.replace("[t]\n", "[t]\n# mine\noutput = json\n"))
    log_in(home, target="t")
    written = home.credentials.read_text()
    assert "\n# the session\n[t]\n# mine\noutput = json\n" in written
    assert as_botocore_reads(home.credentials)["t"]["aws_access_key_id"] != "ASIAOLD"

    log_out(context_of(home), "dev", CancelScope())
    assert home.credentials.read_text() == CREDENTIALS + "\n# the session\n[t]\n# mine\noutput = json\n"


@pytest.mark.parametrize("position", range(1, 6))
def test_a_comment_added_to_our_section_survives_its_removal(home: Home, position: int) -> None:
    furnish(home)
    log_in(home, target="t")
    lines = home.credentials.read_text().splitlines(keepends=True)
    start = lines.index("[t]\n")
    lines.insert(start + position, "# do not delete\n")
    home.credentials.write_text("".join(lines))
    age(home)
    log_out(context_of(home), "dev", CancelScope())
    assert home.credentials.read_text() == f"{CREDENTIALS}\n[t]\n# do not delete\n"


def test_what_the_user_adds_to_our_config_section_stays(home: Home) -> None:
    furnish(home)
    log_in(home)
    with home.config.open("a") as file:
        file.write("cli_pager = less\n# mine\n")
    with home.credentials.open("a") as file:
        file.write("output = json\n")
    age(home)
    hold_session(home, new_session(access_key_id="ASIANEXT"))
    log_in(home)
    assert as_botocore_reads(home.config)["profile dev-mfa"]["cli_pager"] == "less"
    assert as_botocore_reads(home.credentials)["dev-mfa"]["aws_access_key_id"] == "ASIANEXT"
    log_out(context_of(home), "dev", CancelScope())
    assert as_botocore_reads(home.config)["profile dev-mfa"] == {"cli_pager": "less"}
    assert home.config.read_text().endswith("cli_pager = less\n# mine\n")
    assert as_botocore_reads(home.credentials)["dev-mfa"] == {"output": "json"}


def test_a_foreign_config_section_of_the_target_is_left_alone(home: Home) -> None:
    config = f"{CONFIG}[profile dev-mfa]\nregion = us-east-1 \n; mine\n"
    furnish(home, config=config)
    old = contents(home)
    log_in(home)
    assert home.config.read_bytes() == old[0]
    log_out(context_of(home), "dev", CancelScope())
    assert contents(home) == old


def test_what_aws_mfa_wrote_is_taken_over(home: Home) -> None:
    credentials = f"""[x-long-term]
aws_access_key_id = {KEY_ID}
aws_secret_access_key = secret
aws_mfa_device = {SERIAL}

# the session
[x]
assumed_role = False
aws_access_key_id = ASIAOLD
aws_secret_access_key = old
aws_session_token = old
aws_security_token = old
expiration = 2020-01-01 00:00:00
region = eu-west-1
assumed_role_arn = arn:old

[z]
aws_access_key_id = AKIAOTHER
"""
    furnish(home, config="", credentials=credentials)
    assert log_in(home, "x").target == "x"
    found = as_botocore_reads(home.credentials)
    assert set(found["x"]) == {
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "x_security_token_expires",
        "mfa_tui_source", "region",
    }  # fmt: skip
    assert found["x"]["aws_session_token"] == new_session().session_token.reveal()
    head, _, tail = credentials.partition("[x]\n")
    assert home.credentials.read_text().startswith(head + "[x]\n")
    assert home.credentials.read_text().endswith("\n\n[z]\naws_access_key_id = AKIAOTHER\n")
    log_out(context_of(home), "x", CancelScope())
    assert home.credentials.read_text() == head + "[x]\nregion = eu-west-1\n" + tail[tail.index("\n[z]") :]


@pytest.mark.parametrize(("header", "section"), [("[default]", "default"), ("[profile default]", "profile default")])
def test_default_as_the_target(home: Home, header: str, section: str) -> None:
    """A section for default is the user's: its settings are not ours to replace."""
    furnish(home, config=f"{CONFIG}{header}\noutput = json\n")
    old = contents(home)
    log_in(home, target="default")
    assert home.config.read_bytes() == old[0]
    assert as_botocore_reads(home.credentials)["default"]["mfa_tui_source"] == "dev"
    assert as_botocore_reads(home.config)[section] == {"output": "json"}
    log_out(context_of(home), "dev", CancelScope())
    assert contents(home) == old


def test_a_new_default(home: Home) -> None:
    furnish(home)
    old = contents(home)
    log_in(home, target="default")
    assert as_botocore_reads(home.config)["default"]["region"] == "eu-central-1"
    log_out(context_of(home), "dev", CancelScope())
    assert contents(home) == old


def test_a_serial_is_saved_in_the_profile_and_nothing_else(home: Home) -> None:
    config = CONFIG.replace(f"mfa_serial = {SERIAL}\n", "")
    furnish(home, config=config)
    log_in(home, serial=SERIAL, remember_serial=True)
    assert_only_added(config.encode(), home.config.read_bytes().partition(b"\n[profile dev-mfa]")[0])
    assert as_botocore_reads(home.config)["profile dev"]["mfa_serial"] == SERIAL


def test_one_file_for_both(home: Home) -> None:
    furnish(home, config="", credentials=f"{CREDENTIALS}region = eu-west-1\n\n[profile dev]\noutput = json\n")
    home.env["AWS_CONFIG_FILE"] = str(home.credentials)
    old = home.credentials.read_bytes()
    log_in(home)
    found = as_botocore_reads(home.credentials)
    assert found["dev-mfa"]["mfa_tui_source"] == "dev"
    assert found["profile dev-mfa"]["output"] == "json"
    log_out(context_of(home), "dev", CancelScope())
    assert home.credentials.read_bytes() == old


def test_several_targets_go_at_once(home: Home) -> None:
    furnish(home)
    old = contents(home)
    for target in ("one", "two words", "default", "ü"):
        log_in(home, target=target)
    log_out(context_of(home), None, CancelScope())
    assert contents(home) == old


def test_files_that_were_not_there_are_made_private(new_home: Callable[[], Home]) -> None:
    home = new_home()
    furnish(home, config=f"{CONFIG}aws_access_key_id = {KEY_ID}\naws_secret_access_key = secret\n")
    home.credentials.unlink()
    shutil.move(home.config, home.path / "elsewhere")
    home.env["AWS_CONFIG_FILE"] = str(home.path / "elsewhere")
    home.aws_dir.rmdir()
    log_in(home)
    assert home.aws_dir.stat().st_mode & 0o777 == 0o700
    assert home.credentials.stat().st_mode & 0o777 == 0o600
