"""botocore's own reading of a file, with which the tests compare the document."""

import configparser
import io
import os
import tempfile
from typing import Any

from botocore import configloader
from botocore.exceptions import ConfigParseError

Sections = dict[str, dict[str, Any]]


class Oracle:
    """Reads bytes through a file, as botocore reads a user's."""

    def __init__(self, directory: str | None = None) -> None:
        self._directory = tempfile.TemporaryDirectory(dir=directory)
        self._path = os.path.join(self._directory.name, "file")

    def read(self, data: bytes) -> Sections | None:
        """All sections, None if botocore refuses the file."""
        self._write(data)
        try:
            sections: Sections = configloader.raw_config_parse(self._path)
        except ConfigParseError:
            return None
        return sections

    def profiles(self, data: bytes, kind: str) -> Sections:
        """The profiles of a file that botocore accepts."""
        self._write(data)
        if kind == "credentials":
            return self.read(data) or {}
        profiles: Sections = configloader.load_config(self._path)["profiles"]
        return profiles

    def close(self) -> None:
        self._directory.cleanup()

    def _write(self, data: bytes) -> None:
        with open(self._path, "wb") as file:
            file.write(data)


def refusal(text: str) -> type[Exception] | None:
    """The kind of configparser's error, None if it takes the text."""
    try:
        configparser.RawConfigParser().read_file(io.StringIO(text, newline=None))
    except configparser.Error as error:
        return type(error)
    return None


def own_keys(data: bytes) -> dict[str, dict[str, str]]:
    """The sections with their own keys and joined values, [DEFAULT] first."""
    parser = configparser.RawConfigParser(default_section="no section is called so", strict=False)
    parser.read_file(io.StringIO(data.decode("utf-8"), newline=None))
    return {section: dict(parser.items(section)) for section in parser.sections()}


def lines(data: bytes) -> list[str]:
    """The lines with their endings, as Python's files have them."""
    return list(io.StringIO(data.decode("utf-8"), newline=""))
