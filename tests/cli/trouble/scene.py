"""A login that goes wrong: the scene, one row of a table of failures, and the check that each row gets."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home

CODE = "login dev --code {code}"


class Scene:
    """A user with one virtual device whose serial is in profile ``dev``. A row of a table changes it."""

    def __init__(self, aws: StrictAws, home: Home) -> None:
        self.aws = aws
        self.home = home
        self.user: User = aws.add_user()
        self.device: Device = self.user.add_device(self.user.name)
        self.env: dict[str, str] = {}
        self.held = ExitStack()
        """What is open until the row is checked."""
        home.add_profile("dev", self.user, self.device)
        (home.path / ".config/mfa-tui").mkdir(parents=True)

    def words(self) -> dict[str, str]:
        """The values for the words in braces in the table."""
        key = self.user.access_key_id
        return {
            "code": self.device.code(),
            "device": self.device.serial,
            "key": f"{key[:4]}…{key[-4:]}",
            "config": str(self.home.config),
            "credentials": str(self.home.credentials),
        }

    def set(self, *, old: str = "", new: str) -> "Scene":
        """Replace a line of the config file, or append one."""
        text = self.home.config.read_text()
        self.home.config.write_text(text.replace(old, new) if old else text + new)
        return self

    def forget_serial(self) -> "Scene":
        return self.set(old=f"mfa_serial = {self.device.serial}\n", new="")

    def settings(self, text: str) -> None:
        (self.home.path / ".config/mfa-tui/config.toml").write_text(text)


class Row(NamedTuple):
    """One way to fail. ``said`` is all of standard error, ``given`` sets up the failure."""

    arguments: str
    said: str
    status: int
    requests: int = 0
    given: Callable[[Scene], object] = lambda _: None


def fault(ordered: faults.Fault) -> Callable[[Scene], object]:
    return lambda scene: scene.aws.fault(ordered)


def env(name: str, value: str) -> Callable[[Scene], object]:
    return lambda scene: scene.env.update({name: value})


def line(text: str) -> Callable[[Scene], object]:
    return lambda scene: scene.set(new=text)


def check(scene: Scene, row: Row) -> None:
    """Check the messages, the exit status and the requests of a row, and that the AWS files are unchanged."""
    with scene.held:
        row.given(scene)
        _check(scene, row)


def _check(scene: Scene, row: Row) -> None:
    words = scene.words() | scene.env
    words |= {"home": str(scene.home.path), "settings": str(scene.home.path / ".config/mfa-tui/config.toml")}
    files = {path: path.read_bytes() for path in scene.home.aws_dir.iterdir()}
    result = scene.home.run(*row.arguments.format(**words).split(), env=scene.env, timeout=15)
    first, *rest = row.said.format(**words).splitlines()
    assert result.stderr == f"mfa-tui: {first}\n" + "".join(f"  {text}\n" for text in rest)
    assert (result.returncode, result.stdout, scene.aws.count()) == (row.status, "", row.requests)
    assert len(result.stderr.splitlines()) <= 4
    assert {path: path.read_bytes() for path in scene.home.aws_dir.iterdir()} == files
