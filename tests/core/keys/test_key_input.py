"""Access keys as people have them, and what is none."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.keys.key_input import describe_keys, key_id_in, read_keys
from mfa_tui.errors import UsageError
from mfa_tui.models import AccessKeys, Secret

ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

FORMS = {
    "sh": "export AWS_ACCESS_KEY_ID={id}\nexport AWS_SECRET_ACCESS_KEY={secret}\n",
    "sh, quoted": "export AWS_ACCESS_KEY_ID=\"{id}\"\nexport AWS_SECRET_ACCESS_KEY='{secret}'\n",
    "sh, one line": "export AWS_ACCESS_KEY_ID={id}; export AWS_SECRET_ACCESS_KEY={secret}",
    "sh, with &&": "export AWS_ACCESS_KEY_ID={id} && export AWS_SECRET_ACCESS_KEY={secret}",
    "fish": "set -gx AWS_ACCESS_KEY_ID {id}\nset -gx AWS_SECRET_ACCESS_KEY {secret}\n",
    "PowerShell": '$Env:AWS_ACCESS_KEY_ID="{id}"\r\n$Env:AWS_SECRET_ACCESS_KEY="{secret}"\r\n',
    "PowerShell, spaced": "$env:AWS_ACCESS_KEY_ID = '{id}'; $env:AWS_SECRET_ACCESS_KEY = '{secret}'",
    "cmd": "SET AWS_ACCESS_KEY_ID={id}\r\nSET AWS_SECRET_ACCESS_KEY={secret}\r\n",
    "cmd, quoted": 'set "AWS_ACCESS_KEY_ID={id}"\r\nset "AWS_SECRET_ACCESS_KEY={secret}"\r\n',
    "setx": "setx AWS_ACCESS_KEY_ID {id}\r\nsetx AWS_SECRET_ACCESS_KEY {secret}\r\n",
    "dotenv": "AWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={secret}",
    "ini": "[dev]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n",
    "ini, other order": "# mine\n[dev]\nAWS_SECRET_ACCESS_KEY: {secret}\noutput = json\naws_access_key_id: {id}",
    "create-access-key": '{{"AccessKey": {{"UserName": "ana", "AccessKeyId": "{id}", "SecretAccessKey": "{secret}"}}}}',
    "credential_process": '{{"Version": 1, "AccessKeyId": "{id}", "SecretAccessKey": "{secret}"}}',
    "console": "Access key ID,Secret access key\n{id},{secret}\n",
    "console, BOM and quotes": '\ufeff"Access key ID","Secret access key"\r\n"{id}","{secret}"\r\n',
    "console, a new user": (
        "User name,Password,Access key ID,Secret access key,Console login link\nana,,{id},{secret},\n"
    ),
    "rootkey.csv": "AWSAccessKeyId={id}\nAWSSecretKey={secret}\n",
    "a spreadsheet's CSV": "User name;Access key ID;Secret access key\nana;{id};{secret}\n",
    "sh, one export": "export AWS_ACCESS_KEY_ID={id} AWS_SECRET_ACCESS_KEY={secret}",
    "before a command": "AWS_ACCESS_KEY_ID={id} AWS_SECRET_ACCESS_KEY='{secret}' aws s3 ls",
    "docker": "docker run -e AWS_ACCESS_KEY_ID={id} -e AWS_SECRET_ACCESS_KEY={secret} image",
    "Terraform": 'access_key = "{id}"\nsecret_key = "{secret}"\n',
    "with comments": "aws_access_key_id = {id} # mine\naws_secret_access_key = {secret} # hush\n",
    "a line, and the secret alone": "export AWS_ACCESS_KEY_ID={id}\n{secret}\n",
    "alone": "{id}\n{secret}\n",
    "alone, in one line": "{id}\t{secret}",
    "labels": "Access key ID: {id}\nSecret access key: {secret}",
}


def read(text: str) -> tuple[str, str]:
    keys = read_keys(Secret(text)).keys
    return keys.access_key_id, keys.secret_access_key.reveal()


def refusal(text: str) -> UsageError:
    with pytest.raises(UsageError) as refused:
        read_keys(Secret(text))
    shown = " ".join(refused.value.lines())
    assert SECRET not in shown
    assert len(refused.value.lines()) <= 4
    return refused.value


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    assert read(FORMS[form].format(id=ID, secret=SECRET)) == (ID, SECRET)


IDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16).map("AKIA".__add__)
SECRETS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+", min_size=40, max_size=40)


@given(st.sampled_from(sorted(FORMS)), IDS, SECRETS)
def test_every_key_in_every_form(form: str, key_id: str, secret: str) -> None:
    assert read(FORMS[form].format(id=key_id, secret=secret)) == (key_id, secret)


@given(st.text(max_size=200))
def test_anything_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        assert read_keys(Secret(text)).keys.access_key_id.startswith("AKIA")


@given(st.sampled_from(sorted(FORMS)), st.sampled_from("\u200b\u200d\u2060\u00a0\u202e\u00ad\ufeff\x00"), st.data())
def test_invisible_characters_are_named(form: str, character: str, data: st.DataObject) -> None:
    text = FORMS[form].format(id=ID, secret=SECRET)
    at = data.draw(st.integers(1, len(text) - 1))
    refused = refusal(text[:at] + character + text[at:])
    assert refused.slug == "keys-invisible"
    assert f"U+{ord(character):04X}" in refused.what + refused.why


def test_where_an_invisible_character_is() -> None:
    refused = refusal(f"export AWS_ACCESS_KEY_ID={ID}\nexport AWS_SECRET_ACCESS_KEY={SECRET[:7]}\u200b{SECRET[7:]}\n")
    assert "U+200B, ZERO WIDTH SPACE" in refused.why
    assert "line 2" in refused.why


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("user,arn,user_creation_time,password_enabled\nana,arn:aws:iam::111122223333:user/ana,x,true\n", "report"),
        ("User name,Password,Console sign-in URL\nana,x,https://x\n", "password"),
        ("Service user name,Service password\nx,y\n", "service-specific"),
    ],
)
def test_csv_of_another_kind(text: str, kind: str) -> None:
    refused = refusal(text)
    assert refused.slug == "keys-csv"
    assert kind in refused.why


def test_what_is_said_of_an_id_in_small_letters() -> None:
    assert refusal(f"{ID.lower()} {SECRET}").why == "The access key ID does not look like one."


def test_a_secret_that_begins_like_an_id_is_one_by_its_length() -> None:
    secret = "akia" + "a1" * 18
    assert read(f"{ID} {secret}") == (ID, secret)


def test_what_is_said_of_two_keys() -> None:
    refused = refusal(f"{FORMS['ini']}{FORMS['ini']}".format(id=ID, secret=SECRET).replace(ID, ID[:-1] + "X", 1))
    assert refused.lines()[:2] == ["The input has no access key that can be read.", "It has more than one."]


@pytest.mark.parametrize("form", FORMS)
def test_temporary_keys(form: str) -> None:
    assert refusal(FORMS[form].format(id="ASIAIOSFODNN7EXAMPLE", secret=SECRET)).slug == "keys-temporary"


def test_a_session_token() -> None:
    text = FORMS["sh"].format(id=ID, secret=SECRET) + "export AWS_SESSION_TOKEN=abc\n"
    assert refusal(text).slug == "keys-temporary"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        ID,
        SECRET,
        "{",
        '{"a": 1}',
        "[]",
        f"{ID} short",
        f"AWS_ACCESS_KEY_ID={ID}",
        "export AWS_ACCESS_KEY_ID=",
        f"aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}!\n",
        f"aws_access_key_id = akia\naws_secret_access_key = {SECRET}",
    ],
)
def test_no_key(text: str) -> None:
    assert refusal(text).slug == "keys-input"


def test_two_keys() -> None:
    text = FORMS["ini"].format(id=ID, secret=SECRET) + FORMS["ini"].format(id="AKIAI44QH8DHBEXAMPLE", secret=SECRET)
    assert "more than one" in refusal(text).why
    # The same twice is one.
    assert read(FORMS["ini"].format(id=ID, secret=SECRET) * 2) == (ID, SECRET)


def test_the_region_beside_it() -> None:
    assert read_keys(Secret(FORMS["ini"].format(id=ID, secret=SECRET) + "region = eu-west-1\n")).region == "eu-west-1"
    document = {"AccessKeyId": ID, "SecretAccessKey": SECRET, "Region": "eu-west-1"}
    assert read_keys(Secret(json.dumps(document))).region == "eu-west-1"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"export AWS_ACCESS_KEY_ID={ID}\n", ID),
        (f"{ID}\n", ID),
        (f"aws_access_key_id = {ID}\naws_access_key_id = {ID}\n", ID),
        (f"aws_access_key_id = {ID}\naws_access_key_id = AKIAOTHEROTHEROTHER1\n", ""),
        ("aws_access_key_id = ASIAIOSFODNN7EXAMPLE\n", ""),
        ("aws_access_key_id = AKIAshort\n", ""),
        ("{", ""),
        ("", ""),
        ("hello", ""),
    ],
)
def test_the_id_in_what_may_be_incomplete(text: str, found: str) -> None:
    assert key_id_in(Secret(text)) == found


def test_a_key_in_words() -> None:
    assert describe_keys(AccessKeys(ID, Secret(SECRET))) == (
        "the key AKIA…MPLE, with a secret of 40 characters (not shown)"
    )
