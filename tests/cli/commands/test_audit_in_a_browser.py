"""The audit's page in a real browser: Chromium draws it in light and dark, whatever names the account has."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from mfa_tui.core.account.account import Facts, Key, RootUser, SignIn, User
from mfa_tui.core.account.audit import Audit
from mfa_tui.core.account.html_page import as_html
from mfa_tui.core.account.rules import Thresholds, find_problems
from mfa_tui.core.account.sign_in_events import ConsoleLogin, SignInLog
from tests.support.runner.thoroughness import long, quick_cases
from tests.support.runner.timeouts import scaled

CHROMIUM = shutil.which("chromium")
NOW = 1_790_000_000.0
DAY = 86_400
SCHEMES = {"light": (1, (255, 255, 255)), "dark": (0, (20, 23, 26))}
"""Chromium's number for a preferred color scheme, and the page's background in it."""
GOOD = {"light": (31, 122, 77), "dark": (86, 199, 140)}
BAD = {"light": (194, 65, 12), "dark": (255, 148, 87)}


def page() -> str:
    """An account with something in each picture, and a name that would change a page that believed it."""
    hostile = "</title></style><script>document.body.innerHTML = ''</script><img src=x onerror=alert(1)>"
    keys = [Key(1, active=True, created_at=int(NOW - age * DAY), used_at=int(NOW)) for age in (10, 400)]
    users = (
        User("ana", "arn:aws:iam::1:user/ana", has_password=True, has_mfa=True, keys=(keys[0],)),
        User(hostile, f"arn:{hostile}", has_password=True, has_mfa=False, keys=(keys[1],)),
    )
    log = SignInLog()
    for day in range(40):
        log.add(ConsoleLogin(SignIn(int(NOW - day * DAY), "arn:ana", "ana", "us-east-1"), mfa=day % 5 > 0))
    root = RootUser(has_password=True, has_mfa=True, has_keys=False)
    facts = Facts("111122223333", users=users, root=root, sign_ins=log.result())
    return as_html(Audit(NOW, facts, find_problems(facts, NOW)), Thresholds())


@quick_cases(1)
@pytest.mark.parametrize("scheme", SCHEMES)
@long
def test_chromium_draws_it(tmp_path: Path, scheme: str) -> None:
    if not CHROMIUM:
        if os.environ.get("MFA_TUI_CI"):
            pytest.fail("chromium is missing, which .ci/run installs")
        pytest.skip("chromium is not installed")
    written, drawn = tmp_path / "page.html", tmp_path / "page.png"
    written.write_text(page())
    number, background = SCHEMES[scheme]
    subprocess.run(
        [
            # Its sandbox does not work for root, nor without the kernel's user namespaces.
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--hide-scrollbars", "--window-size=1000,1000", f"--blink-settings=preferredColorScheme={number}",
            f"--user-data-dir={tmp_path / 'chromium'}", f"--screenshot={drawn}", written.as_uri(),
        ],
        stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=scaled(60),
    )  # fmt: skip
    with Image.open(drawn) as picture:
        pixels = picture.convert("RGB")
        colors = {color: count for count, color in pixels.getcolors(1 << 20) or ()}
    assert pixels.getpixel((2, 2)) == background
    # The bars of all pictures, good and bad; a script would have emptied the page.
    assert colors.get(GOOD[scheme], 0) > 5_000
    assert colors.get(BAD[scheme], 0) > 2_000
