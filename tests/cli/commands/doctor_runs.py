"""Runs of ``mfa-tui doctor`` and what its JSON says."""

import json
import re
from pathlib import Path
from typing import Any

from tests.support.homes.home import Home

SECRETS = ("verysecret", "verytoken")
KEYS = "aws_access_key_id = AKIADEVDEVDEVDEVDEVD\naws_secret_access_key = verysecretverysecretverysecretverysecret\n"
TEMPORARY = f"{KEYS.replace('AKIA', 'ASIA')}aws_session_token = verytoken\n"
SERIAL = "mfa_serial = arn:aws:iam::111122223333:mfa/ana\n"
ROLE = "role_arn = arn:aws:iam::111122223333:role/admin\n"


def furnish(home: Home, config: str = f"[profile dev]\n{SERIAL}", credentials: str = f"[dev]\n{KEYS}") -> None:
    home.config.write_text(config)
    home.credentials.write_text(credentials)
    home.credentials.chmod(0o600)


def everything(home: Home) -> dict[Path, tuple[int, bytes]]:
    """All files of the home, with mode and content."""
    return {path: (path.stat().st_mode, path.read_bytes() if path.is_file() else b"") for path in home.path.rglob("*")}


def doctor(home: Home, *arguments: str, status: int = 0, **env: str) -> Any:
    """The document of ``doctor --json``; and the text says the same."""
    before = everything(home)
    result = home.run("doctor", *arguments, "--json", env=env)
    text = home.run("doctor", *arguments, env=env)
    assert everything(home) == before
    assert (result.returncode, text.returncode, result.stderr, text.stderr) == (status, status, "", "")
    assert not any(secret in result.stdout + text.stdout for secret in SECRETS)
    document = json.loads(result.stdout)
    assert list(document) == ["findings", "other_tools"]
    for finding in document["findings"]:
        assert list(finding) == ["code", "severity", "profile", "what", "why", "remedy", "place"]
        assert all(finding[part] in text.stdout for part in ("what", "why", "remedy"))
    for other in document["other_tools"]:
        assert list(other) == ["tool", "found", "change"]
        assert all(line in text.stdout for line in (other["tool"], *other["found"]))
        assert other["change"] in re.sub(r"\n {4}(?! )", " ", text.stdout)
    assert status == any(finding["severity"] == "error" for finding in document["findings"])
    return document


def codes(document: Any) -> list[tuple[str, str, str | None]]:
    return [(finding["code"], finding["severity"], finding["profile"]) for finding in document["findings"]]
