"""Problems of signing in to the AWS console."""

from __future__ import annotations

from mfa_tui.core.problems.problem import Problem

CONSOLE = (
    Problem(
        "console-service",
        "mfa-tui does not know a console for that service.",
        "The message names services with similar names.",
        "Use a name that mfa-tui console --help lists, or --destination with the page's address.",
    ),
    Problem(
        "console-destination",
        "--destination is not an address of this account's console.",
        "A sign-in leads only to https addresses of the console in the profile's partition.",
        "Copy the address of the page from the browser, or use --service.",
    ),
    Problem(
        "console-region",
        "The region does not belong to the account's partition.",
        "Each partition (aws, aws-cn, aws-us-gov, aws-eusc) has a console of its own.",
        "Use --region with a region of that partition.",
    ),
    Problem(
        "console-partition",
        "The console of the account's partition is not known to mfa-tui.",
        "It knows aws, aws-cn, aws-us-gov and aws-eusc.",
        "Sign in to it in the browser, as your organization describes.",
    ),
    Problem(
        "console-user-session",
        "A user's session cannot sign in to the console.",
        "AWS accepts only sessions of roles and federated users for such a link, not those of GetSessionToken.",
        "Use the profile with the user's access keys, or a role profile.",
    ),
    Problem(
        "console-refused",
        "AWS refused to sign in to the console with the role's session.",
        "",
        "Get a new session with mfa-tui login PROFILE --force, then try again.",
    ),
    Problem(
        "console-no-browser",
        "There is no browser to open the console in.",
        "",
        "Use --print and open the address in a browser on any machine, or set browser in the settings.",
    ),
    Problem(
        "console-browser-failed",
        "The browser did not open the console.",
        "",
        "Use --print and open the address yourself; the session is kept.",
    ),
)
