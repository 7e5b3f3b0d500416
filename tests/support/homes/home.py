"""Throw-away homes: files, environment and a way to run mfa-tui as its users do."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mfa_tui.demo.aws.server import Device, User
from mfa_tui.demo.home.files import THROWN_AWAY
from mfa_tui.demo.home.keyring_file import BACKEND, HOME_VARIABLE
from mfa_tui.demo.home.seeds import store_seed
from tests.support.processes.forkserver import AWS, ForkServer
from tests.support.runner.sources import ROOT
from tests.support.runner.timeouts import scaled

_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV")
"""All that a test's subprocess sees of the developer's own environment."""


class Home:
    """A home directory of its own, whose AWS is the embedded one.

    ``env`` is the whole environment of what :meth:`run` runs; change it freely.
    """

    def __init__(self, path: Path, aws_url: str) -> None:
        self.path = path
        self.forked_with: tuple[str, Mapping[str, Any]] | None = None
        """What a fork does that a start of Python does by itself, from PYTHONPATH: *around* of ``ForkServer.run``."""
        self.forked_path = str(ROOT)
        """The PYTHONPATH with which :meth:`run` may fork."""
        self.aws_dir = path / ".aws"
        self.aws_dir.mkdir(parents=True)
        self.config = self.aws_dir / "config"
        self.credentials = self.aws_dir / "credentials"
        self.settings = path / ".config/mfa-tui/config.toml"
        self.runtime = path / "run"
        self.runtime.mkdir(mode=0o700)
        path.joinpath(*THROWN_AWAY).touch(mode=0o600)
        self.env = {name: os.environ[name] for name in _KEPT if name in os.environ} | {
            "HOME": str(path),
            "USERPROFILE": str(path),
            "XDG_CONFIG_HOME": str(path / ".config"),
            "XDG_DATA_HOME": str(path / ".local/share"),
            "XDG_STATE_HOME": str(path / ".local/state"),
            "XDG_CACHE_HOME": str(path / ".cache"),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "AWS_ENDPOINT_URL_STS": aws_url,
            "AWS_ENDPOINT_URL_IAM": aws_url,
            "AWS_ENDPOINT_URL_CLOUDTRAIL": aws_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHON_KEYRING_BACKEND": BACKEND,
            HOME_VARIABLE: str(path),
            "PYTHONPATH": str(ROOT),
        }

    def add_profile(
        self, name: str, user: User, device: Device | None = None, *, region: str = "eu-central-1", **keys: str
    ) -> None:
        """Appends a profile with the user's long-term keys; ``mfa_serial`` if a device is given."""
        if device is not None:
            keys = {"mfa_serial": device.serial, **keys}
        header = "default" if name == "default" else f"profile {name}"
        settings = "".join(f"{key} = {value}\n" for key, value in {"region": region, **keys}.items())
        _append(self.config, f"[{header}]\n{settings}\n")
        _append(
            self.credentials,
            f"[{name}]\naws_access_key_id = {user.access_key_id}\naws_secret_access_key = {user.secret_access_key}\n\n",
        )
        self.credentials.chmod(0o600)

    def add_role_profile(self, name: str, arn: str, source: str = "dev", **keys: object) -> None:
        """Appends a profile that assumes the role *arn* with the profile *source*."""
        settings = {"role_arn": arn, "source_profile": source, "region": "eu-west-1", **keys}
        _append(
            self.config, f"[profile {name}]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()) + "\n"
        )

    def write_settings(self, text: str) -> None:
        """Writes the settings file."""
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.settings.write_text(text)

    def store_seed(self, device: Device, label: str = "") -> None:
        """Keeps the device's seed where ``mfa-tui device import`` keeps it."""
        store_seed(self.env, device.serial, device.seed, label)

    def run(
        self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Runs ``mfa-tui ARGUMENTS`` in this home, away from any terminal.

        ``stdin`` is what it reads there, ``env`` is added to the environment, ``timeout`` is in
        seconds of an idle machine. It is forked
        (see :class:`ForkServer`) unless the environment says how Python is to start.
        """
        whole = {**self.env, **(env or {})}
        if not self.may_fork(whole):
            return self.run_python("-m", "mfa_tui", *arguments, stdin=stdin, env=env, timeout=timeout)
        return ForkServer.shared().run(
            arguments, env=whole, cwd=str(self.path), stdin=stdin, timeout=scaled(timeout), around=self.forked_with
        )

    def may_fork(self, env: Mapping[str, str]) -> bool:
        """Whether a fork does the same in the environment *env* as a start of Python."""
        plain = all(name in ("PYTHONPATH", "PYTHON_KEYRING_BACKEND") for name in env if name.startswith("PYTHON"))
        return plain and env.get("PYTHONPATH") == self.forked_path and hasattr(os, "fork")

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Starts ``mfa-tui ARGUMENTS`` in this home as a process group of its own, away from any terminal."""
        return subprocess.Popen(
            [sys.executable, "-m", "mfa_tui", *arguments],
            env=self.env,
            cwd=self.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def run_aws(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Runs AWS's own ``aws ARGUMENTS`` in this home, forked: it takes a second to start."""
        # Set by the package itself when it is imported.
        data = {"AWS_DATA_PATH": str(Path(sysconfig.get_path("purelib"), "awscli/data"))}
        return ForkServer.shared(AWS, "awscli.handlers").run(
            arguments, env={**self.env, **data, **(env or {})}, cwd=str(self.path), timeout=scaled(60), program=AWS,
            around=self.forked_with,
        )  # fmt: skip

    def run_python(
        self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Runs ``python ARGUMENTS`` in this home, away from any terminal."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.path,
            env={**self.env, **(env or {})},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=scaled(timeout),
            # A session of its own has no controlling terminal: nothing can ask on /dev/tty.
            start_new_session=True,
        )


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text)
