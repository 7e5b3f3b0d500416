"""Accounts as the user calls them, in the list, the details and the top line."""

import pytest

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.keys.known_user import KnownUser
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.settings.values import AccountSettings
from mfa_tui.services.listing.overview import ProfileRow
from mfa_tui.services.sessions.lookup import SessionState, State
from mfa_tui.ui.profiles import columns
from mfa_tui.ui.profiles.details import ProfileDetails
from mfa_tui.ui.profiles.details_text import lines
from mfa_tui.ui.profiles.header import header, named_at
from mfa_tui.ui.state.action_log import Entry
from mfa_tui.ui.state.app_state import AppState
from mfa_tui.ui.state.live_sessions import LiveSession
from mfa_tui.ui.text.accounts import account_span
from mfa_tui.ui.text.spans import Tone, plain_text
from mfa_tui.ui.widgets.styled import STYLES
from tests.support.homes.bench import Bench

ID = "111122223333"
PROD = AccountSettings(name="acme-PROD", color="red")
CONFIG = f"[profile dev]\nmfa_serial = arn:aws:iam::{ID}:mfa/ana\n"
KEYS = "[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
AWS = AwsConfig(Document.parse(CONFIG.encode(), "config"), Document.parse(KEYS.encode(), "credentials"))
ROW = ProfileRow(read_profile(AWS, "dev"), "dev-mfa", SessionState(State.NONE), has_seed=False)


@pytest.mark.parametrize(
    ("label", "alias", "shown"),
    [
        (None, "", ("1111-2222-3333", Tone.DIM)),
        (None, "acme", ("acme", Tone.DIM)),
        (PROD, "acme", ("▲ acme-PROD", Tone.BAD)),
        (AccountSettings(color="red"), "", ("▲ 1111-2222-3333", Tone.BAD)),
        (AccountSettings(color="purple"), "acme", ("■ acme", Tone.PURPLE)),
        (AccountSettings(name="sandbox"), "", ("sandbox", Tone.DIM)),
    ],
)
def test_an_account_has_a_sign_wherever_it_has_a_color(
    label: AccountSettings | None, alias: str, shown: tuple[str, str]
) -> None:
    assert account_span(label, KnownUser(ID, alias)) == shown
    assert shown[1] in STYLES


def test_the_list_has_the_name_and_gives_it_room() -> None:
    cells = columns.cells(ROW, Entry(), now=0, monotonic=0, label=PROD)
    assert (cells.account, cells.sign) == (("▲ acme-PROD", Tone.BAD), ("▲", Tone.BAD))
    plain = columns.cells(ROW, Entry(), now=0, monotonic=0)
    assert (plain.account, plain.sign) == (("1111-2222-3333", Tone.DIM), ("", Tone.PLAIN))
    assert [columns.columns(110, 20, with_account=True, account=each).account for each in (14, 20, 99)] == [14, 20, 24]
    assert columns.columns(80, 20, with_account=False, account=20).account == 0
    # Where there is no such column, the sign stands after the name, which gets the room for it.
    names = [columns.columns(110, 20, with_account=each, signs=True).name for each in (True, False)]
    assert names == [20, 22]


def test_the_details_have_it_beside_the_profile() -> None:
    details = ProfileDetails(ROW, Entry(), None, None, None, 0.0, 0.0, {"login": "⏎"}, label=PROD)
    for wide in (False, True):
        assert plain_text(lines(details, 70, wide=wide)[0]).startswith("dev  ▲ acme-PROD")
    # Where there is little room, the name is enough.
    assert "  ana · 1111-2222-3333" in plain_text(lines(details, 38, wide=False)[0])
    assert plain_text(lines(details, 37, wide=False)[0]) == "dev  ▲ acme-PROD  ana"


def test_production_stands_out_in_the_top_line(bench: Bench) -> None:
    bench.write(CONFIG + "[profile other]\nregion = x\n", KEYS)
    bench.env["AWS_PROFILE"] = "dev"
    bench.set(f'[accounts.{ID}]\nname = "acme-PROD"\ncolor = "red"\n')
    state = AppState(bench.context, {})
    state.use_files(state.load_files())
    top = header(state, [], 80)
    assert "shell dev  no session   ▲ acme-PROD " in plain_text(top)
    assert [span.text for span in top if span.tone == Tone.ALARM] == [" ▲ acme-PROD "]
    assert plain_text(header(state, [], 45)).startswith("mfa-tui  shell dev  no session   ▲ acme-PROD")
    assert plain_text(header(state, [], 44)).startswith("shell dev  no session   ▲ acme-PROD ")
    assert (state.longest, state.accounts.longest) == (len("other"), 14)
    bench.set("")
    state = AppState(bench.context, {})
    state.use_files(state.load_files())
    assert not [span for span in header(state, [], 80) if span.tone == Tone.ALARM]
    # The number of an account without a label is shown if there is room for it.
    assert plain_text(header(state, [], 80)).rstrip() == "mfa-tui  shell dev  no session  1111-2222-3333"
    assert "1111" not in plain_text(header(state, [], 40))
    assert state.unknown == {"key", "used", "role"}


def test_a_valid_session_for_production_stands_in_the_top_line(bench: Bench) -> None:
    other = ID.replace("1", "9")
    bench.write(CONFIG + f"[profile prod]\nmfa_serial = arn:aws:iam::{other}:mfa/ana\n", KEYS)
    bench.env["AWS_PROFILE"] = "dev"
    bench.set(f'[accounts.{other}]\nname = "acme-PROD"\ncolor = "red"\n')
    state = AppState(bench.context, {})
    state.use_files(state.load_files())
    now = state.now()
    sessions = [LiveSession(name, now, now + 3600.5, ending=False) for name in ("dev", "prod")]
    top = header(state, sessions, 80)
    assert plain_text(top).endswith("2 live   ▲ prod 1 h")
    assert top[-1].tone == Tone.BAD
    assert named_at(state, sessions, top, 79) == "prod"
    assert named_at(state, sessions, top, 64) == ""
    # The number of sessions is what there may be no room for.
    assert plain_text(header(state, sessions, 46)).split("session")[1].strip() == "▲ prod 1 h"
    # So is the program's name.
    shown = plain_text(header(state, sessions, 38))
    assert (shown.startswith("shell dev  no session"), shown.endswith("▲ prod 1 h"), len(shown)) == (True, True, 38)
    # The account of the shell is shown anyway.
    bench.env["AWS_PROFILE"] = "prod"
    state = AppState(bench.context, {})
    state.use_files(state.load_files())
    assert plain_text(header(state, sessions, 80)).count("prod") == 1


BARE = AwsConfig(Document.parse(b"", "config"), Document.parse(KEYS.encode(), "credentials"))


@pytest.mark.parametrize(
    ("known", "cell", "device"),
    [
        (KnownUser(), ("looked up at login", Tone.DIM), ""),
        (KnownUser(ID, serial=f"arn:aws:iam::{ID}:mfa/ana"), ("found   ana", Tone.DIM), "ana · found at a login"),
        (KnownUser(ID, serial="GAHT12345678"), ("found   GAHT12345678", Tone.DIM), "GAHT12345678 · found at a login"),
        (KnownUser(ID, fido_only=True), ("✗ FIDO key, no codes", Tone.BAD), "✗ FIDO keys or passkeys only"),
    ],
)
def test_what_a_login_found_is_shown_until_the_profile_names_a_device(
    known: KnownUser, cell: tuple[str, str], device: str
) -> None:
    row = ProfileRow(read_profile(BARE, "dev"), "dev-mfa", SessionState(State.NONE), has_seed=False)
    cells = columns.cells(row, Entry(), now=0, monotonic=0, known=known)
    assert cells.mfa == cell
    assert cells.account.text == ("1111-2222-3333" if known.account else "")
    details = ProfileDetails(row, Entry(), None, None, None, 0.0, 0.0, {"login": "⏎"}, known=known)
    shown = [plain_text(each) for each in lines(details, 70, wide=True)]
    found = [each for each in shown if each.startswith("Device")]
    assert [each[9:].startswith(device) for each in found] == [True] * bool(device)
