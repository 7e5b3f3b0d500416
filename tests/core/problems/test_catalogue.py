"""The catalog of problems: it has every error that is raised, and the page in docs/ is generated from it."""

import ast
import re
import string

from mfa_tui import errors
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.problems.catalogue import CATALOGUE, GROUPS
from mfa_tui.core.problems.page import markdown
from mfa_tui.services.sessions.refusals import _NETWORK_TEXTS
from tests.support.runner.sources import PACKAGE, parsed

DOCS = PACKAGE.parent / "docs" / "problems.md"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+|usage|unexpected|cancelled|botocore|yubikey|denied|throttled")
ERRORS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, Exception) and value is not errors.Cancelled
}
MADE_OF_WORDS = {
    # Where the slug is computed: the module, and its possible values.
    "adapters/programs/secret_command.py": {"seed-command", "code-command", "passphrase-command"},
    "services/sessions/refusals.py": {f"network-{kind}" for kind in _NETWORK_TEXTS},
    "errors.py": {"cancelled"},
    "core/aws/error_kinds.py": {value for name, value in vars(AwsErrorKind).items() if name.isupper()},
}


def test_the_page_is_up_to_date() -> None:
    assert DOCS.read_text(encoding="utf-8") == markdown(), "make docs"


def test_names_are_unique_and_texts_are_complete() -> None:
    names = [problem.name for _, group in GROUPS for problem in group]
    assert len(names) == len(set(names))
    for problem in CATALOGUE.values():
        assert SLUG.fullmatch(problem.slug)
        assert problem.severity in ("error", "warning", "hint")
        assert problem.what
        assert problem.remedy or problem.page
        shown = problem.page_texts()
        assert not re.fullmatch(r"\{\w+\}", shown[2]), f"{problem.name} tells the page nothing: give it a page"
        for text in problem.page_texts():
            assert [word for _, word, *_ in string.Formatter().parse(text) if word == ""] == []


def test_every_slug_that_is_raised_is_in_the_catalogue() -> None:
    slugs = {problem.slug for problem in CATALOGUE.values()}
    raised: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        found = _slugs(parsed(path)) | MADE_OF_WORDS.get(name, set())
        for slug in found:
            raised.setdefault(slug, set()).add(name)
    missing = [f"{slug} ({', '.join(places)})" for slug, places in raised.items() if slug not in slugs]
    assert missing == [], f"add to mfa_tui/core/problems, then make docs: {'; '.join(missing)}"


def test_every_row_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if "problems" not in path.parts]
    computed = {"serial-fido", "serial-sms"}.union(*MADE_OF_WORDS.values())
    words = {text for source in texts for text in re.findall(r"\"([a-z0-9-]+)\"", source)} | computed
    assert {name for name, row in CATALOGUE.items() if not {name, row.slug} & words} == set()


def _slugs(tree: ast.Module) -> set[str]:
    """The slugs that are passed to an error, to a function that passes them on, to a finding, or to the catalog."""
    passing = {
        function.name: 0
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and any(argument.arg == "slug" for argument in function.args.args[:1])
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in ERRORS or called in passing or called in ("Finding", "unfit", "DeviceRefused", "__init__"):
                found |= _constants(node.args[1 if called == "DeviceRefused" else 0])
            elif called == "problem":
                found |= {CATALOGUE[name].slug for name in _constants(node.args[0]) if name in CATALOGUE}
                assert all(name in CATALOGUE for name in _constants(node.args[0]))
            elif called in ("_check_time", "_refused", "BadValue"):
                found |= {
                    CATALOGUE[name].slug for word in node.args[:2] for name in _constants(word) if name in CATALOGUE
                }
        # Tables and constants of slugs.
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            found |= {CATALOGUE[text].slug for text in _constants(node.value) if text in CATALOGUE}
    return {slug for slug in found if slug}


def _constants(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return _constants(node.body) | _constants(node.orelse)
    if isinstance(node, ast.JoinedStr | ast.Call | ast.Attribute | ast.Name | ast.Subscript | ast.BinOp):
        return set()
    return {text for child in ast.iter_child_nodes(node) for text in _constants(child)}
