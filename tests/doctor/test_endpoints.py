"""Endpoints that cannot or must not be used: doctor and login name them, with their place."""

from typing import Any

import pytest

from tests.doctor.scenes import CONFIG, Scene

ADDRESSES = {
    "http://10.0.0.1": ("endpoint-plain", "http://10.0.0.1"),
    "http://ana:pass@10.0.0.1/": ("endpoint-plain", "http://10.0.0.1"),
    "localhost:1": ("endpoint-malformed", "STS"),
    "https://example.com:port": ("endpoint-malformed", "STS"),
}


@pytest.fixture
def scene(scene: Scene) -> Scene:
    """A home that names no endpoint but the one of IAM."""
    del scene.home.env["AWS_ENDPOINT_URL_STS"]
    return scene


def assert_told(scene: Scene, code: str, word: str, place: dict[str, Any], **env: str) -> None:
    (finding,) = scene.findings(**env)
    assert (finding["code"], finding["severity"]) == (code, "error")
    assert word in finding["what"]
    assert "pass" not in finding["what"]
    assert {key: value for key, value in finding["place"].items() if value} == place
    status, error = scene.login(**env)
    assert (status, error["code"]) == (2, code)
    told = scene.home.run("login", "dev", "--code", "123456", env=env).stderr
    assert (f"line {place['line']}: [{place['section']}]" if "line" in place else place["variable"]) in told


@pytest.mark.parametrize("address", ADDRESSES)
def test_in_the_profile(scene: Scene, address: str) -> None:
    scene.write(f"{CONFIG}endpoint_url = {address}\n")
    place = {"file": str(scene.home.config), "line": 4, "section": "profile dev", "key": "endpoint_url"}
    assert_told(scene, *ADDRESSES[address], place)


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_in_the_environment(scene: Scene, address: str, variable: str) -> None:
    scene.write()
    assert_told(scene, *ADDRESSES[address], {"variable": variable}, **{variable: address})


def test_in_a_services_section(scene: Scene) -> None:
    scene.write(f"{CONFIG}services = mine\n[services mine]\nsts =\n  endpoint_url = http://10.0.0.1\n")
    place = {"file": str(scene.home.config), "line": 6, "section": "services mine", "key": "sts"}
    assert_told(scene, "endpoint-plain", "http://10.0.0.1", place)


def test_ignored_endpoints_are_not_reported(scene: Scene) -> None:
    scene.write(f"{CONFIG}endpoint_url = http://10.0.0.1\nignore_configured_endpoint_urls = true\n")
    assert scene.findings() == []
