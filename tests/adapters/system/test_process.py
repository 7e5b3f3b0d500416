"""What keeps others from reading this process's memory."""

import json
import sys

import pytest

from tests.support.homes.home import Home

PROTECTED = """
import json, sys
from mfa_tui.adapters.system.process import protect_memory
protect_memory()
loaded = "ctypes" in sys.modules
import ctypes
PR_GET_DUMPABLE = 3
print(json.dumps([loaded, ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not let us")
def test_the_memory_is_protected_without_loading_ctypes(home: Home) -> None:
    assert json.loads(home.run_python("-c", PROTECTED).stdout) == [False, 0]
