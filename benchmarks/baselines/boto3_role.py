"""The least that a boto3 script does for a role with MFA: GetSessionToken with the code on its input, AssumeRole."""

import sys

import boto3

profile, serial, role = sys.argv[1:]
code = sys.stdin.readline().strip()
session = boto3.Session(profile_name=profile)
user = session.client("sts").get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"]
sts = session.client(
    "sts",
    aws_access_key_id=user["AccessKeyId"],
    aws_secret_access_key=user["SecretAccessKey"],
    aws_session_token=user["SessionToken"],
)
credentials = sts.assume_role(RoleArn=role, RoleSessionName="benchmark")["Credentials"]
print(credentials["Expiration"].isoformat())
