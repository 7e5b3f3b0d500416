"""What users read is plain English with one word for each thing: none of the wordings that were given up is left."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.support.runner.sources import ROOT, parsed

GIVEN_UP = {
    # One word for each thing.
    r"\bseeds?\b": "the stored TOTP key is the secret",
    r"\benrol(s|ments?)?\b": "one spelling: enroll, enrollment",
    r"\b(out of|in|into) step\b": "in sync, has drifted",
    r"\bopen(s|ed)? (a|the) role\b": "assume a role",
    r"\bgood until\b": "valid until",
    r"\bsessions? (that )?(lives?|ends?|ended)\b": "a session is valid, and expires",
    r"\b(gives?|giving) (no )?codes\b": "generate codes",
    r"login writes \[": "saves as dev-mfa",
    r"\bno (one|body)'s\b": "not active yet; belongs to no user",
    # Not as an engineer would write it.
    r"[«»]": "no guillemets",
    r"\bto be had\b": "get, obtain",
    r"\banew\b": "again",
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\bwhoever\b": "anyone who",
    r"\bworked out\b": "found, calculated",
    r"\b(is|are|be) told\b": "show, say",
    r"\bno way in\b": "locked out",
    r"\b(is|are) worth nothing\b": "stop working",
    r"\bever after\b": "forever",
    r"\bits time is over\b": "expires",
    r"\ball the same\b": "anyway",
    # Sentences of the interface that were replaced.
    r"digits that your device shows": "Type your 6-digit code",
    r"\byour turn\b": "needs a code",
    r"waiting for your answer": "waiting for your code",
    r"was used already": "already used",
    r"\bgive that one\b": "then try again",
    r"\bkept alive no more\b": "Keep-alive is off",
    r"SDKs ask for it": "renews on demand for AWS tools",
    r"makes a new session": "Press r to renew",
    r"what login wrote to \[": "Removes dev-mfa and its cached sessions",
    r"honou?rs the session": "Copies keep working at AWS until",
    r"though one is live": "Get a new session now",
    r"[Cc]leared there": "It clears in",
    r"[Ww]hat is the matter": "What's wrong?",
    r"to be asked again": "Try again to enter it",
}
"""Wordings as patterns, each with what to write instead."""

ALLOWED: dict[tuple[str, str], str] = {}
"""Places that may use such a wording, by file and a part of the text, each with the reason."""

PACKAGES = ("ui", "cli", "services", "core", "adapters")
PAGES = [ROOT / name for name in ("README.md", "SECURITY.md", "CHANGELOG.md")] + sorted((ROOT / "docs").glob("*.md"))


class Text(NamedTuple):
    """One text that a user may read."""

    file: str
    line: int
    text: str


def texts_of_code(tree: ast.Module, file: str) -> Iterator[Text]:
    """Every string of more than one word, with … for what is filled in; no docstring is one."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(part) for part in node.values}
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
            text = node.value
        else:
            continue
        # A single word is an identifier, a slug or a key as well.
        if re.search(r"\S\s+\S", text):
            yield Text(file, node.lineno, text)


def texts_of_page(markdown: str, file: str) -> Iterator[Text]:
    """The lines of a page, without code and the targets of links."""
    code = False
    for number, line in enumerate(markdown.splitlines(), start=1):
        if line.lstrip().startswith("```"):
            code = not code
        elif not code:
            yield Text(file, number, re.sub(r"`[^`]*`|\]\([^)]*\)", "…", line))


def user_texts() -> Iterator[Text]:
    """All that users read, in the package and on the pages."""
    for package in PACKAGES:
        for path in sorted((ROOT / "mfa_tui" / package).rglob("*.py")):
            yield from texts_of_code(parsed(path), str(path.relative_to(ROOT)))
    for page in PAGES:
        yield from texts_of_page(page.read_text(encoding="utf-8"), str(page.relative_to(ROOT)))


def found(texts: Iterator[Text]) -> list[str]:
    """Where a wording that was given up is used, with what to write instead."""
    return [
        f"{text.file}:{text.line}: {hit[0]!r} ({better}) in {text.text!r}"
        for text in texts
        for pattern, better in GIVEN_UP.items()
        if (hit := re.search(pattern, text.text, re.IGNORECASE))
        and not any(text.file == file and part in text.text for file, part in ALLOWED)
    ]


def test_no_wording_that_was_given_up_is_left() -> None:
    left = found(user_texts())
    assert not left, "\n".join(left)


@pytest.mark.parametrize(
    "planted",
    [
        'error("The device is out of step.")',
        'say(f"{name} has no seed yet")',
        'help = "Whoever " "sees it can make codes."',
        'raise Problem(f"A session of {hours} h is not to be had.")',
        'what = "the «phone» only"',
    ],
)
def test_a_planted_one_is_found(planted: str) -> None:
    assert found(texts_of_code(ast.parse(planted), "mfa_tui/ui/planted.py"))


def test_docstrings_identifiers_and_code_do_not_count() -> None:
    source = 'def seed_of(seed):\n    """The seed, worked out anew."""\n    return {"seed": seed, "--anew": seed}\n'
    assert not found(texts_of_code(ast.parse(source), "mfa_tui/ui/planted.py"))
    page = "See `--seed and seed`, [this](docs/seed-anew.md).\n```sh\necho the seed\n```\n"
    assert not found(texts_of_page(page, "README.md"))
    assert found(texts_of_page("The seed is stored.", "README.md"))
