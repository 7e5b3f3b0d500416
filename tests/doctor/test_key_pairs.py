"""Access keys whose secret cannot be right, or is another elsewhere."""

import pytest

from tests.doctor.scenes import CONFIG, CREDENTIALS, Scene

PAIR = "aws_access_key_id = KEYID\naws_secret_access_key = "
OTHER = "o" * 40


@pytest.mark.parametrize("secret", ["abc", "SECRET0", "SECRETSECRET"])
def test_a_secret_of_another_length(scene: Scene, secret: str) -> None:
    scene.write(credentials=f"[dev]\n{PAIR}{secret}\n")
    (finding,) = scene.findings()
    assert (finding["code"], finding["severity"], finding["place"]["line"]) == ("secret-length", "warning", 3)
    assert scene.user.secret_access_key not in str(finding)


def test_a_secret_of_another_service_may_have_any_length(scene: Scene) -> None:
    scene.write(credentials="[dev]\naws_access_key_id = minio\naws_secret_access_key = minio123\n")
    assert scene.findings() == []


@pytest.mark.parametrize(
    ("secret", "code", "severity"), [("SECRET", "keys-shared", "hint"), (OTHER, "keys-differ", "warning")]
)
def test_one_key_in_both_files(scene: Scene, secret: str, code: str, severity: str) -> None:
    scene.write(f"{CONFIG}{PAIR}{secret}\n", CREDENTIALS)
    (finding,) = scene.findings()
    assert (finding["code"], finding["severity"]) == (code, severity)
    assert "config file" in finding["remedy"]
    assert "source_profile" not in finding["remedy"]
    assert OTHER not in str(finding)


@pytest.mark.parametrize(
    ("secret", "code", "severity"), [("SECRET", "keys-shared", "hint"), (OTHER, "keys-differ", "warning")]
)
def test_one_key_in_two_profiles(scene: Scene, secret: str, code: str, severity: str) -> None:
    scene.write(
        f"{CONFIG}[profile ops]\nregion = eu-west-1\nmfa_serial = SERIAL\n", f"{CREDENTIALS}[ops]\n{PAIR}{secret}\n"
    )
    (finding,) = scene.findings()
    assert (finding["code"], finding["severity"]) == (code, severity)
    assert finding["what"].startswith("'dev' and 'ops' have the same access key")
