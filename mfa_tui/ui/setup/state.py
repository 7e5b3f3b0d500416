"""The state of a setup, without the screen that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.aws.mfa_serial import VIRTUAL
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.core.text.display import quoted
from mfa_tui.errors import UsageError, sentence
from mfa_tui.ui.codes.typed_digits import TypedDigits

if TYPE_CHECKING:
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.keys.import_plan import ImportPlan
    from mfa_tui.services.setup.key_check import CheckedKey
    from mfa_tui.ui.keys.key_fields import GivenKey

_MOST_REGIONS = 5
_NO_CODE_YET = "No code is needed yet: press Enter, and the device is enrolled first."


class Page:
    """The pages, in the order in which they are shown."""

    KEY = "key"
    PROFILE = "profile"
    DEVICE = "device"


TITLES = {Page.KEY: "Access key", Page.PROFILE: "Profile and region", Page.DEVICE: "MFA device"}


class PageAnswer:
    """What the user chose on a page."""

    NEXT = "next"
    BACK = "back"


class Way(NamedTuple):
    """A way to the first session."""

    label: str
    """What it is called."""
    about: str
    """What it means, in a sentence."""
    serial: str = ""
    """The device whose code the user types; empty if AWS has to be asked, or one is enrolled."""
    enrolls: bool = False
    """Whether a new device is enrolled."""
    why_not: str = ""
    """Why it cannot be chosen; empty if it can."""


def ways(devices: tuple[MfaSerial, ...] | None) -> tuple[Way, ...]:
    """The ways to a session for a user with these MFA devices; None: AWS does not say which there are."""
    enroll = Way("Enroll an MFA device", "Your phone, this machine, or both will generate codes.", enrolls=True)
    if devices is None:
        return (Way("Type a code", "From the MFA device that you have; AWS doesn't let this user list them."), enroll)
    if not devices:
        return (enroll._replace(about=f"There is none yet. {enroll.about}"),)
    typed = [
        Way(
            f"Type a code from {serial.name}",
            sentence(f"{serial.kind_words} device" if serial.kind == VIRTUAL else serial.kind_words),
            serial.text,
            why_not="" if serial.usable else f"{serial.kind_words}: it generates no codes for AWS tools.",
        )
        for serial in devices
    ]
    another = enroll._replace(label="Enroll another MFA device", about="AWS first wants a code from one that you have.")
    return (*typed, another)


class SetupState:
    """The state of one setup: of *profile*, which has this *region*, or of a new profile if it is empty."""

    def __init__(self, profile: str = "", region: str = "") -> None:
        self.profile = profile
        self.page = Page.KEY
        self.given: GivenKey | None = None
        """The key that the user gave; None until it is complete."""
        self.checked: CheckedKey | None = None
        """What AWS says of the key; None until it was asked."""
        self.name = profile
        """The name of the profile."""
        self.region = region
        """The region, as far as it is typed."""
        self.regions: tuple[str, ...] = ()
        """All regions, once they are known."""
        self.asks_profile = not region
        """Whether the second page is shown: not for a profile that has a region already."""
        self.plan: ImportPlan | None = None
        """What will be written; None until name and region are known."""
        self.place = ""
        """Where the key will be kept, if the user had to choose; empty until then."""
        self.saved = False
        """Whether the key is written."""
        self.ways: tuple[Way, ...] = ()
        """The ways to a session."""
        self.cursor = 0
        """The index of the way that is chosen."""
        self.code = TypedDigits()
        """The code for that way, as far as it is typed before it is asked for."""
        self.problem: MfaTuiError | None = None
        """What went wrong last."""
        self.notices: tuple[str, ...] = ()
        """Remarks about the last step."""

    @property
    def step(self) -> str:
        """The number and title of this page: ``1 of 3 · Access key``."""
        pages = [page for page in TITLES if page != Page.PROFILE or self.asks_profile]
        return f"{pages.index(self.page) + 1} of {len(pages)} · {TITLES[self.page]}"

    @property
    def way(self) -> Way | None:
        """The way that is chosen; None if there is none."""
        return self.ways[self.cursor] if self.ways else None

    def use(self, checked: CheckedKey) -> None:
        """Use a key that AWS accepts."""
        self.checked = checked
        self.ways = ways(checked.devices)
        self.cursor = next(index for index, way in enumerate(self.ways) if not way.why_not)

    def choose(self, by: int) -> None:
        """Move the choice of the way by so many of those that can be chosen."""
        able = [index for index, way in enumerate(self.ways) if not way.why_not]
        self.cursor = able[(able.index(self.cursor) + by) % len(able)]

    def point(self, index: int) -> None:
        """Choose the way with this index, if that can be chosen."""
        if not self.ways[index].why_not:
            self.cursor = index

    def type_code(self, character: str, now: float) -> None:
        """Take a character of a code, if the way asks for one, or say what comes first; *now*: see ``TypedDigits``."""
        self.problem, self.notices = None, ()
        if self.way is None or self.way.enrolls:
            self.notices = (_NO_CODE_YET,)
            return
        self.code.type(character, now)
        self.problem = self.code.problem

    def paste_code(self, text: str) -> None:
        """Take a pasted code, if the way asks for one."""
        self.problem, self.notices = None, ()
        if self.way is None or self.way.enrolls:
            self.notices = (_NO_CODE_YET,)
            return
        self.code.clear()
        try:
            self.code.add(checked_code(text).reveal())
        except UsageError as refusal:
            self.problem = refusal

    def take_code(self) -> str:
        """The digits of the code that were typed so far; they are used once."""
        digits = self.code.text
        self.code.clear()
        return digits

    def matching_regions(self) -> tuple[str, ...]:
        """The first regions that have what is typed in their names; those that begin with it come first."""
        return self.all_matching_regions()[:_MOST_REGIONS]

    def all_matching_regions(self) -> tuple[str, ...]:
        """All regions that have what is typed in their names, in that order; none if it is a region itself."""
        typed = self.region.strip().lower()
        if not typed or typed in self.regions:
            return ()
        found = [region for region in self.regions if typed in region]
        return tuple(sorted(found, key=lambda region: not region.startswith(typed)))

    def refuse_region(self, found: tuple[str, ...]) -> None:
        """Say that what is typed may be each of the regions *found*."""
        typed = quoted(self.region.strip()[:60])
        self.problem = problem("region-unclear", region=typed, count=len(found), first=found[0]).as_error(UsageError)
