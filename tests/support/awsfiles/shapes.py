"""Pairs of AWS files in every shape that users have them in, for tests that pass each through a real login.

In each, botocore finds a profile ``dev`` with long-term keys, and nothing called ``dev-mfa``.
"""

import random
from functools import cache
from typing import NamedTuple

from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.ini import DocumentDefect
from tests.support.awsfiles.filemaker import FileMaker

ACCESS_KEY_ID = "AKIASHAPESHAPESHAPES"
SECRET_ACCESS_KEY = "Shapes/of/files/and/none/of/them/damaged"
MFA_SERIAL = "arn:aws:iam::111122223333:mfa/dev-phone"
"""Of the user ``dev``; :meth:`Shape.for_user` puts a real one's in their place. Not every shape has the serial."""

GENERATED = 150
"""How many pairs are made by a seeded maker, beside those written by hand."""


class Shape(NamedTuple):
    """A pair of files."""

    name: str
    config: bytes
    credentials: bytes

    def for_user(self, access_key_id: str, secret_access_key: str, mfa_serial: str) -> "Shape":
        """The same pair with a user's own keys and serial."""
        config, credentials = self.config, self.credentials
        for placeholder, real in (
            (ACCESS_KEY_ID, access_key_id),
            (SECRET_ACCESS_KEY, secret_access_key),
            (MFA_SERIAL, mfa_serial),
        ):
            config = config.replace(placeholder.encode(), real.encode())
            credentials = credentials.replace(placeholder.encode(), real.encode())
        return Shape(self.name, config, credentials)


KEYS = f"aws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n"
SETTINGS = f"region = eu-central-1\nmfa_serial = {MFA_SERIAL}\n"
CONFIG = f"[profile dev]\n{SETTINGS}"
CREDENTIALS = f"[dev]\n{KEYS}"


def _indented(text: str, indent: str = "  ") -> str:
    return "".join(indent + line for line in text.splitlines(keepends=True))


# The config file varies, the credentials file is plain.
_CONFIGS = {
    "plain": CONFIG,
    "empty config": "",
    "only blank lines": "\n\n\n",
    "only a comment": "# nothing here yet",
    "only white space": "  \t",
    "double-quoted header": f'[profile "dev"]\n{SETTINGS}',
    "single-quoted header": f"[profile 'dev']\n{SETTINGS}",
    "escaped header": f"[profile d\\ev]\n{SETTINGS}",
    "two spaces in the header": f"[profile  dev]\n{SETTINGS}",
    "tab in the header": f"[profile\tdev]\n{SETTINGS}",
    "space before the bracket": f"[profile dev ]\n{SETTINGS}",
    "comment behind the header": f"[profile dev] # my own\n{SETTINGS}",
    "indented header": f"   [profile dev]\n{SETTINGS}",
    "indented section": _indented(CONFIG),
    "indented keys": f"[profile dev]\n{_indented(SETTINGS)}",
    "keys indented by tabs": f"[profile dev]\n{_indented(SETTINGS, chr(9))}",
    "indented keys, next header indented": f"[profile dev]\n{_indented(SETTINGS)}  [profile ops]\nregion = x\n",
    "header alone": "[profile dev]\n",
    "header alone, next one indented": "[profile dev]\n    [profile ops]\n    region = x\n",
    "nobody of that name": "[profile ops]\nregion = us-east-1\n",
    "default first": f"[default]\nregion = us-east-1\n\n{CONFIG}",
    "default as a profile": f"[profile default]\nregion = us-east-1\n\n{CONFIG}",
    "default twice": f"[default]\nregion = us-east-1\n[profile default]\noutput = json\n\n{CONFIG}",
    "keys for all": f"[DEFAULT]\noutput = json\n\n{CONFIG}",
    "keys for all, last": f"{CONFIG}\n[DEFAULT]\noutput = json",
    "keys for all, twice": f"[DEFAULT]\noutput = json\n{CONFIG}\n[DEFAULT]\ncli_pager =\n",
    "block for all": f"[DEFAULT]\ns3 =\n  max_concurrent_requests = 20\n\n{CONFIG}",
    "colons": f"[profile dev]\nregion: eu-central-1\noutput : json\nmfa_serial: {MFA_SERIAL}\n",
    "no spaces": f"[profile dev]\nregion=eu-central-1\nmfa_serial={MFA_SERIAL}\n",
    "many spaces": f"[profile dev]\nregion\t  =   eu-central-1   \nmfa_serial   =\t{MFA_SERIAL}\t\n",
    "upper-case keys": f"[profile dev]\nREGION = eu-central-1\nMfa_Serial = {MFA_SERIAL}\n",
    "empty value": f"{CONFIG}cli_pager =\n",
    "empty value without space": f"{CONFIG}cli_pager=",
    "hash in a value": f"{CONFIG}note = one # two\n",
    "semicolon value": f"{CONFIG}note = ; three\n",
    "value in brackets": f"{CONFIG}note = [x]\n",
    "equals signs in a value": f"{CONFIG}note = a=b:c=d\n",
    "block": f"{CONFIG}s3 =\n    addressing_style = path\n    max_concurrent_requests = 20\n",
    "block first": f"[profile dev]\ns3 =\n  addressing_style = path\n{SETTINGS}",
    "block with comments": f"{CONFIG}s3 =\n  # fast\n  max_queue_size = 9\n\n# slow\n  addressing_style = path\n",
    "block by tabs": f"{CONFIG}s3 =\n\taddressing_style = path\n",
    "block in an indented section": f"[profile dev]\n{_indented(SETTINGS)}  s3 =\n    addressing_style = path\n",
    "block without newline": f"{CONFIG}s3 =\n  addressing_style = path",
    "value of several lines": f"{CONFIG}note = one\n  two\n\n  three\nlast = 1\n",
    "header inside a value": f"{CONFIG}note = one\n  [profile fake]\n  region = nowhere\n",
    "value of several lines at the end": f"{CONFIG}note = one\n   two",
    "comments everywhere": f"# top\n{CONFIG}  # indented\n; semicolon\n\n# about ops\n[profile ops]\n# last",
    "comment between keys": f"[profile dev]\n# region\nregion = eu-central-1\n;serial\nmfa_serial = {MFA_SERIAL}\n",
    "commented section": f"{CONFIG}\n# [profile dev-mfa]\n# region = x\n",
    "blank lines with spaces": f"\n   \n{CONFIG}\t\n  \n",
    "many blank lines at the end": f"{CONFIG}\n\n\n\n",
    "two words as a name": f"[profile a b]\nregion = x\n\n{CONFIG}",
    "names in quotes": f"[profile \"a b\"]\nregion = x\n[profile 'c d']\n[profile e\\ f]\n\n{CONFIG}",
    "unclosed quote": f'[profile "open]\nregion = x\n\n{CONFIG}',
    "bare header": f"[dev]\nregion = nowhere\n\n{CONFIG}",
    "dev twice, the later counts": f"[profile dev]\nregion = nowhere\n\n[profile 'dev']\n{SETTINGS}",
    "sessions and services": f"[sso-session corp]\nsso_region = x\n[services my]\nsts =\n  x = y\n[plugins]\n{CONFIG}",
    "roles": f"{CONFIG}\n[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = dev\n",
    "single sign-on beside it": f"[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\n\n{CONFIG}",
    "process beside it": f"{CONFIG}\n[profile vault]\ncredential_process = /bin/false --never run\n",
    "unknown keys": f"{CONFIG}x_team = platform\ncolour = green\ntwo words = 2\n",
    "odd key": f"{CONFIG}[odd = 1\n",
    "not ASCII": f"# für alle\n[profile prüfung]\nnote = naïve ☃\n\n{CONFIG}note = größer\n",
    "Unicode line separator": f"# a\u2028b\n{CONFIG}note = one\u2028two\n[profile se\u2028p]\n",
    "form feed and vertical tab": f"# a\x0cb\n{CONFIG}note = one\x0btwo\x0cthree\n\x0c\n",
    "next line and file separator": f"{CONFIG}note = one\x85two\x1cthree\n",
    "no-break spaces": f"{CONFIG}note =\u00a0one\u00a0two\n\u00a0\n[profile no\u00a0break]\n",
    "indented by a no-break space": f"{CONFIG}note = one\n\u00a0two\n",
    "null byte": f"{CONFIG}note = one\x00two\n",
    "byte order mark inside": f"{CONFIG}note = \ufeffone\n",
    "no newline after a header": f"{CONFIG}[profile last]",
    "no newline after a comment": f"{CONFIG}# the end",
    "white space for a last line": f"{CONFIG}    ",
    "long line": f"{CONFIG}note = {'x' * 20_000}\n",
    "many profiles": "".join(f"[profile team-{number}]\nregion = us-east-1\n\n" for number in range(300)) + CONFIG,
    "keys too": f"[profile dev]\n{SETTINGS}{KEYS}",
}

# The credentials file varies, the config file is plain.
_CREDENTIALS = {
    "no newline": CREDENTIALS.rstrip("\n"),
    "blank lines at the end": f"{CREDENTIALS}\n\n\n",
    "indented section (credentials)": _indented(CREDENTIALS),
    "indented keys (credentials)": f"[dev]\n{_indented(KEYS, chr(9))}",
    "indented keys, next header indented (credentials)": f"[dev]\n{_indented(KEYS)}  [ops]\nnote = x\n",
    "no spaces (credentials)": f"[dev]\n{KEYS.replace(' = ', '=')}",
    "colons (credentials)": f"[dev]\n{KEYS.replace(' = ', ' : ')}",
    "upper-case keys (credentials)": f"[dev]\n{KEYS.replace('aws_', 'AWS_')}",
    "comments (credentials)": f"# do not share\n[dev]\n; mine\n{KEYS}# ops\n[ops]\n# end",
    "white space behind the keys": f"[dev]\n{KEYS}".replace("\n", "  \n"),
    "several profiles": f"[default]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n\n{CREDENTIALS}\n[z]\n",
    "keys for all (credentials)": f"[DEFAULT]\noutput = json\n{CREDENTIALS}",
    "region in the credentials": f"{CREDENTIALS}region = eu-west-1\n",
    "serial in the credentials": f"{CREDENTIALS}mfa_serial = {MFA_SERIAL}\n",
    "serial as aws-mfa has it": f"{CREDENTIALS}aws_mfa_device = {MFA_SERIAL}\n",
    "block in the credentials": f"{CREDENTIALS}s3 =\n  addressing_style = path\n",
    "literal headers": f'["a b"]\nx = 1\n[profile dev]\nx = 2\n[ dev ]\nx = 3\n\n{CREDENTIALS}',
    "others' sessions": f"{CREDENTIALS}\n[ops]\naws_session_token = t\nexpiration = 2020-01-01 00:00:00\n",
    "comment behind the header (credentials)": f"[dev] # mine\n{KEYS}",
    "value of several lines (credentials)": f"{CREDENTIALS}note = a\n  [b]\n\n  c\n",
    "not ASCII (credentials)": f"[größe]\nx = ☃\u2028\x0c|\n{CREDENTIALS}",
}

# Other ways to end a line, over some of the above.
_ENDINGS = {"CRLF": "\r\n", "CR": "\r"}
_ENDED_OTHERWISE = (
    "plain", "only blank lines", "comments everywhere", "block", "block with comments", "block without newline",
    "value of several lines", "header alone, next one indented", "many blank lines at the end", "keys for all",
    "indented keys", "no newline after a comment",
)  # fmt: skip

_HARMLESS_KEYS = ("cli_pager", "Note", "X_Team", "two words", "İ", "[odd", "key\x0b", "colour")
"""Keys that change nothing for a login, wherever they leak to."""


@cache
def pairs() -> tuple[Shape, ...]:
    """All shapes: more than two hundred, the same ones each time."""
    shapes = [_shape(name, config, CREDENTIALS) for name, config in _CONFIGS.items()]
    shapes += [_shape(name, CONFIG, credentials) for name, credentials in _CREDENTIALS.items()]
    shapes.append(_shape("keys in the config file only", f"[profile dev]\n{SETTINGS}{KEYS}", ""))
    shapes.append(_shape("default's keys too", f"[default]\n{SETTINGS}\n{CONFIG}", f"[default]\n{KEYS}\n[dev]\n{KEYS}"))
    for style, ending in _ENDINGS.items():
        for name in _ENDED_OTHERWISE:
            config, credentials = (text.replace("\n", ending) for text in (_CONFIGS[name], CREDENTIALS))
            shapes.append(_shape(f"{name}, {style}", config, credentials))
    mixed = (CONFIG.replace("\n", "\r\n", 1), CREDENTIALS.replace("\n", "\r", 2))
    shapes.append(_shape("mixed line endings", *mixed))
    shapes += [_generated(seed) for seed in range(GENERATED)]
    return tuple(shapes)


def _shape(name: str, config: str, credentials: str) -> Shape:
    return Shape(name, config.encode(), credentials.encode())


def _generated(seed: int) -> Shape:
    rng = random.Random(seed)  # noqa: S311 - no secret is made
    return Shape(
        f"generated {seed}",
        _around(rng, CONFIG.encode(), "config"),
        _around(rng, CREDENTIALS.encode(), "credentials"),
    )


def _around(rng: random.Random, section: bytes, kind: str) -> bytes:
    """A made file with the section of ``dev`` before or behind everything else."""
    while True:
        made = FileMaker(rng.randrange, kind, _HARMLESS_KEYS).make(defects=False)
        ending = next((ending for ending in (b"\r\n", b"\r", b"\n") if ending in made), b"\n")
        own = section.replace(b"\n", ending)
        if rng.random() < 1 / 2:
            # A header in between: what follows may be indented, and would continue the last key.
            made = own + b"[between]" + ending + made
        else:
            made += (b"" if made.endswith((b"\r", b"\n")) or not made else ending) + own
        try:
            document = Document.parse(made, kind)
        except DocumentDefect:
            continue
        if document.section_of("dev") in ("dev", "profile dev"):
            return made
