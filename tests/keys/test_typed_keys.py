"""``keys import`` on a terminal: typed or pasted without echo."""

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.keys.support import in_keyring
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long, quick_cases

FORMS = {
    "typed": ("{id}", "{secret}"),
    "export lines": ("export AWS_ACCESS_KEY_ID={id}", "export AWS_SECRET_ACCESS_KEY={secret}"),
    "a section": ("[ana]", "aws_access_key_id = {id}", "aws_secret_access_key = {secret}"),
}


@quick_cases(1)
@pytest.mark.parametrize("form", FORMS)
def test_typed_without_echo(home: Home, aws: StrictAws, form: str) -> None:
    user = aws.add_user()
    with terminal(home, "mfa-tui keys import dev") as shown:
        shown.wait_for("Access key ID, or paste")
        for line in FORMS[form]:
            shown.type(line.format(id=user.access_key_id, secret=user.secret_access_key) + "\r")
        shown.wait_for("Region of the new profile")
        shown.type("mars\r")
        shown.wait_for("Names are like eu-central-1.")
        shown.wait_for("Region of the new profile")
        shown.type("eu-west-1\r")
        shown.wait_for("Import it?")
        shown.type("y\r")
        shown.wait_for("is in the keyring")
        assert shown.status() == 0
        assert user.secret_access_key not in shown.screen
    assert in_keyring(home, user.access_key_id) == user.secret_access_key
    assert "region = eu-west-1" in home.config.read_text()


@long
@pytest.mark.parametrize(("rest", "status"), [("region = eu-west-1", 0), ("aws_session_token = hush", 2)])
def test_the_rest_of_a_paste_answers_no_question(home: Home, aws: StrictAws, rest: str, status: int) -> None:
    user = aws.add_user()
    home.add_profile("dev", user)
    with terminal(home, "mfa-tui keys import dev; echo status $?; read -t 0.3 -r line; echo left: $line.") as shown:
        shown.wait_for("Access key ID, or paste")
        pasted = [*(line.format(id=user.access_key_id, secret=user.secret_access_key) for line in FORMS["a section"])]
        shown.type("\r".join([*pasted, rest, "y", "secret"]))
        if status == 0:
            shown.wait_for("Import it?")
            shown.type("y\r")
        shown.wait_for(f"status {status}")
        shown.wait_for("left: .")
        assert user.secret_access_key not in shown.screen
        assert "hush" not in shown.screen
    assert in_keyring(home, user.access_key_id) == (user.secret_access_key if status == 0 else "")
