"""A profile's own ``credential_process``, which prints long-term keys (1Password, pass, a script) or a session.

It is run as SDKs run it: without a shell, and with the terminal if there is one. Its standard error is shown only if it
fails, and what it prints is never shown.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import CredentialsUnavailable, ProgramUnavailable
from mfa_tui.adapters.programs import run_program
from mfa_tui.adapters.system.cancellation import TimedOut
from mfa_tui.core.aws.response_checks import ImplausibleResponse, check_external_credentials
from mfa_tui.core.sessions.credential_process import RUNNING
from mfa_tui.models import AccessKeys, Secret, Session

if TYPE_CHECKING:
    from mfa_tui.adapters.programs.user_prompts import UserPrompts
    from mfa_tui.adapters.system.cancellation import CancelScope

TIMEOUT = 60.0
"""Seconds that one run may take: it may ask for a password or a fingerprint itself."""
_LONGEST = 65536
"""Bytes that it may print. Session tokens have about 400 to 5,000."""
_KEYLIKE = r"[A-Za-z0-9/+=_-]{32,}"
"""What may be a secret key or a token in its error message."""


def run_credential_process(
    line: str, profile: str, origin: str, cancel: CancelScope, prompts: UserPrompts
) -> AccessKeys | Session:
    """Run *line*, the ``credential_process`` of *profile*. Returns its long-term keys, or a session that is not cached.

    *origin* replaces the access key ID in the names of sessions made with them. Raises CredentialsUnavailable,
    Cancelled.
    """
    asking = [*os.environ.get(RUNNING, "").splitlines(), profile]
    try:
        finished = run_program.run(
            _words(line),
            cancel,
            TIMEOUT,
            on_terminal=prompts.may_use_terminal(),
            tell=lambda _: None,
            longest=_LONGEST,
            env={**os.environ, RUNNING: "\n".join(dict.fromkeys(asking))},
        )
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise ProgramUnavailable(f"{error.strerror or type(error).__name__}{where}") from None
    except ValueError:
        raise CredentialsUnavailable("its credential_process is not a command line") from None
    except TimedOut:
        raise CredentialsUnavailable(f"it did not answer within {TIMEOUT:g} s") from None
    except run_program.OutputTooLong:
        raise CredentialsUnavailable("it printed too much for credentials") from None
    if finished.status:
        said = re.sub(_KEYLIKE, "…", " ".join(finished.err.decode(errors="replace").split()))[:100]
        raise CredentialsUnavailable(f"Error when retrieving credentials from custom-process: {said}".rstrip(" :"))
    return _parse_keys(finished.out, origin)


def _parse_keys(printed: bytes, origin: str) -> AccessKeys | Session:
    """The keys in what it printed (AWS CLI User Guide, "Sourcing credentials with an external process")."""
    try:
        answer = json.loads(printed.decode())
        version, token = answer.get("Version"), answer.get("SessionToken") or ""
        key_id, secret = answer["AccessKeyId"], answer["SecretAccessKey"]
    except KeyError as missing:
        raise CredentialsUnavailable(f"{missing.args[0]} is missing from its output") from None
    except Exception as error:  # noqa: BLE001 - it may print anything; what it printed may be secret
        raise CredentialsUnavailable(f"its answer could not be read ({type(error).__name__})") from None
    if version != 1:
        raise CredentialsUnavailable("the Version in its output is not 1")
    try:
        check_external_credentials(key_id, secret, token)
    except ImplausibleResponse as wrong:
        raise CredentialsUnavailable(f"its output has no valid credentials: {wrong}") from None
    if not token:
        return AccessKeys(key_id, Secret(secret), origin)
    return Session(
        access_key_id=key_id,
        secret_access_key=Secret(secret),
        session_token=Secret(token),
        expires_at=0,
        duration=0,
        source_key_id=origin,
        serial="",
    )


def _words(line: str) -> list[str]:
    """*line* as botocore splits it. Raises ValueError."""
    from botocore.compat import compat_shell_split

    words: list[str] = compat_shell_split(line)
    if not words:
        raise ValueError(line)
    return words
