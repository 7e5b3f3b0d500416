"""What the pages of a setup offer, by what AWS says of the key."""

from mfa_tui.adapters.aws.iam import Identity
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.setup.key_check import CheckedKey
from mfa_tui.ui.setup import pages
from mfa_tui.ui.setup.state import Page, SetupState, ways
from mfa_tui.ui.text.spans import Line, plain_text

PHONE = MfaSerial("arn:aws:iam::111122223333:mfa/phone")
TOKEN = MfaSerial("GAHT12345678")
PASSKEY = MfaSerial("arn:aws:iam::111122223333:u2f/user/ana/passkey")
KEYS = AccessKeys("AKIAIOSFODNN7EXAMPLE", Secret("s"))


def checked(*devices: MfaSerial, user: str = "ana") -> CheckedKey:
    return CheckedKey(KEYS, Identity("111122223333", "aws", user), devices)


def words(lines: list[Line]) -> str:
    return " ".join(" ".join(map(plain_text, lines)).split())


def test_a_user_without_a_device_enrolls_one() -> None:
    assert [(way.label, way.enrolls, way.serial) for way in ways(())] == [("Enroll an MFA device", True, "")]


def test_a_user_whose_devices_are_unknown_types_a_code_or_enrolls() -> None:
    typed, enroll = ways(None)
    assert (typed.label, typed.serial, typed.enrolls, enroll.enrolls) == ("Type a code", "", False, True)
    assert "doesn't let this user list" in typed.about


def test_each_device_is_a_way_unless_it_generates_no_codes() -> None:
    state = SetupState()
    state.use(checked(PASSKEY, PHONE, TOKEN))
    assert [way.serial for way in state.ways] == [PASSKEY.text, PHONE.text, TOKEN.text, ""]
    assert [bool(way.why_not) for way in state.ways] == [True, False, False, False]
    assert [way.enrolls for way in state.ways] == [False, False, False, True]
    assert state.cursor == 1
    state.choose(-1)
    assert state.cursor == 3
    state.choose(1)
    state.choose(1)
    assert state.cursor == 2
    state.point(0)
    assert state.cursor == 2
    state.point(1)
    assert state.way == state.ways[1]


def test_the_second_page_is_left_out_for_a_profile_with_a_region() -> None:
    state = SetupState("bare", "eu-west-1")
    assert state.step == "1 of 2 · Access key"
    state.page = Page.DEVICE
    assert state.step == "2 of 2 · MFA device"
    state = SetupState("bare")
    state.page = Page.DEVICE
    assert (state.name, state.step) == ("bare", "3 of 3 · MFA device")


def test_regions_that_begin_with_what_is_typed_come_first() -> None:
    state = SetupState()
    state.regions = ("ap-east-1", "eu-central-1", "eu-west-1", "me-east-1", "us-east-1", "us-east-2", "us-gov-east-1")
    assert state.matching_regions() == ()
    state.region = " EAST"
    assert state.matching_regions() == ("ap-east-1", "me-east-1", "us-east-1", "us-east-2", "us-gov-east-1")
    state.region = "us"
    assert state.matching_regions() == ("us-east-1", "us-east-2", "us-gov-east-1")
    state.region = "eu-west-1"
    assert state.matching_regions() == ()


def test_the_root_user_is_warned() -> None:
    state = SetupState()
    state.use(checked(user=""))
    assert "the root user, account 1111-2222-3333" in words(pages.owner(state, 80))
    assert "! Nobody should use access keys of the root user" in words(pages.owner(state, 80))
    state.use(checked())
    assert "root" not in words(pages.owner(state, 80))


def test_a_page_says_what_is_saved_and_what_will_be() -> None:
    state = SetupState("bare", "eu-west-1")
    state.use(checked())
    assert words(pages.saved_text(state, 80)) == "Then the key is saved in bare, region eu-west-1."
    state.use(checked(PHONE))
    assert "The device is saved there, too" in words(pages.saved_text(state, 80))
    state.saved = True
    assert words(pages.saved_text(state, 80)) == "✓ The key is saved in bare."
