"""The pictures and rows of an account, without a screen."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.account.account import Facts, Key, PasswordPolicy, RootUser, SignIn, SignIns, User
from mfa_tui.core.account.audit import CHECKS, Audit, State
from mfa_tui.core.account.findings import finding
from mfa_tui.core.account.rules import DAY, Thresholds, find_problems
from mfa_tui.core.account.updates import with_devices, with_key_status, with_users
from mfa_tui.core.text.glyphs import in_ascii
from mfa_tui.ui.account.details_text import title
from mfa_tui.ui.account.pictures import pictures, small_pictures
from mfa_tui.ui.account.rows import AuditView, audit_view, device_kinds
from mfa_tui.ui.account.state import FINDINGS, NAME, AccountList
from mfa_tui.ui.account.table import columns
from mfa_tui.ui.text.spans import plain_text

NOW = 1_790_000_000.0
ACCOUNT = "111122223333"


def user(name: str, *, mfa: bool = True, age: float | None = None, password: bool = True, used: int | None = 1) -> User:
    used_at = None if used is None else int(NOW - used * DAY)
    keys = (Key(slot=1, active=True, created_at=int(NOW - age * DAY), used_at=used_at),) if age else ()
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    return User(name, arn, password, mfa, keys, devices=("virtual", "virtual") if mfa else None, administrator="")


def view_of(*users: User, days: tuple[tuple[str, int, int], ...] = (), **facts: object) -> AuditView:
    known = Facts(ACCOUNT, report_at=int(NOW - 60), users=users, sign_ins=SignIns((), days), **facts)  # type: ignore[arg-type]
    checks = tuple(check._replace(state=State.DONE) for check in CHECKS)
    return audit_view(Audit(NOW, known, find_problems(known, NOW), checks), Thresholds())


def texts(view: AuditView, width: int, *, small: bool = False) -> list[str]:
    return [plain_text(line) for line in (small_pictures if small else pictures)(view, width)]


def test_the_bar_is_full_only_if_all_are_protected() -> None:
    almost = view_of(*(user(f"u{number}", mfa=number > 0) for number in range(500)))
    first = texts(almost, 120)[1]
    assert "░ " in first
    assert " 99 %" in first
    whole = texts(view_of(user("ana"), user("ben")), 120)[1]
    assert "░" not in whole
    assert "100 %" in whole


def test_no_color_and_no_blocks_are_needed_to_read_them() -> None:
    day = datetime.fromtimestamp(NOW - 3 * DAY, UTC).date().isoformat()
    view = view_of(user("ana", age=3), user("ben", age=400), user("cid", mfa=False), days=((day, 4, 1),))
    shown = in_ascii("\n".join(texts(view, 120)))
    assert shown.isascii()
    assert "2 of 3 users who can log in" in shown
    assert "! old" in shown
    assert "5 sign-ins, ! 1 without MFA" in shown
    assert shown.count("!") == 3


@given(
    st.lists(st.tuples(st.integers(0, 95), st.integers(0, 50), st.integers(0, 3)), max_size=30),
    st.integers(108, 220),
)
def test_no_day_with_a_sign_in_without_mfa_is_lost_at_any_width(days: list[tuple[int, int, int]], width: int) -> None:
    today = datetime.fromtimestamp(NOW, UTC).date()
    by_day = {(today - timedelta(days=age)).isoformat(): (good, bad) for age, good, bad in days}
    view = view_of(user("ana"), days=tuple((day, *counts) for day, counts in sorted(by_day.items())))
    whole, small = texts(view, width), texts(view, width - 30, small=True)
    assert all(len(line.rstrip()) <= width for line in whole)
    assert all(len(line) <= width - 30 for line in small)
    bad = any(counts[1] for counts in by_day.values())
    assert any("!" in line for line in whole) is bad
    assert any("!" in line for line in small) is bad


def test_what_is_not_known_says_why() -> None:
    denied = tuple(
        check._replace(state=State.DENIED, action="iam:GetCredentialReport", why="") if check.id == "report" else check
        for check in CHECKS
    )
    view = audit_view(Audit(NOW, checks=denied), Thresholds())
    assert "iam:GetCredentialReport was denied" in " ".join(texts(view, 120, small=True))
    assert "◌ not known yet" in " ".join(texts(view, 120))


def test_rows_lose_no_finding() -> None:
    gone = SignIn(int(NOW - DAY), f"arn:aws:iam::{ACCOUNT}:user/gone", "gone", "us-east-1")
    view = view_of(
        user("ana", mfa=False, age=400),
        root=RootUser(has_password=True, has_mfa=False, has_keys=True),
        password_policy=PasswordPolicy(exists=False),
    )
    audit = view.audit
    facts = audit.facts._replace(sign_ins=SignIns((gone,), ()))
    audit = audit._replace(facts=facts, findings=find_problems(facts, NOW))
    view = audit_view(audit, Thresholds())
    assert sorted(one for row in view.rows for one in row.findings) == sorted(audit.findings)
    assert len({row.key for row in view.rows}) == len(view.rows)
    assert {row.name for row in view.rows} == {"ana", "root user", "password policy", "gone"}


def test_the_worst_row_comes_first_and_an_order_can_be_turned_round() -> None:
    rows = AccountList()
    rows.take(view_of(user("ana"), user("ben", age=400), user("cid", mfa=False), user("Dot", mfa=False, age=400)), None)
    assert [row.name for row in rows.shown] == ["Dot", "cid", "ben", "ana"]
    rows.sort(FINDINGS, None)
    assert [row.name for row in rows.shown] == ["ana", "ben", "cid", "Dot"]
    rows.sort(NAME, None)
    assert [row.name for row in rows.shown] == ["ana", "ben", "cid", "Dot"]
    rows.filter("KEY-OLD", rows.shown[1])
    assert [row.name for row in rows.shown] == ["ben", "Dot"]
    assert rows.cursor_on(1) == 0


def test_kinds_of_devices_are_counted() -> None:
    assert device_kinds(with_devices(user("ana"), ("virtual", "fido", "virtual"))) == "2 apps, FIDO"
    assert device_kinds(user("ana", mfa=False)) == ""


def test_a_changed_user_is_shown_as_it_is_now() -> None:
    ana = user("ana", mfa=False, age=400)
    audit = view_of(ana, user("ben")).audit
    assert [one.id for one in audit.findings] == ["user-no-mfa", "key-old"]
    protected = with_devices(ana, ("virtual", "virtual"))
    assert [one.id for one in with_users(audit, {ana.arn: protected}, Thresholds()).findings] == ["key-old"]
    created = ana.keys[0].created_at or 0
    disabled = with_key_status(protected, created, active=False)
    assert with_users(audit, {ana.arn: disabled}, Thresholds()).findings == ()
    assert with_users(audit, {}, Thresholds()) is audit
    assert finding("key-old", ana.arn, "ana", "x").severity == "medium"


@given(st.integers(48, 240), st.lists(st.integers(1, 64), min_size=7, max_size=7))
def test_the_table_always_has_names_and_findings_and_fits(width: int, widest: list[int]) -> None:
    shown = columns(width, widest)
    assert [shown[0].title, shown[-1].title] == ["USER", "FINDINGS"]
    assert 3 + sum(column.width for column in shown) + 2 * (len(shown) - 1) == width
    assert shown[0].width >= 8
    assert shown[-1].width >= 12


def test_columns_that_fit_are_cut_nowhere() -> None:
    widest = (15, 3, 5, 11, 11, 5, 12)
    assert all(column.width >= widest[column.place] for column in columns(100, widest))
    # On 60 columns what the details say, too, is left out.
    assert [column.title for column in columns(59, widest)] == ["USER", "ADMIN", "MFA", "KEYS", "FINDINGS"]


def test_the_oldest_keys_are_shown_on_a_narrow_terminal() -> None:
    users = [user(f"u{number}", age=age) for number, age in enumerate((3, 40, 200, 400, 500, *[1] * 6))]
    view = view_of(*users, user("cid", mfa=False))
    shown = texts(view, 58, small=True)
    assert "over 365 ▂2!" in shown[1]
    assert "…" not in " ".join(shown)
    assert "11 of 12 users who can log in" in shown[0]


def test_the_title_names_who_asks_before_the_age_of_the_report() -> None:
    audit = view_of(user("ana")).audit
    assert "credential report" in plain_text(title("dev", audit, 78))
    assert plain_text(title("dev", audit, 58)).strip() == "Account 1111-2222-3333  as dev"
