"""Run in a mount namespace of its own: logs in on a disk that is nearly full, and tells what became of it.

Each line of standard input is a JSON object: the files and the code of a user, the environment, and how many pages of
the disk are free. Each line of standard output tells what two logins with the code came to, the second with room.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.runner.timeouts import scaled

PAGE = 4096
DISK = 128


def main() -> None:
    """Try each."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(tried(json.loads(line))) + "\n")
        sys.stdout.flush()


def tried(order: dict[str, Any]) -> dict[str, object]:
    """What two logins came to; the disk is the home's."""
    home, env, code = order["home"], order["env"], order["code"]
    path = Path(home)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK * PAGE},mode=0700", "tmpfs", home]
    subprocess.run(mount, check=True)
    try:
        (path / ".aws").mkdir()
        (path / ".aws/config").write_text(order["config"])
        (path / ".aws/credentials").write_text(order["credentials"])
        rest = path / "rest"
        room = os.statvfs(home).f_bavail
        rest.write_bytes(b"x" * PAGE * (room - order["free"]))
        first = logged_in(env, code)
        found = (path / ".aws/config").read_text(), (path / ".aws/credentials").read_text()
        left = [str(each) for each in path.rglob("*") if each.name.endswith((".tmp", ".trial"))]
        cached = len(list((path / ".cache/mfa-tui/sessions").glob("*")))
        rest.unlink()
        again = logged_in(env, code)
        return {"first": first, "again": again, "files": found, "left": left, "cached": cached}
    finally:
        subprocess.run(["umount", home], check=True)


def logged_in(env: dict[str, str], code: str) -> tuple[int, str]:
    """Exit status and standard error."""
    command = [sys.executable, "-m", "mfa_tui", "login", "dev", "--code", code]
    done = subprocess.run(
        command, env=env, cwd="/", capture_output=True, encoding="utf-8", check=False, timeout=scaled(120)
    )
    return done.returncode, done.stderr


if __name__ == "__main__":
    main()
