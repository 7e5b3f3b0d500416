"""Obstacles of the machine, the environment and the AWS SDK: doctor reports them, and its remedies work."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from mfa_tui.adapters.awsfiles.permissions import permissions_remedy
from tests.doctor.scenes import CONFIG, Scene
from tests.secretstores import secret_service
from tests.support.awsfiles.saved_sessions import NOBODY
from tests.support.runner.thoroughness import long, quick_cases

C_LOCALE = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
FAKES = "tests.secretstores.fakes."


def codes(scene: Scene, *arguments: str, **env: str) -> list[tuple[str, str]]:
    return [(finding["code"], finding["severity"]) for finding in scene.findings(*arguments, **env)]


@pytest.mark.parametrize(
    ("setting", "line", "said"),
    [
        ("retry_mode = quick", 4, "retry_mode of 'dev'"),
        ("sts_regional_endpoints = mine", 4, "sts_regional_endpoints of 'dev'"),
        ("defaults_mode = mine", 4, "defaults_mode of 'dev'"),
        ("request_checksum_calculation = never", 4, "request_checksum_calculation of 'dev'"),
        ("account_id_endpoint_mode = x", 4, "account_id_endpoint_mode of 'dev'"),
        # For these botocore raises exceptions that are not its own.
        ("api_versions = 1", 4, "api_versions of 'dev'"),
        ("tcp_keepalive = true\n# s3 =\n    addressing_style = path\nretry_mode = quick", 7, "retry_mode of 'dev'"),
        ("retry_mode = standard\n# s3 =\n    addressing_style = path", 4, "retry_mode of 'dev', which continues on"),
        ("sdk_ua_app_id = x\ndata_path =\n    a = b", 5, "data_path of 'dev'"),
    ],
)
def test_settings_that_the_sdk_refuses(scene: Scene, setting: str, line: int, said: str) -> None:
    """A misspelled region is found with key, section and line, by doctor and by the login that uses it."""
    scene.write(f"{CONFIG}{setting}\n")
    (found,) = scene.findings()
    assert (found["code"], found["severity"], found["place"]["line"]) == ("botocore", "error", line)
    assert said in found["what"]
    status, error = scene.login()
    # Some of them we set ourselves or do not need: then only other tools fail.
    assert (status, error.get("what")) in ((2, found["what"]), (0, None))
    assert status == 0 or scene.aws.count() == 0
    # The remedy: the line is removed, with the lines that continue it.
    lines = f"{CONFIG}{setting}\n".splitlines(keepends=True)
    rest = lines[line:]
    while rest and rest[0].startswith((" ", "#")):
        rest.pop(0)
    scene.write("".join((*lines[: line - 1], *rest)))
    assert scene.findings() == []
    assert scene.login()[0] == 0


@pytest.mark.parametrize(
    ("variable", "value"), [("AWS_RETRY_MODE", "quick"), ("AWS_MAX_ATTEMPTS", "many"), ("AWS_DEFAULTS_MODE", "x")]
)
def test_variables_that_the_sdk_refuses(scene: Scene, variable: str, value: str) -> None:
    scene.write()
    found = scene.findings(**{variable: value})
    status, error = scene.login(**{variable: value})
    # We set ourselves how often a request is sent, so only other tools fail.
    assert (status, error.get("what")) in ((2, found[0]["what"]), (0, None))
    assert [(each["code"], each["place"]["variable"]) for each in found] == [("botocore", variable)]
    assert found[0]["remedy"] == f"Correct it, or unset {variable}"


def test_continuation_lines_are_not_quoted(scene: Scene) -> None:
    """Nothing of botocore's message is shown that may have ended up in a value by mistake, such as keys."""
    for key in ("defaults_mode", "sts_regional_endpoints"):
        scene.write(f"{CONFIG}{key} = legacy\n# [other]\n    aws_secret_access_key = hush-hush\n")
        for told in (str(scene.findings()), str(scene.login()[1])):
            assert key in told
            assert "hush" not in told


def test_regions(scene: Scene) -> None:
    scene.write(CONFIG.replace("eu-central-1", "eu-centarl-1"))
    (found,) = scene.findings()
    assert (found["code"], found["severity"], found["place"]["line"]) == ("region-unknown", "warning", 2)
    assert found["remedy"] == "Correct region. Did you mean eu-central-1?"
    scene.write()
    (found,) = scene.findings(AWS_REGION="eu-nowhere-9")
    assert (found["code"], found["place"]["variable"]) == ("env-region-unknown", "AWS_REGION")
    for bad in ("eu-central-1 # home", '"eu-central-1"'):
        (found,) = scene.findings(AWS_DEFAULT_REGION=bad)
        assert (found["code"], found["place"]["variable"]) == ("env-region", "AWS_DEFAULT_REGION")
        assert found["remedy"] == "export AWS_DEFAULT_REGION=eu-central-1"
        status, error = scene.login(AWS_DEFAULT_REGION=bad)
        assert (status, error["code"], error["remedy"]) == (2, "env-region", found["remedy"])
    assert scene.findings(AWS_DEFAULT_REGION="eu-central-1") == []
    # The environment's value is used before the wrong one in the file, so logging in works here.
    scene.write(CONFIG.replace("eu-central-1", "<region>"))
    assert scene.login(AWS_REGION="eu-central-1") == (0, {})
    assert ("value-placeholder", "error") in codes(scene, AWS_REGION="eu-central-1")


def test_certificates(scene: Scene, tmp_path: Path) -> None:
    scene.write(f"{CONFIG}ca_bundle = {tmp_path}/none.pem\n")
    (found,) = scene.findings()
    assert (found["code"], found["place"]["line"], found["profile"]) == ("ca-bundle", 4, "dev")
    status, error = scene.login()
    assert (status, error["what"], error["remedy"]) == (2, found["what"], found["remedy"])
    scene.write()
    (found,) = scene.findings(AWS_CA_BUNDLE=f"{tmp_path}/none.pem")
    assert (found["code"], found["place"]["variable"]) == ("ca-bundle", "AWS_CA_BUNDLE")


@pytest.mark.parametrize(
    "address", ["http://", "socks5://proxy:1080", "http://proxy:port", "http://proxy:99999", '"http://proxy:80"', "a b"]
)
def test_proxies_without_a_valid_address(scene: Scene, address: str) -> None:
    scene.write()
    (found,) = scene.findings(HTTPS_PROXY=address)
    assert (found["code"], found["place"]["variable"]) == ("proxy-malformed", "HTTPS_PROXY")


@pytest.mark.parametrize("address", ["http://proxy:3128", "proxy:3128", "https://me:pass@proxy", "http://[::1]:80/"])
def test_proxies_that_may_answer(scene: Scene, address: str) -> None:
    scene.write()
    assert scene.findings(HTTPS_PROXY=address) == []


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({"AWS_ACCESS_KEY_ID": "AKIAENVENVENVENVENVE", "AWS_SECRET_ACCESS_KEY": '"secret"'}, "env-keys-malformed"),
        ({"AWS_ACCESS_KEY_ID": "AKIA\u200bENV", "AWS_SECRET_ACCESS_KEY": "secret"}, "env-keys-malformed"),
        (
            {
                "AWS_ACCESS_KEY_ID": "AKIAENVENVENVENVENVE",
                "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_SESSION_TOKEN": "left-over",
            },
            "env-token-unneeded",
        ),
    ],
)
def test_keys_in_the_environment(scene: Scene, env: dict[str, str], code: str) -> None:
    scene.write()
    (found,) = scene.findings(**env)
    assert (found["code"], found["severity"]) == (code, "error")
    assert env["AWS_SECRET_ACCESS_KEY"].strip('"') not in found["what"] + found["why"]


@long
def test_files_that_the_sdk_reads_in_another_encoding(scene: Scene) -> None:
    scene.write(f"# my keys\n# für alle\n{CONFIG}")
    (found,) = scene.findings(**C_LOCALE)
    assert (found["code"], found["severity"], found["place"]["line"]) == ("file-locale", "error", 2)
    assert found["place"]["file"] == str(scene.home.config)
    assert found["remedy"] == "export LC_ALL=C.UTF-8"
    status, error = scene.login(**C_LOCALE)
    assert (status, error["code"], error["what"], error["remedy"]) == (2, "file-locale", found["what"], found["remedy"])
    helped = {**C_LOCALE, "LC_ALL": "C.UTF-8"}
    assert scene.findings(**helped) == []
    assert scene.login(**helped) == (0, {})


@long
@quick_cases(1)
@pytest.mark.parametrize("env", [C_LOCALE, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}])
def test_a_console_without_our_characters(scene: Scene, env: dict[str, str]) -> None:
    scene.write()
    assert scene.login()[0] == 0
    text = scene.home.run("list", env=env).stdout
    assert "ok dev-mfa until" in text
    assert "\\u" not in text
    assert scene.home.run("doctor", env=env).stdout == "ok No problems found (1 profile).\n"
    scene.write(CONFIG.replace("eu-central-1", "x y"))
    broken = scene.home.run("doctor", env=env)
    assert "\nx 'dev': region is not" in broken.stdout
    told = scene.home.run("login", "dev", "nobody", env=env).stderr
    assert "\\u" not in told


@pytest.mark.parametrize(
    ("backend", "code"),
    [
        (f"{FAKES}Odd", "keyring-failed"),
        ("keyring.backends.fail.Keyring", "keyring-missing"),
        ("no.such.Backend", "keyring-named"),
        (f"{FAKES}Unstartable", "keyring-named"),
        (f"{FAKES}Blocking", "keyring-timeout"),
    ],
)
def test_a_keyring_that_fails(scene: Scene, backend: str, code: str) -> None:
    """An error if it has a secret; a hint if codes are typed, because then nothing is wrong."""
    scene.write()
    env = {"PYTHON_KEYRING_BACKEND": backend}
    found = [each for each in scene.findings(**env) if each["code"] != "keyring-unprotected"]
    assert [(each["code"], each["severity"]) for each in found] == [(code, "hint")]
    assert "None is needed if you type the codes." in found[0]["why"]
    assert scene.login(**env)[0] == 0
    if code == "keyring-timeout":
        return
    scene.home.store_seed(scene.device)
    found = [each for each in scene.findings(**env) if each["code"] != "keyring-unprotected"]
    assert [(each["code"], each["severity"]) for each in found] == [(code, "error")]
    assert f"mfa-tui: {found[0]['what']}" in scene.home.run("code", "dev", env=env).stderr.splitlines()


def test_a_keyring_that_is_used_only_by_its_name(scene: Scene) -> None:
    scene.write()
    (found,) = scene.findings(PYTHON_KEYRING_BACKEND=f"{FAKES}OddAtWriting")
    assert (found["code"], found["severity"]) == ("keyring-unprotected", "warning")


@long
def test_a_fresh_keyring_without_a_display(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.write()
    (scene.home.path / "secret").write_text(scene.device.seed)
    locked = "printf %s pass-phrase | gnome-keyring-daemon --unlock"
    script = secret_service._SCRIPT
    assert locked in script
    monkeypatch.setattr(secret_service, "_SCRIPT", script.replace(locked, "gnome-keyring-daemon --start"))
    doctor, stored = secret_service.run(scene.home, "$MFA doctor", "$MFA device import dev <$IN/secret")
    what = "The keyring has not been created yet, and there is no display to ask for its password on."
    assert f"· {what}" in doctor.stdout
    assert f"mfa-tui: {what}" in stored.stderr
    # The remedy.
    settings = scene.home.path / ".config/mfa-tui"
    settings.mkdir(parents=True)
    (settings / "config.toml").write_text('seed_store = "vault"\n')
    assert codes(scene, PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring") == []


@long
def test_a_locked_keyring_without_a_display(scene: Scene) -> None:
    scene.write()
    (scene.home.path / "secret").write_text(scene.device.seed)
    fine, stored, open_, _, locked = secret_service.run(
        scene.home, "$MFA doctor", "$MFA device import dev <$IN/secret", "$MFA doctor", "$LOCK", "$MFA doctor"
    )
    assert [each.returncode for each in (fine, stored, open_, locked)] == [0, 0, 0, 1]
    assert "✗ The keyring is locked." in locked.stdout


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="another user's file can be made by root only")
def test_chmod_is_advised_only_where_it_helps() -> None:
    directory = tempfile.mkdtemp()
    os.chmod(directory, 0o755)  # noqa: S103 - another user is to look at it
    path = os.path.join(directory, "credentials")
    Path(path).touch(0o644)
    assert permissions_remedy(path, "X") == f"chmod 600 {path}"
    os.chown(path, NOBODY, NOBODY)
    # Root can change it anyway.
    assert permissions_remedy(path, "X") == f"chmod 600 {path}"
    os.seteuid(NOBODY - 1)
    try:
        assert permissions_remedy(path, "X") == f'sudo chown "$USER" {path} && chmod 600 {path}'
    finally:
        os.seteuid(0)
    shutil.rmtree(directory)
