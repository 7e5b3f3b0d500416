"""The least that a credential process does with boto3 and a secret in the keyring: one GetSessionToken, JSON."""

import json
import sys

import boto3
import keyring
import pyotp

profile, serial = sys.argv[1:]
seed = json.loads(keyring.get_password("mfa-tui", serial) or "{}")["seed"]
sts = boto3.Session(profile_name=profile).client("sts")
credentials = sts.get_session_token(SerialNumber=serial, TokenCode=pyotp.TOTP(seed).now())["Credentials"]
print(json.dumps({"Version": 1, **credentials, "Expiration": credentials["Expiration"].isoformat()}))
