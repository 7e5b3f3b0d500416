"""Writing the settings file while an editor or another program writes it as well."""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from mfa_tui.adapters.filesystem.atomic_replace import Replacement
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.settings.save import edit_settings_file
from mfa_tui.errors import WriteProblem
from tests.awsfiles.writers import Writer
from tests.support.homes.home import Home
from tests.support.homes.offline_home import new_home

__all__ = ["new_home"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only: leases, and names that are swapped")

OLD = 'notify = true\nduration = "12h"\n'
THEIRS = 'notify = false\nduration = "11h"\n[scopes.a]\nservices = ["s3"]\n'
HALF = THEIRS[: THEIRS.index("[")]


@pytest.fixture
def home(new_home: Callable[[], Home]) -> Home:
    """With settings."""
    home = new_home()
    home.write_settings(OLD)
    return home


@pytest.fixture
def at_last_moment(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """``at_last_moment(what)``: *what* happens when nothing more stands before the renaming."""

    def install(what: Callable[[], None]) -> None:
        commit = Replacement.commit

        def later(self: Replacement, **options: Any) -> None:
            what()
            commit(self, **options)

        monkeypatch.setattr(Replacement, "commit", later)

    return install


def refused(home: Home) -> bool:
    """Whether a setting was not written, and that was said."""
    with pytest.raises(WriteProblem) as caught:
        edit_settings_file(Paths(home.env), lambda text: f"theme = 'nord'\n{text}")
    return caught.value.slug == "write-contended"


def left(home: Home) -> dict[str, str]:
    """The files beside the settings, and the settings."""
    return {path.name: path.read_text() for path in home.settings.parent.iterdir()}


def test_an_editor_in_the_middle_of_the_file(home: Home) -> None:
    writer = Writer(home.settings, HALF, THEIRS[len(HALF) :], 0.5)
    writer.wait_for("open")
    assert refused(home)
    writer.end()
    assert left(home) == {"config.toml": THEIRS}


def test_an_editor_who_opens_the_file_at_the_last_moment(home: Home, at_last_moment: Any) -> None:
    writers: list[Writer] = []

    def write() -> None:
        writers.append(Writer(home.settings, HALF, THEIRS[len(HALF) :], 0.3))
        time.sleep(0.3)

    at_last_moment(write)
    assert refused(home)
    writers[0].end()
    assert left(home) == {"config.toml": THEIRS}


@pytest.mark.parametrize("linked", [False, True], ids=["a file", "a link"])
def test_what_is_put_there_at_the_last_moment(home: Home, at_last_moment: Any, *, linked: bool) -> None:
    def put() -> None:
        new = home.path / "new"
        new.write_text(THEIRS)
        if linked:
            os.symlink(new, home.settings.with_name("link"))
            new = home.settings.with_name("link")
        new.replace(home.settings)

    at_last_moment(put)
    assert refused(home)
    assert left(home) == {"config.toml": THEIRS}
    assert home.settings.is_symlink() == linked


def test_a_link_that_becomes_a_file(home: Home, at_last_moment: Any) -> None:
    """As ``sed -i`` makes it: what is written behind the link has no effect any more."""
    home.settings.rename(home.path / "config.toml")
    home.settings.symlink_to(home.path / "config.toml")

    def put() -> None:
        new = home.settings.with_name("new")
        new.write_text(THEIRS)
        new.replace(home.settings)

    at_last_moment(put)
    assert refused(home)
    assert left(home) == {"config.toml": THEIRS}
