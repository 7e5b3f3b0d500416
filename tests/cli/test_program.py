"""How the process ends."""

from tests.support.homes.home import Home

LEFT = """
import atexit, sys, threading, time
import mfa_tui

atexit.register(print, "Python's clean-up")
threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
sys.argv = ["mfa-tui", "config", "get", "theme"]
sys.exit(mfa_tui.main())
"""


def test_with_a_daemon_thread_it_ends_without_the_clean_up_that_could_wait_for_it(home: Home) -> None:
    usual = home.run("config", "get", "theme")
    result = home.run_python("-c", LEFT)
    assert (result.returncode, result.stdout, result.stderr) == (usual.returncode, usual.stdout, usual.stderr)
    assert usual.stdout
