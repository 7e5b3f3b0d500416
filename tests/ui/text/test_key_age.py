"""The age of a long-term key in the details of its profile."""

import pytest

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.services.listing.overview import ProfileRow
from mfa_tui.services.sessions.lookup import SessionState, State
from mfa_tui.ui.commands.keymap import keys_of
from mfa_tui.ui.commands.profile_commands import COMMANDS
from mfa_tui.ui.profiles.details import ProfileDetails
from mfa_tui.ui.profiles.details_text import lines
from mfa_tui.ui.state.action_log import Entry
from mfa_tui.ui.text.spans import plain_text

NOW = 1_800_000_000
CONFIG = b"[profile stored]\nmfa_tui_access_key_id = AKIAIOSFODNN7EXAMPLE\n[profile dev]\n"
CREDENTIALS = b"[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"


def details(name: str, days: int | None, *, wide: bool = True) -> str:
    aws = AwsConfig(Document.parse(CONFIG, "config"), Document.parse(CREDENTIALS, "credentials"))
    row = ProfileRow(read_profile(aws, name), "x-mfa", SessionState(State.NONE), has_seed=False)
    created = None if days is None else NOW - days * 86_400
    keys = keys_of({}, COMMANDS)
    shown = ProfileDetails(row, Entry(), None, None, None, float(NOW), 0.0, keys, key_created=created, key_age_days=90)
    return "\n".join(plain_text(each).rstrip() for each in lines(shown, 60, wide=wide))


@pytest.mark.parametrize(
    ("name", "days", "words"),
    [
        ("dev", 5, "AKIA…MPLE, 5 days old"),
        ("dev", 90, "AKIA…MPLE, ! 90 days old"),
        ("stored", 1, "AKIA…MPLE, stored, 1 day old"),
        ("stored", None, "AKIA…MPLE, stored"),
    ],
)
def test_the_age_is_shown_once_it_is_known(name: str, days: int | None, words: str) -> None:
    (key,) = [each for each in details(name, days).splitlines() if each.startswith("Key")]
    assert key.removesuffix(" g").split(maxsplit=1)[1].rstrip() == words


def test_an_unknown_age_is_not_claimed() -> None:
    assert "AKIA" not in details("dev", None)


def test_where_there_is_little_room_only_an_old_key_is_mentioned() -> None:
    assert "key AKIA…MPLE, ! 91 days old" in details("dev", 91, wide=False).splitlines()
    assert "key AKIA" not in details("dev", 89, wide=False)
