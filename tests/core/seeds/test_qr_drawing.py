"""QR codes as text and pictures, read by a decoder that shares no code with the one that drew them."""

import io
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mfa_tui.core.seeds.otpauth import parse_secret
from mfa_tui.core.seeds.qr_drawing import QrCode, in_groups_of_four, provisioning_uri, qr_code
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret
from tests.support.runner.thoroughness import sample

SEED = Secret("A2B3C4D5" * 8)
ACCOUNT = "111122223333"
IAM_NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+=,.@_-", min_size=1, max_size=64)
"""As the IAM API reference has it for UserName."""
_DARK = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


def raster(lines: list[str], scale: int = 4) -> Image.Image:
    """What a terminal shows: each character is one pixel wide and two high, foreground black, background white."""
    picture = Image.new("L", (len(lines[0]), 2 * len(lines)), 255)
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            for half, dark in enumerate(_DARK[character]):
                picture.putpixel((column, 2 * row + half), 0 if dark else 255)
    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)


def decoded(picture: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_a_terminal_shows_what_was_encoded() -> None:
    uri = provisioning_uri(SEED, "ana", ACCOUNT)
    assert uri.reveal() == f"otpauth://totp/AWS:ana@{ACCOUNT}?secret={SEED.reveal()}&issuer=AWS"
    code = qr_code(uri)
    assert (code.columns, code.rows) == (41, 21)
    assert decoded(raster(code.lines())) == uri.reveal()


@given(IAM_NAMES)
@settings(max_examples=20)
def test_any_users_code_fits_the_smallest_terminal(user: str) -> None:
    uri = provisioning_uri(SEED, user, ACCOUNT)
    code = qr_code(uri)
    lines = code.lines()
    assert (len(lines), {len(line) for line in lines}) == (code.rows, {code.columns})
    assert code.rows <= 21
    read = decoded(raster(lines))
    assert parse_secret(Secret(read)).seed == SEED
    issuer, _, label = unquote(urlsplit(read).path).lstrip("/").partition(":")
    shown, _, account = label.rpartition("@")
    assert (issuer, account) == ("AWS", ACCOUNT)
    assert user.startswith(shown)
    # What says the least is what goes first.
    assert len(shown) >= min(len(user), 8)
    assert parse_qs(urlsplit(read).query).get("issuer", ["AWS"]) == ["AWS"]


def test_a_long_name_costs_the_issuer_before_its_own_end() -> None:
    name = "christopher.lon"
    assert provisioning_uri(SEED, name, ACCOUNT).reveal().endswith(f":{name}@{ACCOUNT}?secret={SEED.reveal()}")
    cut = unquote(provisioning_uri(SEED, "x" * 64, ACCOUNT).reveal())
    assert f":{'x' * 20}@{ACCOUNT}?" in cut


@pytest.mark.parametrize("characters", [26, 32, 103, 256])
def test_secrets_of_any_length_have_a_code(characters: int) -> None:
    seed = Secret(("A2B3C4D5" * 32)[:characters])
    uri = provisioning_uri(seed, "u" * 64, ACCOUNT)
    assert parse_secret(Secret(decoded(raster(qr_code(uri).lines())))).seed == seed
    assert in_groups_of_four(seed).replace(" ", "") == seed.reveal()


def test_a_hardware_token_has_no_account() -> None:
    assert f"AWS:ana?secret={SEED.reveal()}" in provisioning_uri(SEED, "ana", "").reveal()


@pytest.mark.parametrize("length", [1, 60, 250, 1000, 2900])
def test_codes_of_every_size(length: int) -> None:
    text = "x" * length
    assert decoded(raster(qr_code(Secret(text)).lines(), 3)) == text


@pytest.mark.parametrize("border", [1, 2, 4])
def test_the_border_is_part_of_the_code(border: int) -> None:
    code = qr_code(Secret("x"), border)
    assert len(code.modules) == 21 + 2 * border
    assert not any(any(row) for row in code.modules[:border] + code.modules[-border:])


def test_text_that_no_code_can_hold_is_refused() -> None:
    with pytest.raises(UsageError) as refusal:
        qr_code(Secret("x" * 3000))
    assert refusal.value.slug == "qr-long"


def test_a_plain_terminal_gets_the_colors_in_every_line() -> None:
    code = qr_code(Secret("x"))
    drawn = code.ansi().splitlines()
    assert drawn == [f"\033[38;5;16;48;5;231m{line}\033[0m" for line in code.lines()]


def test_the_png_is_valid() -> None:
    uri = provisioning_uri(SEED, "ana", ACCOUNT)
    picture = Image.open(io.BytesIO(qr_code(uri).png()))
    picture.verify()
    assert decoded(Image.open(io.BytesIO(qr_code(uri).png()))) == uri.reveal()


def test_the_svg_draws_the_modules() -> None:
    import re

    code = qr_code(provisioning_uri(SEED, "ana", ACCOUNT))
    squares = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", code.svg())}
    assert squares == {(x, y) for y, row in enumerate(code.modules) for x, dark in enumerate(row) if dark}


def test_no_representation_shows_the_secret() -> None:
    code = qr_code(provisioning_uri(SEED, "ana", ACCOUNT))
    assert repr(code) == "QrCode(•••, 41x21)"
    assert SEED.reveal() not in repr([code, provisioning_uri(SEED, "ana", ACCOUNT)])
    assert "True" not in repr(code)


def test_groups_of_four() -> None:
    assert in_groups_of_four(Secret("ABCDEFGHIJ")) == "ABCD EFGH IJ"


def test_a_code_with_an_even_number_of_rows_is_drawn_whole() -> None:
    assert QrCode(((True, False), (True, True))).lines() == ["█▄"]


def test_of_a_long_name_as_much_is_left_as_fits() -> None:
    largest = qr_code(provisioning_uri(SEED, "u" * 64, ACCOUNT)).columns
    for length in sample(range(56, 93), short=8):
        uri = provisioning_uri(Secret("A" * length), "u" * 64, ACCOUNT).reveal()
        # One letter more would not fit.
        assert qr_code(Secret(uri.replace("AWS:u", "AWS:uu").replace("AWS%3Au", "AWS%3Auu"))).columns > largest
