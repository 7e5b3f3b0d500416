"""Where the vault's passphrase comes from: the command of the settings, else the person at this program."""

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
    """Gives the passphrase of one vault. ``tries``: how often a wrong one may be followed by another."""

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
        """A command says the same again."""
        return 1 if self._command else _TRIES

    @property
    def asks(self) -> bool:
        """Whether a person would have to type it."""
        return not self._command

    def tell(self, what: str) -> None:
        """Tell the person that opening takes long."""
        self._prompts.report_progress(what)

    def current(self, cancel: CancelScope) -> Secret:
        """The passphrase of the vault that is there.

        Raises VaultLocked, KeyringProblem (``passphrase-command``), Cancelled.
        """
        return self._printed(cancel) or self._typed(
            new=False,
            what="The vault is locked.",
            alone="Set passphrase_command in the settings, or type the MFA code: mfa-tui login --code CODE",
        )

    def new(self, cancel: CancelScope) -> Secret:
        """One for a new vault. Raises as :meth:`current` does, and UsageError (``passphrase-short``)."""
        passphrase = self._printed(cancel) or self._typed(
            new=True,
            what="No vault was made.",
            alone="Set passphrase_command in the settings, or do this on a terminal.",
        )
        return checked_passphrase(passphrase.reveal())

    def ask_another(self) -> Secret:
        """One that is typed, for a vault that has one. Raises as :meth:`new` does."""
        passphrase = self._typed(
            new=True, what="The vault keeps the passphrase that it has.", alone="Do this on a terminal."
        )
        return checked_passphrase(passphrase.reveal())

    def _typed(self, *, new: bool, what: str, alone: str) -> Secret:
        """What the person types; *what* is so if nobody does, and *alone* what to do where there is nobody."""
        try:
            given = self._ask(new=new)
        except NoUserToAsk:
            raise VaultLocked("vault-locked", what, "There is nobody to ask for its passphrase.", alone) from None
        if given is None:
            remedy = "Do that again to be asked again; where an MFA code is wanted, it can be typed."
            raise VaultLocked("vault-locked", what, "Its passphrase was not given.", remedy)
        return given

    def _ask(self, *, new: bool) -> Secret | None:
        if self._prompts.ask_passphrase is None:
            raise NoUserToAsk
        return self._prompts.ask_passphrase(new)

    def _printed(self, cancel: CancelScope) -> Secret | None:
        """What the command prints; None if there is no command."""
        if self._command is None:
            return None
        passphrase = first_line(self._command.read_output(cancel))
        if not passphrase:
            raise self._command.failed("It printed nothing.")
        return passphrase
