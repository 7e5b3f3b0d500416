"""The page of benchmarks: what is not measured has a row that says why, and no place of this machine gets in."""

import importlib.util
import platform
from pathlib import Path
from types import ModuleType
from xml.etree.ElementTree import parse

import pytest

from tests.support.runner.sources import ROOT

WHY = "/home/ana/venv/bin/mfa-tui login dev: exit status 1: no /srv/x/config | on anas-laptop\nat /root/.aws/y"


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """``benchmarks/results.py``, which writes to *tmp_path*."""
    monkeypatch.setattr(platform, "node", lambda: "anas-laptop")
    spec = importlib.util.spec_from_file_location("results", ROOT / "benchmarks/results.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["HERE"] = tmp_path
    return module


def test_the_page(results: ModuleType, tmp_path: Path) -> None:
    met = results.Result("fast", "an empty Python", 1, "ms", 0.011, 0.012, 0.92, (0.91, 0.93), 15, {"other": 1.5})
    missed = results.Result("large", "the most that it may", 1, "MiB", 50.0, 42.0, 9.0, (9.0, 9.0), 3, {})
    results.write([met, missed, results.NotMeasured("code", "keyring", 0.6, WHY)])
    page = (tmp_path / "RESULTS.md").read_text()
    assert [line for line in page.splitlines() if line.startswith("| `")] == [
        "| `fast` | 11.0 ms | an empty Python: 12.0 ms | 0.92 | 0.91 – 0.93 | 1 | met | 15 | other 1,500 ms |",
        "| `large` | 50 MiB | the most that it may: 42 MiB | 9.00 | 9.00 – 9.00 | 1 | **missed** | 3 |  |",
        "| `code` | not measured: mfa-tui login dev: exit status 1: no config on here at y | keyring | | | 0.6 | | | |",
    ]
    assert "1 of 3 targets are met" in page


def test_the_plot_is_for_light_and_dark(results: ModuleType, tmp_path: Path) -> None:
    results.write([results.Result("fast", "a", 1, "ms", 0.011, 0.012, 9.92, (0.91, 0.93), 15, {})])
    plot = tmp_path / "results.svg"
    shapes = [each.get("class") for each in parse(plot).iter() if each.tag.endswith("rect")]  # noqa: S314 - our own
    assert shapes == ["page", "missed"]
    assert "prefers-color-scheme: dark" in plot.read_text()
