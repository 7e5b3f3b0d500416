"""What can go wrong at login, in a table: profiles, the AWS files and the command line itself.

Each row has all that is said, the exit status, and how often AWS was asked. The AWS files stay as they are, byte for
byte, and at most four lines are said.
"""

import json

import pytest

from tests.cli.trouble.scene import CODE, Row, Scene, check, env, line
from tests.support.runner.thoroughness import quick_cases


def directory_as_file(scene: Scene) -> None:
    scene.env["AWS_SHARED_CREDENTIALS_FILE"] = str(scene.home.path)


TROUBLE = {
    # Profiles that cannot log in.
    "unknown profile": Row(
        "login dve --code 123456",
        """\
There is no profile 'dve' in the AWS files.
Did you mean dev? mfa-tui list shows all profiles.""",
        2,
    ),
    "unknown profile of the shell": Row(
        "login --code 123456",
        """\
There is no profile 'nobody' in the AWS files (from AWS_PROFILE).
mfa-tui list shows all profiles.""",
        2,
        0,
        env("AWS_PROFILE", "nobody"),
    ),
    "unknown profile of the shell, by its other name": Row(
        "code",
        """\
There is no profile 'nobody' in the AWS files (from AWS_DEFAULT_PROFILE).
mfa-tui list shows all profiles.""",
        2,
        0,
        env("AWS_DEFAULT_PROFILE", "nobody"),
    ),
    "no default profile": Row(
        "login --code 123456",
        """\
There is no profile 'default' in the AWS files, and no profile was named.
mfa-tui list shows all profiles.""",
        2,
    ),
    "code refused for a role": Row(
        "login admin --code 123456",
        """\
AWS did not accept the code for dev.
It may be mistyped, from another device, or already used: AWS takes each code once.
Wait for the next code, then try again.""",
        1,
        1,
        line("[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = dev\n"),
    ),
    "role without a source": Row(
        "login admin --code 123456",
        """\
The profile 'admin' cannot log in with MFA.
Source 'gone' is missing.
See {home}/.aws/config, line 7: [profile admin] source_profile
Add a profile 'gone', or correct source_profile in 'admin'.""",
        2,
        0,
        line("[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = gone\n"),
    ),
    "loop of sources": Row(
        "login one --code 123456",
        """\
The profile 'one' cannot log in with MFA.
Its sources form a loop: one → two → one.
See {home}/.aws/config, line 10: [profile two] source_profile
Correct source_profile in 'two': the chain must end at a profile with credentials.""",
        2,
        0,
        line(
            "[profile one]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = two\n"
            "[profile two]\nrole_arn = arn:aws:iam::111122223333:role/b\nsource_profile = one\n"
        ),
    ),
    "SSO": Row(
        "login corp --code 123456",
        """\
The profile 'corp' cannot log in with MFA.
It signs in through IAM Identity Center: run aws sso login --profile corp.
Log in to a profile with access keys; mfa-tui list shows all profiles.""",
        2,
        0,
        line("[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = dev\n"),
    ),
    "no keys": Row(
        "login bare --code 123456",
        """\
The profile 'bare' cannot log in with MFA.
It has no credentials.
Add access keys: aws configure --profile bare""",
        2,
        0,
        line("[profile bare]\nregion = eu-west-1\n"),
    ),
    # The AWS files.
    "credentials that cannot be read": Row(
        CODE,
        """\
{home} cannot be read.
It is a directory.
Move it away, or point AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE at a regular file.""",
        2,
        0,
        directory_as_file,
    ),
    "defective config": Row(
        CODE,
        """\
{config}, line 5: no AWS tool can read this file.
This line is neither a [section] nor 'key = value'.
Correct the line, or put a # at its start.""",
        2,
        0,
        line("no delimiter\n"),
    ),
    "target with long-term keys": Row(
        CODE + " --as dev",
        """\
The target [dev] holds long-term access keys; they are never overwritten.
A session needs a section of its own, apart from the keys that it is made from.
Choose another with --as dev-session, or with mfa_tui_target = dev-session in the profile.""",
        2,
    ),
    "target that others wrote": Row(
        CODE,
        """\
The target [dev-mfa] holds temporary credentials that mfa-tui did not write (ASIA…CLI1).
It was not replaced.
Replace it with --overwrite, or choose another target with --as.""",
        2,
        0,
        line("[profile dev-mfa]\naws_access_key_id = ASIACLI1\naws_session_token = t\naws_secret_access_key = s\n"),
    ),
    "code for several profiles": Row(
        "login dev other --code 123456",
        """\
--code and --as work with one profile only.
AWS accepts each code once, and each session needs a name of its own.
Log in to the profiles one at a time.""",
        2,
    ),
    "unknown option": Row("login dev --forse", "Unrecognized arguments: --forse.\nSee mfa-tui login --help", 2),
    "unknown command": Row("logn dev", "There is no command 'logn'.\nDid you mean mfa-tui login?", 2),
    "a profile as a command": Row("dev", "There is no command 'dev'.\nIt is a profile: mfa-tui login dev", 2),
}


@quick_cases(5)
@pytest.mark.parametrize("row", TROUBLE.values(), ids=TROUBLE)
def test_trouble(scene: Scene, row: Row) -> None:
    check(scene, row)


def test_json_has_the_place_of_an_error(scene: Scene) -> None:
    scene.set(new="[profile orphan]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = gone\n")
    result = scene.home.run("login", "orphan", "--json")
    error = json.loads(result.stdout)["logins"][0]["error"]
    assert list(error) == ["code", "what", "why", "remedy", "exit_status", "place"]
    line = scene.home.config.read_text().splitlines().index("source_profile = gone") + 1
    assert error["place"] == {
        "file": str(scene.home.config),
        "line": line,
        "section": "profile orphan",
        "key": "source_profile",
        "variable": None,
    }
    assert result.returncode == error["exit_status"] == 2
