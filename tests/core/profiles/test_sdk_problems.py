"""Settings that the AWS SDK refuses, reported without anything that may be secret."""

import pytest

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.profiles.sdk_problems import locale_problem, setting_problem


def load(config: str, credentials: str = "") -> AwsConfig:
    documents = Document.parse(config.encode(), "config"), Document.parse(credentials.encode(), "credentials")
    return AwsConfig(*documents, ("config", "credentials"))


def test_the_password_in_an_address_is_not_shown() -> None:
    config = b"[profile dev]\nregion = x\nendpoint_url = https://me:hunter2@[bad\n"
    aws = AwsConfig(Document.parse(config, "config"), Document.parse(b"", "credentials"), ("config", "credentials"))
    reason = "ValueError: Invalid endpoint: https://me:hunter2@[bad"
    found = setting_problem(aws, "dev", key="endpoint_url", name="", reason=reason)
    assert "hunter2" not in " ".join(found.lines())
    assert found.why == "Invalid endpoint: https://[bad."


@pytest.mark.parametrize(
    ("key", "name", "reason", "what", "why", "remedy", "line"),
    [
        ("region", "", "ValueError: no such region", "region of 'dev'", "No such region.", "Correct region, or", 2),
        ("region", "", "ValueError", "region of 'dev'", "It fails with ValueError.", "Correct region, or", 2),
        ("", "", "ValueError: x", "this configuration", "X.", "Correct it in the AWS files", None),
        ("", "AWS_REGION", "ValueError: x", "the variable AWS_REGION", "X.", "Correct it, or unset AWS_REGION", None),
    ],
)
def test_what_botocore_refuses(
    *, key: str, name: str, reason: str, what: str, why: str, remedy: str, line: int
) -> None:
    found = setting_problem(load("[profile dev]\nregion = x\n"), "dev", key=key, name=name, reason=reason)
    assert what in found.what
    assert (found.why, found.remedy.startswith(remedy)) == (why, True)
    assert found.profile == ("" if name else "dev")
    assert (found.place.as_json().get("line") if found.place else None) == line


@pytest.mark.parametrize(
    ("more", "remedy"),
    [
        ("  one\n", "Put a # at the start of line 3."),
        ("  one\n  two\n", "Put a # at the start of line 3 and those up to 4."),
    ],
)
def test_a_value_that_continues_is_not_quoted(more: str, remedy: str) -> None:
    aws = load(f"[profile dev]\nregion = x\n{more}")
    found = setting_problem(aws, "dev", key="region", name="", reason="ValueError: x one is wrong")
    assert found.why == "It fails with ValueError."
    assert "region of 'dev', which continues on line 3" in found.what
    assert found.remedy == remedy


@pytest.mark.parametrize(
    ("config", "credentials", "encoding", "strict", "code", "line"),
    [
        ("[a]\n# e\n", "", "ascii", True, "", 0),
        ("[a]\n# é\n", "", "utf-8", True, "", 0),
        ("[a]\n# é\n", "", "utf-8", False, "", 0),
        ("[a]\n# é\n", "", "ascii", True, "file-locale", 2),
        ("", "[a]\n\n# é\n", "ascii", True, "file-locale", 3),
        ("[a]\n# é\n", "", "latin-1", True, "", 0),
        ("[a]\n# é\n", "", "latin-1", False, "file-locale", 2),
        ("[a]\n# é\n", "", "no-such-encoding", False, "", 0),
    ],
)
def test_what_the_locale_cannot_read(
    *, config: str, credentials: str, encoding: str, strict: bool, code: str, line: int
) -> None:
    for windows, remedy in ((False, "export LC_ALL=C.UTF-8"), (True, "set PYTHONUTF8=1")):
        found = locale_problem(load(config, credentials), lambda: encoding, windows=windows, only_unreadable=strict)
        assert (found.code if found else "") == code
        if found is not None:
            assert found.place is not None
            assert found.place.as_json()["line"] == line
            assert remedy in found.remedy
