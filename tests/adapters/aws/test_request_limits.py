"""Every request of botocore, whoever makes it: where it goes, and how much of an answer is read."""

import gzip
import json
import os
import socket
import ssl
from pathlib import Path

import pytest

from mfa_tui.adapters.aws.caller import AwsUnreachable, Caller, CredentialsUnavailable
from mfa_tui.adapters.aws.direct.http_answer import LARGEST
from mfa_tui.adapters.aws.iam import Iam
from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.errors import ConfigError
from mfa_tui.models import AccessKeys, Secret
from tests.support.aws.hostile import Handler, Hostile, answer, certificate, saying

KEYS = AccessKeys("AKIAIOSFODNN7EXAMPLE", Secret("s" * 40))
XML = (
    b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    b"<Arn>arn:aws:iam::111122223333:user/ana</Arn><UserId>AIDA</UserId><Account>111122223333</Account>"
    b"</GetCallerIdentityResult><ResponseMetadata><RequestId>0f1e2d3c</RequestId></ResponseMetadata>"
    b"</GetCallerIdentityResponse>"
)
SOME = 48 * LARGEST
"""More than the kernel takes on its own between two processes that do not read."""


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    path.write_text("[profile dev]\nregion = eu-central-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return path


def whoami(server: Hostile, monkeypatch: pytest.MonkeyPatch) -> str:
    """The user that GetCallerIdentity tells, asked of *server*."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
    aws = Aws(Clock(), Paths(os.environ), timeout=20)
    return Iam(aws).get_identity(Caller("dev", KEYS), CancelScope()).user


def unending(head: bytes, piece: bytes) -> tuple[Handler, list[int]]:
    """A handler that sends *piece* again and again, and how many bytes of it each connection took."""
    sent: list[int] = []

    def handle(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        number = len(sent)
        sent.append(0)
        while sent[number] < SOME:
            connection.sendall(piece)
            sent[number] += len(piece)

    return handle, sent


def test_an_answer_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with Hostile(saying(answer("200 OK", XML))) as server:
        assert whoami(server, monkeypatch) == "ana"


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"Content-Length: %d" % SOME, b" " * 65536),
        (b"Content-Length: %d" % SOME, gzip.compress(b" " * 65536 * 100)),
        (b"Content-Encoding: gzip\r\nContent-Length: %d" % SOME, gzip.compress(b" " * 65536 * 100)),
        (b"Transfer-Encoding: chunked", b"10000\r\n" + b" " * 65536 + b"\r\n"),
        (b"Transfer-Encoding: chunked", b"0" * 65536),
        (b"Connection: close", b"<a>" * 20000),
        (b"X: y", b"X: " + b"y" * 60000 + b"\r\n"),
    ],
    ids=["length", "many-gzips", "gzip", "chunks", "endless-chunk-length", "until-closed", "headers-in-the-body"],
)
def test_an_endless_file_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch, head: bytes, piece: bytes) -> None:
    handler, sent = unending(b"HTTP/1.1 500 Oh\r\n%s\r\n\r\n" % head, piece)
    with Hostile(handler) as server, pytest.raises(AwsUnreachable):
        whoami(server, monkeypatch)
    assert sent
    assert max(sent) < SOME / 2


def test_a_gzip_that_would_grow_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(b" " * (50 << 20), compresslevel=1)
    with (
        Hostile(saying(answer("200 OK", bomb, "Content-Encoding: gzip"))) as server,
        pytest.raises(AwsUnreachable) as caught,
    ):
        whoami(server, monkeypatch)
    assert caught.value.kind == "portal"


def test_entities_are_not_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ana">]>' + XML.replace(b"user/ana", b"user/&a;")
    with Hostile(saying(answer("200 OK", bomb))) as server, pytest.raises(AwsUnreachable) as caught:
        whoami(server, monkeypatch)
    assert caught.value.kind == "portal"


def test_an_answer_that_is_cut_short_is_a_broken_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = answer("200 OK", XML + b"\n" * 100)[:-50]
    with Hostile(saying(cut)) as server, pytest.raises(AwsUnreachable) as caught:
        whoami(server, monkeypatch)
    assert caught.value.kind == "dropped"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    with (
        Hostile(saying(answer("200 OK", XML))) as elsewhere,
        Hostile(saying(answer(status, b"", f"Location: {elsewhere.url}/"))) as server,
    ):
        with pytest.raises(AwsUnreachable) as caught:
            whoami(server, monkeypatch)
        assert (caught.value.kind, elsewhere.requests) == ("portal", [])


@pytest.mark.parametrize(
    ("answered", "kind"),
    [
        (answer("200 OK", XML, "Content-Length: 7"), "unread"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "dropped"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "dropped"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + answer("204 No Content"), "portal"),
        (answer("200 OK"), "portal"),
        (answer("200 OK", b"\0"), "portal"),
        (answer("200 OK", b"<a>" * 300_000), "portal"),
        (answer("200 OK", b"<GetCallerIdentityResponse>" + b"<a>" * 90_000 + b"</a>" * 90_000), "portal"),
    ],
)
def test_answers_that_make_no_sense(monkeypatch: pytest.MonkeyPatch, answered: bytes, kind: str) -> None:
    with Hostile(saying(answered)) as server, pytest.raises(AwsUnreachable) as caught:
        whoami(server, monkeypatch)
    assert caught.value.kind == kind


def test_tls_that_breaks_after_the_request_is_a_lost_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))

    def break_off(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            tls.recv(65536)
            # Not a TLS record.
            os.write(tls.fileno(), b"\x17\x03\x03\x00\x20" + b"x" * 32)

    with Hostile(at_once=break_off) as server:
        server.url = server.url.replace("http:", "https:").replace("127.0.0.1", "localhost")
        with pytest.raises(AwsUnreachable) as caught:
            whoami(server, monkeypatch)
    assert caught.value.kind == "dropped"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_plain_http_to_this_machine_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    with Hostile(saying(answer("200 OK", XML))) as server, Hostile(saying(answer("200 OK", XML))) as proxy:
        monkeypatch.setenv(variable, f"http://user:password@127.0.0.1:{proxy.port}")
        assert whoami(server, monkeypatch) == "ana"
        assert (len(server.requests), proxy.requests) == (1, [])


def test_an_address_is_read_as_the_connection_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with Hostile(saying(answer("200 OK", XML))) as server:
        server.url = f"http://evil.localhost:{server.port}\\@127.0.0.1"
        with pytest.raises(ConfigError):
            whoami(server, monkeypatch)
        assert server.requests == []


def test_endpoint_rules_of_the_sdk_cannot_lead_to_plain_http(tmp_path: Path, config: Path) -> None:
    """``data_path`` may hold other rules, whose address no client tells beforehand."""
    rules = tmp_path / "data/sts/2011-06-15"
    rules.mkdir(parents=True)
    with Hostile(saying(answer("200 OK", XML))) as server:
        evil = f"http://evil.localhost:{server.port}"
        rule = {"conditions": [], "type": "endpoint", "endpoint": {"url": evil, "properties": {}, "headers": {}}}
        known = {"Region": {"type": "String", "builtIn": "AWS::Region"}}
        rule_set = {"version": "1.0", "parameters": known, "rules": [rule]}
        (rules / "endpoint-rule-set-1.json").write_text(json.dumps(rule_set))
        config.write_text(f"[profile dev]\nregion = eu-central-1\ndata_path = {tmp_path / 'data'}\n")
        with pytest.raises(ConfigError) as caught:
            Iam(Aws(Clock(), Paths(os.environ))).get_identity(Caller("dev", KEYS), CancelScope())
        assert (caught.value.slug, server.requests) == ("endpoint-plain", [])
    assert "http://evil.localhost" in caught.value.what


@pytest.fixture
def web_identity(tmp_path: Path, config: Path) -> Path:
    token = tmp_path / "token"
    token.write_text("the web identity token")
    config.write_text(
        f"[profile base]\nregion = eu-central-1\nweb_identity_token_file = {token}\n"
        "role_arn = arn:aws:iam::111122223333:role/base\n"
    )
    return config


def credentials_of(profile: str) -> str:
    aws = Aws(Clock(), Paths(os.environ), timeout=20)
    return aws.load_profile_credentials(profile, f"session {profile}", CancelScope()).access_key_id


@pytest.mark.usefixtures("web_identity")
def test_clients_that_botocore_makes_itself_keep_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://sts.example.invalid")
    with pytest.raises(ConfigError, match="not encrypted; nothing is sent"):
        credentials_of("base")


@pytest.mark.usefixtures("web_identity")
@pytest.mark.parametrize(
    "answered",
    [
        answer("200 OK", b"<html><body>Sign in</body></html>"),
        answer("200 OK", b" " * (2 * LARGEST)),
        answer("403 Forbidden", b"<html><body>Sign in</body></html>"),
    ],
)
def test_portals_are_known_where_botocore_asks(monkeypatch: pytest.MonkeyPatch, answered: bytes) -> None:
    with Hostile(saying(answered)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        with pytest.raises(AwsUnreachable, match="portal"):
            credentials_of("base")


@pytest.mark.usefixtures("web_identity")
@pytest.mark.parametrize("key_id", ["ASIA&#10;EXAMPLE", "ASIA EXAMPLE", "ASIA&#x9b;2J", ""])
def test_implausible_keys_are_refused_where_botocore_asks(monkeypatch: pytest.MonkeyPatch, key_id: str) -> None:
    xml = (
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
        f"<AccessKeyId>{key_id}</AccessKeyId><SecretAccessKey>{'s' * 40}</SecretAccessKey>"
        "<SessionToken>tttttttttttttttt</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>"
        "</AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
        "</AssumeRoleWithWebIdentityResponse>"
    )
    with Hostile(saying(answer("200 OK", xml.encode()))) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        with pytest.raises(CredentialsUnavailable):
            credentials_of("base")


@pytest.mark.usefixtures("web_identity")
def test_expired_credentials_are_reported_where_botocore_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    xml = (
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
        f"<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>{'s' * 40}</SecretAccessKey>"
        "<SessionToken>tttttttttttttttt</SessionToken><Expiration>2020-01-01T00:00:00Z</Expiration></Credentials>"
        "</AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
        "</AssumeRoleWithWebIdentityResponse>"
    )
    with Hostile(saying(answer("200 OK", xml.encode()))) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        with pytest.raises(CredentialsUnavailable, match="have expired"):
            credentials_of("base")


def test_a_credential_process_that_prints_no_keys_is_refused(config: Path, tmp_path: Path) -> None:
    script = tmp_path / "given.json"
    script.write_text('{"Version": 1, "AccessKeyId": "ASIA\\nX", "SecretAccessKey": "s", "SessionToken": "t"}')
    config.write_text(f"[profile base]\ncredential_process = cat {script}\n")
    with pytest.raises(CredentialsUnavailable, match="the access key ID is malformed"):
        credentials_of("base")


def test_instance_metadata_is_not_asked_through_a_proxy_or_elsewhere(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("[profile base]\nregion = eu-central-1\n")
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    with Hostile(saying(answer("404 Not Found"))) as metadata, Hostile(saying(answer("404 Not Found"))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.url)
        with pytest.raises(CredentialsUnavailable):
            credentials_of("base")
        assert metadata.requests
        asked = len(metadata.requests)
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", f"http://evil.localhost:{metadata.port}")
        with pytest.raises(ConfigError, match="not encrypted; nothing is sent"):
            credentials_of("base")
        assert (len(metadata.requests), proxy.requests) == (asked, [])
