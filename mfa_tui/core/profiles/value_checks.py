"""Checks of the values of keys and variables, and what is wrong with bad ones.

AWS files have neither comments after a value nor quotes, and an indented line belongs to the value above it; people
who know other formats write all of these. A cause is found by undoing it: if the result is a good value, that was it.
"""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import SERIAL_KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Rule:
    """The values that a key takes.

    The pattern for the whole value is compiled when it is needed (``re`` caches it): ``list`` seldom needs one.
    """

    __slots__ = ("_pattern", "secret", "wanted")

    def __init__(self, pattern: str, wanted: str, *, secret: bool = False) -> None:
        self._pattern = pattern
        self.wanted = wanted
        """What the value must be, in words."""
        self.secret = secret
        """Whether the value is secret, and never quoted."""

    @property
    def mismatch(self) -> str:
        """What a value of another form is, in words: "not the name of a region"."""
        return f"not {self.wanted}"

    def takes(self, value: str) -> bool:
        """Whether *value* has the right form."""
        import re

        return re.compile(self._pattern, re.ASCII).fullmatch(value) is not None


_ANY = r"[A-Za-z0-9/+=_.,:~!@%^&()*?|-]+"
_NAME = r"[^\x00-\x1f]+"
RULES = {
    "region": Rule(r"(?![0-9]+\Z)(?!-)[A-Za-z0-9-]{1,63}(?<!-)", "the name of a region, such as eu-central-1"),
    "aws_access_key_id": Rule(r"[\w-]+", "an access key ID (AKIA and 16 more characters)"),
    "aws_secret_access_key": Rule(_ANY, "the secret access key that AWS showed with the key's id", secret=True),
    "aws_session_token": Rule(_ANY, "the session token that came with the keys", secret=True),
    "role_arn": Rule(
        r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", "the ARN of a role (arn:aws:iam::123456789012:role/NAME)"
    ),
    "mfa_serial": Rule(
        r"(?!arn:)[\w+=/:,.@-]{9,256}|arn:[^:]*:iam::[^:]*:(?:mfa|u2f|sms-mfa)/[\w+=/:,.@-]{1,200}",
        "the ARN of an MFA device (arn:aws:iam::123456789012:mfa/NAME)",
    ),
    "external_id": Rule(r"[\w+=,.@:/-]{2,1224}", "2 to 1,224 letters, digits or any of + = , . @ : / - _"),
    "role_session_name": Rule(r"[\w+=,.@-]{2,64}", "2 to 64 letters, digits or any of + = , . @ - _"),
    "duration_seconds": Rule(r"9\d\d|[1-9]\d{3}|[1-3]\d{4}|4[0-2]\d{3}|43[01]\d\d|43200", "a number from 900 to 43200"),
    "source_profile": Rule(_NAME, "the name of a profile"),
    "credential_source": Rule("[A-Za-z0-9]+", "Environment, Ec2InstanceMetadata or EcsContainer"),
    "sso_session": Rule(_NAME, "the name of an sso-session section"),
}
RULES["aws_mfa_device"] = RULES["mfa_serial"]
CODES = {
    **dict.fromkeys(SERIAL_KEYS, "serial-malformed"),
    **dict.fromkeys(("role_arn", "external_id", "role_session_name", "duration_seconds"), "profile-broken"),
}
"""The codes of keys that had one code for all causes in earlier versions; scripts rely on them."""
_LONGEST = 4096
"""The longest value, in characters, whose cause is looked for: no key takes longer ones, and patterns are slow."""
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "`": "`"}
_PLACEHOLDER = (
    r"(?i)<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|\$\{?\w+\}?|x{4,}|\.{3}|…|"
    r"(?:your|enter|insert|replace)[-_ a-z]*|todo|changeme|none|null|region|\w*_HERE|"
    r"[^:]*:[^:]*:[^:]*::(?:<[^<>]*>|x+|account[-_ ]?(?:id)?|your[\w -]*):.*|arn:.*[<{\[].*"
)
"""What examples have instead of a value."""


class BadValue:
    """What is wrong with a value."""

    __slots__ = ("better", "character", "name", "rule")

    def __init__(self, name: str, rule: Rule, *, better: str = "", character: str = "") -> None:
        self.name = name
        """The name of the problem in the catalogue."""
        self.rule = rule
        """The rule that the value breaks."""
        self.better = better
        """The value that was probably meant; empty if unknown."""
        self.character = character
        """The first character that does not belong, in words; empty if that is not the cause."""

    @property
    def words(self) -> str:
        """What is wrong, in words that fit after the name of a variable."""
        return {
            "value-comment": "ends in a comment",
            "value-quoted": "is in quotes",
            "value-placeholder": "is a placeholder",
            "value-continued": "has several lines",
            "value-invisible": f"contains an invisible or misplaced character ({self.character})",
        }.get(self.name, f"is {self.rule.mismatch}")

    def remedy(self, key: str, delimiter: str = " = ") -> str:
        """What to write instead, in one sentence."""
        if self.better and not self.rule.secret:
            return f"Write it as {key}{delimiter}{self.better}"
        parts = {"value-comment": "the comment", "value-quoted": "the quotes"}
        return f"Write {key} again, without {parts.get(self.name, 'that character')}."


def bad_value(key: str, value: str | Mapping[str, str]) -> BadValue | None:
    """What is wrong with the value of a key that has a rule; None if it is good."""
    rule = RULES[key]
    if is_usual(key, value):
        return None
    if not isinstance(value, str):
        return BadValue("value-continued", rule)
    value = value.strip()
    if "\n" in value:
        return BadValue("value-continued", rule)
    if not value:
        return BadValue("value-empty", rule)
    if len(value) > _LONGEST:
        return None if rule.takes(value) else BadValue("value-malformed", rule)
    free = rule.takes("a b")
    if rule.takes(value) and not (_has_invisible(value) or _in_quotes(value)):
        # A name can be any text, but this one was probably not meant.
        comment = free and without_comment(value) != value
        placeholder = not free and not rule.secret and is_placeholder(value)
        if not comment and not placeholder:
            return None
    return _cause(rule, value)


def _cause(rule: Rule, value: str) -> BadValue:
    """Why a value is bad: the first cause whose undoing leaves a good value, or a placeholder, or simply malformed."""
    seen = visible(value)
    bare = without_comment(seen)
    if bare != seen and rule.takes(unquoted(bare)) and not is_placeholder(unquoted(bare)):
        return BadValue("value-comment", rule, better=unquoted(bare))
    if is_placeholder(unquoted(seen)) or is_placeholder(unquoted(bare)):
        return BadValue("value-placeholder", rule)
    if _in_quotes(seen) and rule.takes(unquoted(seen)):
        return BadValue("value-quoted", rule, better=unquoted(seen))
    if seen != value:
        better = seen if rule.takes(seen) else ""
        return BadValue("value-invisible", rule, better=better, character=_named_character(value))
    if rule.secret:
        strange = next((letter for letter in value if not rule.takes(letter)), "")
        return BadValue("value-invisible", rule, character=_named_character(strange))
    return BadValue("value-malformed", rule)


def without_comment(value: str) -> str:
    """*value* up to what looks like a comment: a # or ; after a space, or a # right after a word."""
    for at, letter in enumerate(value):
        before = value[at - 1 : at]
        if before and letter in "#;" and (before.isspace() or (letter == "#" and (before.isalnum() or before in "-_"))):
            return value[:at].strip()
    return value


def is_placeholder(value: str) -> bool:
    """Whether *value* is what an example has instead of a value."""
    import re

    return re.fullmatch(_PLACEHOLDER, value) is not None


def is_usual(key: str, value: object) -> bool:
    """Whether a value is certainly good; nearly all are found to be so, without a pattern."""
    if not isinstance(value, str) or not value.isascii():
        return False
    if key == "aws_access_key_id":
        return value[:4] in ("AKIA", "ASIA") and _is_usual_key_id(value)
    if key == "region":
        return value[-1:].isdigit() and value.count("-") == len(("eu", "west")) and value.replace("-", "").isalnum()
    if key == "role_arn":
        rest = value.removeprefix("arn:aws:iam::")
        account, _, name = rest.partition(":role/")
        # Of bytes, this is quicker than of text.
        letters = name.encode().replace(b"-", b"").replace(b"_", b"").replace(b"/", b"")
        return letters.isalnum() and account.isdigit() and len(account) == 12 and len(rest) < len(value)  # noqa: PLR2004 - digits
    if key == "duration_seconds":
        return value in ("900", "3600", "7200", "14400", "28800", "43200")
    return RULES[key].secret and _is_usual_secret(value)


def are_usual_keys(key_id: str | Mapping[str, str], secret: str | Mapping[str, str] | None) -> bool:
    """As :func:`is_usual`, of the access key ID and the secret of a user (AKIA…) in a file; thousands are looked at."""
    # As text, what starts with AKIA is between that and what differs in the last letter.
    if not (isinstance(key_id, str) and isinstance(secret, str) and "AKIA" <= key_id < "AKIB"):
        return False
    letters = secret.encode()
    return _is_usual_key_id(key_id) and (letters.isalnum() or _is_usual_secret(secret))


def _is_usual_key_id(value: str) -> bool:
    # Of bytes, this is quicker than of text. Four X are a placeholder.
    letters = value.encode()
    return letters.isalnum() and letters.isupper() and "XXXX" not in value


def _is_usual_secret(value: str) -> bool:
    letters = value.encode()
    return letters.isalnum() or letters.replace(b"/", b"").replace(b"+", b"").rstrip(b"=").isalnum()


def visible(value: str) -> str:
    """*value* without the characters that cannot be seen, and with plain spaces."""
    return "".join(" " if _is_space(letter) else letter for letter in value if not _hidden(letter)).strip()


def unquoted(value: str) -> str:
    """*value* without quotes around it or at one end."""
    while value[:1] in _QUOTES and value:
        closing = _QUOTES[value[0]]
        value = value[1:].removesuffix(closing).strip()
    return value.rstrip("".join({*_QUOTES, *_QUOTES.values()})).strip()


def _in_quotes(value: str) -> bool:
    return bool(value) and (value[0] in _QUOTES or value[-1] in _QUOTES.values())


def _has_invisible(value: str) -> bool:
    return not value.isascii() and any(_hidden(letter) or _is_space(letter) for letter in value)


def _hidden(letter: str) -> bool:
    import unicodedata

    return unicodedata.category(letter) in ("Cc", "Cf", "Cn", "Co") or letter in "\u034f\u115f\u1160\u3164\uffa0"


def _is_space(letter: str) -> bool:
    return letter != " " and letter.isspace()


def _named_character(value: str) -> str:
    """The first character that does not belong, by its code point, which reveals nothing of a usable secret."""
    strange = next((letter for letter in value if _hidden(letter) or _is_space(letter)), value[:1])
    if strange == " ":
        return "a space"
    return f"U+{ord(strange):04X}" if strange else "an unknown one"
