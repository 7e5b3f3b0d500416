"""Fixtures of the services' tests."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.aws.iam_double import IamDouble
    from tests.support.homes.bench import Bench


@pytest.fixture
def iam(bench: "Bench", monkeypatch: pytest.MonkeyPatch) -> "IamDouble":
    """The user ``ana``, whose key the profile ``dev`` has; and a keyring, in a file of the bench."""
    from mfa_tui.demo.home.keyring_file import BACKEND, HOME_VARIABLE, FileKeyring
    from tests.support.aws.iam_double import IamDouble

    monkeypatch.setattr("keyring.get_keyring", lambda: FileKeyring(str(bench.path)))
    bench.env.update({"PYTHON_KEYRING_BACKEND": BACKEND, HOME_VARIABLE: str(bench.path)})
    bench.renew()
    double = IamDouble(bench)
    double.connect()
    return double
