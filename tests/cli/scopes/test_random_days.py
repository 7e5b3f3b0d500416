"""Whatever is done before, in any order: what is handed out under a scope is limited to it, and the rest is not."""

import json
import random
import re

import pytest

from mfa_tui.core.scopes.policy import limiting_policy, no_iam_policy, read_only_policy
from mfa_tui.demo.aws.faults import throttled
from mfa_tui.demo.aws.server import Device, StrictAws
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long, sample

SERVICES = ("s3", "ec2", "iam")
STEPS = (
    "login dev", "login dev --scope read-only", "login dev --scope no-iam --process", "login dev --scope mine",
    "login dev-read-only", "login dev-mine", "login dev --as dev-mine", "login dev --scope mine --as dev-mfa",
    "logout dev", "logout dev-read-only", "logout dev-mine", "use dev --scope mine", "use dev-no-iam --export",
    "env dev", "env dev --scope mine", "settings", "refuse",
)  # fmt: skip
DAY = 9


def policies_of(aws: StrictAws, output: str) -> tuple[str, ...]:
    """The policies that limit the session in a command's output, as AWS knows it."""
    (key_id,) = set(re.findall(r"ASIA[A-Z2-7]{16}", output))
    session = aws._application.sessions.find(key_id)
    assert session is not None
    return session.scopes


@pytest.mark.parametrize("day", sample(range(40), short=1))
@long
def test_a_scope_is_kept(home: Home, aws: StrictAws, device: Device, day: int) -> None:
    assert device.seed
    choices = random.Random(day)  # noqa: S311 - no secret
    done: list[str] = []
    service = "s3"
    home.write_settings(f'[scopes.mine]\nservices = ["{service}"]\n')
    for _ in range(DAY):
        step = choices.choice(STEPS)
        done.append(step)
        if step == "settings":
            service = choices.choice(SERVICES)
            home.write_settings(f'[scopes.mine]\nservices = ["{service}"]\n')
        elif step == "refuse":
            aws.fault(throttled(), action="GetScopedCredentials", times=2)
        else:
            assert home.run(*step.split()).returncode in (0, 1, 2), done
        wanted = {
            "read-only": read_only_policy(),
            "no-iam": no_iam_policy(),
            "mine": limiting_policy([service], (), read_only=False),
        }
        for scope, policy in wanted.items():
            for words in ((f"dev-{scope}",), ("dev", "--scope", scope)):
                result = home.run(*choices.choice([("env",), ("credential-process",)]), *words)
                assert result.returncode == 0 or (result.returncode == 1 and not result.stdout), (done, result.stderr)
                assert not result.stdout or policies_of(aws, result.stdout) == (policy,), done
        assert policies_of(aws, home.run("credential-process", "dev").stdout) == (), done
    # What is in the files is what their marks say.
    for name in re.findall(r"^\[(dev-.*)\]$", home.credentials.read_text(), re.MULTILINE):
        section = home.credentials.read_text().partition(f"[{name}]\n")[2].partition("\n[")[0]
        marked = re.search(r"mfa_tui_scope = (.*)", section)
        assert bool(policies_of(aws, section)) == bool(marked), (done, name)
        assert json.loads(home.run("list", "--json").stdout)
