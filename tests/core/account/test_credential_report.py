"""The credential report, as AWS's guide shows it and as hypothesis makes it up."""

import contextlib
import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_tui.core.account.account import Key, RootUser
from mfa_tui.core.account.credential_report import MalformedReport, parse_report
from tests.support.runner.thoroughness import examples

HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
    "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)
ROOT = (
    "<root_account>,arn:aws:iam::111122223333:root,2019-01-02T03:04:05+00:00,not_supported,2026-01-02T03:04:05+00:00,"
    "not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
)
ANA = (
    "ana,arn:aws:iam::111122223333:user/eng/ana,2024-11-24T11:55:42+00:00,TRUE,no_information,N/A,N/A,False,true,"
    "2026-01-01T00:00:00+00:00,2026-02-01T00:00:00Z,eu-central-1,s3,false,2025-01-01T00:00:00+00:00,N/A,N/A,N/A,false,"
    "N/A,false,N/A"
)

MADE_AT = 1_800_000_000
REPORT = f"{HEADER}\n{ROOT}\n{ANA}"


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def test_the_report_of_the_guide() -> None:
    report = parse_report(REPORT, MADE_AT)
    assert (report.account, report.partition) == ("111122223333", "aws")
    # The report does not know whether root has a password.
    assert report.root == RootUser(has_password=None, has_mfa=True, has_keys=False)
    (ana,) = report.users
    assert (ana.name, ana.arn) == ("ana", "arn:aws:iam::111122223333:user/eng/ana")
    assert (ana.has_password, ana.has_mfa, ana.signed_in_at) == (True, False, None)
    assert ana.keys == (
        Key(
            slot=1,
            active=True,
            created_at=seconds("2026-01-01T00:00:00Z"),
            used_at=seconds("2026-02-01T00:00:00Z"),
            used_for="s3 in eu-central-1",
        ),
        Key(slot=2, active=False, created_at=seconds("2025-01-01T00:00:00Z"), used_at=None),
    )


def test_a_new_column_does_no_harm() -> None:
    lines = [HEADER + ",additional_credentials_info", ROOT + ",", ANA + ",3 access keys"]
    assert parse_report("\r\n".join(lines), MADE_AT).users == parse_report(REPORT, MADE_AT).users


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the column user is missing"),
        ("name,amount\nana,3", "the column user is missing"),
        (HEADER.replace("mfa_active,", ""), "the column mfa_active is missing"),
        (f"{HEADER}\n{ANA},more", "line 2 has another number of columns"),
        (f"{HEADER}\nana,arn", "line 2 has another number of columns"),
        (HEADER, "the root user is missing"),
        (f"{HEADER}\n{ANA}", "the root user is missing"),
        (REPORT.replace("password_last_changed", "mfa_active"), "the column mfa_active is there twice"),
        (REPORT.replace("access_key_2_last_used_date", "x"), "the column access_key_2_last_used_date is missing"),
        (f"{REPORT}\n{ANA}", "line 4 has a user for the second time"),
        (REPORT.replace(":111122223333:user", ":444455556666:user"), "users of several accounts"),
        (REPORT.replace("user/eng/ana", "user/eng/bob"), "line 3 has the ARN of another user"),
        (REPORT.replace("arn:aws:iam::111122223333:user", "garbage"), "line 3 has no ARN of a user"),
        (REPORT.replace("TRUE", "N/A"), "line 3 has neither true nor false as password_enabled"),
        (REPORT.replace("False", "no_information"), "line 3 has neither true nor false as mfa_active"),
        (REPORT.replace("2026-01-01T00", "2999-01-01T00"), "no time of the past as access_key_1_last_rotated"),
        (REPORT.replace("2026-01-01T00:00:00+00:00", "N/A"), "line 3 has an active key that was never made"),
        (REPORT.replace("2026-02-01T00:00:00Z", "soon"), "no time of the past as access_key_1_last_used_date"),
        (
            REPORT.replace("2024-11-24T11:55:42+00:00", "0001-01-01T00:00:00+14:00"),
            "no time of the past as user_creation",
        ),
    ],
)
def test_a_csv_of_another_kind(text: str, why: str) -> None:
    with pytest.raises(MalformedReport, match=why):
        parse_report(text, MADE_AT)


times = st.none() | st.datetimes(datetime(2010, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
flags = st.sampled_from(["true", "false", "TRUE", "False"])


@settings(max_examples=examples(300, short=40), deadline=None)
@given(
    st.lists(
        st.tuples(st.from_regex(r"(?a)[\w+=,.@-]{1,64}\Z", fullmatch=True), flags, flags, flags, times, times),
        unique_by=lambda row: row[0],
    ).map(lambda rows: [row for row in rows if row[4] or row[3].lower() == "false"])
)
def test_what_is_written_is_read(rows: list[tuple[str, str, str, str, datetime | None, datetime | None]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER.split(","), restval="N/A", lineterminator="\n")
    writer.writeheader()
    writer.writerow(dict(zip(HEADER.split(","), ROOT.split(","), strict=True)))
    for name, password, mfa, key, created, used in rows:
        writer.writerow(
            {
                "user": name,
                "arn": f"arn:aws:iam::111122223333:user/{name}",
                "password_enabled": password,
                "mfa_active": mfa,
                "access_key_1_active": key,
                "access_key_1_last_rotated": created.isoformat(timespec="seconds") if created else "N/A",
                "access_key_1_last_used_date": used.isoformat(timespec="seconds") if used else "N/A",
                "access_key_2_active": "false",
            }
        )
    users = parse_report(out.getvalue(), MADE_AT).users
    assert [user.name for user in users] == [row[0] for row in rows]
    for user, (_, password, mfa, key, created, used) in zip(users, rows, strict=True):
        assert user.has_password == (password.lower() == "true")
        assert user.has_mfa == (mfa.lower() == "true")
        active = key.lower() == "true"
        assert user.can_log_in == (user.has_password or active)
        assert len(user.keys) == (created is not None)
        if user.keys:
            assert user.keys[0].created_at == (int(created.timestamp()) if created else None)
            assert user.keys[0].used_at == (int(used.timestamp()) if used else None)


@settings(max_examples=examples(500, short=50), deadline=None)
@given(st.text() | st.text().map(lambda text: f"{HEADER}\n{text}"))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(MalformedReport):
        parse_report(text, MADE_AT)
