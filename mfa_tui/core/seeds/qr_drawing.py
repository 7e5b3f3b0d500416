"""QR codes from which phones take a secret: drawn as text in half blocks, as SVG, or as PNG.

They have error correction level L and a border of two modules (ISO/IEC 18004 asks for four, but phones can read two).
So the code of a secret of AWS's length takes 41 columns and 21 rows, and fits a terminal of 80x24.
"""

from __future__ import annotations

from urllib.parse import quote

from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrcode.image.pil import PilImage
    from qrcode.image.pure import PyPNGImage
    from qrcode.main import QRCode

_ISSUER = "AWS"
BORDER = 2
"""The number of light modules around the code."""
_VERSION = 5
"""The largest version that fits a terminal of 24 rows: 37 modules and the border take 41 columns and 21 rows."""

_HALF_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
# Colors 16 and 231 are black and white in every theme, even in terminals without 24-bit colors.
_BLACK_ON_WHITE = "\033[38;5;16;48;5;231m"
_RESET = "\033[0m"
_PIXELS = 8
"""The width of a module in a PNG, and in the nominal size of an SVG."""


class QrCode:
    """A QR code with its light border. It contains a secret."""

    __slots__ = ("modules",)

    def __init__(self, modules: tuple[tuple[bool, ...], ...]) -> None:
        self.modules = modules
        """The rows of modules from top to bottom; True is dark."""

    def __repr__(self) -> str:
        return f"QrCode(•••, {self.columns}x{self.rows})"

    @property
    def columns(self) -> int:
        """The columns of text that it takes."""
        return len(self.modules)

    @property
    def rows(self) -> int:
        """The rows of text that it takes: each shows two rows of modules."""
        return (len(self.modules) + 1) // 2

    def lines(self) -> list[str]:
        """The code in ``▀ ▄ █`` and spaces. Dark modules are in the foreground color: draw it black on white.

        A dark theme's own colors would show the negative, which many phones cannot read.
        """
        light = (False,) * self.columns
        upper, lower = self.modules[::2], (*self.modules[1::2], light)
        return [
            "".join(_HALF_BLOCKS[pair] for pair in zip(*rows, strict=True)) for rows in zip(upper, lower, strict=False)
        ]

    def ansi(self) -> str:
        """The lines for a plain terminal, black on white in any theme; each ends with a reset and a newline."""
        return "".join(f"{_BLACK_ON_WHITE}{line}{_RESET}\n" for line in self.lines())

    def svg(self) -> str:
        """The code as an SVG document."""
        size = self.columns
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(self.modules) for x, dark in enumerate(row) if dark)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size * _PIXELS}" height="{size * _PIXELS}" '
            f'viewBox="0 0 {size} {size}" shape-rendering="crispEdges">\n'
            f'<rect width="{size}" height="{size}" fill="#fff"/>\n<path d="{path}" fill="#000"/>\n</svg>\n'
        )

    def png(self) -> bytes:
        """The code as a PNG file (ISO/IEC 15948): eight-bit grayscale, not interlaced."""
        import struct
        import zlib

        def chunk(kind: bytes, data: bytes) -> bytes:
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        size = self.columns * _PIXELS
        rows = (b"\0" + b"".join((b"\0" if dark else b"\xff") * _PIXELS for dark in row) for row in self.modules)
        pixels = b"".join(row * _PIXELS for row in rows)
        header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
        return (
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
        )


def qr_code(text: Secret, border: int = BORDER) -> QrCode:
    """The smallest QR code of level L that holds *text*. Raises UsageError (``qr-long``)."""
    encoder = _encoder(text, border)
    try:
        encoder.make()
    except ValueError:
        raise UsageError("qr-long", "This is too long for a QR code.", "One holds up to 2,953 bytes.") from None
    return QrCode(tuple(tuple(map(bool, row)) for row in encoder.get_matrix()))


def provisioning_uri(seed: Secret, device: str, account: str) -> Secret:
    """The address from which apps import a device: ``otpauth://totp/AWS:DEVICE@ACCOUNT?secret=…&issuer=AWS``.

    The format is google-authenticator's Key URI Format. So that the code fits a terminal of 80x24, a long device name
    first costs the ``issuer`` (with which the label starts), then its own end; codes depend on neither. A secret that
    is longer than AWS's may not fit at all; then the label is short too.
    """
    for name, end in (
        (device, f"&issuer={_ISSUER}"),
        *((device[:cut], "") for cut in range(len(device), 1, -1)),
    ):
        uri = _uri(seed, name, account, end)
        if _encoder(uri).best_fit() <= _VERSION:
            return uri
    return _uri(seed, device[:1], account, "")


def _uri(seed: Secret, device: str, account: str, end: str) -> Secret:
    label = quote(f"{device}@{account}" if account else device, safe="@,=")
    return Secret(f"otpauth://totp/{_ISSUER}:{label}?secret={seed.reveal()}{end}")


def _encoder(text: Secret, border: int = BORDER) -> QRCode[PilImage | PyPNGImage]:
    from qrcode.constants import ERROR_CORRECT_L
    from qrcode.main import QRCode

    encoder = QRCode(error_correction=ERROR_CORRECT_L, border=border)
    encoder.add_data(text.reveal())
    return encoder


def in_groups_of_four(seed: Secret) -> str:
    """The secret in groups of four, for reading aloud and typing. It is in the clear: take care where it goes."""
    plain = seed.reveal()
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
