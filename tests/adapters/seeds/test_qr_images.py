"""QR codes in pictures as people take them, and pictures that hold none or are none."""

import io
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from mfa_tui.adapters.seeds import clipboard_images, qr_images
from mfa_tui.adapters.seeds.clipboard_images import read_qr_from_clipboard
from mfa_tui.adapters.seeds.qr_images import decode_qr_data, read_qr_file
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.seeds.qr_drawing import qr_code
from mfa_tui.core.seeds.secret_input import read_codes
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Secret
from tests.core.seeds.app_exports import KEY, account, migration
from tests.support.runner.thoroughness import quick_cases

URI = f"otpauth://totp/AWS:ana@111122223333?secret={KEY}&issuer=AWS"


def picture_of(text: str = URI) -> Image.Image:
    return Image.open(io.BytesIO(qr_code(Secret(text), 4).png()))


def saved(picture: Image.Image, form: str = "PNG", **options: int) -> bytes:
    data = io.BytesIO()
    picture.save(data, form, **options)
    return data.getvalue()


def photo() -> Image.Image:
    """The code on a screen, photographed: not straight, unevenly lit."""
    ground = Image.new("RGB", (900, 700), (180, 170, 150))
    ground.paste(picture_of().convert("RGB"), (250, 150))
    turned = ground.rotate(7, Image.Resampling.BICUBIC, fillcolor=(180, 170, 150))
    shadow = Image.linear_gradient("L").resize(turned.size).point(lambda level: 120 + level // 2)
    return Image.composite(turned, Image.new("RGB", turned.size), shadow)


def on_nothing(dark: str) -> Image.Image:
    """The code's modules in one colour, the rest transparent."""
    grey = picture_of().convert("L")
    picture = Image.new("RGBA", grey.size, dark)
    picture.putalpha(grey.point(lambda level: 255 - level))
    return picture


@pytest.mark.parametrize(
    "data",
    [
        saved(picture_of()),
        saved(picture_of().convert("1")),
        saved(picture_of().convert("P")),
        saved(picture_of().convert("RGB").resize((120, 120))),
        saved(photo(), "JPEG", quality=60),
        saved(on_nothing("black")),
        saved(on_nothing("white")),
    ],
)
def test_a_code_is_read_from_any_picture_of_it(data: bytes) -> None:
    assert [code.reveal() for code in decode_qr_data(data)] == [URI]


def test_a_part_of_an_export_with_many_accounts_is_read() -> None:
    text = migration(*(account(KEY, f"user-{number}@111122223333") for number in range(10)))
    (code,) = decode_qr_data(saved(picture_of(text)))
    assert code.reveal() == text


def test_all_codes_of_a_picture_are_read(tmp_path: Path) -> None:
    texts = {URI, "https://example.com", f"otpauth://totp/two?secret={KEY}"}
    pictures = [picture_of(text) for text in sorted(texts)]
    sheet = Image.new("L", (sum(one.width for one in pictures), max(one.height for one in pictures)), 255)
    left = 0
    for one in pictures:
        sheet.paste(one, (left, 0))
        left += one.width
    (tmp_path / "sheet.png").write_bytes(saved(sheet))
    assert {code.reveal() for code in read_qr_file(str(tmp_path / "sheet.png"))} == texts


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be large."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", len(pixels)) + b"IDAT" + pixels + b"\0" * 4


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (b"", "picture-unreadable"),
        (b"%PDF-1.7 no picture", "picture-unreadable"),
        (saved(Image.new("L", (60, 60), 255), "GIF"), "picture-unreadable"),
        (saved(picture_of())[:300], "picture-unreadable"),
        (saved(photo(), "JPEG")[:300], "picture-unreadable"),
        (saved(Image.new("L", (300, 300), 255)), "picture-empty"),
        (bomb(9000, 9000), "picture-large"),
        (bomb(12_000, 12_000), "picture-large"),
        (bomb(100_000, 100_000), "picture-large"),
    ],
)
def test_what_is_no_picture_of_a_code_is_refused(data: bytes, slug: str) -> None:
    with pytest.raises(MfaTuiError) as problem:
        decode_qr_data(data)
    assert problem.value.slug == slug
    assert len(problem.value.lines()) == 3


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_of_mutated_pictures_each_is_read_or_refused(form: str) -> None:
    whole = saved(picture_of().resize((150, 150)), form)
    chance = random.Random(form)  # noqa: S311 - the same mutations at each run
    refused = 0
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(data))
            data[at : at + chance.choice((0, 1, 1, 9))] = chance.randbytes(chance.choice((0, 1, 1, 3)))
        del data[chance.choice((len(data), chance.randrange(len(data)))) :]
        try:
            codes = decode_qr_data(bytes(data))
        except MfaTuiError as error:
            refusal = error
        else:
            # Redundancy makes good for a few wrong pixels.
            assert read_codes(codes).entries
            continue
        refused += 1
        assert refusal.slug in ("picture-unreadable", "picture-large", "picture-empty")
    assert refused


def test_without_the_extra_it_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(MfaTuiError) as problem:
        decode_qr_data(b"")
    assert problem.value.slug == "extra-missing"
    assert "zxing-cpp" in problem.value.remedy


@pytest.fixture
def clipboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A Linux desktop whose wl-paste gives the file ``held``, if there is one."""
    monkeypatch.setattr("sys.platform", "linux")
    program = tmp_path / "wl-paste"
    program.write_text(f'#!/bin/sh\n[ "$*" = "--no-newline --type image/png" ] && exec cat {tmp_path}/held\n')
    program.chmod(0o755)
    return {"WAYLAND_DISPLAY": "wayland-0", "PATH": f"{tmp_path}:/usr/bin:/bin"}


def slug_on_clipboard(env: dict[str, str]) -> str:
    with pytest.raises(MfaTuiError) as problem:
        read_qr_from_clipboard(env, CancelScope())
    return problem.value.slug


def test_the_clipboard_of_linux(clipboard: dict[str, str], tmp_path: Path) -> None:
    assert slug_on_clipboard(clipboard) == "clipboard-empty"
    (tmp_path / "held").write_bytes(saved(picture_of()))
    assert [code.reveal() for code in read_qr_from_clipboard(clipboard, CancelScope())] == [URI]
    (tmp_path / "held").write_bytes(b"\x89PNG and nothing more")
    assert slug_on_clipboard(clipboard) == "picture-unreadable"


def test_a_clipboard_that_cannot_be_reached(
    clipboard: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert slug_on_clipboard({"PATH": clipboard["PATH"]}) == "clipboard-unreachable"
    assert slug_on_clipboard({**clipboard, "PATH": "/nowhere"}) == "clipboard-unreachable"
    (tmp_path / "wl-paste").write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(clipboard_images, "_TIMEOUT", 0.1)
    assert slug_on_clipboard(clipboard) == "clipboard-unreachable"


def test_the_clipboard_of_macos_and_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    (tmp_path / "copied.png").write_bytes(saved(picture_of()))
    held: list[object] = [picture_of(), [str(tmp_path / "copied.png")], None]
    monkeypatch.setattr("PIL.ImageGrab.grabclipboard", lambda: held.pop(0))
    for _ in range(2):
        assert [code.reveal() for code in read_qr_from_clipboard({}, CancelScope())] == [URI]
    assert slug_on_clipboard({}) == "clipboard-empty"


def test_pictures_are_limited_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_images, "LONGEST_FILE", 100)
    (tmp_path / "code.png").write_bytes(saved(picture_of()))
    with pytest.raises(MfaTuiError) as problem:
        read_qr_file(str(tmp_path / "code.png"))
    assert problem.value.slug == "given-large"


MEASURED = """
import resource, sys
from mfa_tui.adapters.seeds.qr_images import decode_qr_data
from mfa_tui.errors import MfaTuiError
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    slug = str(len(decode_qr_data(data)))
except MfaTuiError as error:
    slug = error.slug
print(slug, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@quick_cases(1)
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in other units")
@pytest.mark.parametrize(
    ("mode", "side", "found"),
    [("RGBA", 8192, "picture-large"), ("RGBA", 2000, "picture-empty"), ("L", 8000, "picture-empty")],
)
def test_a_picture_takes_no_more_memory_than_its_budget(mode: str, side: int, found: str) -> None:
    """A transparent one of 8192 x 8192 took 1.4 GB."""
    data = saved(Image.new(mode, (side, side), 0), "PNG", compress_level=1)
    result = subprocess.run([sys.executable, "-c", MEASURED], input=data, capture_output=True, check=True, timeout=60)
    slug, megabytes = result.stdout.decode().split()
    assert (slug, int(megabytes) < 450) == (found, True)
