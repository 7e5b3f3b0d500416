"""What a front end lets the adapters ask of its user. The front ends set it; adapters call it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.models import Secret


class NoUserToAsk(Exception):
    """There is nobody who could answer."""


class UserPrompts:
    """What may be asked of the user, and how; by default, nothing."""

    __slots__ = ("ask_passphrase", "may_use_terminal", "report_progress")

    def __init__(self, ask_passphrase: Callable[[bool], Secret | None] | None = None) -> None:
        self.ask_passphrase = ask_passphrase
        """Asks for the vault's passphrase and blocks meanwhile; may be called from any thread. The argument says
        whether it is a new passphrase, which is typed twice. It returns None if the user declines, and raises
        NoUserToAsk if there is nobody; None in its place says that too. Called again at once for a passphrase that is
        not new, it shows that the last one was wrong."""
        self.may_use_terminal: Callable[[], bool] = _no
        """Whether programs that we start may ask the user on our terminal."""
        self.report_progress: Callable[[str], None] = _ignore
        """Shows a sentence, without its full stop, about work that takes long; may be called from any thread."""

    def disable(self) -> None:
        """Ask nothing and show nothing from now on: the terminal is another program's."""
        self.ask_passphrase = None
        self.may_use_terminal = _no
        self.report_progress = _ignore


def _no() -> bool:
    return False


def _ignore(_: str) -> None:
    return
