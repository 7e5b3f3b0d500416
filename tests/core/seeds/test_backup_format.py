"""Contents of backups: read back as they were written, or refused as a whole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.seeds.backup_format import backup_document, parse_backup
from mfa_tui.core.seeds.seed_record import SeedRecord
from mfa_tui.errors import FileProblem
from mfa_tui.models import Secret

SEEDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=32, max_size=32)
SERIALS = st.from_regex(r"arn:aws:iam::[0-9]{12}:mfa/[A-Za-z0-9+=,.@_-]{1,40}", fullmatch=True)
ENTRIES = st.builds(
    lambda seed, label, previous: SeedRecord(
        Secret(seed), label, "2026-11-24T11:55:42Z", previous and Secret(previous)
    ),
    SEEDS,
    st.text(max_size=20),
    st.none() | SEEDS,
)
SERIAL = "arn:aws:iam::111122223333:mfa/ana"
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
GOOD = json.loads(backup_document({SERIAL: SeedRecord(Secret(SEED))}, "").reveal())


def plain(entries: dict[str, SeedRecord]) -> dict[str, tuple[object, ...]]:
    return {serial: (e.seed, e.label, e.created, e.previous) for serial, e in entries.items()}


@given(st.dictionaries(SERIALS, ENTRIES, max_size=4))
def test_a_backup_is_read_back(entries: dict[str, SeedRecord]) -> None:
    assert plain(parse_backup(backup_document(entries, "2026-11-24T11:55:42Z"), "file")) == plain(entries)


@pytest.mark.parametrize(
    ("document", "slug"),
    [
        ("", "backup-foreign"),
        ("not JSON", "backup-foreign"),
        ("[" * 100_000, "backup-foreign"),
        ('{"entries": {}}', "backup-foreign"),
        ({"version": 2}, "backup-version"),
        ({"version": None}, "backup-version"),
        ({"seeds": None}, "backup-damaged"),
        ({"seeds": [7]}, "backup-damaged"),
        ({"seeds": [{"seed": SEED}]}, "backup-damaged"),
        ({"seeds": [{"serial": SERIAL}]}, "backup-damaged"),
        ({"seeds": [{"serial": SERIAL, "seed": "short"}]}, "backup-damaged"),
        ({"seeds": [{"serial": SERIAL, "seed": 7}]}, "backup-damaged"),
        ({"seeds": [{"serial": "no serial", "seed": SEED}]}, "backup-damaged"),
        ({"seeds": [{"serial": SERIAL, "seed": SEED, "previous": "1"}]}, "backup-damaged"),
    ],
)
def test_unusable_backups_are_refused_without_showing_secrets(document: str | dict[str, object], slug: str) -> None:
    text = document if isinstance(document, str) else json.dumps({**GOOD, **document})
    with pytest.raises(FileProblem) as caught:
        parse_backup(Secret(text), "file")
    assert (caught.value.slug, caught.value.what.startswith("file ")) == (slug, True)
    assert SEED not in " ".join(caught.value.lines())


def test_a_long_version_is_cut() -> None:
    for version in ("x" * 20, "x" * 21):
        with pytest.raises(FileProblem) as error:
            parse_backup(Secret(json.dumps({**GOOD, "version": version})), "file")
        assert error.value.what == f"file is a backup of version {'x' * 20}; this mfa-tui knows version 1."
