"""Several pairs of AWS files, replaced keys, changed settings: one cache, and never the wrong session."""

import json
import sys
from pathlib import Path

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.cli.commands.test_credential_process import answer
from tests.cli.sessions.test_roles import identity
from tests.support.awsfiles.settled_files import let_files_settle
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long


def test_two_config_files_whose_sources_are_not_the_same(home: Home, aws: StrictAws, user: User) -> None:
    """Each has a source ``tool`` and a role with the same names, but the tools belong to two people."""
    other = aws.add_user()
    role = aws.add_role(f"both-{user.name}", trust(user.arn, other.arn))
    files = {}
    for who in (user, other):
        program = home.path / f"{who.name}.py"
        keys = {"Version": 1, "AccessKeyId": who.access_key_id, "SecretAccessKey": who.secret_access_key}
        program.write_text(f"print({json.dumps(keys)!r})")
        home.config = files[who.name] = home.aws_dir / f"config-{who.name}"
        home.config.write_text(f"[profile tool]\ncredential_process = {sys.executable} {program}\n")
        home.add_role_profile("r", role, source="tool")
    answers = []
    for who in (user, other, user, other):
        home.env["AWS_CONFIG_FILE"] = str(files[who.name])
        answers.append(answer(home, "r")["AccessKeyId"])
    assert answers[:2] == answers[2:]
    assert answers[0] != answers[1]
    assert aws.count("AssumeRole") == 2


@long
def test_a_replaced_key(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    """Sessions of the old key are not used as sessions of the new one."""
    role = aws.add_role(f"k-{user.name}", trust(user.arn))
    home.add_role_profile("r", role)
    home.store_seed(device)
    assert home.run("login", "r").returncode == 0
    first = [answer(home, name) for name in ("dev", "r", "dev", "r")]
    other = aws.add_user()
    phone = other.add_device(other.name)
    home.store_seed(phone)
    exchanged = {
        user.access_key_id: other.access_key_id,
        user.secret_access_key: other.secret_access_key,
        device.serial: phone.serial,
    }
    for path in (home.config, home.credentials):
        text = path.read_text()
        for old, new in exchanged.items():
            text = text.replace(old, new)
        path.write_text(text)
    states = {row["name"]: row["session"]["state"] for row in json.loads(home.run("list", "--json").stdout)["profiles"]}
    assert states == {"dev": "none", "r": "unproved"}
    result = home.run("credential-process", "r")
    assert (result.returncode, result.stdout) == (1, "")
    assert f"AWS denied the role k-{user.name}" in result.stderr
    assert answer(home, "dev")["AccessKeyId"] != first[0]["AccessKeyId"]
    result = home.run("login", "r")
    assert result.returncode == 1
    assert identity(home, "r-mfa").endswith(f"/{user.name}")
    # Logout takes what is left of the old key with it, known by what it wrote.
    assert home.run("logout", "r").returncode == 0
    assert "r-mfa" not in home.credentials.read_text()


def test_the_quick_answer_follows_the_settings(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    home.store_seed(device)
    role = aws.add_role(f"s-{user.name}", trust(user.arn))
    home.add_role_profile("r", role)
    home.add_profile("dev-x", user, device)
    settings = home.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('target_pattern = "{profile}-of-mine"\n')
    # A target that was never written means its source; with another pattern, it means no profile.
    assert answer(home, "r-of-mine") == answer(home, "r")
    settings.write_text('target_pattern = "{profile}-of-ours"\n')
    assert home.run("credential-process", "r-of-mine").returncode == 2
    assert answer(home, "r-of-ours") == answer(home, "r")
    settings.write_text("no toml")
    assert home.run("credential-process", "r").returncode == 2
    settings.unlink()
    assert answer(home, "r")["Version"] == 1
    assert aws.count() == 2


def test_our_files_are_private(home: Home, device: Device) -> None:
    home.store_seed(device)
    let_files_settle(home)
    assert [answer(home) for _ in range(2)]
    cache = home.path / ".cache/mfa-tui"
    for path in (cache, *cache.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    (note,) = Path(cache / "ready").iterdir()
    assert "Secret" not in note.read_text()
    # If it is damaged, it is ignored.
    for damage in ("", "\n" * 9, note.read_text().replace("900", "soon"), "\0"):
        note.write_text(damage)
        assert answer(home)["Version"] == 1
