"""The IAM user that a keys command is about, with a session where one is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.sessions.login_prompts import obtain_session
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.services.keys.key_owner import KeyOwner
from mfa_tui.services.keys.rotation_lock import explain_rotation

if TYPE_CHECKING:
    from mfa_tui.models import Secret
    from mfa_tui.services.operation import Operation


def keys_parser(command: str, description: str) -> Parser:
    """A parser with PROFILE and ``--code``."""
    parser = Parser(f"keys {command}", description)
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help=PROFILE_HELP)
    parser.add_argument(
        "--code", metavar="CODE", help="a code of the user's MFA device, if a session with MFA is needed"
    )
    return parser


def load_owner(operation: Operation, profile: str | None, code: str | None) -> KeyOwner:
    """Load the user behind *profile* from AWS, with a session if the user has an MFA device. It may ask for a code."""
    typed = checked_code(code) if code else None
    owner = KeyOwner(operation, profile)
    with explain_rotation(owner):
        _load_with_session(operation, owner, typed)
    return owner


def _load_with_session(operation: Operation, owner: KeyOwner, typed: Secret | None) -> None:
    owner.load()
    for _ in range(2):
        if owner.needs_session():
            output.remark("Access keys are managed with a session with MFA.")
            request = owner.session_request()._replace(code=typed)
            typed = None
            owner.use_session(obtain_session(operation, request, takes_code=True).session)
            if owner.devices is None:
                owner.load_devices()
        if owner.session_works():
            break
