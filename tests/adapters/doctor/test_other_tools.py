"""What other tools have on the disk: looked at, never changed, never fatal."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from mfa_tui.adapters.doctor.other_tools import traces_on_disk

NOW = 1_800_000_000
"""2027-01-15T08:00:00Z."""
ROLE = "arn:aws:sts::111122223333:assumed-role/admin/botocore-session-1"


def answer(expiration: object = "2027-01-15T09:00:00UTC", **more: object) -> str:
    """An answer of AssumeRole, as botocore caches it."""
    keys = {"AccessKeyId": "ASIA", "SecretAccessKey": "verysecret", "SessionToken": "verysecret"}
    role = {"AssumedRoleUser": {"AssumedRoleId": "AROA:x", "Arn": ROLE}}
    return json.dumps({"Credentials": {**keys, "Expiration": expiration}, **role, **more})


def put(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def found(home: Path, **env: str) -> dict[str, list[str]]:
    before = {path: (path.stat().st_mtime_ns, path.stat().st_mode) for path in home.rglob("*")}
    lines = traces_on_disk(env, str(home), NOW)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_mode) for path in home.rglob("*")} == before
    assert "verysecret" not in str(lines)
    return lines


def test_an_empty_home(tmp_path: Path) -> None:
    assert found(tmp_path) == {}


@pytest.mark.parametrize(
    "expiration",
    ["2027-01-15T09:00:00UTC", "2027-01-15T09:00:00Z", "2027-01-15T09:00:00+00:00", "2027-01-15 10:00:00+01:00"],
)
def test_a_role_session_of_the_aws_cli(tmp_path: Path, expiration: str) -> None:
    put(tmp_path / ".aws/cli/cache/0a1b.json", answer(expiration))
    assert found(tmp_path) == {"AWS CLI cache": [f"a session of {ROLE}, until 2027-01-15T09:00:00Z"]}


def test_many_role_sessions(tmp_path: Path) -> None:
    for number in range(8):
        put(tmp_path / f".aws/cli/cache/{number}.json", answer(f"2027-01-15T09:0{number}:00Z"))
        put(tmp_path / f".aws/cli/cache/old{number}.json", answer("2020-01-01T00:00:00Z"))
    put(tmp_path / ".aws/cli/cache/session.db", "not ours to read")
    lines = found(tmp_path)["AWS CLI cache"]
    assert lines[0] == f"a session of {ROLE}, until 2027-01-15T09:07:00Z"
    assert lines[5:] == ["3 more sessions in ~/.aws/cli/cache", "8 expired sessions in ~/.aws/cli/cache"]


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", "7", '"text"', "{}", '{"Credentials": []}', '{"Credentials": {"Expiration": 7}}',
        '{"Credentials": {"Expiration": "soon"}}', answer("9999-99-99T00:00:00Z"), answer(None), "[" * 200_000,
        answer(padding="x" * 2_000_000), "\ud800",
    ],
    ids=lambda content: content[:30] or "empty",
)  # fmt: skip
def test_a_damaged_file_is_passed_over_with_a_word(tmp_path: Path, content: str) -> None:
    path = tmp_path / ".aws/cli/cache/x.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert found(tmp_path) == {
        "AWS CLI cache": ["~/.aws/cli/cache/x.json, which was skipped: it is damaged or cannot be read"]
    }


@pytest.mark.skipif(os.name != "posix", reason="pipes in the file system are POSIX's")
def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    cache = tmp_path / ".aws/cli/cache"
    cache.mkdir(parents=True)
    os.mkfifo(cache / "pipe.json")
    (cache / "directory.json").mkdir()
    (cache / "dangling.json").symlink_to("nowhere")
    lines = traces_on_disk({}, str(tmp_path), NOW)["AWS CLI cache"]
    assert len(lines) == 3
    assert all("was skipped" in line for line in lines)


def test_a_role_is_shown_without_control_characters(tmp_path: Path) -> None:
    put(tmp_path / ".aws/cli/cache/x.json", answer(AssumedRoleUser={"Arn": "\x1b[31m" + "r" * 500}))
    put(tmp_path / ".aws/cli/cache/y.json", answer("2027-01-15T08:30:00Z", AssumedRoleUser=[]))
    first, second = found(tmp_path)["AWS CLI cache"]
    assert first.isprintable()
    assert len(first) < 400
    assert second == "a session, until 2027-01-15T08:30:00Z"


def test_awsume(tmp_path: Path) -> None:
    ends = datetime.fromtimestamp(NOW + 3600).strftime("%Y-%m-%d %H:%M:%S")  # noqa: DTZ006 - awsume's are local
    session = {"AccessKeyId": "ASIA", "SecretAccessKey": "verysecret", "SessionToken": "verysecret", "Expiration": ends}
    put(tmp_path / ".awsume/config.yaml", "colors: true\n")
    put(tmp_path / ".awsume/cache/aws-credentials-AKIADEVDEVDEVDEVDEVD", json.dumps(session))
    put(tmp_path / ".awsume/cache/aws-credentials-AKIABAD", "{")
    put(tmp_path / ".awsume/cache/role-credentials", "{")
    assert found(tmp_path) == {
        "awsume": [
            "its settings in ~/.awsume",
            "~/.awsume/cache/aws-credentials-AKIABAD, which was skipped: it is damaged or cannot be read",
            "a session made with the access key AKIA…DEVD, until 2027-01-15T09:00:00Z",
        ]
    }


def test_awsume_where_xdg_says(tmp_path: Path) -> None:
    put(tmp_path / "conf/awsume/config.yaml")
    put(tmp_path / "cache/awsume/aws-credentials-AKIA", "{")
    lines = found(tmp_path, XDG_CONFIG_HOME=str(tmp_path / "conf"), XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert lines["awsume"][0] == "its settings in ~/conf/awsume"
    assert lines["awsume"][1].startswith("~/cache/awsume/aws-credentials-AKIA, which was skipped")
    assert found(tmp_path) == {}


def test_aws_vault(tmp_path: Path) -> None:
    for name in (
        "dev",
        "a%20b",
        "sts.GetSessionToken%2CZGV2%2C%2C1",
        "sts.AssumeRole,ZGV2,,1",
        "oidc%3Ahttps%3A%2F%2Fx",
    ):
        put(tmp_path / ".awsvault/keys" / name)
    put(tmp_path / ".local/share/keyrings/awsvault.keyring")
    put(tmp_path / "Library/Keychains/aws-vault.keychain-db")
    assert found(tmp_path) == {
        "aws-vault": [
            "keys of 'a b' and 'dev' in ~/.awsvault/keys, encrypted",
            "its keyring ~/.local/share/keyrings/awsvault.keyring",
            "its keychain ~/Library/Keychains/aws-vault.keychain-db",
        ]
    }
    put(tmp_path / "elsewhere/ops")
    for directory in ("~/elsewhere", str(tmp_path / "elsewhere")):
        lines = found(tmp_path, AWS_VAULT_FILE_DIR=directory)
        assert lines["aws-vault"][0] == "keys of 'ops' in ~/elsewhere, encrypted"


def test_many_keys(tmp_path: Path) -> None:
    for number in range(9):
        put(tmp_path / f".awsvault/keys/p{number}")
    line = "keys of 'p0', 'p1', 'p2', 'p3', 'p4' and 4 more in ~/.awsvault/keys, encrypted"
    assert found(tmp_path) == {"aws-vault": [line]}


def test_granted(tmp_path: Path) -> None:
    put(tmp_path / "conf/granted/config")
    put(tmp_path / "data/keyrings/granted-aws-iam-credentials.keyring")
    xdg = {"XDG_CONFIG_HOME": str(tmp_path / "conf"), "XDG_DATA_HOME": str(tmp_path / "data")}
    assert found(tmp_path, **xdg)["Granted"] == [
        "its settings in ~/conf/granted",
        "its keyring ~/data/keyrings/granted-aws-iam-credentials.keyring",
    ]
    # Its old place is preferred.
    put(tmp_path / ".granted/config")
    put(tmp_path / ".granted/secure-storage-aws-iam-credentials/dev")
    assert found(tmp_path, **xdg)["Granted"][:2] == [
        "its settings in ~/.granted",
        "keys of 'dev' in ~/.granted, encrypted",
    ]


def test_leapp(tmp_path: Path) -> None:
    put(tmp_path / ".Leapp/Leapp-lock.json", "encrypted")
    assert found(tmp_path) == {"Leapp": ["its sessions in ~/.Leapp/Leapp-lock.json, encrypted"]}


def test_directories_that_cannot_be_listed(tmp_path: Path) -> None:
    put(tmp_path / ".awsvault/keys")
    put(tmp_path / ".awsume")
    put(tmp_path / ".aws/cli")
    put(tmp_path / ".granted")
    put(tmp_path / ".Leapp")
    assert found(tmp_path) == {}
