"""Links and pages of the console: whose credentials they are for, and what is asked of AWS."""

from typing import Any

import pytest

from mfa_tui.adapters.aws import signin
from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.iam import Identity
from mfa_tui.errors import AwsRefused, MfaTuiError, NetworkProblem, ProfileProblem
from mfa_tui.models import AccessKeys, Secret, Session
from mfa_tui.services.console.sign_in import (
    WITHOUT_MFA,
    ConsoleIdentity,
    ConsoleLink,
    ConsoleRequest,
    SignInPlan,
    find_codes,
    find_identity,
    find_user_page,
    make_link,
    plan_sign_in,
)
from mfa_tui.services.seeds.current_code import CodeSource
from tests.support.aws.iam_double import ACCOUNT, SECRET, IamDouble, denied
from tests.support.homes.bench import DEV, KEY, NOW, ROLES, SERIAL, Bench, role_session, session

ROLE = Identity(ACCOUNT, "aws", "", is_role=True)


class SignIn:
    """Gives tokens, and notes for what session and how long."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.asked: list[tuple[str, str, int]] = []

    def __call__(
        self, _aws: object, profile: str, address: str, session: Session, _cancel: object, *, duration: int = 0
    ) -> Secret:
        assert session.access_key_id.startswith("ASIA")
        self.asked.append((profile, address, duration))
        if self.failure is not None:
            raise self.failure
        return Secret("token")


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> SignIn:
    found = SignIn()
    monkeypatch.setattr(signin, "get_signin_token", found)
    return found


@pytest.fixture
def of_aws(iam: IamDouble) -> IamDouble:
    """A bench with roles, without an endpoint in place of AWS's."""
    iam.bench.env["AWS_ENDPOINT_URL"] = ""
    iam.bench.write(ROLES)
    iam.connect()
    return iam


def plan(iam: IamDouble, profile: str, **request: Any) -> SignInPlan:
    return plan_sign_in(iam.bench.context, ConsoleRequest(profile, **request))


def link(iam: IamDouble, of: Session, profile: str = "admin", **request: Any) -> ConsoleLink:
    return make_link(iam.bench.operation(), plan(iam, profile, **request), of)


def role_of(bench: Bench, **changes: Any) -> Session:
    return role_session(bench.profile("admin"), first=1, **changes)


def test_a_link_for_a_role_that_we_assumed(of_aws: IamDouble, sign_in: SignIn) -> None:
    made = link(of_aws, role_of(of_aws.bench, left=3_000))
    assert made.link.reveal().startswith("https://signin.aws.amazon.com/federation?Action=login&")
    assert made.expires_at == NOW + 3_000
    assert sign_in.asked == [("admin", "https://signin.aws.amazon.com/federation", 0)]
    assert of_aws.bench.notices == [WITHOUT_MFA]
    assert of_aws.calls == []
    assert "oauth?Action=logout" in link(of_aws, role_of(of_aws.bench), sign_out=True).link.reveal()
    (entry, *_) = of_aws.bench.context.history.entries()
    assert (entry.action, entry.profile, entry.text) == ("console", "admin", "Made a sign-in link.")


@pytest.mark.parametrize(("duration", "asked"), [(3_600, 0), (3_601, 3_601), (43_200, 43_200), (50_000, 43_200)])
def test_how_long_the_console_session_lasts(of_aws: IamDouble, sign_in: SignIn, duration: int, asked: int) -> None:
    made = link(of_aws, role_of(of_aws.bench, left=900, duration=duration))
    assert sign_in.asked[0][2] == asked
    assert made.expires_at == NOW + (asked or 900)


def test_a_session_of_another_program(of_aws: IamDouble, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProfileProblem) as error:
        link(of_aws, session())
    assert error.value.slug == "console-user-session"
    assert sign_in.asked == []
    monkeypatch.setattr(of_aws, "get_identity", lambda *_: ROLE)
    assert link(of_aws, session()).expires_at == NOW + 9_000


@pytest.mark.parametrize(
    ("failure", "kind", "why"),
    [
        (AwsError("", "no\x1b way", 400), AwsRefused, "No\\x1b way."),
        (AwsError("", "", 403), AwsRefused, "It answered with HTTP status 403."),
        (AwsUnreachable("dropped", "signin"), NetworkProblem, ""),
    ],
)
def test_a_refused_link(
    of_aws: IamDouble, sign_in: SignIn, failure: Exception, kind: type[MfaTuiError], why: str
) -> None:
    sign_in.failure = failure
    with pytest.raises(kind) as error:
        link(of_aws, role_of(of_aws.bench))
    assert why in error.value.why
    if kind is AwsRefused:
        assert error.value.slug == "console-refused"
        assert error.value.remedy == "Get a new session, then try again: mfa-tui login admin --force"


def test_whose_credentials_they_are(of_aws: IamDouble) -> None:
    of_aws.bench.write("[profile other]\nsource_profile = dev\nregion = eu-west-3\n")
    of_aws.connect()
    found = find_identity(of_aws.bench.operation(), plan(of_aws, "dev"))
    assert found.identity == Identity(ACCOUNT, "aws", "ana")
    caller = found.caller
    assert (caller.profile, caller.region, caller.partition, caller.keys_of) == ("dev", "eu-west-1", "aws", "dev")


def user_page(iam: IamDouble, keys: AccessKeys | Session | None = None, **request: Any) -> tuple[str, str, str]:
    caller = Caller("dev", keys or AccessKeys(KEY, Secret(SECRET)), "eu-west-1", "aws")
    page = find_user_page(
        iam.bench.operation(), plan(iam, "dev", **request), ConsoleIdentity(caller, Identity(ACCOUNT, "aws", "ana"))
    )
    assert (page.account, page.user) == (ACCOUNT, "ana")
    return page.address, page.alias, " ".join(key for _, key in iam.calls)


def test_the_page_of_a_user(of_aws: IamDouble) -> None:
    assert user_page(of_aws) == (f"https://{ACCOUNT}.signin.aws.amazon.com/console", "", KEY)
    of_aws.aliases = ["acme", "other"]
    assert user_page(of_aws, service="s3", region="eu-west-1")[:2] == (
        "https://acme.signin.aws.amazon.com/console/s3?region=eu-west-1", "acme",
    )  # fmt: skip
    page = "https://console.aws.amazon.com/s3/home"
    assert user_page(of_aws, destination=page)[:2] == (page, "acme")
    # Keys with a token are a session; those of another program may have none.
    with pytest.raises(ProfileProblem):
        user_page(of_aws, session())
    assert user_page(of_aws, session(session_token=Secret("")))[1] == "acme"


def test_the_alias_may_need_mfa(of_aws: IamDouble) -> None:
    of_aws.aliases = ["acme"]
    of_aws.failures["list_account_aliases"] = denied("ListAccountAliases")
    assert user_page(of_aws)[1:] == ("", KEY)
    del of_aws.calls[:]
    own = of_aws.bench.keep(session(61))
    assert user_page(of_aws)[1:] == ("", f"{KEY} {own.access_key_id}")

    def allow(_: str) -> None:
        if len(of_aws.calls) > 1:
            of_aws.failures.clear()

    del of_aws.calls[:]
    of_aws.on_call = allow
    assert user_page(of_aws)[1] == "acme"


@pytest.mark.parametrize("failure", [AwsError("Throttling", "", 400), AwsUnreachable("dropped", "iam.amazonaws.com")])
def test_without_an_answer_the_session_is_not_tried(of_aws: IamDouble, failure: AwsError | AwsUnreachable) -> None:
    of_aws.bench.keep(session())
    of_aws.failures["list_account_aliases"] = failure
    assert user_page(of_aws)[1:] == ("", KEY)


def test_a_session_that_is_nearly_over_is_not_tried(of_aws: IamDouble) -> None:
    of_aws.bench.keep(session(60))
    of_aws.failures["list_account_aliases"] = denied()
    assert user_page(of_aws)[1:] == ("", KEY)


def test_where_the_code_comes_from(of_aws: IamDouble) -> None:
    bench = of_aws.bench

    def found() -> CodeSource | str:
        return find_codes(bench.operation(), plan(of_aws, "dev"))

    without = found()
    assert isinstance(without, str)
    assert without.endswith(" Type the code that the MFA device shows.")
    bench.write("", DEV.replace(SERIAL, f"arn:aws:iam::{ACCOUNT}:u2f/user/ana/key"))
    assert found() == "The MFA device is a FIDO key or passkey: the browser asks for it."
    bench.write("", DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    assert str(found()).endswith(" Type the code that the MFA device shows.")
