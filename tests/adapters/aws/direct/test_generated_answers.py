"""Generated answers over the wire, with botocore and without: the same outcome."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.aws.generated_answers import answers
from tests.support.aws.hostile import saying
from tests.support.aws.two_ways import asked, issued
from tests.support.runner.thoroughness import examples

pytestmark = pytest.mark.usefixtures("config")

HEADERS = st.sampled_from(
    [
        "Date: Sun, 06 Nov 1994 08:49:37 GMT", "Date: today", "Location: http://127.0.0.1:1/", "x-amz-retry-after: 1",
        "Content-Encoding: gzip", "Content-Type: text/html", "Connection: close", "no colon",
    ]
)  # fmt: skip


@st.composite
def responses(draw: st.DrawFn) -> tuple[str, bytes]:
    """A call, and what is sent back."""
    found = re.search(r"<Credentials>.*</Credentials>", issued().decode())
    assert found
    action, status, header_id, body = draw(answers(("GetSessionToken", "AssumeRole"), found[0]))
    size = draw(st.sampled_from([len(body)] * 4 + [len(body) + 1, len(body) // 2]))
    length, framed = draw(
        st.sampled_from(
            [
                (f"Content-Length: {size}", body),
                ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (size, body)),
                ("X: until closed", body),
            ]
        )
    )
    lines = [f"HTTP/1.1 {status} Words", f"x-amzn-RequestId: {header_id}", length, *draw(st.lists(HEADERS, max_size=2))]
    return action, "\r\n".join((*lines, "", "")).encode() + framed


@given(responses())
@settings(max_examples=examples(500, short=20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_comes_of_any_answer(monkeypatch: pytest.MonkeyPatch, response: tuple[str, bytes]) -> None:
    action, data = response
    asked(monkeypatch, saying(data), action)
