"""What the enrollment of a device has come to, without the screen that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.services.devices.enrollment import Keep
from mfa_tui.ui.codes.typed_pair import TypedPair

if TYPE_CHECKING:
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.devices.enrollment import Made
    from mfa_tui.services.devices.iam_user import IamUser
    from mfa_tui.services.sessions.outcomes import Done


class Page:
    """What is shown, in this order. LOOK comes before the numbered ones, DONE after them."""

    LOOK = "look"
    NAME = "name"
    SCAN = "scan"
    CODES = "codes"
    LOGIN = "login"
    DONE = "done"


TITLES = {
    Page.NAME: "Name and storage",
    Page.SCAN: "QR code",
    Page.CODES: "Two codes",
    Page.LOGIN: "First login",
}


class Wish:
    """What the user wants on a page."""

    NEXT = "next"
    BACK = "back"
    BACKUP = "backup"


class Enrolling:
    """The state of one enrollment for *profile*; *replaces* is the serial of the device that goes for it, or empty.

    ``user``, ``made`` and ``done`` are None until they are known; ``problem`` is what stood in the way last, and
    ``notices`` are remarks; ``not_here`` says why the secret cannot be kept on this machine; ``pair`` are
    the two codes as far as they are typed; ``writes``: the profile is to name the new device; ``old`` is what became
    of the replaced device, in a few words; ``picture``: where a picture of the secret was saved, or empty.
    """

    def __init__(self, profile: str, replaces: str = "", keep: str = Keep.BOTH) -> None:
        self.profile = profile
        self.replaces = replaces
        self.page = Page.LOOK
        self.user: IamUser | None = None
        self.suggested = ""
        self.name = ""
        self.keep = keep
        self.not_here = ""
        self.made: Made | None = None
        self.enabled = False
        self.pair = TypedPair()
        self.writes = True
        self.done: Done | None = None
        self.problem: MfaTuiError | None = None
        self.notices: tuple[str, ...] = ()
        self.old = ""
        self.picture = ""

    @property
    def place(self) -> str:
        """Where this page is among those to come: ``1 of 4 · Name and storage``."""
        pages = [page for page in TITLES if page != Page.SCAN or self.shows_code]
        if self.page not in pages:
            return ""
        return f"{pages.index(self.page) + 1} of {len(pages)} · {TITLES[self.page]}"

    @property
    def shows_code(self) -> bool:
        """Whether a phone is to take the secret, and it is there to be shown."""
        keep = self.made.keep if self.made else self.keep
        return keep != Keep.HERE and (self.made is None or self.made.uri is not None)

    @property
    def types_codes(self) -> bool:
        """Whether the two codes are typed."""
        return self.page == Page.CODES and self.made is not None and self.made.keep == Keep.PHONE

    @property
    def can_keep(self) -> tuple[str, ...]:
        """The places among which the user can choose."""
        return (Keep.PHONE,) if self.not_here else Keep.ALL

    def keep_nothing_here(self, why: str) -> None:
        """The secret cannot be kept on this machine."""
        self.not_here = why
        self.keep = Keep.PHONE

    def choose(self, by: int) -> None:
        """The place so many further in the list."""
        places = self.can_keep
        self.keep = places[(places.index(self.keep) + by) % len(places)]
