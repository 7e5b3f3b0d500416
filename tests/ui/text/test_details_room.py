"""The details of a profile use the room that there is."""

from mfa_tui.models import Secret
from mfa_tui.services.seeds.current_code import Code
from mfa_tui.ui.profiles import columns, details_text
from mfa_tui.ui.state.action_log import Entry
from tests.ui.text.test_status_lines import LIVE, row, told, view


def test_a_column_of_which_nothing_is_known_leaves_its_room_to_others() -> None:
    all_known = columns.columns(120, 12, with_account=True)
    some = columns.columns(120, 12, with_account=True, unknown=frozenset(("account", "key")))
    assert (all_known.account, all_known.key) == (14, 7)
    assert (some.account, some.key) == (0, 0)
    assert some.used
    assert not all_known.used


def test_each_profile_has_as_many_lines_of_details_unless_something_is_to_be_said() -> None:
    assert not details_text.is_more(view(row("dev", LIVE)))
    entry = Entry()
    entry.hint = "Renew: it has no session yet."
    assert details_text.is_more(view(row("dev"), entry=entry))
    # The code comes before the explanation of the role, which may scroll away.
    code = Code(Secret("492039"), 1, 18.2, used=False)
    shown = told(view(row("long", LIVE, has_seed=True), code=code), 76, wide=False)
    assert shown.index("4 9 2  0 3 9") < shown.index("directly with")


def test_a_profile_to_export_is_not_torn_apart_and_keys_are_at_the_right() -> None:
    shown = told(view(row("staging-admin-of-all", LIVE)), 48).splitlines()
    assert "Use      AWS_PROFILE=staging-admin-of-all-mfa  y" in shown
    assert f"{'More     open the AWS console':<47}b" in shown


def test_what_to_type_is_broken_where_it_does_not_fit() -> None:
    shown = told(view(row("bare")), 41)
    assert "device looked up at login; type your 6-digit code here" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 41
