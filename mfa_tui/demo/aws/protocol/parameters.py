"""Checks of request parameters, with the wording of AWS's ValidationError."""

import re
from collections.abc import Mapping

from mfa_tui.demo.aws.protocol import aws_errors


class Checks:
    """Collects everything that is wrong with a request; :meth:`done` refuses if anything is."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._parameters = parameters
        self._failures: list[str] = []

    def text(self, name: str, low: int, high: int, pattern: str, *, required: bool = False) -> None:
        """A parameter of ``low`` to ``high`` characters, all of it matching ``pattern``."""
        value = self._parameters.get(name)
        if value is None:
            if required:
                self._fail(name, None, "Member must not be null")
            return
        if len(value) < low:
            self._fail(name, value, f"Member must have length greater than or equal to {low}")
        if len(value) > high:
            self._fail(name, value, f"Member must have length less than or equal to {high}")
        if re.fullmatch(pattern, value, re.ASCII) is None:
            self._fail(name, value, f"Member must satisfy regular expression pattern: {pattern}")

    def number(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self._parameters.get(name)
        if value is None:
            return default
        if re.fullmatch(r"-?[0-9]{1,9}", value) is None:
            raise aws_errors.Refusal(400, "MalformedInput", f"{value} is no integer")
        number = int(value)
        if number < low:
            self._fail(name, value, f"Member must have value greater than or equal to {low}")
        if number > high:
            self._fail(name, value, f"Member must have value less than or equal to {high}")
        return number

    def choice(self, name: str, values: list[str], default: str) -> str:
        """One of some words."""
        value = self._parameters.get(name, default)
        if value not in values:
            self._fail(name, value, f"Member must satisfy enum value set: [{', '.join(values)}]")
        return value

    def done(self) -> None:
        """Refuse if anything was wrong."""
        if self._failures:
            raise aws_errors.invalid(self._failures)

    def _fail(self, name: str, value: str | None, constraint: str) -> None:
        shown = "null" if value is None else f"'{value}'"
        where = name[0].lower() + name[1:]
        self._failures.append(f"Value {shown} at '{where}' failed to satisfy constraint: {constraint}")
