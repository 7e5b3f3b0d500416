"""The use cases called directly, without AWS: a home with files, a clock that stands still, and what was reported."""

import os
from pathlib import Path
from typing import Any

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.profiles.profile import Profile
from mfa_tui.models import Secret, Session
from mfa_tui.services.context import Context
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice, Progress
from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest
from mfa_tui.services.sessions.prepare import PreparedLogin, prepare
from tests.support.clocks.frozen_clock import FrozenClock, PassingWaits

NOW = 1_795_521_342
KEY = "AKIAIOSFODNN7EXAMPLE"
SERIAL = "arn:aws:iam::111122223333:mfa/ana"
DEV = (
    f"[dev]\naws_access_key_id = {KEY}\naws_secret_access_key = {'s' * 40}\nmfa_serial = {SERIAL}\nregion = eu-west-1\n"
)
"""A profile with long-term keys and a device, for the credentials file."""
ROLES = (
    "[profile admin]\nrole_arn = arn:aws:iam::444455556666:role/admin\nsource_profile = dev\n"
    "[profile audit]\nrole_arn = arn:aws:iam::777788889999:role/audit\nsource_profile = admin\n"
)
"""For the config file: a role of ``dev``, and one that is assumed with it."""


class Bench:
    """A home whose clock stands at ``NOW``; no request can be made in it."""

    def __init__(self, path: Path, config: str = "", credentials: str = DEV, **env: str) -> None:
        self.path = path
        self.config, self.credentials = path / ".aws/config", path / ".aws/credentials"
        self.env = {
            "HOME": str(path),
            "XDG_CONFIG_HOME": str(path / ".config"),
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
            **env,
        }
        self.clock = FrozenClock(NOW)
        self.cancel = PassingWaits(self.clock)
        self.reports: list[Progress | Notice] = []
        self.warnings: list[str] = []
        self.config.parent.mkdir(exist_ok=True)
        self.write(config, credentials)

    def write(self, config: str = "", credentials: str = DEV) -> None:
        """Write both files, as of an hour ago, and begin again with them."""
        for file, text in ((self.config, config), (self.credentials, credentials)):
            file.write_text(text)
            file.chmod(0o600)
            os.utime(file, (NOW - 3600,) * 2)
        self.renew()

    def set(self, settings: str) -> None:
        """Write the settings file, and begin again with it."""
        file = self.path / ".config/mfa-tui/config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(settings)
        self.renew()

    def renew(self) -> Context:
        """Begin again, as another command of the user would."""
        self.context = Context(self.env, warn=self.warnings.append, clock=self.clock)
        return self.context

    def operation(self) -> Operation:
        """A new action of the user."""
        return Operation(self.context, self.cancel, self.reports.append)

    def aws(self) -> AwsConfig:
        """Both files as they are now."""
        return self.context.files.load()

    def profile(self, name: str = "dev") -> Profile:
        """What the profile means."""
        return self.context.resolve(name).profile

    def keep(self, session: Session) -> Session:
        """Put a session into the cache."""
        self.context.cache.store(session, self.cancel)
        return session

    def prepare(self, profile: str = "dev", continuation: Continuation | None = None, **request: Any) -> PreparedLogin:
        """A login that was checked."""
        return prepare(self.operation(), LoginRequest(profile, **request), continuation or Continuation())

    @property
    def notices(self) -> list[str]:
        """The notices that were reported."""
        return [each.text for each in self.reports if isinstance(each, Notice)]

    @property
    def phases(self) -> list[str]:
        """The phases of the steps that were reported."""
        return [each.phase for each in self.reports if isinstance(each, Progress)]


def session(left: int = 9_000, *, key: str = KEY, serial: str = SERIAL, name: str = "", **changes: Any) -> Session:
    """A session with *left* seconds left; *name* goes into its access key ID."""
    values: dict[str, Any] = {
        "access_key_id": f"ASIA{name.upper():X<16}",
        "secret_access_key": Secret("secret"),
        "session_token": Secret("token"),
        "expires_at": NOW + left,
        "duration": 43_200,
        "source_key_id": key,
        "serial": serial,
    }
    return Session(**{**values, **changes})


def role_session(profile: Profile, left: int = 3_000, *, first: int | None = None, **changes: Any) -> Session:
    """A session at the end of the roles of *profile*, or of the *first* so many."""
    roles = profile.roles[:first]
    identities = tuple(role.identity for role in roles)
    return session(left, roles=identities, key=profile.credential_id, **{"duration": 3_600, **changes})
