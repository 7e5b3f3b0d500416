"""What tests of stored keys ask of a home."""

import json
from collections.abc import Iterable
from pathlib import Path

from tests.support.homes.home import Home

SERVICE = "mfa-tui keys"


def both_files(home: Home) -> tuple[bytes, bytes]:
    """The bytes of the config and of the credentials file."""
    return home.config.read_bytes(), home.credentials.read_bytes()


def in_keyring(home: Home, access_key_id: str) -> str:
    """The secret of a key in the throw-away keyring; empty if it has none."""
    path = home.path / "keyring.json"
    entries: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    return entries.get(SERVICE, {}).get(access_key_id, "")


def files_with(home: Home, text: str, besides: Iterable[str] = ()) -> list[Path]:
    """The files anywhere in the home that contain *text*, except those called one of *besides*."""
    return [
        path
        for path in sorted(home.path.rglob("*"))
        if path.is_file() and path.name not in besides and text.encode() in path.read_bytes()
    ]
