"""The colleagues in the demo's account, each with a story that an audit finds, and some without."""

from mfa_tui.demo.aws.account_setup import AUDITOR, AccountSetup
from mfa_tui.demo.aws.accounts.policy_documents import HELP_DESK, Document, trust
from mfa_tui.demo.aws.server import StrictAws, User

ACCOUNT_CARE: Document = {
    "Version": "2012-10-17",
    "Statement": [
        *HELP_DESK["Statement"],
        *AUDITOR["Statement"],
        {"Effect": "Allow", "Action": ["s3:*", "secretsmanager:*"], "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": [
                "iam:AttachGroupPolicy",
                "iam:CreatePolicy",
                "iam:CreatePolicyVersion",
                "iam:UpdateAccessKey",
            ],
            "Resource": "*",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        },
    ],
}
"""What ana may do: manage itself, assume roles, audit the account, use S3 and Secrets Manager; with MFA, help
colleagues and enforce MFA."""


def add_stories(aws: StrictAws, *own: User) -> None:
    """Fill the demo's account, beside the users whose profiles the demo has: their keys are in use."""
    account = aws.account()
    for user in own:
        account.date_key(user.name, user.access_key_id, age=37, used=0)
    _add_people(account)
    _add_keys(account)
    account.add_root_device()
    account.set_password_policy(12, 5)
    aws.add_role("deploy", trust(f"arn:aws:iam::{account.state.account}:root"))
    aws.add_role("operate", trust(f"arn:aws:iam::{account.state.account}:root", mfa=True))
    _add_sign_ins(account)


def _add_people(account: AccountSetup) -> None:
    """Who has which MFA devices."""
    devices = {
        # An administrator without MFA: the first thing to fix.
        "boss": [],
        # Signs in to the console without MFA.
        "mia": [],
        "max": ["fido"],
        "eva": ["hardware", "virtual"],
        "pia": ["virtual", "virtual"],
        "uma": ["fido", "virtual"],
        "tom": ["virtual"],
    }
    for name, kinds in devices.items():
        account.add_user(name, password=True, signed_in=2)
        for kind in kinds:
            account.add_device(name, kind)
    account.add_group("admins", ["boss", "eva"])
    account.attach_of_aws("admins", group=True)
    # Some without MFA, some with keys only in the browser: whom enforcing it would affect.
    account.add_group("developers", ["mia", "max", "pia", "tom"])


def _add_keys(account: AccountSetup) -> None:
    """Who has which keys."""
    for name in ("zoe", "jan", "ida", "ben"):
        account.add_user(name)
        for _ in range(2):
            account.add_device(name)
    account.add_key("tom", age=412, used=1)
    # A rotation that was never finished.
    account.add_key("zoe", age=200, used=30)
    account.add_key("zoe", age=20, used=1)
    account.add_key("jan", age=80, used=61)
    account.add_key("ida", age=12, used=None)
    account.add_credential("ben", expires=70)
    # A script has no device, and needs none if it becomes a role.
    account.add_user("ci-deploy")
    account.add_key("ci-deploy", age=64, used=0)
    # Has left: nothing works any more.
    account.add_user("leo")
    account.add_key("leo", age=700, used=300, active=False)


def _add_sign_ins(account: AccountSetup) -> None:
    for day in range(1, 88):
        if day % 7 not in (2, 3):
            account.add_sign_in("pia", age=day, mfa=True)
        if day % 3 == 0:
            account.add_sign_in("eva", age=day, mfa=True, region="eu-north-1")
    for day in (2, 9, 23, 24):
        account.add_sign_in("mia", age=day, region="eu-north-1")
    account.add_sign_in("boss", age=40, region="us-east-2")
    account.add_sign_in(age=61, mfa=True)
