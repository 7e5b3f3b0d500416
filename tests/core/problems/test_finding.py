"""Findings and errors say the same: one is made from the other, and nothing is lost."""

from __future__ import annotations

from mfa_tui.core.problems.finding import Finding, Severity, from_error
from mfa_tui.core.problems.place import Place, variable
from mfa_tui.errors import ConfigError

PLACE = Place("/home/ana/.aws/config", line=7, section="profile dev", key="region", variable="")


def test_a_finding_keeps_all_that_the_error_says() -> None:
    error = ConfigError("slug", "What.", "Why.", "Remedy.", where=str(PLACE), place=PLACE)
    found = from_error(error, Severity.WARNING, "dev")
    assert found == Finding("slug", Severity.WARNING, "What.", "Why.", "Remedy.", "dev", PLACE)
    assert found.lines() == error.lines()


def test_a_finding_made_from_an_error_makes_the_same_error() -> None:
    error = ConfigError("slug", "What.", "Why.", "Remedy.", where=str(PLACE), place=PLACE)
    again = from_error(error).as_error(ConfigError)
    assert (again.slug, again.place, again.lines()) == (error.slug, error.place, error.lines())


def test_a_place_that_the_text_names_is_not_said_twice() -> None:
    error = ConfigError("slug", "AWS_CA_BUNDLE names no file.", place=variable("AWS_CA_BUNDLE"))
    assert from_error(error).lines() == ["AWS_CA_BUNDLE names no file."]
    assert from_error(error).place is error.place
