"""QR codes in pictures: PNG and JPEG, read by Pillow and decoded by zxing-cpp (the extra ``qr``)."""

from __future__ import annotations

from mfa_tui.adapters.filesystem.user_files import read_user_file
from mfa_tui.adapters.libraries.extras import extra_missing
from mfa_tui.adapters.libraries.logs import silence_libraries
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

LONGEST_FILE = 32 * 1024 * 1024
"""Bytes; photos of today's phones have up to twenty million."""
MOST_PIXELS = 64 * 1024 * 1024
"""A few bytes can stand for any number of pixels, each of which takes memory: more than any phone's are refused."""
_MOST_MEMORY = 6 * MOST_PIXELS
"""Bytes that a picture may take once it is decoded: a colour photo of so many pixels, half as many transparent ones."""
_ONE_BYTE = ("1", "L", "P")
"""Pillow's modes of one byte a pixel; most others take four."""
_FORMATS = ("PNG", "JPEG")
"""Pillow reads many others, which nobody needs here, by code that is less looked at."""


def read_qr_file(path: str) -> list[Secret]:
    """The texts of the QR codes in a picture. Raises FileProblem (``given-…``) and as :func:`codes_in`."""
    require_qr()
    return decode_qr_data(read_user_file(path, LONGEST_FILE))


def decode_qr_data(data: bytes) -> list[Secret]:
    """The texts of the QR codes in a PNG or JPEG file's content, at least one.

    Raises UsageError: ``extra-missing``, ``picture-unreadable``, ``picture-large``, ``picture-empty``.
    """
    require_qr()
    return decode_qr_picture(_opened(data))


def decode_qr_picture(picture: Image) -> list[Secret]:
    """The texts of the QR codes in an opened picture, at least one. Raises as :func:`codes_in`."""
    import zxingcpp

    pixels = picture.width * picture.height
    # As they are, in grey, and the library's own copy; or with the ground behind them, and with how far it is seen.
    each = (1 if picture.mode in _ONE_BYTE else 4) + (8 if picture.has_transparency_data else 2)
    if pixels > MOST_PIXELS or pixels * each > _MOST_MEMORY:
        raise _too_large()
    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for flat in _flattened(picture):
        found = zxingcpp.read_barcodes(flat, formats=wanted, text_mode=zxingcpp.TextMode.Plain)
        if found:
            return [Secret(code.text) for code in found]
    raise UsageError(
        "picture-empty",
        "No QR code was found in this picture.",
        "The picture must show the whole code, with its corners and a light border.",
        "Take it again, straight and sharp; or give the secret key as text.",
    )


def is_picture(data: bytes) -> bool:
    """Whether a file's content begins as PNG or JPEG files do."""
    return data.startswith((b"\x89PNG", b"\xff\xd8\xff"))


def require_qr() -> None:
    """Raise UsageError (``extra-missing``) if pictures cannot be read here."""
    import importlib.util

    if not (importlib.util.find_spec("PIL") and importlib.util.find_spec("zxingcpp")):
        raise extra_missing("qr", "Pictures of QR codes cannot be read.")


def _opened(data: bytes) -> Image:
    import io
    import warnings

    from PIL import Image

    silence_libraries()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Only the head is read here.
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception:  # noqa: BLE001 - Pillow's readers raise whatever they stumble over
        raise _unreadable("It is no PNG or JPEG file, or is damaged.") from None
    return picture


def _flattened(picture: Image) -> Iterator[Image]:
    """In grey; where parts are transparent, on white and then on black: a code is drawn in either."""
    from PIL import Image

    try:
        if not picture.has_transparency_data:
            # JPEG is decoded in grey at once, at a quarter of the memory.
            picture.draft("L", picture.size)
            yield picture.convert("L")
            return
        seen = picture.convert("LA")
        grey, alpha = seen.getchannel("L"), seen.getchannel("A")
        del seen
        picture.close()
        for ground in (255, 0):
            yield Image.composite(grey, Image.new("L", grey.size, ground), alpha)
    except Exception:  # noqa: BLE001 - as above; here the pixels are read
        raise _unreadable("It is damaged or cut short.") from None


def _unreadable(why: str) -> UsageError:
    return UsageError(
        "picture-unreadable", "This picture cannot be read.", why, "Give a PNG or JPEG file that shows the QR code."
    )


def _too_large() -> UsageError:
    return UsageError(
        "picture-large",
        "This picture is too large.",
        f"It has more than {MOST_PIXELS:,} pixels, or half as many with transparent ones.",
        "Crop it to the QR code.",
    )
