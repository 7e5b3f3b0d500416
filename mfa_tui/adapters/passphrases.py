"""Where the vault's passphrase comes from: the command of the settings, else the person at this program."""

from __future__ import annotations

from mfa_tui.adapters.settingcommands import SettingCommand
from mfa_tui.core.passphrases import first_line, new_passphrase
from mfa_tui.errors import VaultLocked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.control import Control
    from mfa_tui.adapters.person import Person
    from mfa_tui.models import Secret

_TRIES = 3


def nobody_to_ask() -> VaultLocked:
    """The error where the vault's passphrase would have to be typed, and nobody can."""
    return VaultLocked(
        "vault-locked",
        "The vault is locked.",
        "There is nobody to ask for its passphrase.",
        "Set passphrase_command in the settings, or type the MFA code: mfa-tui login --code CODE",
    )


class Passphrases:
    """Gives the passphrase of one vault. ``tries``: how often a wrong one may be followed by another."""

    def __init__(self, command: str, person: Person) -> None:
        self._person = person
        self._command: SettingCommand | None = None
        if command:
            self._command = SettingCommand(
                "passphrase_command", command, person, lacking="The vault's passphrase was not had"
            )

    @property
    def tries(self) -> int:
        """A command says the same again."""
        return 1 if self._command else _TRIES

    @property
    def asks(self) -> bool:
        """Whether a person would have to type it."""
        return not self._command

    def current(self, control: Control) -> Secret:
        """The passphrase of the vault that is there.

        Raises VaultLocked, KeyringProblem (``passphrase-command``), Cancelled.
        """
        return self._given(control, new=False)

    def new(self, control: Control) -> Secret:
        """One for a new vault. Raises as :meth:`current` does, and UsageError (``passphrase-short``)."""
        return new_passphrase(self._given(control, new=True).reveal())

    def typed(self, *, new: bool) -> Secret:
        """What the person types. Raises VaultLocked, and what the front end raises: Cancelled, UsageError."""
        ask = self._person.passphrase
        if ask is None:
            raise nobody_to_ask()
        given = ask(new)
        if given is None:
            what = "No vault was made." if new else "The vault is locked."
            remedy = "Do that again to be asked again; where an MFA code is wanted, it can be typed."
            raise VaultLocked("vault-locked", what, "Its passphrase was not given.", remedy)
        return given

    def _given(self, control: Control, *, new: bool) -> Secret:
        if self._command is None:
            return self.typed(new=new)
        passphrase = first_line(self._command.printed(control))
        if not passphrase:
            raise self._command.failed("It printed nothing.")
        return passphrase
