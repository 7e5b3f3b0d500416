"""Fixtures of the services' tests of the doctor."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mfa_tui.core.problems.finding import Finding
    from tests.support.homes.bench import Bench


class Examine:
    """Examines the set-up of a bench. The AWS SDK asks the environment of the process, so that is the bench's then."""

    def __init__(self, bench: "Bench", monkeypatch: pytest.MonkeyPatch) -> None:
        # An endpoint of the tests' own is no finding.
        bench.env.pop("AWS_ENDPOINT_URL")
        bench.env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        self._bench = bench
        self._patch = monkeypatch

    def all(self, name: str | None = None, **env: str) -> "list[Finding]":
        """The findings, in order."""
        from mfa_tui.services.doctor.examine import examine

        whole = {**self._bench.env, **env}
        with self._patch.context() as patch:
            for variable, value in whole.items():
                patch.setenv(variable, value)
            return list(examine(whole, name).findings)

    def __call__(self, name: str | None = None, **env: str) -> "dict[str, Finding]":
        """The findings by code, the last of each."""
        return {finding.code: finding for finding in self.all(name, **env)}


@pytest.fixture
def examine(bench: "Bench", monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Examines the bench's set-up."""
    return Examine(bench, monkeypatch)
