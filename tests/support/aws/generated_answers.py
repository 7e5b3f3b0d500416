"""Answers of STS in AWS's query protocol, real and broken, as hypothesis draws them."""

from collections.abc import Sequence

from hypothesis import strategies as st

from mfa_tui.core.aws.sts_answer import REFUSED_FROM

NAMESPACE = ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
ISSUED = (
    "<Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>ssssssss</SecretAccessKey>"
    "<SessionToken>tttttttt</SessionToken><Expiration>2026-11-29T12:00:00Z</Expiration></Credentials>"
)
ACTIONS = ("GetSessionToken", "AssumeRole", "GetScopedCredentials", "GetCallerIdentity")
NAMES = (
    "Credentials", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Arn", "Account", "Error",
    "Code", "Message", "RequestId", "RequestID", "ResponseMetadata", "SessionTokenSize", "GetSessionTokenResult", "x",
)  # fmt: skip
TEXTS = st.sampled_from(
    [
        "", " ", "x", "7", "-7", "1e3", "\u00e9", "ASIAIOSFODNN7EXAMPLE", "2026-11-29T12:00:00Z",
        "2026-11-29T12:00:00.611Z",
        "2026-11-29T12:00:00+02:00", "1795521342", "2026-13-29T12:00:00Z", "Sun, 29 Nov 2026 12:00:00 GMT", "tomorrow",
        "&lt;", "&#10;", "&#x202e;", "&nbsp;", "<![CDATA[<x>]]>", "<!-- y -->", "arn:aws:iam::111122223333:user/ana",
        "AccessDenied", "\x00", "0f1e2d3c-0000", "0" * 129, "]]>", "<?x y?>",
    ]
)  # fmt: skip
LEAVES = st.builds("<{0}>{1}{2}</{0}>".format, st.sampled_from(NAMES), TEXTS, st.sampled_from(["", "y", "<x/>"]))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>", st.sampled_from(NAMES), st.lists(inner, max_size=4)
    ),
    max_leaves=8,
)
METADATA = st.sampled_from(
    ["<ResponseMetadata><RequestId>0f1e</RequestId></ResponseMetadata>", "<RequestId>0f1e</RequestId>", ""]
)


@st.composite
def answers(
    draw: st.DrawFn, actions: Sequence[str] = ACTIONS, credentials: str = ISSUED
) -> tuple[str, int, str, bytes]:
    """A call, the HTTP status, the id in the headers, and a body; *credentials* are in most."""
    action = draw(st.sampled_from(actions))
    parts = st.lists(st.one_of(TREES, st.just(credentials)), max_size=3).map("".join)
    root = draw(
        st.sampled_from([f"{action}Response"] * 6 + ["ErrorResponse", "html", "AssumeRoleResponse", "Response"])
    )
    result = draw(st.sampled_from([f"{action}Result"] * 8 + ["Error", "GetSessionTokenResult"]))
    body = draw(
        st.sampled_from([f"<{root}{NAMESPACE}>", f"<{root}>", f"<?xml version='1.0' encoding='latin-1'?><{root}>"])
    )
    status = draw(st.sampled_from([200, 200, 200, 204, 301, 400, 403, 500, 503]))
    if status >= REFUSED_FROM:
        result = "Error"
    for _ in range(draw(st.integers(0, 2))):
        body += f"<{result}>{draw(parts)}</{result}>"
    body += draw(METADATA) + draw(st.sampled_from(["", f"<Error>{draw(parts)}</Error>"])) + f"</{root}>"
    raw = body.encode()
    if draw(st.integers(0, 9)) == 0:
        raw = raw[: draw(st.integers(0, len(raw)))]
    return action, status, draw(st.sampled_from(["", "0f1e", "a\nb"])), raw
