"""Single secrets: base32 or otpauth:// addresses, and what else such an address may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.seeds.otpauth import parse_secret
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def parse(text: str) -> tuple[str, str]:
    found = parse_secret(Secret(text))
    return found.seed.reveal(), found.label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (KEY, ""),
        (f"otpauth://totp/ana@111122223333?secret={KEY}", "ana@111122223333"),
        (f"otpauth://totp/AWS:ana@1?secret={KEY.lower()}&issuer=AWS", "AWS: ana@1"),
        (f"otpauth://totp/ana?secret={KEY}&issuer=Amazon%20Web%20Services", "Amazon Web Services: ana"),
        (f"OTPAUTH://TOTP/ana?SECRET={KEY}&Digits=6&PERIOD=30&Algorithm=sha1", "ana"),
        (f" otpauth://totp/?secret={KEY}&algorithm=SHA-1\n", ""),
        (f"otpauth://totp/AWS%3Aana?secret={KEY}&algorithm=HmacSHA1", "AWS: ana"),
        (f"otpauth://totp/Amazon:ana?secret={KEY}&issuer=AWS", "AWS: Amazon:ana"),
        (f"otpauth://totp/a%E2%80%AEb%0Ac?secret={KEY}", "abc"),
    ],
)
def test_a_secret_is_found(text: str, label: str) -> None:
    assert parse(text) == (KEY, label)


@pytest.mark.parametrize(
    ("text", "slug", "word"),
    [
        (f"otpauth://hotp/ana?secret={KEY}&counter=1", "otpauth-kind", "hotp"),
        (f"otpauth://steam/ana?secret={KEY}", "otpauth-kind", "Steam"),
        (f"otpauth://totp/Steam:ana?secret={KEY}&issuer=Steam", "otpauth-kind", "Steam"),
        (f"otpauth://totp/ana?secret={KEY}&digits=8", "otpauth-digits", "8"),
        (f"otpauth://totp/ana?secret={KEY}&period=60", "otpauth-period", "60"),
        (f"otpauth://totp/ana?secret={KEY}&algorithm=SHA256", "otpauth-algorithm", "SHA256"),
        (f"otpauth://totp/ana?secret={KEY}&digits=", "otpauth-digits", "no digits"),
        (f"otpauth://totp/ana?secret={KEY}&algorithm=", "otpauth-algorithm", "empty"),
        ("otpauth://totp/ana", "otpauth-secret", "no secret"),
        ("otpauth://totp/ana?secret=ABC", "seed-length", "3 characters"),
        ("otpauth://[", "otpauth-malformed", "not an otpauth"),
        ("otpauth-migration://offline?data=CjEK", "otpauth-migration", "Google"),
    ],
)
def test_a_refusal_says_what_the_text_is(text: str, slug: str, word: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse(text)
    assert refusal.value.slug == slug
    assert word in refusal.value.why
    assert KEY not in " ".join(refusal.value.lines())


@given(st.text(), st.sampled_from(["", "otpauth://totp/", "otpauth://totp/x?secret=", "otpauth:", "otpauth://"]))
def test_any_text_is_a_secret_or_refused(text: str, start: str) -> None:
    try:
        seed, label = parse(start + text)
    except UsageError:
        return
    assert seed
    assert label.isprintable() or not label
