import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.cli.trouble.scene import Scene
from tests.support.homes.home import Home


@pytest.fixture
def scene(aws: StrictAws, home: Home) -> Scene:
    return Scene(aws, home)
