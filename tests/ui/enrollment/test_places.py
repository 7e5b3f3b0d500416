"""The count of the pages is true on every way through an enrollment."""

import itertools

from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.models import Secret
from mfa_tui.services.devices.enrollment import Keep, NewDevice
from mfa_tui.ui.enrollment.state import EnrollmentState, Page

SERIAL = MfaSerial("arn:aws:iam::111122223333:mfa/ana")


def pages(keep: str, other: str, *, resumed: bool, known: bool) -> list[str]:
    """The places that are shown from the first to the last page, as the flow shows the pages."""
    state = EnrollmentState("dev", keep=keep, other=other)
    shown = []

    def show(page: str) -> None:
        state.page = page
        shown.append(state.place)

    if not resumed:
        show(Page.NAME)
    uri = Secret("otpauth://totp/ana?secret=A") if known or not resumed else None
    state.made = NewDevice(SERIAL, keep, None, uri)
    if state.shows_code:
        show(Page.SCAN)
    show(Page.CODES)
    if not other:
        show(Page.LOGIN)
    return shown


def test_it_is_true_on_every_way() -> None:
    for keep, other, resumed, known in itertools.product(Keep.ALL, ("", "tom"), (False, True), (False, True)):
        shown = pages(keep, other, resumed=resumed, known=known)
        numbers = [tuple(map(int, place.split(" · ")[0].split(" of "))) for place in shown]
        total = numbers[-1][1]
        first = total - len(shown) + 1
        assert numbers == [(number, total) for number in range(first, total + 1)], (keep, other, resumed, known, shown)
        # A resumed one leaves out only what was done before.
        assert first == (2 if resumed else 1)


def test_pages_before_and_after_have_no_number() -> None:
    state = EnrollmentState("dev")
    for page in (Page.CHECK, Page.DONE):
        state.page = page
        assert state.place == ""
