"""Credential processes: what ours prints, and for which profile a ``credential_process`` runs mfa-tui.

The format is that of the AWS CLI User Guide, "Sourcing credentials with an external process in the AWS CLI".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Session

COMMAND = "credential-process"
RUNNING = "MFA_TUI_ASKING"
"""The environment variable with the profiles whose credential processes are running, one inside the other."""
_PROGRAMS = ("mfa-tui", "mfa-tui.exe", "mfa_tui")
"""The names of our program: the script, the same on Windows, and the module for ``python -m``."""


def process_output(session: Session) -> str:
    """The output of a credential process for *session*: one line of JSON, with the secrets in the clear."""
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


def profile_of_command_line(line: str) -> str:
    """As :func:`profile_of_process`, also for a shell that runs mfa-tui: ``sh -c 'mfa-tui …'``."""
    import shlex

    try:
        words = [line, *shlex.split(line)] if COMMAND in line else []
    except ValueError:
        words = [line]
    return next((profile for word in words if (profile := profile_of_process(word))), "")


def profile_of_process(line: str) -> str:
    """The profile for which *line*, a ``credential_process``, runs mfa-tui; empty if it runs something else."""
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
