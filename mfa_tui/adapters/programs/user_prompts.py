"""Who sits at this program, and what of them may be used meanwhile. The front ends say so; adapters ask here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.models import Secret


class NoUserToAsk(Exception):
    """Nobody is there to answer after all."""


class UserPrompts:
    """What a front end lets the rest ask of the person in front of it; by default, nothing.

    ``passphrase`` asks for the vault's passphrase and blocks meanwhile; it may be called from any thread. Its argument
    says whether the passphrase is a new one, to be typed twice. None as its answer: the person would not give it; in
    its place, or NoUserToAsk raised: there is nobody. Asked again at once for one that is not new, the last one was
    wrong.

    ``terminal`` says whether programs that we start may ask on our terminal. ``tell`` shows a sentence, without its
    full stop, about work that takes long; it may be called from any thread.
    """

    __slots__ = ("ask_passphrase", "may_use_terminal", "report_progress")

    def __init__(self, ask_passphrase: Callable[[bool], Secret | None] | None = None) -> None:
        self.ask_passphrase = ask_passphrase
        self.may_use_terminal: Callable[[], bool] = _no
        self.report_progress: Callable[[str], None] = _nothing

    def disable(self) -> None:
        """Nobody is to be disturbed from now on: the terminal is another program's."""
        self.ask_passphrase = None
        self.may_use_terminal = _no
        self.report_progress = _nothing


def _no() -> bool:
    return False


def _nothing(_: str) -> None:
    return
