"""The help's lines about the list."""

import pytest

from mfa_tui.ui.help.command_lines import list_lines
from mfa_tui.ui.text.spans import Tone, plain_text


@pytest.mark.parametrize("ascii_only", [False, True])
def test_what_keys_do_stands_in_a_column(ascii_only: bool) -> None:
    keys = [line for line in list_lines(66, ascii_only=ascii_only) if line and line[0].tone == Tone.KEY][:4]
    assert len({len(line[0].text) for line in keys}) == 1
    assert ("shift+up/down" in "".join(map(plain_text, keys))) == ascii_only
