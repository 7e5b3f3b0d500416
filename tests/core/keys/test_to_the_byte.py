"""Keys that are taken out of a section, and put back: every byte as before, however the section was written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document, UnsafeEdit
from mfa_tui.core.awsfiles.ini import DocumentDefect
from mfa_tui.core.keys.profile_edits import UNKNOWN, holders, with_restored, with_stored, without_mark
from mfa_tui.core.keys.removed_lines import OfProfile, profile_from_json, profile_to_json
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.models import AccessKeys, Secret
from tests.support.runner.examples import generated

KEY_ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEYS = AccessKeys(KEY_ID, Secret(SECRET))
PROCESS = "/usr/bin/mfa-tui credential-process dev"

FILLING = (
    "", "# a comment", "; another", "region = x", "output: json", "  # deep comment", "mfa_serial =", "s3 =\n  a = b",
    "   ", "cli_pager", "x_note = a # b",
)  # fmt: skip
OF_ID = ("aws_access_key_id = {}", "AWS_ACCESS_KEY_ID={}", "  aws_access_key_id :  {}  ", "aws_access_key_id\t=\t{}")
OF_SECRET = ("aws_secret_access_key = {}", "Aws_Secret_Access_Key={}  ", " aws_secret_access_key: {}")
BEFORE = ("", "\n", "# top\n\n", "[other]\nregion = y\n", "[other]\nregion = y\n\n\n", "\n[other]\n  a = b\n")
AFTER = ("", "\n", "\n[last]\nregion = z\n", "[last]\n", "# end", "\n\n[last]\n  region = z\n\n")


@st.composite
def texts(draw: st.DrawFn, header: str) -> str:
    """A file whose section *header* has the keys somewhere."""
    lines = draw(st.lists(st.sampled_from(FILLING), max_size=5, unique=True))
    keys = [draw(st.sampled_from(OF_ID)).format(KEY_ID), draw(st.sampled_from(OF_SECRET)).format(SECRET)]
    for line in draw(st.permutations(keys)):
        lines.insert(draw(st.integers(0, len(lines))), line)
    whole = draw(st.sampled_from(BEFORE)) + f"[{header}]\n" + "\n".join(lines)
    whole += draw(st.sampled_from(("\n", ""))) + draw(st.sampled_from(AFTER))
    return whole.replace("\n", draw(st.sampled_from(("\n", "\r\n", "\r"))))


def read(config: str, credentials: str) -> AwsConfig | None:
    """Both files; None if AWS tools could not read them, or the keys are not whole in them."""
    try:
        aws = AwsConfig(Document.parse(config.encode(), "config"), Document.parse(credentials.encode(), "credentials"))
    except DocumentDefect:
        return None
    return aws if read_profile(aws, "dev").kind == Kind.ACCESS_KEYS and sound(aws) else None


def sound(aws: AwsConfig) -> bool:
    found = read_profile(aws, "dev").keys
    return found is not None and (found.access_key_id, found.secret_access_key) == (KEY_ID, Secret(SECRET))


def restored(aws: AwsConfig, about: OfProfile, keys: AccessKeys = KEYS) -> AwsConfig:
    about = profile_from_json(json.loads(json.dumps(profile_to_json(about))))
    return without_mark(with_restored(aws, "dev", keys, about), "dev", about)


def bytes_of(aws: AwsConfig) -> tuple[bytes, bytes]:
    return aws.config.render(), aws.credentials.render()


def check(aws: AwsConfig | None, process: str) -> None:
    if aws is None:
        return
    try:
        stored, about = with_stored(aws, "dev", KEY_ID, process)
    except UnsafeEdit:
        # Such a section is refused, and nothing is changed.
        return
    assert holders(stored, KEY_ID) == ()
    assert SECRET not in (b"".join(bytes_of(stored))).decode()
    assert SECRET not in json.dumps(profile_to_json(about))
    profile = read_profile(stored, "dev")
    assert (profile.kind, profile.access_key_id, profile.can_log_in) == (Kind.STORED_KEYS, KEY_ID, True)
    assert bytes_of(restored(stored, about)) == bytes_of(aws)
    new = AccessKeys("AKIANEWNEWNEWNEWNEW7", Secret("n" * 40))
    rotated = tuple(
        data.replace(KEY_ID.encode(), new.access_key_id.encode()).replace(SECRET.encode(), b"n" * 40)
        for data in bytes_of(aws)
    )
    assert bytes_of(restored(stored, about, new)) == rotated


@generated(quick=40, long=3000)
@given(texts("dev"), st.sampled_from(("", "[profile dev]\nregion = x\n", "[profile dev]\nregion = x", "[profile a]\n")))
def test_keys_of_the_credentials_file(credentials: str, config: str) -> None:
    check(read(config, credentials), PROCESS)
    check(read(config, credentials), "")


@generated(quick=40, long=3000)
@given(texts("profile dev"), st.sampled_from(("", "[dev]\nregion = x\n", "[a]\n")))
def test_keys_of_the_config_file(config: str, credentials: str) -> None:
    check(read(config, credentials), PROCESS)


@pytest.mark.parametrize("kept", [True, False])
def test_our_process_stays_if_it_was_there_before(kept: bool) -> None:
    line = f"credential_process = {PROCESS}\n" if kept else ""
    aws = read(f"[profile dev]\n{line}", f"[dev]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n")
    check(aws, PROCESS)
    check(aws, "")


def test_keys_go_where_they_fit_if_the_section_has_changed() -> None:
    text = f"[dev]\n# mine\naws_access_key_id={KEY_ID}\naws_secret_access_key={SECRET}\nregion = x\n\n[last]\na = b\n"
    aws = read("", text)
    assert aws is not None
    stored, about = with_stored(aws, "dev", KEY_ID, PROCESS)
    for changed, wanted in (
        ("# mine", "# yours"),
        ("region = x\n", "region = y\noutput = json\n"),
        ("[last]\na = b\n", ""),
    ):
        credentials = stored.credentials.render().decode().replace(changed, wanted)
        back = restored(AwsConfig(stored.config, Document.parse(credentials.encode(), "credentials")), about)
        assert sound(back)
        assert back.config.render() == b""
        lines = back.credentials.render().decode().splitlines(keepends=True)
        assert f"aws_access_key_id={KEY_ID}\n" in lines
        assert [line for line in lines if KEY_ID not in line and SECRET not in line] == credentials.splitlines(
            keepends=True
        )


@pytest.mark.parametrize("about", [UNKNOWN, None], ids=["no record", "record"])
def test_a_section_that_is_gone_is_made_again(about: OfProfile | None) -> None:
    aws = read("", f"[dev]\naws_access_key_id={KEY_ID}\naws_secret_access_key={SECRET}\n")
    assert aws is not None
    stored, known = with_stored(aws, "dev", KEY_ID, PROCESS)
    back = restored(AwsConfig(stored.config, Document.parse(b"[a]\nb = c\n", "credentials")), about or known)
    assert sound(back)
    assert back.credentials.render().startswith(b"[a]\nb = c\n")


def test_a_value_of_several_lines_is_refused() -> None:
    aws = read("", f"[dev]\naws_access_key_id={KEY_ID}\naws_secret_access_key={SECRET}\n")
    assert aws is not None
    odd = Document.parse(f"[dev]\naws_access_key_id={KEY_ID}\naws_secret_access_key=a\n  b\n".encode(), "credentials")
    with pytest.raises(UnsafeEdit):
        with_stored(AwsConfig(aws.config, odd), "dev", KEY_ID, PROCESS)


def test_what_is_kept_of_taken_lines_stays_the_same_from_version_to_version() -> None:
    aws = read("", f"[dev]\nregion = x\naws_access_key_id = {KEY_ID}\naws_secret_access_key={SECRET}  \n")
    assert aws is not None
    _, about = with_stored(aws, "dev", KEY_ID, PROCESS)
    assert profile_to_json(about) == {
        "credentials": {
            "lines": [
                ["aws_access_key_id", "aws_access_key_id = ", "\n", "cf626dce28b75286"],
                ["aws_secret_access_key", "aws_secret_access_key=", "  \n", "cf626dce28b75286"],
            ],
            "ending": "",
        },
        "config": {"lines": [], "ending": ""},
        "kept_process": False,
    }
    damaged = profile_to_json(about) | {"config": {"lines": [["region", "", "", ""]], "ending": ""}}
    with pytest.raises(ValueError, match="another key"):
        profile_from_json(damaged)
