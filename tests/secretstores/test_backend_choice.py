"""Which backend is used where nobody names one: that of keyring, found without loading all of them."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_tui.adapters.libraries.keyring_backends import WithoutKeychain, may_find_more
from tests.project.test_imports import LOADED
from tests.support.homes.home import Home
from tests.support.runner.sources import ROOT
from tests.support.runner.thoroughness import long, quick_cases

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems ask keyring")

PACKAGES = Path(pytest.__file__).parents[1]
POINTS = "[keyring.backends]\nother = other\n"
OTHER = """
from keyring.backend import KeyringBackend
class Other(KeyringBackend):
    priority = 3
    def get_password(self, *_): return None
    def set_password(self, *_): pass
"""

CHOICE = """
import json, sys
site, *more = sys.argv[1:]
sys.path[:] = [path for path in sys.path if "site-packages" not in path] + [*more, site]
from mfa_tui.adapters.libraries.keyring_backends import may_find_more
from mfa_tui.adapters.secretstores.keyring import KeyringStore
from mfa_tui.adapters.system.cancellation import CancelScope
may = may_find_more()
problem = KeyringStore({}, print).problem(CancelScope())
loaded = "keyring" in sys.modules
import keyring
try:
    kind = type(keyring.get_keyring())
except ValueError as error:
    kind = type(error)
print(json.dumps([may, loaded, problem and problem.slug, f"{kind.__module__}.{kind.__name__}"]))
"""
"""What we say, and what keyring would choose, with the packages in a directory."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A directory with all packages but those with backends of their own."""
    site = tmp_path / "site"
    site.mkdir()
    for package in PACKAGES.iterdir():
        if not package.name.startswith(("keyrings", "__pycache__")) and package.suffix != ".pth":
            (site / package.name).symlink_to(package)
    return site


def choice(site: Path, *more: Path, **env: str) -> list[object]:
    """Whether keyring may find more, whether it was loaded, what we say, and what it would choose."""
    home = site.parent / "home"
    home.mkdir(exist_ok=True)
    result = subprocess.run(
        [sys.executable, "-c", CHOICE, str(site), *map(str, more)],
        env={"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[object] = json.loads(result.stdout)
    return found


NO_KEYRING = [False, False, "keyring-missing", "keyring.backends.fail.Keyring"]


@pytest.mark.parametrize("address", [{}, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}])
def test_where_nothing_else_is_installed_keyring_is_not_loaded(site: Path, address: dict[str, str]) -> None:
    assert choice(site, **address) == NO_KEYRING


def with_package(directory: Path, name: str = "other-1.dist-info", points: str = POINTS) -> Path:
    """A package with a backend of its own."""
    (directory / name).mkdir(parents=True)
    (directory / name / "entry_points.txt").write_text(points)
    (directory / name / ("PKG-INFO" if name == "EGG-INFO" else "METADATA")).write_text("Name: other\nVersion: 1\n")
    (directory / "other.py").write_text(OTHER)
    return directory


def zipped(directory: Path) -> Path:
    """The same, in a file."""
    archive = directory / "packed.zip"
    with_package(directory)
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("other.py", "other-1.dist-info/entry_points.txt", "other-1.dist-info/METADATA"):
            file.write(directory / name, name)
    return archive


@quick_cases()
@pytest.mark.parametrize(
    "install",
    [
        lambda tmp: with_package(tmp / "more"),
        lambda tmp: with_package(tmp / "more", "Other.Egg-Info"),
        lambda tmp: with_package(tmp / "other.egg", "EGG-INFO"),
        lambda tmp: with_package(
            tmp / "more", points="[console_scripts]\nx = y\n\n  [keyring.backends]\n# one\n\n other = other\n[z]\n"
        ),
        zipped,
    ],
)
def test_the_backend_of_another_package_is_found(tmp_path: Path, site: Path, install: Callable[[Path], Path]) -> None:
    assert choice(site, install(tmp_path)) == [True, True, "keyring-unsafe", "other.Other"]


@pytest.mark.parametrize("module", ["dbus", "gi"])
def test_where_a_backend_of_keyring_itself_may_work_keyring_is_asked(tmp_path: Path, site: Path, module: str) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / f"{module}.py").write_text("raise ImportError")
    assert choice(site, tmp_path / "more") == [True, True, *NO_KEYRING[2:]]


@pytest.mark.parametrize("points", ["[other]\nx = y\n", "[keyring.backends]\nx = keyring.backends.kwallet\n", ""])
def test_other_packages_do_not_matter(tmp_path: Path, site: Path, points: str) -> None:
    assert choice(site, with_package(tmp_path / "more", points=points)) == NO_KEYRING


def test_entry_points_that_cannot_be_read_are_left_to_keyring(tmp_path: Path, site: Path) -> None:
    more = with_package(tmp_path / "more")
    (more / "other-1.dist-info" / "entry_points.txt").write_bytes(b"\xff")
    assert choice(site, more)[:3] == [True, True, "keyring-failed"]


class OldFinder:
    """Finds modules in the way that Python 3.12 has given up, as ``.pth`` files may still install."""

    def find_module(self, _name: str, _path: object = None) -> None:
        """None is found."""


@pytest.mark.filterwarnings("ignore::ImportWarning")
def test_finders_are_asked_as_an_import_asks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "keyring.backend", raising=False)
    monkeypatch.setattr(sys, "meta_path", [OldFinder()])
    monkeypatch.setattr(sys, "path", [])
    assert not may_find_more()


STARTED = f"""
import os, sys
started = []
def note(event, arguments):
    if event in ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.fork", "os.system", "os.popen"):
        started.append(repr(arguments)[:200])
sys.addaudithook(note)
{LOADED}
sys.stderr.write("\\n" + json.dumps(started))
"""
"""``mfa-tui``, and what processes it started."""


@pytest.mark.parametrize("backend", ["", "keyring.backends.macOS.Keyring"])
def test_no_process_is_started_to_find_a_keyring(new_home: Callable[[], Home], backend: str) -> None:
    home = new_home()
    home.env.pop("PYTHON_KEYRING_BACKEND", None)
    if backend:
        home.env["PYTHON_KEYRING_BACKEND"] = backend
    looked, started = map(json.loads, home.run_python("-c", STARTED, "doctor").stderr.splitlines()[-2:])
    # All of them are loaded: the development environment has a package with backends.
    assert "keyring.backends.macOS" in looked[1]
    assert started == []


SEARCH = """
import json, logging, sys
logging.getLogger().addHandler(logging.NullHandler())
if sys.argv[1] == "without":
    from mfa_tui.adapters.libraries.keyring_backends import WithoutKeychain
    with WithoutKeychain():
        import keyring.core as core
        found = core.backend.get_all_keyring()
    assert "keyring.backends.macOS.api" not in sys.modules
else:
    import keyring.core as core
    found = core.backend.get_all_keyring()
best = core.get_keyring()
names = lambda all: sorted(f"{type(each).__module__} {type(each).priority}" for each in all)
from keyring.backends import macOS
try:
    macOS.Keyring.priority
except RuntimeError as error:
    says = str(error)
print(json.dumps([names(found), names([best]), says]))
"""


@long
def test_keyring_finds_the_same_without_looking_for_a_keychain(tmp_path: Path) -> None:
    answers = [
        subprocess.run(
            [sys.executable, "-c", SEARCH, how],
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for how in ("with", "without")
    ]
    assert answers[0] == answers[1]
    assert "macOS required" in answers[0]


def test_what_was_loaded_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring.backends.macOS.api", sys)
    with WithoutKeychain():
        assert sys.modules["keyring.backends.macOS.api"] is sys
    assert sys.modules["keyring.backends.macOS.api"] is sys
