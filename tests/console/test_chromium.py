"""The link in a real browser: Chromium, without a window, follows it from the one-time address to the console."""

import os
import shlex
import shutil
import sys
import time
from pathlib import Path

import pytest

from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import quick_cases
from tests.support.runner.timeouts import scaled

CHROMIUM = shutil.which("chromium")

_RUN = """
import subprocess, sys
page, *command = sys.argv[1:]
with open(page + ".new", "wb") as file:
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.DEVNULL, check=True)
import os
os.replace(page + ".new", page)
"""


@pytest.fixture
def page(tmp_path: Path, home: Home, aws: StrictAws) -> Path:
    """The file with the page that Chromium has in the end."""
    if not CHROMIUM:
        if os.environ.get("MFA_TUI_CI"):
            pytest.fail("chromium is missing, which .ci/run installs")
        pytest.skip("chromium is not installed")
    page = tmp_path / "page.html"
    profile = tmp_path / "chromium"
    # Its sandbox does not work for root, nor without the kernel's user namespaces.
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--dump-dom"]
    command = [sys.executable, "-c", _RUN, str(page), CHROMIUM, *options, f"--user-data-dir={profile}", "{url}"]
    (tmp_path / "browser.sh").write_text(f'#!/bin/sh\nexec {shlex.join(command[:-1])} "$1"\n')
    (tmp_path / "browser.sh").chmod(0o755)
    home.write_settings(f'browser = "{tmp_path}/browser.sh {{url}}"\n')
    home.env["AWS_ENDPOINT_URL_SIGNIN"] = aws.url
    return page


@quick_cases(1)
@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("options", [(), ("--logout",)])
def test_chromium_arrives(home: Home, aws: StrictAws, user: User, page: Path, options: tuple[str, ...]) -> None:
    done = home.run("console", "admin", "--service", "s3", *options, timeout=90)
    assert done.returncode == 0, done.stderr
    end = time.monotonic() + scaled(60)
    while not page.exists():
        assert time.monotonic() < end, "Chromium did not end"
        time.sleep(0.1)
    shown = page.read_text()
    assert "Embedded console" in shown
    assert f"assumed-role/admin-{user.name}/" in shown
    assert "https://eu-west-1.console.aws.amazon.com/s3/home" in shown
    assert aws.sign_ins[-1].signed_out == bool(options)
