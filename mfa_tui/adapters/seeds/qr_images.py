"""QR codes in PNG and JPEG pictures, which Pillow reads and zxing-cpp decodes (the extra ``qr``)."""

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
"""Bytes; photos from today's phones have up to twenty million."""
MOST_PIXELS = 64 * 1024 * 1024
"""More pixels than any phone's photo has are refused: a few bytes can stand for any number, and each takes memory."""
_MOST_MEMORY = 6 * MOST_PIXELS
"""Bytes that a decoded picture may take: a color photo with so many pixels, or half as many if transparent."""
_ONE_BYTE = ("1", "L", "P")
"""Pillow's modes of one byte a pixel; most others take four."""
_FORMATS = ("PNG", "JPEG")
"""Pillow reads many other formats, which nobody needs here, with code that is less well tested."""


def read_qr_file(path: str) -> list[Secret]:
    """The texts of the QR codes in a picture. Raises FileProblem (``given-…``) and as :func:`decode_qr_data`."""
    require_qr()
    return decode_qr_data(read_user_file(path, LONGEST_FILE))


def decode_qr_data(data: bytes) -> list[Secret]:
    """The texts of the QR codes in the content of a PNG or JPEG file, at least one.

    Raises UsageError: ``extra-missing``, ``picture-unreadable``, ``picture-large``, ``picture-empty``.
    """
    require_qr()
    return decode_qr_picture(_opened(data))


def decode_qr_picture(picture: Image) -> list[Secret]:
    """The texts of the QR codes in an opened picture, at least one. Raises as :func:`decode_qr_data`."""
    import zxingcpp

    pixels = picture.width * picture.height
    # The pixels themselves, in gray, and the library's copy; if transparent, the background and the alpha channel too.
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
        "Take the picture again, straight and sharp, or type in the secret key.",
    )


def is_picture(data: bytes) -> bool:
    """Whether a file's content begins like that of a PNG or JPEG file."""
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
            # Only the header is read here.
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception:  # noqa: BLE001 - Pillow's readers may raise anything
        raise _unreadable("It is not a PNG or JPEG file, or it is damaged.") from None
    return picture


def _flattened(picture: Image) -> Iterator[Image]:
    """The picture in gray; a transparent one on white and then on black, since a code may be drawn in either."""
    from PIL import Image

    try:
        if not picture.has_transparency_data:
            # A JPEG is decoded to gray at once, with a quarter of the memory.
            picture.draft("L", picture.size)
            yield picture.convert("L")
            return
        seen = picture.convert("LA")
        grey, alpha = seen.getchannel("L"), seen.getchannel("A")
        del seen
        picture.close()
        for ground in (255, 0):
            yield Image.composite(grey, Image.new("L", grey.size, ground), alpha)
    except Exception:  # noqa: BLE001 - as above; this reads the pixels
        raise _unreadable("It is damaged or incomplete.") from None


def _unreadable(why: str) -> UsageError:
    return UsageError(
        "picture-unreadable", "This picture cannot be read.", why, "Use a PNG or JPEG file that shows the QR code."
    )


def _too_large() -> UsageError:
    return UsageError(
        "picture-large",
        "This picture is too large.",
        f"It has more than {MOST_PIXELS:,} pixels, or half as many with transparent ones.",
        "Crop it to the QR code.",
    )
