"""QR codes as PNG files, as CreateVirtualMFADevice answers with one."""

import struct
import zlib

import qrcode

_SCALE = 4
"""Pixels a module."""


def qr_png(text: str) -> bytes:
    """A black and white PNG of the QR code of ``text``, quiet zone included."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = b""
    matrix = code.get_matrix()
    for modules in matrix:
        rows += (b"\0" + bytes(0 if dark else 255 for dark in modules for _ in range(_SCALE))) * _SCALE
    side = len(matrix) * _SCALE
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)  # eight bits of gray, not interlaced
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
