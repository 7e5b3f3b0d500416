"""Known secrets through the interface's screens and crashes: where they are seen, and in which files they lie."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mfa_tui.demo.aws.accounts.one_time_codes import code_of, step_of
from tests.fire.tally import Fire
from tests.fire.tour import CRASHES
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

if TYPE_CHECKING:
    import subprocess

    from mfa_tui.demo.aws.server import StrictAws

pytest.importorskip("pyrage", reason="the extra age is not installed")

CODES_SHOWN = ("list", "list after login", "code dialog", "secret dialog", "enrolment: QR code")
"""Where a code was asked for, or typed."""
SEEDS = ("keyring.json",)
SESSIONS = (".aws/credentials", ".cache/mfa-tui/")
"""Where session keys belong."""
PASSPHRASE = "correct horse battery staple"


def session_keys(home: Home) -> dict[str, str]:
    """Secret keys and tokens of all sessions that were written."""
    text = home.credentials.read_text()
    tokens = re.findall(r"aws_session_token = (\S+)", text)
    keys = [
        key
        for part in text.split("[")
        if "aws_session_token" in part
        for key in re.findall(r"secret_access_key = (\S+)", part)
    ]
    return {f"token {token[:8]}": token for token in tokens} | {f"session key {key[:4]}": key for key in keys}


def text_of(picture: str) -> str:
    """The words in a picture of the screen."""
    return re.sub(r"<style.*?</style>|<[^>]*>|&#160;|\s", "", picture, flags=re.DOTALL)


class Scene:
    """A home with three users: one with a stored secret, one with a phone, one without a device."""

    def __init__(self, home: Home, aws: "StrictAws") -> None:
        self.home, self.aws = home, aws
        self.users = [aws.add_user() for _ in range(3)]
        dev, ops, self.new = self.users
        stored, phone = dev.add_device(dev.name), ops.add_device(ops.name)
        home.add_profile("dev", dev, stored)
        home.add_profile("ops", ops, phone)
        home.add_profile("new", self.new)
        home.store_seed(stored)
        self.seeds = {"dev's secret": stored.seed, "phone's secret": phone.seed}
        self.before = set(home.path.rglob("*"))
        self.started = step_of(aws_time())

    def tour(self, mask: int, crash: str, told: Path) -> "tuple[subprocess.CompletedProcess[str], dict[str, Any]]":
        order = {"mask": mask, "crash": crash, "told": str(told)}
        order["secrets"] = {"phone's secret": self.seeds["phone's secret"], "passphrase": PASSPHRASE}
        log = str(self.home.path / "textual.log")
        done = self.home.run_python(
            "-m", "tests.fire.tour", stdin=json.dumps(order), env={"TEXTUAL_LOG": log}, timeout=150
        )
        return done, json.loads(told.read_text())

    @property
    def secrets(self) -> dict[str, str]:
        """All that is secret for longer than a code."""
        serial = f"arn:aws:iam::{self.new.account}:mfa/{self.new.name}"
        made = {"new's secret": self.aws.seed_of(serial)} if serial in dict(self.aws.virtual_devices()) else {}
        keys = {f"secret key of {user.name}": user.secret_access_key for user in self.users}
        return {**self.seeds, **made, **keys, **session_keys(self.home), "passphrase": PASSPHRASE}

    @property
    def codes(self) -> dict[str, str]:
        """The codes that were valid meanwhile."""
        steps = range(self.started - 2, step_of(aws_time()) + 3)
        seeds = [seed for name, seed in self.secrets.items() if name.endswith("'s secret")]
        return {f"code {code_of(seed, step)}": code_of(seed, step) for seed in seeds for step in steps}


def aws_time() -> float:
    """The server's clock is the machine's."""
    import time

    return time.time()


def judge_files(fire: Fire, scene: Scene, where: str) -> None:
    """Which file holds what, and who can read the new ones."""
    secrets, codes = scene.secrets, scene.codes
    for path in scene.home.path.rglob("*"):
        inside = path.relative_to(scene.home.path).as_posix()
        open_to_others = path.lstat().st_mode & 0o077 and not path.is_symlink()
        content = path.read_bytes().decode("latin-1") if path.is_file() else ""
        holds = [kind for kind, secret in secrets.items() if secret in content]
        holds += [kind for kind, code in codes.items() if re.search(rf"(?<![\w+/]){code}(?![\w+/])", content)]
        if strays := [kind for kind in holds if not belongs(kind, inside)]:
            fire.leaked(f"{where}: {strays} in {inside}")
        if open_to_others and (holds or path not in scene.before):
            fire.leaked(f"{where}: {inside} with {holds} is {path.lstat().st_mode:o}")


def belongs(kind: str, inside: str) -> bool:
    """Whether what is secret may lie in that file of the home."""
    if kind.startswith(("token", "session")):
        return inside.startswith(SESSIONS)
    if kind.startswith("secret key"):
        return inside == ".aws/credentials" or "/backups/" in inside
    return inside in SEEDS and kind.endswith("'s secret")


def judge_screens(fire: Fire, scene: Scene, told: dict[str, Any], where: str) -> None:
    """What is on the screens, and in pictures of them."""
    secrets, codes = scene.secrets, scene.codes
    for stop, screen in told["seen"].items():
        fire.tried()
        words, picture = re.sub(r"\s", "", screen), text_of(told["pictures"][stop])
        for kind, secret in secrets.items():
            if secret.replace(" ", "") in words + picture:
                fire.leaked(f"{where}: {kind} on {stop}")
        for kind, code in codes.items():
            seen = picture if stop in CODES_SHOWN else f"{screen.replace(' ', '')}\n{picture}"
            if re.search(rf"(?<!\d){code}(?!\d)", seen):
                fire.leaked(f"{where}: {kind} on {stop}, or in its picture")


@long
@pytest.mark.trial("a canary over the interface's screens and crashes, umask 000 and 022")
def test_secrets_are_seen_in_their_places_only(
    home: Home, aws: "StrictAws", fire: Fire, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cases = [(mask, crash) for crash in ("", *CRASHES) for mask in (0, 0o22)]
    for number, (mask, crash) in enumerate(cases if fire.long else cases[:1]):
        scene = Scene(Home(home.path / str(number), home.env["AWS_ENDPOINT_URL_STS"]), aws)
        done, told = scene.tour(mask, crash, tmp_path_factory.mktemp("tour") / "told")
        where = f"umask {mask:03o}, crash {crash or 'none'}"
        shown = done.stdout + done.stderr
        fire.tried()
        if told["problem"] or (crash != "") != ("crashed: " in shown):
            fire.claimed(f"{where}: {told['problem'] or shown}"[:2000])
        judge_screens(fire, scene, told, where)
        judge_files(fire, scene, where)
        outside = f"{shown}\n{told['children']}"
        for kind, secret in scene.secrets.items() | scene.codes.items():
            if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", outside):
                fire.leaked(f"{where}: {kind} in what is told at the end, or among the arguments of a child")
