"""A file that no AWS tool can read is never written: the error says where, why and what to do."""

import pytest
from botocore.exceptions import ConfigParseError

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import FileProblem
from mfa_tui.services.login.logout import log_out
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    CREDENTIALS,
    as_botocore_reads,
    assert_one_message,
    beside,
    contents,
    context_of,
    furnish,
    log_in,
)
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher
from tests.support.runner.thoroughness import quick_cases

DEFECTS = {
    "byte order mark": (b"\xef\xbb\xbf", b"", 1, "byte order mark", "Save it as UTF-8 without BOM."),
    "UTF-16": (b"\xff\xfe", b"", 1, "UTF-16", "Save it as UTF-8"),
    "not UTF-8": (b"# caf\xe9\n", b"", 1, "0xe9 is not UTF-8", "Save the file as UTF-8"),
    "key before any section": (b"region = x\n", b"", 1, "before the first [section]", "Put it under"),
    "section twice": (b"", b"[x]\n[y]\n[x]\n", 3, "section [x] appears twice", "Merge"),
    "key twice": (b"", b"[x]\na = 1\nA = 2\n", 3, "key a appears twice", "Delete one"),
    "no delimiter": (b"", b"[x]\nwords only\n", 2, "neither a [section] nor", "Correct the line"),
    "no key": (b"", b"[x]\n= value\n", 2, "no key before its delimiter", "Add a key"),
    "nested line": (b"", b"[x]\ns3 =\n  words\n", 3, "indented line under s3", "key = value"),
}


@quick_cases(12)
@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("name", ["config", "credentials"])
@pytest.mark.parametrize("command", [("login", "dev"), ("logout", "dev"), ("logout", "--all"), ("list",)], ids=" ".join)
def test_a_broken_file_is_left_as_it_is(
    launcher: Launcher, home: Home, command: tuple[str, ...], name: str, defect: str
) -> None:
    before, after, line, reason, remedy = DEFECTS[defect]
    furnish(home)
    path = home.aws_dir / name
    whole = path.read_bytes()
    path.write_bytes(before + whole + after)
    line += whole.count(b"\n") if after else 0
    old = contents(home)
    with pytest.raises((ConfigParseError, UnicodeDecodeError)):
        as_botocore_reads(path)

    result = launcher.run(home.env, *command)

    assert (result.status, result.out) == (2, "")
    assert_one_message(result.err, f"{path}, line {line}: no AWS tool can read this file.", reason, remedy)
    assert contents(home) == old
    assert beside(home) == set()


@pytest.mark.parametrize("profile", ["dev", None])
@pytest.mark.parametrize("name", ["config", "credentials"])
def test_logout_cleans_the_other_file_and_the_cache_and_says_what_remains(
    home: Home, name: str, profile: str | None
) -> None:
    furnish(home)
    log_in(home)
    path = home.aws_dir / name
    path.write_bytes(path.read_bytes() + b"words only\n")
    old = contents(home)
    context = context_of(home)
    with pytest.raises(FileProblem) as caught:
        log_out(context, profile, CancelScope())
    assert "Then log out again: [dev-mfa] removed; what login wrote in that file is still there." in caught.value.remedy
    assert path.read_bytes() in old
    expected = (old[0], CREDENTIALS.encode()) if name == "config" else (CONFIG.encode(), old[1])
    assert contents(home) == expected
    # Whose a session is, the credentials tell.
    assert bool(context.cache.valid_sessions()) == (name == "credentials" and profile is not None)


SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    "line", [SECRET, f"  {SECRET}", f"aws_secret_access_key = {SECRET}", f"= {SECRET}", f"[dev]\n{SECRET}"]
)
def test_no_value_of_a_broken_file_is_shown(launcher: Launcher, home: Home, line: str) -> None:
    furnish(home, credentials=f"[dev]\naws_secret_access_key =\n{line}\n")
    result = launcher.run(home.env, "login", "dev")
    assert result.status == 2
    assert SECRET not in result.err


def test_the_copy_of_settings_makes_no_file_that_cannot_be_read(home: Home) -> None:
    """Keys that stand in both files, in different cases and with blocks, are copied once."""
    furnish(
        home,
        config=CONFIG.replace("region", "REGION") + "[DEFAULT]\noutput = json\n",
        credentials=f"{CREDENTIALS}Region = eu-west-1\nS3 =\n  addressing_style = path\n",
    )
    log_in(home)
    target = as_botocore_reads(home.config)["profile dev-mfa"]
    assert target["region"] == "eu-west-1"
    assert target["s3"] == {"addressing_style": "path"}
