"""Credentials that mfa-tui did not write: never replaced unasked, long-term ones never at all."""

from typing import Any

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import TargetRefused
from mfa_tui.services.login import login
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.outcomes import LoginRequest, NeedsConsent
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    CREDENTIALS,
    age,
    as_botocore_reads,
    assert_one_message,
    contents,
    context_of,
    furnish,
    log_in,
)
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher

THEIRS = "aws_access_key_id = ASIATHEIRSTHEIRS1234\naws_secret_access_key = theirs\naws_session_token = theirs\n"


@pytest.mark.parametrize(
    ("config", "credentials"),
    [
        (CONFIG, f"{CREDENTIALS}\n[t]\n# theirs\n{THEIRS}"),
        (CONFIG, f"{CREDENTIALS}\n[t]\naws_security_token = theirs\naws_access_key_id = ASIATHEIRSTHEIRS1234\n"),
        (f"{CONFIG}[profile t]\n{THEIRS}", CREDENTIALS),
    ],
    ids=["token", "old token", "in the config file"],
)
def test_a_session_of_another_program(launcher: Launcher, home: Home, config: str, credentials: str) -> None:
    furnish(home, config=config, credentials=credentials)
    old = contents(home)
    outcome = login.log_in(Operation(context_of(home), CancelScope()), LoginRequest(profile="dev", target="t"))
    assert isinstance(outcome, NeedsConsent)
    assert "ASIA…1234" in outcome.what
    assert contents(home) == old
    refused = launcher.run(home.env, "login", "dev", "--as", "t")
    assert refused.status == 2
    assert_one_message(refused.err, "[t]", "--overwrite")
    assert contents(home) == old
    assert launcher.run(home.env, "login", "dev", "--as", "t", "--force", "--code", "123456").status == 2
    assert contents(home) == old

    log_in(home, target="t", overwrite=True)

    found = as_botocore_reads(home.credentials)["t"]
    assert found["mfa_tui_source"] == "dev"
    assert "aws_security_token" not in found
    assert "theirs" not in found["aws_session_token"]
    assert ("# theirs\n" in home.credentials.read_text()) == ("# theirs\n" in credentials)


def test_a_session_of_another_program_where_ours_was(home: Home) -> None:
    """Another program replaced our section and its mark; the mark in the config file is no leave to replace theirs."""
    furnish(home)
    log_in(home)
    home.credentials.write_text(f"{CREDENTIALS}\n[dev-mfa]\n{THEIRS}")
    age(home)
    assert "mfa_tui_source" in as_botocore_reads(home.config)["profile dev-mfa"]
    outcome = login.log_in(Operation(context_of(home), CancelScope()), LoginRequest(profile="dev"))
    assert isinstance(outcome, NeedsConsent)
    assert home.credentials.read_text() == f"{CREDENTIALS}\n[dev-mfa]\n{THEIRS}"


@pytest.mark.parametrize("request_", [{}, {"overwrite": True}, {"renew": True, "overwrite": True}], ids=str)
@pytest.mark.parametrize("target", ["dev", "ops", "cfg"])
def test_long_term_keys_are_never_replaced(home: Home, target: str, request_: dict[str, Any]) -> None:
    keys = "aws_access_key_id = AKIAOPS\naws_secret_access_key = s\n"
    furnish(home, config=f"{CONFIG}[profile cfg]\n{keys}", credentials=f"{CREDENTIALS}[ops]\n{keys}")
    old = contents(home)
    with pytest.raises(TargetRefused):
        log_in(home, target=target, **request_)
    assert contents(home) == old


@pytest.mark.parametrize(
    ("target", "settings"),
    [
        ("r", "[profile r]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n"),
        ("s", "[profile s]\nsso_session = corp\n"),
        ("w", "[profile w]\nweb_identity_token_file = /token\n"),
        ("DEFAULT", ""),
        ("a]b", ""),
        (" a", ""),
        ("a\nb", ""),
        ("a\u2028b", ""),
        ("a\x1bb", ""),
        ("a\udcffb", ""),
    ],
)
def test_targets_that_sdks_would_not_read(launcher: Launcher, home: Home, target: str, settings: str) -> None:
    furnish(home, config=CONFIG + settings)
    old = contents(home)
    for more in ([], ["--overwrite"]):
        result = launcher.run(home.env, "login", "dev", "--as", target, *more)
        assert (result.status, result.out) == (2, "")
        assert_one_message(result.err, "Choose another with --as")
    assert contents(home) == old
