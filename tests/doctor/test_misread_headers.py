"""Keys in a section that is not the profile's: login says so, as doctor does, in place of asking for new keys."""

import pytest

from tests.doctor.scenes import CONFIG, CREDENTIALS, Scene


@pytest.mark.parametrize(
    ("files", "profile", "code", "remedy"),
    [
        ((CONFIG, CREDENTIALS.replace("[dev]", "[profile dev]")), "dev", "header-credentials", "Write it as [dev]"),
        ((CONFIG, CREDENTIALS.replace("[dev]", '["dev"]')), "dev", "header-credentials", "Write it as [dev]"),
        (
            (CONFIG.replace("dev", "DEFAULT"), CREDENTIALS.replace("[dev]", "[DEFAULT]")),
            "DEFAULT",
            "header-for-all",
            "Write it as [default]",
        ),
    ],
)
def test_keys_under_a_misread_header(
    scene: Scene, files: tuple[str, str], profile: str, code: str, remedy: str
) -> None:
    scene.write(*files)
    (finding,) = [each for each in scene.findings() if each["code"] == code]
    assert finding["remedy"] == remedy
    if profile == "dev":
        assert finding["severity"] == "error"
    status, error = scene.login(profile)
    assert (status, error["code"], error["remedy"]) == (2, "profile-kind", remedy)
    assert finding["what"] in error["why"]


def test_a_misread_header_beside_keys_is_a_warning(scene: Scene) -> None:
    scene.write(credentials=CREDENTIALS + CREDENTIALS.replace("[dev]", "[profile dev]"))
    (finding,) = [each for each in scene.findings() if each["code"] == "header-credentials"]
    assert finding["severity"] == "warning"
