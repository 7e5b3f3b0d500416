"""What reaches terminals, logs and files: hostile text, planted secrets, and signals at every stage."""

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from mfa_tui.core.text.display import is_clean
from tests.fire.tally import Fire
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

HOSTILE = {
    "clear": "\x1b[2J", "title": "\x1b]0;x\x07", "clipboard": "\x1b]52;c;eA==\x07", "link": "\x1b]8;;http://x\x1b\\",
    "csi": "\x9b2J", "delete": "\x7f", "bell": "\x07", "right-to-left": "\u202e", "isolate": "\u2066", "mark": "\u200f",
    "arabic mark": "\u061c", "zero width": "\u200b", "joiner": "\u2060", "line": "\u2028", "paragraph": "\u2029",
    "private": "\ue000", "tag": "\U000e0041", "blank": "\u3164", "next line": "\x85",
}  # fmt: skip
FIELDS = {
    "profile": "[profile {}]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = none\n",
    "region": "[profile dev]\nregion = {}\n",
    "role": "[profile dev]\nrole_arn = {}\nsource_profile = base\n",
    "source": "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = {}\n",
    "serial": "[profile dev]\nmfa_serial = {}\naws_access_key_id = AKIA{}\naws_secret_access_key = x\n",
    "target": "[profile dev]\nmfa_tui_target = {}\naws_access_key_id = AKIAX\naws_secret_access_key = x\n",
    "process": "[profile dev]\ncredential_process = {}\n",
    "endpoint": "[profile dev]\nendpoint_url = {}\naws_access_key_id = AKIAX\naws_secret_access_key = x\n",
}
COMMANDS = [
    ["list"], ["login", "dev", "--code", "123456"], ["env", "dev"], ["code", "dev"], ["logout", "dev"], ["doctor"],
    ["use", "dev"], ["completion", "--profiles", ""], ["credential-process", "dev"], ["device", "list", "dev"],
    ["exec", "dev", "--", "true"], ["list", "--json"], ["doctor", "--json"],
]  # fmt: skip


def unclean(text: str) -> str:
    """The characters of *text* that a terminal would obey, or hide."""
    return "".join(letter for letter in text if not is_clean(letter) and letter not in "\n\t")


@pytest.mark.trial("hostile text in every field, by every command")
def test_hostile_text_on_the_command_line(home: Home, fire: Fire) -> None:
    cases = [(field, name, command) for field in FIELDS for name in HOSTILE for command in COMMANDS]
    for field, name, command in fire.sample(cases, short=16):
        hostile = f"a{HOSTILE[name]}b"
        home.config.write_text(FIELDS[field].replace("{}", hostile), encoding="utf-8")
        given = [hostile if field == "profile" and word == "dev" else word for word in command]
        result = home.run(*given, env={"AWS_PROFILE": hostile, "AWS_REGION": hostile})
        fire.tried()
        # What a shell reads is exact, and quoted.
        result.stdout = "" if command[0] in ("use", "env") else result.stdout
        for shown in (result.stdout, result.stderr):
            if unclean(shown) or "Traceback" in shown:
                fire.leaked(f"{name} in {field}, {command}: {shown!r}")


@long
@pytest.mark.trial("hostile text in every field, in the interface")
async def test_hostile_text_in_the_interface(home: Home, fire: Fire) -> None:
    # Three at a time: an interface takes seconds to open.
    names = [list(HOSTILE)[start : start + 3] for start in range(0, len(HOSTILE), 3)]
    for field, several in fire.sample([(field, several) for field in FIELDS for several in names], short=3):
        name, text = ", ".join(several), "b".join(f"a{HOSTILE[each]}" for each in several)
        home.config.write_text(FIELDS[field].replace("{}", f"[b]{text}b"), encoding="utf-8")
        async with interface(home, size=(120, 36)) as driver:
            driver.app.notify(f"{text}b", title=f"{text}b", markup=False)
            for keys in (["enter"], ["escape"], ["d"], ["escape"], ["s"], ["escape"], ["?"]):
                await driver.press(*keys)
                fire.tried()
                if unclean(driver.screen):
                    fire.leaked(f"{name} in {field} after {keys}: {unclean(driver.screen)!r}")


def planted(home: Home, aws: "StrictAws") -> dict[str, str]:
    """A user whose secrets are known; by what they are."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    return {"seed": device.seed, "secret key": user.secret_access_key, "passphrase": "correct horse battery staple"}


CANARY = [
    ["login", "dev"], ["list"], ["list", "--json"], ["doctor"], ["doctor", "--json"], ["code", "dev", "--wait"],
    ["login", "dev", "--json", "--force"], ["device", "list", "dev"], ["device", "import", "dev"],
    ["device", "export", "dev", "--yes", "--image", "picture.svg"], ["vault", "status"], ["logout", "dev"],
    ["login", "dev", "--code", "12345x"], ["login", "dev", "--code", "-"], ["exec", "dev", "--", "false"],
    ["use", "dev"], ["env", "--unset"], ["completion", "bash"],
]  # fmt: skip
HOLDERS = ("credentials", "keyring.json", "sessions", "picture.svg", "backups", ".lock")
"""Parts of the paths of files that are for secrets, or of backups of such."""
CRASHES = (
    "",
    "from mfa_tui.services.login import login as m\ndef f(*a, **k):\n    b = a\n    raise OSError(b)\nm.log_in = f\n",
    "import mfa_tui.adapters.aws.sts as m\ndef f(*a, **k):\n    raise ValueError(a, k)\nm.Aws.get_session_token = f\n",
    "import mfa_tui.core.seeds.totp as m\ndef f(*a, **k):\n    raise KeyError(a[0].reveal())\nm.code_at_step = f\n",
)


HEARD = """
def heard(event, given):
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        with open(ARGUMENTS, "a") as file:
            file.write(repr(given[:2]))
sys.addaudithook(heard)
"""
"""Notes the arguments of what is started."""


def session_secrets(home: Home) -> dict[str, str]:
    """Secret keys and tokens of the sessions in the credentials file."""
    sections = [part for part in home.credentials.read_text().split("[") if "aws_session_token" in part]
    found = re.findall(r"(?:session_token|secret_access_key) = (\S+)", "".join(sections))
    return {f"session's {each[:6]}": each for each in found}


@pytest.mark.trial("a canary over all commands and crashes, umask 000 and 022")
@pytest.mark.parametrize("mask", [0, 0o22], ids=["000", "022"])
@pytest.mark.parametrize("crash", CRASHES, ids=["no crash", "in login", "in AWS", "in TOTP"])
def test_planted_secrets_are_found_in_their_places_only(
    home: Home, aws: "StrictAws", fire: Fire, mask: int, crash: str
) -> None:
    secrets = planted(home, aws)
    arguments = home.path.with_name(f"{home.path.name}-arguments")
    before = set(home.path.rglob("*"))
    for command in fire.sample(CANARY, short=2):
        script = f"import os, sys\nos.umask({mask})\nARGUMENTS = {str(arguments)!r}\n{HEARD}{crash}"
        script += "sys.argv = ['mfa-tui', *sys.argv[1:]]\nfrom mfa_tui import main\nsys.exit(main())\n"
        given = secrets["seed"] if command[:2] == ["device", "import"] else "000000\n"
        result = home.run_python("-c", script, *command, stdin=given)
        fire.tried()
        secrets |= session_secrets(home)
        shown = result.stdout + result.stderr + (arguments.read_text() if arguments.exists() else "")
        for kind, secret in secrets.items():
            if secret in shown:
                fire.leaked(f"{kind} in the output of {command}, or what it starts, with {crash[:30]!r}")
        if "Traceback" in shown:
            fire.leaked(f"a traceback by {command}: {shown[-300:]}")
        for what in strays(home, secrets, before):
            fire.leaked(f"{what} after {command}, umask {mask:03o}")
        (home.path / "picture.svg").unlink(missing_ok=True)


def strays(home: Home, secrets: dict[str, str], before: set[Path]) -> Iterator[str]:
    """Secrets in files that are not for them, and files that others can read and should not."""
    for path in home.path.rglob("*"):
        inside = str(path.relative_to(home.path))
        content = path.read_bytes() if path.is_file() else b""
        holds = [kind for kind, secret in secrets.items() if secret.encode() in content]
        # Sessions are kept out of backups.
        away = [kind for kind in holds if kind.startswith("session") and "backups" in inside]
        if away or (holds and not any(part in inside for part in (*HOLDERS, ".cache/mfa-tui/ready"))):
            yield f"{away or holds} in {inside}"
        if path.lstat().st_mode & 0o077 and not path.is_symlink() and (holds or path not in before):
            yield f"{inside} with {holds} is {path.lstat().st_mode:o}"


STAGES = ["login dev", "", "use", "device import dev", "device export dev --yes", "list", "exec dev -- sleep 1"]
NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP]


@long
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.trial("signals at every stage, on a terminal")
def test_signals_at_every_stage(home: Home, aws: "StrictAws", fire: Fire) -> None:
    user = aws.add_user()
    home.add_profile("dev", user, user.add_device(user.name))
    before = home.credentials.read_bytes()
    for number in range(fire.rounds(short=3, long=200)):
        stage, signalled = STAGES[number % len(STAGES)], fire.random.choice(NUMBERS)
        told = f"{signalled.name} at {stage!r}"
        script = f"{sys.executable} -m mfa_tui {stage}; echo ended:$?; read line"
        shell = pexpect.spawn(
            "/bin/bash", ["--norc", "-m", "-c", script], env=home.env, cwd=str(home.path),
            encoding="utf-8", codec_errors="replace", timeout=scaled(30), dimensions=(40, 100),
        )  # fmt: skip
        try:
            time.sleep(fire.random.uniform(0.02, 1.2))
            jobs = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text().split()
            for job in jobs:
                with contextlib.suppress(OSError):
                    os.kill(int(job), signalled)
            if signalled == signal.SIGTSTP:
                # It gives the terminal back, and is ended where it stopped.
                time.sleep(0.5)
                for job in jobs:
                    with contextlib.suppress(OSError):
                        os.kill(int(job), signal.SIGTERM)
                        os.kill(int(job), signal.SIGCONT)
            shell.expect("ended:", timeout=scaled(30))
            shown = str(shell.before)
            fire.tried()
            if "Traceback" in shown and "mfa_tui" in shown.partition("Traceback")[2]:
                fire.leaked(f"{told}: {shown[-400:]}")
            if not shell.getecho():
                fire.lost(f"the terminal's echo after {told}")
        except (pexpect.TIMEOUT, pexpect.EOF) as problem:
            # A shell that takes SIGINT for the user's wish ends with its job.
            if signalled == signal.SIGINT and isinstance(problem, pexpect.EOF):
                fire.tried()
            else:
                fire.hung(f"{told}: {str(shell.before)[-200:]!r}")
        finally:
            shell.close(force=True)
        if before not in home.credentials.read_bytes():
            fire.lost(f"the credentials after {told}")
