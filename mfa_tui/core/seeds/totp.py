"""TOTP codes (RFC 6238) as AWS uses them: SHA-1, six digits, steps of 30 seconds."""

from __future__ import annotations

from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

PERIOD = 30
"""The length of a time step in seconds; AWS virtual MFA devices use no other."""
DIGITS = 6
"""The number of digits of a code; AWS uses no other."""
AWS_SEED_CHARACTERS = 64
"""The number of base32 characters of a seed from AWS (Base32StringSeed of CreateVirtualMFADevice)."""
LONGEST_SEED = 256
"""The longest seed, in base32 characters; longer input is something else."""
MINIMUM_BITS = 112
"""The shortest seed, in bits; pyotp refuses shorter ones too. RFC 4226 (R6) requires 128 and recommends 160."""

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_AS_BASE_32 = str.maketrans(_ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
"""From the digits of RFC 4648 to those of Python's ``int``."""
_LOOKALIKES = {"0": "O", "1": "I or L", "8": "B"}


def parse_seed(text: str) -> Secret:
    """The base32 seed in *text*, without spaces, dashes and padding, in upper case.

    Raises UsageError (slug ``seed-…``), which says what is wrong and never quotes more than one character.
    """
    seed = "".join(text.split()).replace("-", "").rstrip("=").upper()
    if not seed:
        raise _bad("seed-empty", "It is empty.")
    if len(seed) == DIGITS and seed.isascii() and seed.isdigit():
        raise _bad("seed-code", "It is a code, as the device shows it; the secret is what codes are generated from.")
    if len(seed) > LONGEST_SEED:
        raise _bad("seed-long", f"It has more than {LONGEST_SEED} characters; AWS's have {AWS_SEED_CHARACTERS}.")
    for position, character in enumerate(seed, start=1):
        if character not in _ALPHABET:
            hint = _LOOKALIKES.get(character)
            meant = f"; it is probably {hint}" if hint else ""
            shown = repr(character) if character.isprintable() else "a character that cannot be shown"
            raise _bad("seed-alphabet", f"Character {position} is {shown}, but base32 is A-Z and 2-7{meant}.")
    if len(seed) % 8 in (1, 3, 6):
        raise _bad("seed-length", f"No base32 secret has {len(seed)} characters: part of it is missing.")
    bits = len(seed) * 5 // 8 * 8
    if bits < MINIMUM_BITS:
        raise _bad(
            "seed-short",
            f"It is too short: {bits} bits, but at least {MINIMUM_BITS} are needed (RFC 4226 asks for 128).",
        )
    return Secret(seed)


def _bad(slug: str, why: str) -> UsageError:
    return UsageError(
        slug,
        "This is not a usable TOTP secret.",
        why,
        "Copy the whole secret key (AWS shows 64 characters), or the otpauth:// address, and try again.",
    )


def seed_warning(seed: Secret) -> str:
    """A warning about a seed that is valid but may be cut short; empty if it has the length of AWS's."""
    count = len(seed.reveal())
    if count == AWS_SEED_CHARACTERS:
        return ""
    return (
        f"AWS secrets have {AWS_SEED_CHARACTERS} characters, this one has {count}: "
        "if one is missing, every code will be wrong."
    )


def step_at(time: float) -> int:
    """The time step (T in RFC 6238) of *time*, in seconds since the epoch."""
    return int(time // PERIOD)


def step_start(step: int) -> int:
    """The start of *step*, in seconds since the epoch."""
    return step * PERIOD


def seconds_left(time: float) -> float:
    """The seconds until the code at *time* changes: more than 0, at most 30."""
    return PERIOD - time % PERIOD


def code_at_step(seed: Secret, step: int) -> Secret:
    """The code of *seed*, as :func:`parse_seed` returns it, for a time step."""
    import hmac

    text = seed.reveal()
    bits = len(text) * 5
    key = int(text.translate(_AS_BASE_32), 32) >> bits % 8
    digest = hmac.digest(key.to_bytes(bits // 8, "big"), step.to_bytes(8, "big"), "sha1")
    # The last four bits say where the number begins (RFC 4226, 5.3).
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return Secret(f"{number % 10**DIGITS:0{DIGITS}d}")


def proven_codes(seed: Secret, step: int) -> tuple[Secret, Secret]:
    """The codes for a time step and the next, while a device is set up: pyotp must generate the same ones.

    A mistake would show only when the device is needed. Raises RuntimeError.
    """
    # Importing it takes twice as long as starting Python: too long for each code.
    import pyotp

    codes = code_at_step(seed, step), code_at_step(seed, step + 1)
    reference = pyotp.TOTP(seed.reveal())
    if [code.reveal() for code in codes] != [reference.generate_otp(step), reference.generate_otp(step + 1)]:
        raise RuntimeError("pyotp generates other codes")
    return codes


def checked_code(text: str) -> Secret:
    """A code as typed or pasted, without white space; six ASCII digits must remain.

    AWS takes ``[0-9]{6}``, and its error would echo anything else, so nothing else is ever sent.
    Raises UsageError (slug ``code-malformed``).
    """
    code = "".join(text.split())
    if len(code) == DIGITS and code.isascii() and code.isdigit():
        return Secret(code)
    raise not_a_code(code)


def not_a_code(code: str) -> UsageError:
    """Why a text without white space, which is not quoted, is not a code."""
    if code.isdigit() and code.isascii():
        why = f"It has {len(code)} digit{'' if len(code) == 1 else 's'}."
    elif code.isdigit():
        why = "Its digits are not the plain 0 to 9; switch the keyboard to ASCII."
    else:
        why = "It has characters other than digits." if code else "It is empty."
    return UsageError(
        "code-malformed",
        "An MFA code has six digits.",
        why,
        "Type the 6-digit code that your device shows; nothing was sent.",
    )
