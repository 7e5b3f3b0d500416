"""``mfa-tui exec --renew``: a parent process that serves the session, and renews it while the command runs."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from mfa_tui.adapters.programs.launch import start_command
from mfa_tui.adapters.programs.signal_forwarding import SignalForwarder, StoppedBySignal
from mfa_tui.adapters.seeds.store import VAULT
from mfa_tui.adapters.sessions.credentials_endpoint import CredentialsEndpoint
from mfa_tui.adapters.sessions.shared_session import SharedSession
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.sessions.quick_session import get_session_for_child
from mfa_tui.cli.terminal import output
from mfa_tui.core.shells.variables import SHOWN_PROFILE, session_environment
from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.exec_profile import hide_default_credentials
from mfa_tui.services.sessions.renewal import get_current_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.cli.sessions.quick_session import HandedSession
    from mfa_tui.models import Session

_MESSAGE_INTERVAL = 60.0
"""Seconds between messages about failed renewals. The command uses standard error too."""


def run_with_renewal(profile: str | None, scope: str, command: Sequence[str]) -> int:
    """Run the command and return its exit status, or 128 + n if signal n ended it.

    It gets the session limited to *scope*, if that is not empty.
    A code for the first session may be asked for on the terminal.

    Raises what ``get_session_for_child`` raises, CommandNotFound, CommandNotExecutable, ConfigError, WriteProblem.
    """
    found = get_session_for_child(profile, scope)
    output.flush()
    # This may ask for the vault's passphrase, so it comes before signals are forwarded.
    renewing = _Renewal(found.profile, found.scope)
    with SignalForwarder() as relay:
        try:
            return _run(found, renewing, command, relay)
        except StoppedBySignal as stopped:
            return 128 + stopped.number


def _run(found: HandedSession, renewing: _Renewal, command: Sequence[str], relay: SignalForwarder) -> int:
    context = renewing.context
    shared = SharedSession(renewing.session, found.session, context.clock.aws_now)
    with ExitStack() as held:
        held.callback(renewing.cancel.cancel)
        shown = {SHOWN_PROFILE: found.profile}
        settings = {**found.variables, **shown, **held.enter_context(hide_default_credentials(context, found.profile))}
        endpoint = held.enter_context(CredentialsEndpoint(shared.current))
        environment = session_environment(os.environ, endpoint.variables, settings)
        return relay.run(lambda: start_command(command, environment))


class _Renewal:
    """The renewals of one profile's session. Failures are shown on standard error, but not each of many."""

    def __init__(self, profile: str, scope: str) -> None:
        # Warnings were shown when the first session was obtained.
        self.context = open_context(secrets=True, warn=lambda _: None)
        self.cancel = CancelScope()
        self._profile = profile
        self._scope = scope
        self._silent_until = 0.0
        self._open_vault()
        # The command has the terminal now.
        self.context.prompts.disable()

    def _open_vault(self) -> None:
        """Ask for the passphrase now if renewals need a secret from the vault: later nobody can be asked."""
        try:
            serial = self.context.resolve(self._profile).profile.serial
            if serial is not None and self.context.seeds.where(serial.text) == VAULT:
                self.context.seeds.load(serial.text, self.cancel)
        except Cancelled:
            raise
        except MfaTuiError as problem:
            output.say(f"mfa-tui: The session will expire without renewal. {' '.join(problem.lines())}")

    def session(self) -> Session:
        """Get the session, renewed if necessary. Raises what ``get_current_session`` raises."""
        try:
            return get_current_session(Operation(self.context, self.cancel), self._profile, scope=self._scope)
        except MfaTuiError as error:
            now = self.context.clock.monotonic()
            if now >= self._silent_until:
                self._silent_until = now + _MESSAGE_INTERVAL
                output.say(f"mfa-tui: {' '.join(error.lines())}")
            raise
