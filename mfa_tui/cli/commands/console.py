"""``mfa-tui console``."""

from __future__ import annotations

import contextlib
import math
import os
from typing import TYPE_CHECKING

from mfa_tui.adapters.console.browser import find_browser, hand_over, open_page
from mfa_tui.adapters.console.one_time_address import OneTimeAddress
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.sessions.login_prompts import obtain_session
from mfa_tui.cli.terminal import output, time_format, tty
from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.core.console.services import SERVICES
from mfa_tui.core.text.display import format_account, shell_command
from mfa_tui.errors import Exit
from mfa_tui.models import Session
from mfa_tui.services.console.sign_in import (
    ConsoleRequest,
    find_codes,
    find_identity,
    find_user_page,
    make_link,
    plan_sign_in,
)
from mfa_tui.services.sessions.outcomes import LoginRequest

if TYPE_CHECKING:
    from mfa_tui.adapters.console.browser import Browser
    from mfa_tui.services.console.sign_in import ConsoleIdentity, ConsoleLink, SignInPlan
    from mfa_tui.services.operation import Operation


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "console",
        "Sign in to the AWS console in the browser: with the session of a role profile, or on the sign-in page of an "
        "IAM user's account, with a code on the clipboard if the secret of the MFA device is stored.",
    )
    add = parser.add_argument
    add("profile", nargs="?", metavar="PROFILE", help=PROFILE_HELP)
    page = parser.add_mutually_exclusive_group()
    page.add_argument("--service", default="", metavar="NAME", help="open this service; the names are below")
    page.add_argument("--destination", default="", metavar="URL", help="open this page of the console")
    add("--region", default="", help="the region to open (default: AWS_REGION, else the profile's)")
    add("--print", action="store_true", help="print the address instead of opening it")
    add(
        "--logout",
        action="store_true",
        help="for a role: sign the browser out first (it loses its other console sessions)",
    )
    parser.epilog = (
        f"Services: {' '.join(sorted(SERVICES))}. A link for a role is valid for 15 minutes; keep it secret."
    )
    return parser


def run(arguments: list[str]) -> int:
    """Open the console, or print the address."""
    given = parser().parse_args(arguments)
    context = open_context(secrets=True)
    request = ConsoleRequest(given.profile, given.service, given.destination, given.region, given.logout)
    plan = plan_sign_in(context, request)
    # Before a code is spent.
    browser = None if given.print else find_browser(context.settings.browser, os.environ, plan.resolved.profile.name)
    operation = new_operation(context)
    if plan.is_role:
        session = obtain_session(operation, LoginRequest(profile=plan.resolved.profile.name)).session
    else:
        found = find_identity(operation, plan)
        if not isinstance(found.caller.keys, Session) or not found.identity.is_role:
            _open_user_page(operation, plan, found, browser)
            return Exit.DONE
        session = found.caller.keys
    _open_link(operation, plan, make_link(operation, plan, session), browser)
    return Exit.DONE


def _open_link(operation: Operation, plan: SignInPlan, made: ConsoleLink, browser: Browser | None) -> None:
    context, name = operation.context, plan.resolved.profile.name
    if browser is None:
        output.print_result(made.link.reveal())
        output.remark("Anyone with this address can sign in for 15 minutes. Keep it secret.")
        return
    operation.progress("asking", "Opening the browser")
    with OneTimeAddress(made.link) as address:
        hand_over(browser, address, name, operation.cancel, context.clock.monotonic)
    until = ""
    if made.expires_at:
        until = f", until {time_format.until(made.expires_at, context.clock.aws_now())}"
    output.print_result(f"{name}: console opened{until}")


def _open_user_page(operation: Operation, plan: SignInPlan, found: ConsoleIdentity, browser: Browser | None) -> None:
    page = find_user_page(operation, plan, found)
    if browser is None:
        output.print_result(page.address)
        return
    name = plan.resolved.profile.name
    open_page(browser, page.address, name)
    output.print_result(f"{name}: sign-in page opened")
    output.say(f"Account: {page.alias or format_account(page.account)}   IAM user name: {page.user or '(root user)'}")
    if page.user:
        _copy_code(operation, plan)


def _copy_code(operation: Operation, plan: SignInPlan) -> None:
    """Copy a code that was not used yet, and count down the seconds that it has left."""
    name = plan.resolved.profile.name
    source = find_codes(operation, plan)
    if isinstance(source, str):
        output.say(source)
        return
    if not tty.is_available():
        output.say(f"There is no terminal to copy the code with: {shell_command(name, 'mfa-tui code PROFILE --wait')}")
        return
    code = source.reserve(operation.cancel, lambda seconds: output.say(f"Waiting {seconds:.0f} s for the next code …"))
    if not tty.copy_to_clipboard(code.value):
        output.say(f"The code could not be copied: {shell_command(name, 'mfa-tui code PROFILE --wait')}")
        return
    output.say("A code was sent to the clipboard. It is recorded as used.")
    _count_down(operation, code.seconds_left)
    output.remark(f"For another one: {shell_command(name, 'mfa-tui code PROFILE --wait --copy')}")


def _count_down(operation: Operation, seconds: float) -> None:
    """Show how long the code is still valid. Ctrl+C ends that early, as everything else is done."""
    if not output.stderr_is_terminal():
        return
    now = operation.context.clock.monotonic
    end = now() + seconds
    with contextlib.suppress(KeyboardInterrupt):
        while (left := end - now()) > 0:
            output.show_in_place(f"The code is valid for {math.ceil(left)} s.")
            operation.cancel.sleep(min(1.0, left))
    output.show_in_place("")
