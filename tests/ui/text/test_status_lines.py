"""What the screen says, decided without a screen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.text.display import with_placeholders
from mfa_tui.errors import KeyringProblem, NetworkProblem, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.listing.overview import LimitedTarget, ProfileRow
from mfa_tui.services.progress import TOUCH, Awaits, Progress
from mfa_tui.services.seeds.current_code import Code
from mfa_tui.services.sessions.lookup import SessionState, State
from mfa_tui.ui.codes.device_choices import choice_lines, choices, moved
from mfa_tui.ui.commands.command import bar_items, command_action
from mfa_tui.ui.commands.keymap import key_label, keys_of
from mfa_tui.ui.commands.profile_commands import BY_ID, COMMANDS, SPARE, Situation
from mfa_tui.ui.profiles import columns, details_text
from mfa_tui.ui.profiles.details import ProfileDetails
from mfa_tui.ui.state.action_log import ActionLog, Entry
from mfa_tui.ui.text import cells
from mfa_tui.ui.text.big_digits import big_code
from mfa_tui.ui.text.spans import Tone, format_seconds, format_time, plain_text, progress_bar, wrapped
from mfa_tui.ui.text.status_lines import progress_lines
from mfa_tui.ui.widgets.command_bar import fitting

NOW = 1_790_000_000
SERIAL = "arn:aws:iam::111122223333:mfa/phone"
FIDO = "arn:aws:iam::111122223333:u2f/user/ana/key"
RFC_SEED = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")

CONFIG = f"""\
[profile dev]
region = eu-central-1
mfa_serial = {SERIAL}
[profile fido]
mfa_serial = {FIDO}
[profile token]
mfa_serial = GAHT12345678
[profile bare]
region = us-east-1
[profile admin]
role_arn = arn:aws:iam::444455556666:role/admin
source_profile = dev
[profile deep]
role_arn = arn:aws:iam::444455556666:role/deep
source_profile = admin
[profile long]
role_arn = arn:aws:iam::444455556666:role/long
source_profile = dev
duration_seconds = 14400
[profile from-sso]
role_arn = arn:aws:iam::444455556666:role/x
source_profile = sso
[profile lost]
role_arn = arn:aws:iam::444455556666:role/admin
source_profile = gone
[profile sso]
sso_start_url = https://example.com
sso_account_id = 999988887777
sso_role_name = r
[profile process]
credential_process = /bin/true
[profile empty]
output = json
"""
KEYS = "".join(
    f"[{name}]\naws_access_key_id = AKIA{name}\naws_secret_access_key = s\n"
    for name in ("dev", "fido", "token", "bare")
)
AWS = AwsConfig(Document.parse(CONFIG.encode(), "config"), Document.parse(KEYS.encode(), "credentials"))


def row(name: str, session: SessionState | None = None, *, has_seed: bool = False) -> ProfileRow:
    return ProfileRow(read_profile(AWS, name), f"{name}-mfa", session or SessionState(State.NONE), has_seed=has_seed)


LIVE = SessionState(State.LIVE, NOW + 40_800, NOW + 39_900)


@pytest.mark.parametrize(
    ("session", "now", "words"),
    [
        (LIVE, NOW, "✓ 11 h 20 m"),
        (LIVE, NOW + 39_901, "! 14 m left"),
        (LIVE, NOW + 40_800, "! expired"),
        (SessionState(State.UNVERIFIED, NOW + 3600), NOW, "? 1 h"),
        (SessionState(State.UNVERIFIED), NOW, "? unknown"),
        (SessionState(State.ENDED, NOW - 1), NOW, "! expired"),
        (SessionState(State.NONE), NOW, "none"),
    ],
)
def test_a_session_is_shown_by_shape_and_word(session: SessionState, now: float, words: str) -> None:
    assert columns.session_cell(session, now).text == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dev", "phone   phone"),
        ("token", "token   GAHT12345678"),
        ("fido", "✗ FIDO key, no codes"),
        ("bare", "looked up at login"),
        ("admin", "← dev"),
        ("deep", "← admin ← dev"),
        ("lost", "✗ source 'gone' is missing"),
        ("sso", "– signs in with aws sso login"),
        ("process", "– uses a credential process"),
        ("empty", "– has no access keys"),
    ],
)
def test_the_second_column_shows_the_device_or_why_not(name: str, words: str) -> None:
    assert columns.cells(row(name), Entry(), now=NOW, monotonic=0)[1].text == words


def test_the_session_column_shows_what_runs_and_what_failed() -> None:
    action_log = ActionLog()
    action_log.begin("dev")
    # It has not said what it does yet, so it needs nothing of the user.
    assert columns.activity_cell(action_log.entry("dev"), 0) == ("◌ working", "busy")
    assert told(view(row("dev"), entry=action_log.entry("dev")), 48).count("◌ working") == 1
    for awaits, short, long in (
        (Awaits.CODE, "needs a code", "waiting for your code"),
        (Awaits.CONSENT, "asks you", "waiting for your yes or no"),
    ):  # fmt: skip
        action_log.set_progress("dev", None, awaits=awaits)
        assert columns.activity_cell(action_log.entry("dev"), 0) == (f"◌ {short}", "busy")
        assert f"◌ {long}" in told(view(row("dev"), entry=action_log.entry("dev")), 48)
    for phase, word in (
        ("discovering", "looking up"), ("keyring", "reading"), ("touch", "touch key"), ("writing", "writing"),
        ("of a later version", "working"),
    ):  # fmt: skip
        action_log.set_progress("dev", Progress(phase, "…"))
        assert columns.activity_cell(action_log.entry("dev"), 0) == (f"◌ {word}", "busy")
    action_log.set_progress("dev", Progress("asking", "Asking AWS for a session"))
    assert columns.activity_cell(action_log.entry("dev"), 0) == ("◌ asking AWS", "busy")
    action_log.set_progress("dev", Progress("waiting", "…", until=12.4))
    assert columns.activity_cell(action_log.entry("dev"), 0) == ("◌ code in 13 s", "busy")
    action_log.end("dev", problem=NetworkProblem("network-timeout", "AWS did not answer."))
    assert columns.activity_cell(action_log.entry("dev"), 0) is None
    failed = columns.cells(row("dev"), action_log.entry("dev"), now=NOW, monotonic=0)
    assert (failed.mfa, failed.session.text) == (("✗ AWS did not answer.", "bad"), "")
    still_there = columns.cells(row("dev", LIVE), action_log.entry("dev"), now=NOW, monotonic=0)
    assert (still_there.mfa.text, still_there.session.text) == ("✗ AWS did not answer.", "✓ 11 h 20 m")
    action_log.set_progress("dev", Progress("asking", "too late"))
    assert action_log.entry("dev").progress is None
    assert not action_log.running()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "now"), (59, "now"), (60, "1 m ago"), (3599, "59 m ago"), (3600, "1 h ago"), (86400 * 12.5, "12 d ago")],
)
def test_how_long_ago_something_was(seconds: float, words: str) -> None:
    assert columns.ago(seconds) == words


def test_a_wide_list_says_when_a_profile_was_last_used() -> None:
    assert columns.columns(140, 20, with_account=True).used == 9
    assert columns.columns(76, 20, with_account=True).used == 0
    assert columns.cells(row("dev"), Entry(), now=NOW, monotonic=0, last_used=NOW - 60).used.text == "1 m ago"


@given(width=st.integers(30, 300), longest=st.integers(0, 200), with_account=st.booleans())
def test_columns_fit_into_the_list(width: int, longest: int, *, with_account: bool) -> None:
    layout = columns.columns(max(width, 58 if with_account else 40), longest, with_account=with_account)
    used = (
        cells.GUTTER + layout.name + 2 + layout.mfa + 2 + layout.session + (layout.account + 2 if with_account else 0)
    )
    assert used <= max(width, 58 if with_account else 40)
    assert layout.name >= 8
    assert layout.mfa >= 4


@given(st.text(max_size=40), st.integers(1, 30))
def test_a_cell_has_exactly_the_given_width(text: str, width: int) -> None:
    from rich.cells import cell_len

    fitted = cells.fitted(text, width)
    assert cell_len(fitted) == width
    assert fitted.isprintable()


def view(of: ProfileRow, **more: Any) -> ProfileDetails:
    values: dict[str, Any] = {
        "entry": Entry(), "problem": None, "code": None, "code_problem": None, "now": float(NOW), "monotonic": 0.0,
        "keys": keys_of({}, COMMANDS), **more,
    }  # fmt: skip
    return ProfileDetails(of, **values)


def told(of: ProfileDetails, width: int = 60, *, wide: bool = True) -> str:
    return "\n".join(plain_text(line).rstrip() for line in details_text.lines(of, width, wide=wide))


@pytest.mark.parametrize("wide", [True, False])
def test_the_details_show_what_is_limited_to_a_scope(wide: bool) -> None:
    limited = [
        LimitedTarget("dev-read-only", "read-only", NOW + 60),
        LimitedTarget("dev-no-iam", "no-iam", NOW - 60),
        LimitedTarget("agent", "read-only", None),
    ]
    found = ProfileRow(read_profile(AWS, "dev"), "dev-mfa", LIVE, has_seed=True, limited=limited)
    text = told(view(found), wide=wide)
    assert "dev-read-only: limited to read-only, until " in text
    assert "dev-no-iam: limited to no-iam, expired " in text
    assert "agent: limited to read-only, on demand" in text


def test_the_details_of_a_live_session() -> None:
    code = Code(Secret("492039"), 1, 18.2, used=False)
    text = told(view(row("dev", LIVE, has_seed=True), code=code))
    assert text.startswith("dev\nphone · 1111-2222-3333 · eu-central-1\n")
    assert "✓ 11 h 20 m left  until " in text
    assert "export AWS_PROFILE=dev-mfa" in text
    assert "\n".join(big_code("492039")) in text
    assert "19 s" in text
    assert big_code("492039")[1] not in told(view(row("dev", LIVE, has_seed=True), code=code, masked=True))
    for wide, width in ((False, 78), (True, 24)):
        assert "4 9 2  0 3 9" in told(view(row("dev", LIVE, has_seed=True), code=code), width, wide=wide)
    used = Code(Secret("492039"), 1, 18.2, used=True)
    assert " used" in told(view(row("dev", LIVE, has_seed=True), code=used), 78, wide=False)


def test_the_details_show_who_renews_a_session_in_as_few_lines_as_possible() -> None:
    live = row("dev", LIVE, has_seed=True)
    assert [plain_text(line) for line in details_text.lines(view(live), 76, wide=False)][2:] == ["secret stored"]
    live.process = True
    text = told(view(live, kept=True), 76, wide=False)
    assert "⇄ renews on demand for AWS tools   ↻ kept alive while mfa-tui runs" in text
    narrow = told(view(live, kept=True), 40, wide=False)
    assert "⇄ renews on demand for AWS tools\n↻ kept alive while mfa-tui runs\n" in narrow
    assert all(len(line) <= 41 for line in told(view(live, kept=True), 41).splitlines())
    # What SDKs can ask for can be exported before there is a session.
    asked = row("dev", has_seed=True)
    asked.process = True
    assert "export AWS_PROFILE=dev-mfa" in told(view(asked))


def test_the_details_of_a_role_show_its_chain_and_whether_it_needs_a_code() -> None:
    text = told(view(row("deep"), source_expiry=NOW + 600.0), 76, wide=False)
    assert "deep ← admin ← dev  through dev's session, 1 h" in text
    assert "no code needed until " in text
    assert "type your 6-digit code" in told(view(row("deep")))
    assert "no code: sso signs in another way" in told(view(row("from-sso")))
    assert "through sso's credentials, 1 h" in told(view(row("from-sso")))
    straight = told(view(row("long"), source_expiry=NOW + 600.0), 200)
    assert "directly with dev's access keys and a code: duration_seconds asks for 4 h, and a session" in straight
    assert "no code needed" not in straight


def test_the_details_of_a_problem_stay_within_their_width() -> None:
    entry = Entry()
    entry.problem = NetworkProblem("x", *("Out of reach " * 9, "No network " * 9), "Check the connection.")
    entry.hint = "Renew: it has no session yet."
    for width, wide in ((40, True), (76, False)):
        lines = details_text.lines(view(row("dev"), entry=entry), width, wide=wide)
        assert all(len(plain_text(line)) <= width for line in lines)
        text = "\n".join(map(plain_text, lines))
        assert "✗ Out of reach" in text
        assert "→ Check the connection." in text
        assert "– Renew: it has no session yet." in text


def test_the_details_say_why_there_is_no_code() -> None:
    locked = KeyringProblem("keyring-locked", "The keyring is locked.", "It opens with your login.")
    assert "✗ The keyring is locked." in told(view(row("dev", has_seed=True), code_problem=locked))
    assert "secret stored" in told(view(row("dev", has_seed=True)))
    assert "type your 6-digit code" in told(view(row("dev")))
    assert "device looked up at login" in told(view(row("bare")))


def test_the_details_do_not_ask_for_codes_of_a_device_that_the_problem_may_deny() -> None:
    entry = Entry()
    entry.problem = UsageError("no-device", "The user of bare has no MFA device.")
    text = told(view(row("bare"), entry=entry))
    assert "has no MFA device" in text
    assert "looked up" not in text


def test_the_first_line_of_the_details_shows_that_it_was_cut() -> None:
    assert told(view(row("dev")), 20, wide=False).splitlines()[0] == "dev  phone · 1111-2…"
    assert told(view(row("dev")), 5, wide=False).splitlines()[0] == "dev"


def test_a_yubikey_that_waits_for_a_touch_stands_out() -> None:
    lines = progress_lines(TOUCH, 40, 0.0)
    assert [plain_text(of) for of in lines] == ["☞ Touch your YubiKey", "  waiting for your touch · esc cancels"]
    assert {span.tone for span in lines[0] if span.text.strip()} == {Tone.LOUD}
    entry = Entry()
    entry.scope, entry.progress = ActionLog().begin("dev"), TOUCH
    cell = columns.activity_cell(entry, 0.0)
    assert cell is not None
    assert cell.text == "◌ touch key"


def test_waits_and_notices() -> None:
    entry = Entry()
    entry.scope, entry.progress = ActionLog().begin("dev"), Progress("waiting", "…", until=11.5)
    assert "12 s · esc cancels" in told(view(row("dev"), entry=entry))
    entry = Entry()
    entry.notices, entry.unsaved_serial = ("The clock is off.",), SERIAL
    text = told(view(row("dev"), entry=entry))
    assert "! The clock is off." in text
    assert "press m to save it in the" in text


def test_commands_say_why_they_cannot_be_done() -> None:
    nothing = Situation(None, Entry())
    assert BY_ID["login"].why_not(nothing) == "there is no profile here"
    able = Situation(row("dev"), Entry())
    shown = {c.id for c in COMMANDS if c.in_footer and not c.why_not(able)}
    assert shown == {"login", "export", "console", "devices", "keys", "account", "help", "quit"}
    live = Situation(row("dev", LIVE, has_seed=True), Entry(), State.LIVE)
    more = {c.id for c in COMMANDS if c.in_footer and not c.why_not(live)} - shown
    assert more == {"renew", "code", "keep", "logout"}
    assert BY_ID["login"].why_not(Situation(row("admin"), Entry())) == ""
    assert "source 'gone' is missing" in BY_ID["login"].why_not(Situation(row("lost"), Entry()))
    assert BY_ID["import"].why_not(Situation(row("bare"), Entry())) == ""
    assert BY_ID["devices"].why_not(Situation(row("fido"), Entry())) == ""
    assert "only users have MFA devices" in BY_ID["devices"].why_not(Situation(row("sso"), Entry()))
    assert "does not generate codes" in BY_ID["import"].why_not(Situation(row("fido"), Entry()))
    running = Entry()
    running.scope = ActionLog().begin("dev")
    assert "already" in BY_ID["login"].why_not(Situation(row("dev"), running))
    assert BY_ID["cancel"].why_not(Situation(row("dev"), running)) == ""


@pytest.mark.parametrize(
    ("width", "shown_keys"),
    [
        (118, "⏎ r c y b a o d g w ? q"),
        (78, "⏎ r c y o d ? q"),
        (58, "⏎ r c d ? q"),
        (30, "⏎ ? q"),
        (3, "q"),
    ],
)
def test_the_bottom_line_leaves_out_what_does_not_fit(width: int, shown_keys: str) -> None:
    live = Situation(row("dev", LIVE, has_seed=True), Entry(), State.LIVE)
    items = bar_items(COMMANDS, live, keys_of({}, COMMANDS))
    left = fitting(items, width, [command_action(name) for name in SPARE])
    assert " ".join(key for _, key, _, _ in left) == shown_keys


def test_ids_are_unique_and_keys_are_shown_as_people_read_them() -> None:
    assert len(BY_ID) == len(COMMANDS)
    keys = [key for command in COMMANDS for key in command.key.split(",")]
    assert len(keys) == len(set(keys))
    assert [key_label(key) for key in ("enter", "ctrl+q", "q,ctrl+q", "question_mark", "x")] == [
        "⏎",
        "^q",
        "q",
        "?",
        "x",
    ]
    assert keys_of({"login": "l"}, COMMANDS)["login"] == "l"


def test_devices_that_generate_no_codes_cannot_be_chosen() -> None:
    offered = choices([FIDO, SERIAL, "GAHT12345678"], frozenset({SERIAL}))
    assert [choice.serial.text for choice in offered] == [SERIAL, "GAHT12345678", FIDO]
    assert moved(offered, SERIAL, 1) == "GAHT12345678"
    assert moved(offered, "GAHT12345678", 1) == SERIAL
    assert moved(choices([FIDO], frozenset()), "", 1) == ""


def test_what_is_said_of_a_device_is_below_its_name_where_it_does_not_fit_beside_it() -> None:
    offered = choices([FIDO, SERIAL, "GAHT12345678"], frozenset({SERIAL}))

    def shown(number: int, *, width: int = 60, selected: bool = False) -> list[str]:
        return [plain_text(each) for each in choice_lines(offered[number], width, selected=selected)]

    assert shown(0, selected=True) == ["◉ phone  secret stored, no code needed"]
    assert shown(0, width=38) == ["○ phone  secret stored, no code needed"]
    assert shown(0, width=37) == ["○ phone", "  secret stored, no code needed"]
    assert shown(1) == ["○ GAHT12345678  hardware token"]
    assert "works in the browser" in shown(2)[0]


def test_formats_of_times_and_wrapping_of_text() -> None:
    assert format_time(NOW, NOW).count(":") == 1
    assert " " not in format_time(NOW, NOW)
    assert " " in format_time(NOW + 86_400, NOW)
    assert (format_seconds(0.1), format_seconds(30), format_seconds(-1)) == ("1 s", "30 s", "0 s")
    assert plain_text(progress_bar(15, 30, 10)) == "━━━━━─────", "not by color alone"
    assert [len(span.text) for span in progress_bar(15, 30, 10)] == [5, 5]
    assert with_placeholders("a\x1b[0m\n") == "a�[0m�"
    assert [plain_text(line) for line in wrapped("one two three", 10)] == ["one two", "three"]
    # What is longer than a line is broken before a slash; what is not, stays whole.
    path = "in /srv/a-place/of/mine/key.svg. Or a/b"
    assert [plain_text(line) for line in wrapped(path, 15)] == ["in", "/srv/a-place/of", "/mine/key.svg.", "Or a/b"]
    assert [plain_text(line) for line in wrapped("abcdefghijklm/n", 10)] == ["abcdefghij", "klm/n"]
