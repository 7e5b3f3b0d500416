"""Fixtures of the shells' tests."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.runner.sources import ROOT

if TYPE_CHECKING:
    # Imported on use: they bring moto.
    from mfa_tui.demo.aws.server import Device, User
    from tests.support.homes.home import Home

_SCRIPT = """#!{python}
import sys
sys.path.insert(0, {root!r})
from mfa_tui import main
sys.exit(main())
"""


@pytest.fixture
def mfa_tui(tmp_path: Path) -> str:
    """An installed ``mfa-tui`` at a path that needs quoting, as a word for sh, bash, zsh and fish."""
    script = tmp_path / "with space & 'quote" / "mfa-tui"
    script.parent.mkdir()
    script.write_text(_SCRIPT.format(python=sys.executable, root=str(ROOT)))
    script.chmod(0o755)
    return '"' + str(script) + '"'


@pytest.fixture
def device(device: "Device", user: "User", home: "Home") -> "Device":
    """That user's MFA device with a stored seed, and the profiles ``dev`` and ``two`` that name it."""
    home.add_profile("two", user, device)
    home.store_seed(device)
    return device
