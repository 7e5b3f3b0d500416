"""The state of an enrollment, without the screen that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.services.devices.enrollment import Keep
from mfa_tui.ui.codes.typed_two_codes import TypedTwoCodes

if TYPE_CHECKING:
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.devices.enrollment import NewDevice
    from mfa_tui.services.devices.iam_user import IamUser
    from mfa_tui.services.sessions.outcomes import LoginResult


class Page:
    """The pages, in the order in which they are shown. CHECK comes before the numbered ones, DONE after them."""

    CHECK = "check"
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


class PageAnswer:
    """What the user chose on a page."""

    NEXT = "next"
    BACK = "back"
    BACKUP = "backup"


class EnrollmentState:
    """The state of one enrollment for *profile*.

    *replaces* is the serial of the device that the new one replaces; empty if it replaces none. *other* is the IAM user
    for whom an administrator enrolls, with the session of *profile*; empty for the user of the profile itself.
    """

    def __init__(self, profile: str, replaces: str = "", keep: str = Keep.BOTH, *, other: str = "") -> None:
        self.profile = profile
        self.other = other
        self.replaces = replaces
        self.page = Page.CHECK
        self.user: IamUser | None = None
        """The IAM user; None until AWS has answered."""
        self.suggested = ""
        """The name that we suggest for the device."""
        self.name = ""
        """The name as the user has typed it so far."""
        self.keep = keep
        """Where the secret will be kept; see :class:`Keep`."""
        self.not_here = ""
        """Why the secret cannot be kept on this machine; empty if it can."""
        self.made: NewDevice | None = None
        """The device; None until it is created."""
        self.enabled = False
        """Whether the device is enabled."""
        self.two_codes = TypedTwoCodes()
        """The two codes, as far as they are typed."""
        self.writes = True
        """Whether the profile will name the new device."""
        self.done: LoginResult | None = None
        """The login that verified the device; None until then."""
        self.problem: MfaTuiError | None = None
        """What went wrong last."""
        self.notices: tuple[str, ...] = ()
        """Remarks about the last step."""
        self.old = ""
        """What happened to the replaced device, in a few words."""
        self.picture = ""
        """Where a picture of the secret was saved; empty if it was not."""

    @property
    def place(self) -> str:
        """The number and title of this page: ``1 of 4 · Name and storage``."""
        left_out = (*(() if self.shows_code else (Page.SCAN,)), *((Page.LOGIN,) if self.other else ()))
        pages = [page for page in TITLES if page not in left_out]
        if self.page not in pages:
            return ""
        return f"{pages.index(self.page) + 1} of {len(pages)} · {TITLES[self.page]}"

    @property
    def shows_code(self) -> bool:
        """Whether there is a QR code to show: a phone will take the secret, and we have it."""
        keep = self.made.keep if self.made else self.keep
        return keep != Keep.HERE and (self.made is None or self.made.uri is not None)

    @property
    def types_codes(self) -> bool:
        """Whether the user types the two codes."""
        return self.page == Page.CODES and self.made is not None and self.made.keep == Keep.PHONE

    @property
    def can_keep(self) -> tuple[str, ...]:
        """The places that the user can choose from."""
        return (Keep.PHONE,) if self.not_here else Keep.ALL

    def keep_nothing_here(self, why: str) -> None:
        """Offer the phone only, as the secret cannot be kept on this machine; *why* says the reason."""
        self.not_here = why
        self.keep = Keep.PHONE

    def choose(self, by: int) -> None:
        """Move the choice of the place by so many entries."""
        places = self.can_keep
        self.keep = places[(places.index(self.keep) + by) % len(places)]
