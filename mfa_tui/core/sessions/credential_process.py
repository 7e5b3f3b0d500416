"""Credential processes: what ours prints, and for which profile a ``credential_process`` runs mfa-tui.

The format is that of the AWS CLI User Guide, "Sourcing credentials with an external process in the AWS CLI".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Session

COMMAND = "credential-process"
SCOPE_OPTION = "--scope"
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
    return next((profile for word in _commands(line) if (profile := profile_of_process(word))), "")


def profile_of_process(line: str) -> str:
    """The profile for which *line*, a ``credential_process``, runs mfa-tui; empty if it runs something else."""
    return _request(line)[0]


def scope_of_command_line(line: str) -> str:
    """The scope that *line* asks mfa-tui for, as ``profile_of_command_line`` finds the profile; empty for none."""
    return next((scope for word in _commands(line) if (scope := _request(word)[1])), "")


def _commands(line: str) -> list[str]:
    """What may run mfa-tui: the line, and each word of it, which may be a shell's script."""
    if COMMAND not in line:
        return []
    import shlex

    try:
        return [line, *shlex.split(line)]
    except ValueError:
        return [line]


def _request(line: str) -> tuple[str, str]:
    """The profile and the scope for which *line* runs mfa-tui; both are empty if it runs something else."""
    if COMMAND not in line:
        return "", ""
    import shlex

    for posix in (True, False):
        try:
            words = [word if posix else word.strip('"') for word in shlex.split(line, posix=posix)]
        except ValueError:
            continue
        for at, before in enumerate(words[:-1]):
            ours = before.replace("\\", "/").rpartition("/")[2].lower() in _PROGRAMS
            if ours and words[at + 1] == COMMAND:
                return _arguments(words[at + 2 :])
    return "", ""


def _arguments(words: list[str]) -> tuple[str, str]:
    """The profile and the scope in the arguments of our command, whichever comes first."""
    profile = scope = ""
    options = True
    rest = iter(words)
    for word in rest:
        if options and word == "--":
            options = False
        elif options and word == SCOPE_OPTION:
            scope = next(rest, "")
        elif options and word.startswith(SCOPE_OPTION + "="):
            scope = word.removeprefix(SCOPE_OPTION + "=")
        elif not profile:
            profile = word
    return profile, scope
