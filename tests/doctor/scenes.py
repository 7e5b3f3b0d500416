"""Setups with mistakes, for doctor, list and login alike."""

import json
from typing import Any

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import StrictAws
from tests.support.homes.home import Home

CONFIG = "[profile dev]\nregion = eu-central-1\nmfa_serial = SERIAL\n"
CREDENTIALS = "[dev]\naws_access_key_id = KEYID\naws_secret_access_key = SECRET\n"
ROLE = f"{CONFIG}[profile role]\nrole_arn = ROLE\nsource_profile = dev\nregion = eu-central-1\n"


class Scene:
    """A home with a user, a device and a role of its own.

    ``KEYID``, ``SECRET``, ``SERIAL``, ``USER`` and ``ROLE`` in the files stand for theirs.
    """

    def __init__(self, home: Home, aws: StrictAws) -> None:
        self.home = home
        self.aws = aws
        self.user = aws.add_user()
        self.device = self.user.add_device(self.user.name)
        self.role = aws.add_role(f"role-{self.user.name}", trust(self.user.arn))
        self._step = 0

    def write(self, config: str = CONFIG, credentials: str = CREDENTIALS) -> None:
        """Write both files, with the placeholders for the user's values replaced."""
        self.home.config.write_text(self.filled(config), encoding="utf-8")
        self.home.credentials.write_text(self.filled(credentials), encoding="utf-8")
        self.home.credentials.chmod(0o600)

    def filled(self, text: str) -> str:
        """*text* with the user's own keys, serial and role."""
        for word, own in (
            ("KEYID", self.user.access_key_id),
            ("SECRET", self.user.secret_access_key),
            ("SERIAL", self.device.serial),
            ("USER", self.user.arn),
            ("ROLE", self.role),
        ):
            text = text.replace(word, own)
        return text

    def findings(self, *arguments: str, **env: str) -> list[dict[str, Any]]:
        """The findings of doctor."""
        result = self.home.run("doctor", *arguments, "--json", env=env)
        assert result.stderr == ""
        findings: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
        assert result.returncode == any(finding["severity"] == "error" for finding in findings)
        return findings

    def login(self, profile: str = "dev", **env: str) -> tuple[int, dict[str, Any]]:
        """Exit status of a login with a fresh code, and its error; no code is sent twice."""
        before = self.aws.count()
        result = self.home.run("login", profile, "--code", self.device.code(self._step), "--json", env=env)
        self._step += self.aws.count() > before
        document = json.loads(result.stdout) if result.stdout else {}
        logins = document.get("logins") or [document]
        return result.returncode, (logins[0].get("error") or {}) if logins else {}

    def problem(self, profile: str = "dev", **env: str) -> str | None:
        """What list shows for a profile."""
        rows = json.loads(self.home.run("list", "--json", env=env).stdout)["profiles"]
        return next((row["problem"] for row in rows if row["name"] == profile), None)
