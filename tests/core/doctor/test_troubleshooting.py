"""The help for trouble: one source for the page, the interface and the errors, with calls that exist."""

import shlex
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from mfa_tui.core.doctor.troubleshooting import TOPICS, Topic, markdown, topic_of

DOCS = Path(__file__).parents[3] / "docs" / "trouble.md"


def test_the_page_in_docs_is_what_the_interface_shows() -> None:
    assert DOCS.read_text(encoding="utf-8") == markdown()


def test_every_error_leads_to_one_topic() -> None:
    slugs = [slug for topic in TOPICS for slug in topic.slugs]
    assert len(slugs) == len(set(slugs))
    for slug in ("code-refused", "serial-refused", "fido-only", "denied", "device-denied", "root-device"):
        assert topic_of(slug) is not None
    assert topic_of("network-timeout") is None


def test_fido_users_learn_of_aws_login() -> None:
    topic = topic_of("fido-only")
    assert topic is not None
    assert "aws login --profile NAME" in [step.command for step in topic.here]
    said = " ".join(step.text + step.command for step in (*topic.here, *topic.administrator))
    for fact in ("2.32", "12 hours", "SignInLocalDevelopmentAccess"):
        assert fact in said


def test_no_useless_exemption_is_recommended() -> None:
    assert "sts:GetSessionToken, which has no effect: no policy can deny it" in markdown()
    assert markdown().count("sts:GetSessionToken") == 1


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_calls_to_aws_exist(topic: Topic) -> None:
    assert topic.here
    assert topic.administrator
    session = botocore.session.Session()
    for step in (*topic.here, *topic.administrator):
        words = shlex.split(step.command)
        if words[:1] != ["aws"] or words[1] in ("configure", "login"):
            continue
        model = session.get_service_model(words[1])
        operation = next(name for name in model.operation_names if xform_name(name, "-") == words[2])
        shape = model.operation_model(operation).input_shape
        known = {f"--{xform_name(member, '-')}" for member in (shape.members if shape else ())}
        given = {word for word in words if word.startswith("--")}
        # Two of them are the command's own, in the place of the picture that the call returns.
        assert given - {"--outfile", "--bootstrap-method"} <= known
