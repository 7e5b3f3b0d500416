"""Where the vault's passphrase comes from: the command in the settings, else the user."""

from __future__ import annotations

from mfa_tui.adapters.programs.user_prompts import NoUserToAsk
from mfa_tui.core.seeds.passphrase import checked_passphrase, first_line
from mfa_tui.errors import VaultLocked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.programs.secret_command import SettingsCommand
    from mfa_tui.adapters.programs.user_prompts import UserPrompts
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Secret

_TRIES = 3


class PassphraseSource:
    """The source of one vault's passphrase."""

    def __init__(self, command: str, prompts: UserPrompts) -> None:
        self._prompts = prompts
        self._command: SettingsCommand | None = None
        if command:
            from mfa_tui.adapters.programs.secret_command import SettingsCommand

            self._command = SettingsCommand(
                "passphrase_command", command, prompts, lacking="No passphrase for the vault came"
            )

    @property
    def tries(self) -> int:
        """How often a passphrase may be tried. A command would print the same again."""
        return 1 if self._command else _TRIES

    @property
    def asks(self) -> bool:
        """Whether the user has to type it."""
        return not self._command

    def tell(self, what: str) -> None:
        """Show the user that opening takes long."""
        self._prompts.report_progress(what)

    def get_current(self, cancel: CancelScope) -> Secret:
        """Get the passphrase of the existing vault.

        Raises VaultLocked, KeyringProblem (``passphrase-command``), Cancelled.
        """
        return self._run_command(cancel) or self._ask_user(
            new=False,
            what="The vault is locked.",
            alone="Set passphrase_command in the settings, or type the MFA code: mfa-tui login --code CODE",
        )

    def get_new(self, cancel: CancelScope) -> Secret:
        """Get a passphrase for a new vault. Also raises UsageError (``passphrase-short``)."""
        passphrase = self._run_command(cancel) or self._ask_user(
            new=True,
            what="No vault was created.",
            alone="Set passphrase_command in the settings, or do this on a terminal.",
        )
        return checked_passphrase(passphrase.reveal())

    def ask_another(self) -> Secret:
        """Ask the user for a new passphrase for the existing vault. Raises as :meth:`get_new` does."""
        passphrase = self._ask_user(
            new=True, what="The vault keeps its current passphrase.", alone="Do this on a terminal."
        )
        return checked_passphrase(passphrase.reveal())

    def _ask_user(self, *, new: bool, what: str, alone: str) -> Secret:
        """Ask the user. *what* is the error if there is no answer, and *alone* the remedy if there is nobody to ask."""
        try:
            given = self._ask(new=new)
        except NoUserToAsk:
            raise VaultLocked("vault-locked", what, "There is nobody to ask for its passphrase.", alone) from None
        if given is None:
            # A code may do in place of a stored secret, but not in place of a new vault.
            remedy = "Try again to enter it" + ("." if new else ", or type the MFA code if one is needed.")
            raise VaultLocked("vault-locked", what, "Its passphrase was not given.", remedy)
        return given

    def _ask(self, *, new: bool) -> Secret | None:
        if self._prompts.ask_passphrase is None:
            raise NoUserToAsk
        return self._prompts.ask_passphrase(new)

    def _run_command(self, cancel: CancelScope) -> Secret | None:
        """Run the command and return what it prints; None if there is no command."""
        if self._command is None:
            return None
        passphrase = first_line(self._command.read_output(cancel))
        if not passphrase:
            raise self._command.failed("It printed nothing.")
        return passphrase
