"""The least that a boto3 script does for a session: one GetSessionToken with the code from standard input."""

import sys

import boto3

profile, serial = sys.argv[1:]
code = sys.stdin.readline().strip()
sts = boto3.Session(profile_name=profile).client("sts")
credentials = sts.get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"]
print(credentials["Expiration"].isoformat())
