"""Mistakes in the files: doctor, list and login report the same, with the line, and the remedy works."""

from typing import NamedTuple

import pytest

from tests.doctor.scenes import CONFIG, CREDENTIALS, ROLE, Scene
from tests.support.runner.thoroughness import quick_cases

ZERO_WIDTH = "\u200b"


class Row(NamedTuple):
    """The text in the files, the messages for it, and the replacements of the remedy (old and new, alternating)."""

    config: str
    credentials: str
    code: str
    at: str
    """File, line and key of the place."""
    said: str
    """A part of the problem, as list shows it."""
    remedy: str
    """A part of it."""
    fix: tuple[tuple[str, str], ...]
    profile: str = "dev"


def spoiled(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def region(new: str) -> str:
    return spoiled(CONFIG, "eu-central-1", new)


def keys(old: str, new: str) -> str:
    return spoiled(CREDENTIALS, old, new)


def role(old: str, new: str) -> str:
    return spoiled(ROLE, old, new)


RIGHT = "region = eu-central-1"
ROWS = {
    "region with a comment": Row(
        region("eu-central-1 # home"), CREDENTIALS, "value-comment", "config 2 region", "region ends in a comment",
        f"Write it as {RIGHT}", ((f"{RIGHT} # home", RIGHT),),
    ),
    "region with another comment": Row(
        region("eu-central-1 ; home"), CREDENTIALS, "value-comment", "config 2 region", "region ends in a comment",
        f"Write it as {RIGHT}", ((f"{RIGHT} ; home", RIGHT),),
    ),
    "region in quotes": Row(
        region('"eu-central-1"'), CREDENTIALS, "value-quoted", "config 2 region", "region is in quotes",
        f"Write it as {RIGHT}", (('"', ""),),
    ),
    "placeholder for a region": Row(
        region("<region>"), CREDENTIALS, "value-placeholder", "config 2 region", "region is a placeholder",
        "Replace it with the name of a region", (("<region>", "eu-central-1"),),
    ),
    "region of two words": Row(
        region("eu central 1"), CREDENTIALS, "value-malformed", "config 2 region", "region is not the name of a",
        "Set it to the name of a region", (("eu central 1", "eu-central-1"),),
    ),
    "region with an invisible character": Row(
        region(f"eu-{ZERO_WIDTH}central-1"), CREDENTIALS, "value-invisible", "config 2 region", "(U+200B)",
        f"Write it as {RIGHT}", ((ZERO_WIDTH, ""),),
    ),
    "s3 block whose first line is a comment": Row(
        spoiled(CONFIG, RIGHT, f"{RIGHT}\n# s3 =\n    max_concurrent_requests = 20\n\n    addressing_style = path"),
        CREDENTIALS, "value-continued", "config 2 region", "region continues on the next line",
        "Remove lines 4 to 6, or put a # at the start",
        (("    max", "#    max"), ("    addressing", "#    addressing")),
    ),
    "block for a serial": Row(
        f"{CONFIG}# s3 =\n\tuse_accelerate_endpoint = true\n", CREDENTIALS, "serial-malformed", "config 3 mfa_serial",
        "", "Remove line 5, or put a # at the start", (("\tuse", "#\tuse"),),
    ),
    "key with an invisible character": Row(
        CONFIG, keys("KEYID", f"KEYID{ZERO_WIDTH}"), "value-invisible", "credentials 2 aws_access_key_id", "(U+200B)",
        "Write it as aws_access_key_id = KEYID", ((ZERO_WIDTH, ""),),
    ),
    "secret with a soft hyphen": Row(
        CONFIG, keys("SECRET", "SECRET\u00ad"), "value-invisible", "credentials 3 aws_secret_access_key", "(U+00AD)",
        "Write aws_secret_access_key again, without that character", (("\u00ad", ""),),
    ),
    "secret in quotes": Row(
        CONFIG, keys("SECRET", "'SECRET'"), "value-quoted", "credentials 3 aws_secret_access_key", "is in quotes",
        "Write aws_secret_access_key again, without the quotes", (("'", ""),),
    ),
    "typographic quotes": Row(
        CONFIG, keys("KEYID", "“KEYID”"), "value-quoted", "credentials 2 aws_access_key_id", "is in quotes",
        "Write it as aws_access_key_id = KEYID", (("“", ""), ("”", "")),
    ),
    "secret with a comment": Row(
        CONFIG, keys("SECRET", "SECRET # old"), "value-comment", "credentials 3 aws_secret_access_key", "a comment",
        "Write aws_secret_access_key again, without the comment", ((" # old", ""),),
    ),
    "placeholder for a key": Row(
        CONFIG, keys("KEYID", "<your access key>"), "value-placeholder", "credentials 2 aws_access_key_id",
        "is a placeholder", "Replace it with an access key ID", (("<your access key>", "KEYID"),),
    ),
    "secret is missing": Row(
        CONFIG, keys("aws_secret_access_key = SECRET\n", ""), "profile-broken", "credentials 2 aws_access_key_id",
        "aws_secret_access_key is missing", "Add aws_secret_access_key to [dev]",
        (("KEYID\n", "KEYID\naws_secret_access_key = SECRET\n"),),
    ),
    "key ID is missing": Row(
        CONFIG, keys("aws_access_key_id = KEYID\n", ""), "key-id-missing", "credentials 2 aws_secret_access_key",
        "aws_access_key_id is missing", "Add aws_access_key_id",
        (("SECRET\n", "SECRET\naws_access_key_id = KEYID\n"),),
    ),
    "secret is in the other file": Row(
        f"{CONFIG}aws_secret_access_key = SECRET\n", keys("aws_secret_access_key = SECRET\n", ""), "profile-broken",
        "credentials 2 aws_access_key_id", "aws_secret_access_key is missing", "Put both into one file",
        (("KEYID\n", "KEYID\naws_secret_access_key = SECRET\n"),),
    ),
    "token beside a long-term key": Row(
        CONFIG, f"{CREDENTIALS}aws_session_token = old\n", "token-unneeded", "credentials 4 aws_session_token",
        "there is a session token along with a long-term access key", "Delete the aws_session_token line",
        (("aws_session_token = old\n", ""),),
    ),
    "user's ARN as serial": Row(
        spoiled(CONFIG, "SERIAL", "USER"), CREDENTIALS, "serial-malformed", "config 3 mfa_serial", "",
        "Copy the device's ARN", (("USER", "SERIAL"),),
    ),
    "serial with a comment": Row(
        spoiled(CONFIG, "SERIAL", "SERIAL # phone"), CREDENTIALS, "serial-malformed", "config 3 mfa_serial", "",
        "Write it as mfa_serial = SERIAL", ((" # phone", ""),),
    ),
    "placeholder in a serial": Row(
        spoiled(CONFIG, "SERIAL", "arn:aws:iam::<account>:mfa/<name>"), CREDENTIALS, "serial-malformed",
        "config 3 mfa_serial", "", "Replace it with the ARN of an MFA device",
        (("arn:aws:iam::<account>:mfa/<name>", "SERIAL"),),
    ),
    "role_arn is empty": Row(
        role("= ROLE", "="), CREDENTIALS, "profile-broken", "config 5 role_arn", "role_arn is empty",
        "Set it to the ARN of a role", (("role_arn =", "role_arn = ROLE"),), "role",
    ),
    "role_arn in quotes": Row(
        role("ROLE", '"ROLE"'), CREDENTIALS, "profile-broken", "config 5 role_arn", "role_arn is in quotes",
        "Write it as role_arn = ROLE", (('"', ""),), "role",
    ),
    "role_arn is a user's": Row(
        role("ROLE", "USER"), CREDENTIALS, "profile-broken", "config 5 role_arn",
        "role_arn is not the ARN of a role",
        "Set it to the ARN of a role", (("USER", "ROLE"),), "role",
    ),
    "no role_arn": Row(
        role("role_arn = ROLE\n", ""), CREDENTIALS, "role-missing", "config 5 source_profile",
        "source_profile is set, but role_arn is not", "Add role_arn to it",
        (("[profile role]\n", "[profile role]\nrole_arn = ROLE\n"),), "role",
    ),
    "two sources": Row(
        role("source_profile = dev\n", "source_profile = dev\ncredential_source = Environment\n"), CREDENTIALS,
        "source-both", "config 7 credential_source", "both source_profile and credential_source are set",
        "Delete the credential_source line", (("credential_source = Environment\n", ""),), "role",
    ),
    "source with a comment": Row(
        role("= dev", "= dev # base"), CREDENTIALS, "value-comment", "config 6 source_profile", "ends in a comment",
        "Write it as source_profile = dev", ((" # base", ""),), "role",
    ),
    "source is missing": Row(
        role("= dev", "= dve"), CREDENTIALS, "profile-broken", "config 6 source_profile", "source 'dve' is missing",
        "Did you mean 'dev'?", (("dve", "dev"),), "role",
    ),
    "role that names itself": Row(
        role("= dev", "= role"), CREDENTIALS, "profile-broken", "config 6 source_profile", "form a loop: role → role",
        "Name the profile with access keys as its source_profile", (("= role", "= dev"),), "role",
    ),
    "duration that is no number": Row(
        f"{ROLE}duration_seconds = 1h\n", CREDENTIALS, "profile-broken", "config 8 duration_seconds",
        "duration_seconds is not a number from 900 to 43200", "Set it to a number", (("1h", "3600"),), "role",
    ),
    "duration out of range": Row(
        f"{ROLE}duration_seconds = 60\n", CREDENTIALS, "profile-broken", "config 8 duration_seconds",
        "duration_seconds is not a number from 900 to 43200", "Set it to a number", (("60", "3600"),), "role",
    ),
    "external id of one letter": Row(
        f"{ROLE}external_id = x\n", CREDENTIALS, "profile-broken", "config 8 external_id", "external_id is not 2",
        "Set it to 2 to 1,224", (("external_id = x\n", ""),), "role",
    ),
    "a fault of the source": Row(
        role("region = eu-central-1\nmfa_serial", "region = eu-central-1 # x\nmfa_serial"), CREDENTIALS,
        "value-comment", "config 2 region", "source 'dev': region ends in a comment", f"Write it as {RIGHT}",
        ((" # x", ""),), "role",
    ),
    "services section is missing": Row(
        f"{CONFIG}services = mine\n", CREDENTIALS, "services-missing", "config 4 services",
        "the services section mine does not exist", "delete the services line", (("services = mine\n", ""),),
    ),
}  # fmt: skip


@quick_cases(8)
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_doctor_list_and_login_agree_and_the_remedy_works(scene: Scene, row: Row) -> None:
    scene.write(row.config, row.credentials)
    found = next(finding for finding in scene.findings() if finding["code"] == row.code)
    place = found["place"]
    file = "credentials" if place["file"] == str(scene.home.credentials) else "config"
    assert place["file"] == str(getattr(scene.home, file))
    assert f"{file} {place['line']} {place['key']}" == row.at
    assert scene.filled(row.remedy) in found["remedy"]
    assert scene.user.secret_access_key not in str(found)
    if row.said:
        assert row.said in (scene.problem(row.profile) or "")
    status, error = scene.login(row.profile)
    assert (status, error["code"], error["remedy"]) == (2, row.code, found["remedy"])
    assert scene.aws.count() == 0
    config, credentials = row.config, row.credentials
    for old, new in row.fix:
        assert old in config + credentials
        config, credentials = config.replace(old, new), credentials.replace(old, new)
    scene.write(config, credentials)
    assert row.code not in [finding["code"] for finding in scene.findings()]
    assert scene.login(row.profile) == (0, {})


@pytest.mark.parametrize("owner", ["dev", "role"])
def test_a_serial_is_reported_for_the_profile_that_has_it(scene: Scene, owner: str) -> None:
    """A role's own serial is used before its source's, so it must be corrected in the role."""
    wrong = "mfa_serial = arn:aws:iam::111122223333:mfa/nobodys"
    config = ROLE.replace("mfa_serial = SERIAL", wrong if owner == "dev" else "output = json")
    scene.write(config + (f"{wrong}\n" if owner == "role" else ""))
    status, error = scene.login("role")
    assert (status, error["code"]) == (1, "serial-refused")
    assert f"correct mfa_serial of {owner} or use" in error["remedy"]
    broken = wrong.replace(":mfa/", ":user/")
    scene.write((config + (f"{wrong}\n" if owner == "role" else "")).replace(wrong, broken))
    status, error = scene.login("role")
    assert (status, error["what"].partition(" is the ARN of a user")[0]) == (
        2,
        f"The MFA serial in the profile '{owner}'",
    )
    assert [each["profile"] for each in scene.findings() if each["code"] == "serial-malformed"] == [owner]


def test_a_role_with_a_serial_of_another_account(scene: Scene) -> None:
    scene.write(f"{ROLE}mfa_serial = arn:aws:iam::999988887777:mfa/ana\n")
    (found,) = [each for each in scene.findings() if each["code"] == "serial-account"]
    assert (found["profile"], found["place"]["line"], found["severity"]) == ("role", 8, "warning")
    scene.write()
    scene.write(ROLE)
    assert scene.findings() == []
    assert scene.login("role") == (0, {})


def test_a_profile_without_a_name_hides_nothing(scene: Scene) -> None:
    scene.write(f'[profile ""]\nregion = eu-west-1\n{CONFIG}')
    (found,) = scene.findings()
    assert (found["code"], found["place"]["line"], found["remedy"]) == (
        "header-config",
        1,
        "Name it: [profile NAME]",
    )
    assert scene.problem() is None
    assert scene.home.run("list").stdout.splitlines()[1].startswith("dev ")
    assert scene.login() == (0, {})


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("[profiledev]", "It has no space after the word profile."),
        ('[profile "dev]', "Its quote is not closed."),
        ("[ profile dev]", "It has a space before its first word."),
        ("[profile dev] # the [new] one", "A header goes up to the last bracket of its line"),
        ("[Profile dev]", "The word profile must be in lower case."),
        ("[dev]", "In the config file, a profile's header is [profile NAME] or [default]."),
    ],
)
def test_headers_that_define_no_profile(scene: Scene, header: str, why: str) -> None:
    """Doctor tells it, of the profile too that was meant, and who logs in is told why there is none."""
    whole = f"[profile dev]\n{RIGHT}\nmfa_serial = SERIAL\naws_access_key_id = KEYID\naws_secret_access_key = SECRET\n"
    scene.write(whole.replace("[profile dev]", header), "[other]\noutput = json\n")
    (found,) = [each for each in scene.findings() if each["code"] == "header-config"]
    assert (found["place"]["line"], found["remedy"]) == (1, "Write it as [profile dev]")
    assert why in found["why"]
    status, error = scene.login()
    assert (status, error["code"], error["remedy"]) == (2, "profile-unknown", found["remedy"])
    assert found["what"] in error["why"]
    scene.write(whole, "[other]\noutput = json\n")
    assert scene.findings() == []
    assert scene.login() == (0, {})


def test_a_header_that_loses_a_profiles_settings_is_reported_for_that_profile(scene: Scene) -> None:
    scene.write(CONFIG.replace("[profile dev]", "[profiledev]"))
    assert [each["code"] for each in scene.findings("dev")] == ["header-config", "serial-missing"]
