"""Secrets in everything that authenticator apps export: which entries are found, and why others are refused."""

import base64
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.otp_entries import ImportedSeed, RefusedSeed, describe_seed, names_device, other_account_id
from mfa_tui.core.seeds.secret_input import read_codes, read_secrets, secret_of_paste
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret
from tests.core.seeds.app_exports import (
    HOTP,
    KEY,
    OTHER,
    account,
    aegis,
    aegis_entry,
    migration,
    twofas,
    twofas_service,
)

URI = f"otpauth://totp/AWS:ana@111122223333?secret={KEY}&issuer=AWS"
SEVERAL = f"otpauth://totp/Bank:ops?secret={OTHER}\n{URI}\n"
MIGRATION = migration(account(OTHER, "ops", "Bank"), account(KEY, "AWS:ana@111122223333"))
AEGIS = aegis(aegis_entry(OTHER, "ops", "Bank"), aegis_entry(KEY, "ana@111122223333"))
TWOFAS = twofas(twofas_service(OTHER, "Bank"), twofas_service(KEY, account="ana@111122223333"))


def shown(text: str) -> list[tuple[str, str]]:
    """Label, and the seed or the refusal's slug, of all that is found."""
    return [
        (found.label, found.seed.reveal() if isinstance(found, ImportedSeed) else found.refusal.slug)
        for found in read_secrets(Secret(text)).entries
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f" {KEY[:16].lower()} {KEY[16:]}\n", [("", KEY)]),
        (URI, [("AWS: ana@111122223333", KEY)]),
        (SEVERAL, [("Bank: ops", OTHER), ("AWS: ana@111122223333", KEY)]),
        (MIGRATION, [("Bank: ops", OTHER), ("AWS: ana@111122223333", KEY)]),
        (f"{MIGRATION}\n{URI}", [("Bank: ops", OTHER), ("AWS: ana@111122223333", KEY)]),
        (AEGIS, [("Bank: ops", OTHER), ("AWS: ana@111122223333", KEY)]),
        ("\ufeff" + TWOFAS, [("Bank: ana", OTHER), ("AWS: ana@111122223333", KEY)]),
        (twofas({"name": "AWS", "secret": KEY}), [("AWS", KEY)]),
        (migration(account(KEY, "AWS:ana", "")), [("AWS: ana", KEY)]),
        (migration(account(KEY, algorithm=0, digits=0)), [("AWS: ana", KEY)]),
    ],
)
def test_each_form_is_recognized(text: str, found: list[tuple[str, str]]) -> None:
    assert shown(text) == found


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        (migration(account(KEY, kind=HOTP)), "otpauth-kind"),
        (migration(account(KEY, kind=0)), "otpauth-kind"),
        (migration(account(KEY, digits=2)), "otpauth-digits"),
        (migration(account(KEY, digits=3)), "otpauth-digits"),
        (migration(account(KEY, algorithm=2)), "otpauth-algorithm"),
        (migration(account(KEY[:8])), "seed-short"),
        (aegis(aegis_entry(KEY, kind="hotp")), "otpauth-kind"),
        (aegis(aegis_entry(KEY, kind="steam")), "otpauth-kind"),
        (aegis(aegis_entry(KEY, algo="SHA512")), "otpauth-algorithm"),
        (aegis(aegis_entry(KEY, period=60)), "otpauth-period"),
        (aegis(aegis_entry("")), "seed-empty"),
        (aegis({}), "otpauth-kind"),
        (twofas(twofas_service(KEY, tokenType="HOTP", period=None)), "otpauth-kind"),
        (twofas(twofas_service(KEY, digits=8)), "otpauth-digits"),
        (twofas(twofas_service(KEY, digits=True)), "otpauth-digits"),
        (twofas(twofas_service("0" + KEY)), "seed-alphabet"),
    ],
)
def test_unusable_entries_have_a_reason(text: str, slug: str) -> None:
    (found,) = read_secrets(Secret(text)).entries
    assert isinstance(found, RefusedSeed)
    assert found.refusal.slug == slug
    assert KEY not in repr(found) + " ".join(found.refusal.lines())


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("{", "export-damaged"),
        (AEGIS[:-20], "export-damaged"),
        ("[" * 100_000, "export-damaged"),
        ("[]", "export-unknown"),
        (json.dumps({"Authenticators": []}), "export-unknown"),
        (aegis(), "export-empty"),
        (twofas(), "export-empty"),
        (json.dumps({"version": 1, "header": {"slots": [{}]}, "db": "Y2lwaGVy"}), "export-encrypted"),
        (json.dumps({"services": [], "servicesEncrypted": "a:b:c", "schemaVersion": 4}), "export-encrypted"),
        ("otpauth-migration://offline", "migration-damaged"),
        ("otpauth-migration://offline?data=", "migration-damaged"),
        ("otpauth-migration://offline?data=%%%", "migration-damaged"),
        ("otpauth-migration://[?data=AA", "migration-damaged"),
        ("otpauth-migration://offline?data=EAEYAQ", "migration-damaged"),
    ],
)
def test_unreadable_input_is_refused(text: str, slug: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read_secrets(Secret(text))
    assert refusal.value.slug == slug
    assert refusal.value.remedy


def test_a_migration_cut_short_anywhere_is_refused() -> None:
    payload = MIGRATION.partition("data=")[0] + "data="
    whole = base64.b64decode(
        MIGRATION.partition("data=")[2].replace("%3D", "=").replace("%2B", "+").replace("%2F", "/")
    )
    for length in range(len(whole) - 6):
        with pytest.raises(UsageError) as refusal:
            read_secrets(Secret(payload + base64.b64encode(whole[:length]).decode()))
        assert refusal.value.slug == "migration-damaged"


def test_base64_for_urls_and_without_escapes_is_read() -> None:
    data = MIGRATION.partition("data=")[2].replace("%3D", "=").replace("%2B", "+").replace("%2F", "/")
    for form in (data, data.rstrip("="), data.replace("+", "-").replace("/", "_")):
        assert shown("otpauth-migration://offline?data=" + form) == shown(MIGRATION)


def test_a_part_of_an_export_says_that_there_are_others() -> None:
    parts = [migration(account(seed), size=3, index=index) for index, seed in enumerate((KEY, OTHER, KEY[::-1]))]
    assert read_secrets(Secret(parts[1])).notices == [
        "This is part 2 of 3 of the export; its other QR codes hold more accounts."
    ]
    two = read_secrets(Secret("\n".join(parts[:2])))
    assert two.notices[0].startswith("These are parts 1, 2 of 3 ")
    whole = read_secrets(Secret("\n".join(parts)))
    assert (whole.notices, len(whole.entries)) == ([], 3)


def test_lines_without_addresses_are_counted() -> None:
    found = read_secrets(Secret(f"# my accounts\n{URI}\n\nhello\n"))
    assert found.notices == ["Left out: 2 other lines without an otpauth:// address."]
    assert len(found.entries) == 1
    assert read_secrets(Secret(f"{URI}\nhello")).notices == ["Left out: 1 other line without an otpauth:// address."]


@pytest.mark.parametrize(
    ("entry", "label", "why"),
    [
        (twofas_service(KEY, account={"a": 1}), "AWS", ""),
        (twofas_service(KEY, digits=True), "AWS: ana", "no digits"),
        (twofas_service(KEY, digits=6.5), "AWS: ana", "6.5 digits"),
        (twofas_service(KEY, digits=None), "AWS: ana", ""),
    ],
)
def test_values_that_apps_do_not_write(entry: dict[str, object], label: str, why: str) -> None:
    (found,) = read_secrets(Secret(twofas(entry))).entries
    assert found.label == label
    assert why in (found.refusal.why if isinstance(found, RefusedSeed) else "")
    assert isinstance(found, RefusedSeed) is bool(why)


def test_only_the_qr_codes_with_secrets_count() -> None:
    wifi = Secret("WIFI:S:guests;;")
    assert [one.label for one in read_codes([wifi, Secret(URI)]).entries] == ["AWS: ana@111122223333"]
    (bare,) = read_codes([wifi, Secret(KEY)]).entries
    assert isinstance(bare, ImportedSeed)
    assert bare.seed.reveal() == KEY
    with pytest.raises(UsageError) as refusal:
        read_codes([wifi])
    assert refusal.value.slug == "qr-foreign"
    assert "guests" not in " ".join(refusal.value.lines())


def test_the_description_does_not_show_the_secret() -> None:
    (found,) = read_secrets(Secret(URI)).entries
    assert isinstance(found, ImportedSeed)
    assert describe_seed(found) == [
        "issuer AWS, account ana@111122223333",
        "time-based codes (TOTP): SHA-1, 6 digits, every 30 s; a secret of 32 characters",
    ]
    assert KEY not in repr(read_secrets(Secret(URI)))
    (bare,) = read_secrets(Secret(KEY)).entries
    assert isinstance(bare, ImportedSeed)
    assert describe_seed(bare)[0] == "no issuer, no account"


@pytest.mark.parametrize(
    ("name", "serial", "its", "foreign"),
    [
        ("ana@111122223333", "arn:aws:iam::111122223333:mfa/ana", True, ""),
        ("ana@111122223333", "arn:aws:iam::111122223333:mfa/ops", False, ""),
        ("ana@444455556666", "arn:aws:iam::111122223333:mfa/ana", False, "444455556666"),
        ("ana@acme", "arn:aws:iam::111122223333:mfa/ana", False, ""),
        ("ana@1111222233334", "arn:aws:iam::111122223333:mfa/ana", False, ""),
        ("ana@111122223333", "GAHT12345678", False, ""),
    ],
)
def test_which_device_a_secret_belongs_to_by_its_name(name: str, serial: str, its: bool, foreign: str) -> None:
    seed = ImportedSeed(Secret(KEY), "Amazon Web Services", name)
    assert names_device(seed, MfaSerial(serial)) is its
    assert other_account_id(seed, MfaSerial(serial)) == foreign


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20), st.binary(min_size=14, max_size=40)), min_size=1))
def test_what_google_authenticator_exports_comes_back(accounts: list[tuple[str, str, bytes]]) -> None:
    seeds = [base64.b32encode(secret).decode().rstrip("=") for _, _, secret in accounts]
    uri = migration(*(account(seed, name, issuer) for seed, (name, issuer, _) in zip(seeds, accounts, strict=True)))
    found = [(type(one), getattr(one, "seed", None)) for one in read_secrets(Secret(uri)).entries]
    wanted = {
        Secret(seed)
        for seed, (name, issuer, _) in zip(seeds, accounts, strict=True)
        if "steam" not in (issuer.strip().lower(), name.partition(":")[0].strip().lower())
    }
    assert {seed for kind, seed in found if kind is ImportedSeed} == wanted


def mutated(text: str, chance: random.Random) -> str:
    """*text* with a few characters changed, taken out, put in, doubled or cut off."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        other = chance.choice(["", "\0", "%", '"', "{", "9", "=", "\ud800", "A", "\n", "é", text[:at][-5:]])
        text = chance.choice([text[:at], text[:at] + other + text[at:], text[:at] + other + text[at + 1 :]]) or " "
    return text


def found_or_refused(text: str) -> list[ImportedSeed | RefusedSeed]:
    """What is found, at least one; empty if the whole is refused in words."""
    try:
        found = read_secrets(Secret(text)).entries
    except UsageError as error:
        refusal = error
    else:
        assert found
        return found
    assert refusal.slug
    assert 2 <= len(refusal.lines()) <= 3
    return []


@pytest.mark.parametrize("form", [KEY, URI, SEVERAL, MIGRATION, AEGIS, TWOFAS])
def test_mutated_input_is_read_or_refused(form: str) -> None:
    chance = random.Random(form)  # noqa: S311 - the same mutations at each run
    for _ in range(200):
        text = mutated(form, chance)
        for one in found_or_refused(text):
            assert one.label.isprintable()
            if isinstance(one, ImportedSeed):
                assert base64.b32decode(one.seed.reveal() + "=" * (-len(one.seed.reveal()) % 8))
            else:
                assert 2 <= len(one.refusal.lines()) <= 3


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    found_or_refused(text)


AWS = "JBSWY3DP" * 8


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        ([AWS], AWS),
        ([AWS, "y", "echo hush"], AWS),
        ([AWS[:32], AWS[32:]], AWS),
        ([AWS[:32] + " ", "", AWS[32:], "y"], AWS[:32] + " " + AWS[32:]),
        (["", "JBSWY3DPEHPK3PXP", "y"], "JBSWY3DPEHPK3PXP"),
        (["otpauth://totp/a?secret=A", "otpauth://totp/b?secret=B"],) * 2,
        (["From my app:", " OTPAUTH://totp/a?secret=A"],) * 2,
        (["{", "}"],) * 2,
        ([], ""),
    ],
)
def test_what_follows_a_pasted_secret_is_no_part_of_it(lines: list[str], read: str | list[str]) -> None:
    assert secret_of_paste(lines).reveal() == (read if isinstance(read, str) else "\n".join(read))
