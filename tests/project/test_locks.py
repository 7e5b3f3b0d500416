"""The locks: for any platform, with hashes, from wherever the user's pip is set up to fetch."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = [wanted for extra in PYPROJECT["project"]["optional-dependencies"].values() for wanted in extra]


def locked(name: str) -> dict[str, Requirement]:
    """The requirements of a lock by their canonical names, hashes cut off."""
    text = (ROOT / "requirements" / name).read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    requirements = [Requirement(line.rstrip("\\ ")) for line in lines]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


@pytest.mark.parametrize("name", ["archive.txt", "demo.txt", "dev.txt", "lock.txt"])
def test_every_pin_has_hashes_and_no_address_is_named(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert not re.search(r"://|--(extra-)?index-url|--find-links| @ ", text)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("archive.txt", PYPROJECT["project"]["dependencies"]),
        ("demo.txt", [*PYPROJECT["project"]["dependencies"], *EXTRAS]),
        ("demo.txt", [*PYPROJECT["build-system"]["requires"], *PYPROJECT["dependency-groups"]["build"]]),
        ("dev.txt", [*PYPROJECT["project"]["dependencies"], *EXTRAS]),
        ("dev.txt", [*PYPROJECT["build-system"]["requires"], *PYPROJECT["dependency-groups"]["build"]]),
        ("dev.txt", PYPROJECT["dependency-groups"]["dev"]),
        ("lock.txt", PYPROJECT["dependency-groups"]["lock"]),
    ],
    ids=["archive", "demo", "demo-build", "dev", "dev-build", "dev-group", "lock"],
)
def test_the_lock_satisfies_the_project(name: str, wanted: list[str]) -> None:
    pins = locked(name)
    for requirement in map(Requirement, wanted):
        (pin,) = pins[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(pin.version), f"{requirement}: run 'make lock'"


@pytest.mark.parametrize("name", ["archive.txt", "demo.txt"])
def test_the_locks_agree(name: str) -> None:
    development = locked("dev.txt")
    # A marker may differ: what Windows alone needs for one thing, all platforms may need for another.
    assert {name: str(pin.specifier) for name, pin in locked(name).items()}.items() <= {
        name: str(pin.specifier) for name, pin in development.items()
    }.items()
