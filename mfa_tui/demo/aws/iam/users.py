"""IAM apart from MFA devices: https://docs.aws.amazon.com/IAM/latest/APIReference/.

Actions without a handler are moto's, once the signature is verified and the caller's policies allow them.
"""

from moto.iam.models import User

from mfa_tui.demo.aws.accounts.calls import Call, Handler
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.clock import iso, seconds_of
from mfa_tui.demo.aws.protocol.xml_responses import Result

VERSION = "2010-05-08"


def get_user(call: Call) -> Result:
    """The user UserName, else the caller."""
    name = target_user(call)
    authorize_on_user(call, name)
    return {"User": user_description(call.directory.user(call.caller.identity.account, name))}


def user_description(user: User) -> Result:
    """A user as IAM shows it."""
    return {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": iso(seconds_of(user.create_date)),
    }


def target_user(call: Call) -> str:
    """The user that a call is about: UserName, else the caller, who must then be a user."""
    name = call.parameters.get("UserName") or call.caller.identity.user_name
    if name is None:
        raise aws_errors.validation("Must specify userName when calling with non-User credentials")
    return name


def authorize_on_user(call: Call, name: str) -> None:
    """Refuse unless the caller may do ``call.action`` on the user."""
    account = call.caller.identity.account
    user = call.directory.backend(account).users.get(name)
    # Its ARN has its path, too.
    arn = user.arn if user is not None else f"arn:aws:iam::{account}:user/{name}"
    call.authorize(f"iam:{call.action}", arn, shown=f"user {name}")


def authorize_unhandled(call: Call) -> None:
    """Refuse unless the caller may do an action that moto answers: on its UserName, else on everything."""
    name = call.parameters.get("UserName")
    if name is not None:
        authorize_on_user(call, name)
    else:
        call.authorize(f"iam:{call.action}", "*")


HANDLERS: dict[str, Handler] = {
    "GetUser": get_user,
}
