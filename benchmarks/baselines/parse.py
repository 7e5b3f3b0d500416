"""Reads both AWS files, as mfa-tui or as botocore does, from disk to profiles; prints the seconds.

Usage: parse.py mfa-tui|botocore CONFIG CREDENTIALS COUNT. Fails unless COUNT profiles were found with both their keys.
"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def with_mfa_tui(config: str, credentials: str) -> Mapping[str, Mapping[str, Any]]:
    """All profiles, merged from both files."""
    files = AwsConfig(
        Document.parse(Path(config).read_bytes(), "config"),
        Document.parse(Path(credentials).read_bytes(), "credentials"),
    )
    return {name: files.merged(name) for name in files.names}


def with_botocore(config: str, credentials: str) -> Mapping[str, Mapping[str, Any]]:
    """The same by botocore's own loader."""
    session = Session()
    session.set_config_variable("config_file", config)
    session.set_config_variable("credentials_file", credentials)
    profiles: Mapping[str, Mapping[str, Any]] = session.full_config["profiles"]
    return profiles


who, config_path, credentials_path, count = sys.argv[1:]
if who == "mfa-tui":
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.awsfiles.document import Document

    read = with_mfa_tui
else:
    from botocore.session import Session

    read = with_botocore

began = time.perf_counter()
found = read(config_path, credentials_path)
took = time.perf_counter() - began
complete = [name for name, keys in found.items() if {"aws_secret_access_key", "mfa_serial"} <= keys.keys()]
if len(complete) != int(count):
    sys.exit(f"{who} read {len(complete)} complete profiles of {count}")
print(took)
