"""The demo's ana administers the demo's account."""

import json
from pathlib import Path
from typing import Any

from tests.demo.test_run import finish, start
from tests.support.runner.thoroughness import long

COMMANDS = """
mfa-tui device list dev --user tom --json &&
mfa-tui device reset dev --user tom --yes --json &&
mfa-tui audit dev --apply admins --yes --json
"""


@long
def test_ana_helps_colleagues_and_enforces_mfa(tmp_path: Path) -> None:
    status, output, errors = finish(start(tmp_path, "sh", "-c", COMMANDS), tmp_path)
    assert status == 0, errors
    listed, reset, applied = _documents(output)
    assert [key["status"] for key in listed["keys"]] == ["Active"]
    assert [call["action"] for call in reset["calls"]].count("DeactivateMFADevice") == 1
    assert (applied["created"], applied["attached"], applied["without_mfa"]) == (True, True, ["boss"])


def _documents(text: str) -> list[dict[str, Any]]:
    """The JSON documents that follow each other in *text*."""
    found, decoder = [], json.JSONDecoder()
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found
