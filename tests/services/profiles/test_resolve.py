"""Which profile a name means, and what is said where it means none or cannot log in."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from mfa_tui.core.aws import mfa_serial
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.errors import ConfigError, MfaTuiError, ProfileProblem, UsageError
from mfa_tui.services.profiles.resolve import (
    cannot_log_in,
    check_can_log_in,
    check_encoding,
    checked_serial_of,
    known_serial,
    resolve,
    source_profile,
)
from tests.support.awsfiles.profiles import KEYS, ROLE, TEMPORARY, load
from tests.support.runner.examples import generated

PATTERN = "{profile}-mfa"
WRITTEN = f"[dev-mfa]\n{TEMPORARY}mfa_tui_source = dev\n"
FIDO = "arn:aws:iam::111122223333:u2f/user/ana/key-ABC"


def problem(aws: object, name: str | None, **env: str) -> MfaTuiError:
    with pytest.raises(ProfileProblem) as caught:
        source_profile(aws, name, env, PATTERN)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("name", "env", "meant"),
    [
        ("dev", {}, "dev"),
        ("dev-mfa", {}, "dev"),
        # Not written yet.
        ("ops-mfa", {}, "ops"),
        (None, {"AWS_PROFILE": "ops-mfa"}, "ops"),
        (None, {"AWS_DEFAULT_PROFILE": "dev"}, "dev"),
        (None, {}, "default"),
        ("dev", {"AWS_PROFILE": "ops"}, "dev"),
    ],
)
def test_names(name: str | None, env: dict[str, str], meant: str) -> None:
    aws = load("", f"[default]\n{KEYS}[dev]\n{KEYS}[ops]\n{KEYS}{WRITTEN}")
    assert source_profile(aws, name, env, PATTERN) == meant
    resolved = resolve(aws, name, env, PATTERN)
    assert (resolved.files, resolved.profile.name) == (aws, meant)


def test_a_session_of_a_profile_that_is_gone() -> None:
    gone = problem(load("", WRITTEN), "dev-mfa")
    assert gone.slug == "source-missing"
    assert "'dev-mfa' holds a session of 'dev'" in gone.what
    assert gone.remedy.endswith("mfa-tui logout dev-mfa")


@pytest.mark.parametrize(
    ("name", "env", "where"),
    [
        ("devv", {"AWS_PROFILE": "ops"}, "."),
        (None, {"AWS_PROFILE": "devv"}, " (from AWS_PROFILE)."),
        (None, {"AWS_DEFAULT_PROFILE": "devv"}, " (from AWS_DEFAULT_PROFILE)."),
        (None, {}, ", and no profile was named."),
    ],
)
def test_where_an_unknown_name_comes_from(name: str | None, env: dict[str, str], where: str) -> None:
    unknown = problem(load("", f"[dev]\n{KEYS}"), name, **env)
    asked = "devv" if name or env else "default"
    assert unknown.what == f"There is no profile '{asked}' in the AWS files{where}"
    assert unknown.slug == "profile-unknown"


@pytest.mark.parametrize(
    ("credentials", "remedy"),
    [
        (f"[dev]\n{KEYS}[dev2]\n{KEYS}", "Did you mean dev, dev2? mfa-tui list shows all profiles."),
        (f"[production]\n{KEYS}", "mfa-tui list shows all profiles."),
        ("", "Run mfa-tui to set one up."),
    ],
)
def test_names_that_are_near_an_unknown_one(credentials: str, remedy: str) -> None:
    assert problem(load("", credentials), "devv").remedy == remedy


def test_no_name_is_near_to_none() -> None:
    assert problem(load("", f"[default-dev]\n{KEYS}"), None).remedy == "mfa-tui list shows all profiles."


def test_a_header_without_the_word_profile() -> None:
    found = problem(load("[ops]\nregion = eu-west-1\n", f"[dev]\n{KEYS}"), "ops")
    assert "[ops]" in found.why
    assert found.place is not None
    assert "[profile ops]" in found.remedy


def test_keys_for_all_profiles_are_those_of_none() -> None:
    aws = load("", f"[DEFAULT]\n{KEYS}[dev]\nregion = x\n")
    assert "DEFAULT" in problem(aws, "DEFAULT").why
    assert problem(aws, "dev2").why == ""


def check(config: str, credentials: str, name: str, env: dict[str, str] | None = None) -> MfaTuiError | None:
    aws = load(config, credentials)
    try:
        check_can_log_in(aws, read_profile(aws, name), env)
    except ConfigError as found:
        return found
    return None


def test_profiles_that_can_log_in() -> None:
    role = f"[profile r]\n{ROLE}source_profile = dev\nregion = eu-west-1\n"
    keys = f"[dev]\n{KEYS}region = eu-west-1\n"
    assert check(role, keys, "dev", {}) is None
    assert check(role, keys, "r", {}) is None
    # A bad region counts only where a request will be made with it.
    assert check("", f"[dev]\n{KEYS}region = eu_west!\n", "dev") is None
    bad = check("", f"[dev]\n{KEYS}region = eu_west!\n", "dev", {})
    assert bad is not None
    assert bad.slug == "value-malformed"
    assert bad.what == "The profile 'dev' cannot log in with MFA."


def test_which_profile_is_at_fault() -> None:
    """A role that cannot be assumed because of the role before it names that one."""
    first = f"[profile r]\n{ROLE}source_profile = dev\nexternal_id = a\n"
    second = f"[profile r2]\n{ROLE}source_profile = r\n"
    found, own = (check(first + second, f"[dev]\n{KEYS}", name) for name in ("r2", "r"))
    assert found is not None
    assert own is not None
    assert found.slug == own.slug
    assert found.why.startswith("Source 'r': ")
    assert not own.why.startswith("Source")
    assert found.what == "The profile 'r2' cannot log in with MFA."
    assert str(found.place) == str(own.place)


@pytest.mark.parametrize(
    ("config", "credentials", "name", "slug", "remedy"),
    [
        (
            "[profile dev]\nregion = eu-west-1\n",
            "",
            "dev",
            "profile-kind",
            "Add access keys: aws configure --profile dev",
        ),
        ("[profile s]\nsso_session = x\n", "", "s", "profile-kind", "Log in to a profile with access keys; "),
        ("", f"[t]\n{TEMPORARY}", "t", "profile-kind", "Log in to a profile with access keys; "),
    ],
)
def test_profiles_that_cannot_log_in(config: str, credentials: str, name: str, slug: str, remedy: str) -> None:
    found = check(config, credentials, name)
    assert found is not None
    assert (found.slug, found.what) == (slug, f"The profile {name!r} cannot log in with MFA.")
    assert found.remedy.startswith(remedy)


def test_a_broken_profile_is_told_from_one_of_another_kind() -> None:
    aws = load(f"[profile r]\n{ROLE}source_profile = r2\n[profile r2]\n{ROLE}source_profile = r\n", f"[dev]\n{KEYS}")
    assert cannot_log_in(aws, read_profile(aws, "r")).slug == "profile-broken"


def test_keys_under_a_header_that_is_misread() -> None:
    aws = load("[profile dev]\nregion = eu-west-1\n", f"[profile dev]\n{KEYS}")
    found = cannot_log_in(aws, read_profile(aws, "dev"))
    assert found.slug == "profile-kind"
    assert "[profile dev]" in found.why
    assert found.place is not None


def test_the_device_of_a_login() -> None:
    named = f"[dev]\n{KEYS}mfa_serial = GAHT12345678\n"
    config = f"[profile r]\n{ROLE}credential_source = Ec2InstanceMetadata\nmfa_serial = GAHT12345678\n"
    aws = load(config, f"{named}[bare]\n{KEYS}[key]\n{KEYS}mfa_serial = {FIDO}\n")
    serials = {name: read_profile(aws, name) for name in ("dev", "bare", "key", "r")}
    assert getattr(known_serial(aws, serials["dev"], ""), "text", "") == "GAHT12345678"
    assert getattr(known_serial(aws, serials["dev"], "GAHT99999999"), "text", "") == "GAHT99999999"
    assert getattr(known_serial(aws, serials["bare"], "GAHT99999999"), "text", "") == "GAHT99999999"
    assert known_serial(aws, serials["bare"], "") is None
    # Behind it is a machine, not a user.
    assert known_serial(aws, serials["r"], "GAHT99999999") is None
    with pytest.raises(UsageError) as fido:
        known_serial(aws, serials["key"], "")
    assert fido.value.slug == "serial-fido"
    with pytest.raises(UsageError) as given:
        known_serial(aws, serials["dev"], FIDO)
    assert "--serial" in given.value.what + given.value.why


@pytest.mark.parametrize("which", ["config", "credentials"])
def test_files_that_the_sdk_cannot_read_in_this_locale(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = {"config": "[profile dev]\nregion = eu-west-1\n", "credentials": f"[dev]\n{KEYS}"}
    monkeypatch.setattr("mfa_tui.adapters.aws.sdk_checks.sdk_encoding", lambda *_: "ascii")
    check_encoding(load(**text))
    text[which] += "# Jürgen\n"
    with pytest.raises(ConfigError) as caught:
        check_encoding(load(**text))
    assert caught.value.slug == "file-locale"


ARN = "arn:aws:iam::111122223333:mfa/ana"
SERIAL = st.sampled_from(
    (
        ARN,
        f" {ARN} ",
        "\n  x = 1",
        f"{ARN}\n  x = 1",
        f"{ARN} # phone",
        f'"{ARN}"',
        FIDO,
        "arn:aws:iam::xxxx:mfa/ana",
        "",
    )
)
LINES = st.lists(
    st.tuples(st.sampled_from(("mfa_serial", "aws_mfa_device")), SERIAL), max_size=2, unique_by=lambda x: x[0]
)


@generated(100, 2000)
@given(LINES, LINES, LINES)
def test_a_serial_as_most_have_it_gets_the_answer_of_all_checks(
    config: list[tuple[str, str]], keys: list[tuple[str, str]], source: list[tuple[str, str]]
) -> None:
    own, held, base = ("".join(f"{key} ={value}\n" for key, value in lines) for lines in (config, keys, source))
    role = "role_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = ops\n"
    aws = load(f"[profile dev]\n{role}{own}[profile ops]\n{base}", f"[dev]\n{held}[ops]\n{KEYS}")
    answers = []
    for whole in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if whole:
                patch.setattr(mfa_serial, "_USUAL_NAME", -1)
            for name in ("dev", "ops"):
                profile = read_profile(aws, name)
                try:
                    checked = checked_serial_of(aws, profile, profile.serial).text if profile.serial else ""
                except UsageError as error:
                    checked = repr((error.slug, error.lines(), str(error.place)))
                answers.append(checked)
    assert answers[:2] == answers[2:]
