"""What a credential process prints, and telling whose credentials one asks mfa-tui for.

Format: AWS CLI User Guide, «Sourcing credentials with an external process».
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Session

COMMAND = "credential-process"
RUNNING = "MFA_TUI_ASKING"
"""Environment variable: the profiles whose credential processes are running, one inside the other."""
RENEWAL_THRESHOLD = 900
"""With less than this left, in seconds, SDKs run the process again at every use (botocore: from 15 minutes down)."""
_PROGRAMS = ("mfa-tui", "mfa-tui.exe", "mfa_tui")
"""What our program is called: a script, the same on Windows, the module behind ``python -m``."""


def process_output(session: Session) -> str:
    """*session* as a credential process prints it: one line of JSON."""
    import json

    from mfa_tui.core.sessions.expiry import format_utc

    return json.dumps(
        {
            "Version": 1,
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": session.secret_access_key.reveal(),
            "SessionToken": session.session_token.reveal(),
            "Expiration": format_utc(session.expires_at),
        }
    )


def renewal_threshold(duration: int) -> int:
    """Seconds left from which on a session of *duration* seconds is renewed.

    Short sessions later: one of 900 s would otherwise be renewed at every use.
    """
    return min(RENEWAL_THRESHOLD, duration * 3 // 4)


def profile_of_command_line(line: str) -> str:
    """As :func:`profile_of_process`, and where a shell that *line* runs does it: ``sh -c 'mfa-tui …'``."""
    import shlex

    try:
        words = [line, *shlex.split(line)] if COMMAND in line else []
    except ValueError:
        words = [line]
    return next((profile for word in words if (profile := profile_of_process(word))), "")


def profile_of_process(line: str) -> str:
    """The profile whose credentials *line*, a ``credential_process``, asks mfa-tui for; empty if it does not."""
    if COMMAND not in line:
        return ""
    import shlex

    for posix in (True, False):
        try:
            words = [word if posix else word.strip('"') for word in shlex.split(line, posix=posix)]
        except ValueError:
            continue
        for before, command, *rest in zip(words, words[1:], words[2:], [*words[3:], ""], strict=False):
            if command == COMMAND and before.replace("\\", "/").rsplit("/", 1)[-1].lower() in _PROGRAMS:
                return rest[1] if rest[0] == "--" else rest[0]
    return ""
