"""``mfa-tui credential-process``: AWS SDKs run it for a profile with ``credential_process``, and wait for it.

While the session is valid, only the few modules named here are imported.
"""

from __future__ import annotations

import os

from mfa_tui import profile_and_scope
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.sessions.shortcuts import load_shortcut
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.cli.terminal import output
from mfa_tui.errors import Exit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def run(arguments: list[str]) -> int:
    """Print the credentials as JSON."""
    profile, scope = profile_and_scope(arguments) or _parse(arguments)
    paths, clock = Paths(os.environ), Clock()
    clock.persist_in(paths)
    known = load_shortcut(paths, profile, scope)
    if known is not None and not known.is_due(clock.aws_now()):
        output.print_result(known.process)
    else:
        from mfa_tui.cli.sessions.credential_process_slow import resolve_credentials

        output.print_result(resolve_credentials(profile, scope))
    return Exit.DONE


def parser() -> Parser:
    """The parser of its arguments."""
    from mfa_tui.cli.sessions.scope_option import add_scope_option
    from mfa_tui.cli.terminal.parser import Parser

    parser = Parser(
        "credential-process",
        "Print the profile's session as JSON for AWS SDKs, which run this command themselves (login --process sets "
        "that up). It is renewed in time: a role's with its user's session, a user's with the stored secret. Without a "
        "secret, the code is asked for on the terminal, if there is one.",
    )
    parser.add_argument("profile", metavar="PROFILE", help="a profile, or what login saved for it")
    add_scope_option(parser)
    return parser


def _parse(arguments: list[str]) -> tuple[str, str]:
    given = parser().parse_args(arguments)
    return given.profile, given.scope or ""
