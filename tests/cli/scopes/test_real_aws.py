"""The real ``aws`` command under a scope."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from mfa_tui.demo.aws.faults import Fault
from mfa_tui.demo.aws.protocol.aws_errors import Refusal
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long, sample

if TYPE_CHECKING:
    import subprocess

AWS = str(Path(sys.executable).with_name("aws"))


def aws_cli(home: Home, *words: str) -> "subprocess.CompletedProcess[str]":
    return home.run("exec", "--scope", "read-only", "dev", "--", AWS, *words)


@long
def test_read_only_lists_and_does_nothing_else(
    home: Home, aws: StrictAws, user: User, device: Device, tmp_path: Path
) -> None:
    assert device.seed
    file = tmp_path / "file"
    file.write_text("contents")
    bucket, secret, made = (f"{kind}-{user.name}" for kind in ("bucket", "secret", "made"))
    services = boto3.Session(user.access_key_id, user.secret_access_key, region_name="eu-central-1")
    s3, secrets = (services.client(name, endpoint_url=aws.url) for name in ("s3", "secretsmanager"))
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket=bucket, Key="file", Body=b"contents")
    secrets.create_secret(Name=secret, SecretString="hidden")
    for allowed in sample(("iam list-users", "s3 ls", f"s3 ls s3://{bucket}", "secretsmanager list-secrets"), short=1):
        result = aws_cli(home, *allowed.split())
        assert (result.returncode, result.stderr) == (0, ""), allowed
    denied_commands = (
        f"s3 mb s3://{made}",
        f"s3 cp {file} s3://{bucket}/other",
        f"s3 cp s3://{bucket}/file {file}-copy",
        f"s3 rm s3://{bucket}/file",
        f"iam create-user --user-name {made}",
        f"secretsmanager create-secret --name {made} --secret-string x",
        f"secretsmanager get-secret-value --secret-id {secret}",
        f"secretsmanager delete-secret --secret-id {secret}",
    )
    for denied in sample(denied_commands, short=2):
        result = aws_cli(home, *denied.split())
        assert result.returncode != 0, denied
        assert "AccessDenied" in result.stderr or "403" in result.stderr, denied
        assert "hidden" not in result.stdout + result.stderr
    assert secrets.get_secret_value(SecretId=secret)["SecretString"] == "hidden"
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["file"]


@pytest.mark.parametrize("renew", [(), ("--renew",)])
@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(403, "AccessDenied", "User is not authorized to perform: sts:GetScopedCredentials"),
        Refusal(400, "InvalidAction", "Could not find operation GetScopedCredentials for version 2011-06-15"),
        Refusal(400, "PackedPolicyTooLarge", "The session token size of 5000 bytes exceeds the maximum."),
        Refusal(400, "MalformedPolicyDocument", "Syntax errors in policy."),
        Refusal(400, "InvalidSubjectCredentials", "The session is not valid."),
    ],
)
def test_where_aws_refuses_the_command_does_not_run(
    home: Home, aws: StrictAws, device: Device, refusal: Refusal, renew: tuple[str, ...]
) -> None:
    assert device.seed
    aws.fault(Fault(refusal=refusal), action="GetScopedCredentials", times=9)
    result = home.run("exec", *renew, "--scope", "read-only", "dev", "--", "sh", "-c", "echo ran")
    assert (result.returncode, result.stdout) == (1, "")
    lines = result.stderr.strip().splitlines()
    assert "did not limit the session of 'dev' to the scope read-only, so nothing was handed out" in lines[0]
    assert len(lines) <= 4
