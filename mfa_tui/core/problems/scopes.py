"""Problems of scopes: their settings, their targets, and AWS's refusals."""

from __future__ import annotations

from mfa_tui.core.problems.problem import WARNING, Problem

SCOPES = (
    Problem(
        "scope-unknown",
        "There is no scope {scope}.",
        "There are {known}.",
        "Use one of these, or define it in {path}; see docs/scopes.md",
        page="Use one of those in the message, or define it in the settings; see docs/scopes.md",
    ),
    Problem(
        "scope-policy",
        "The scope {scope} cannot be used.",
        "{why}",
        "Correct it in {path}; see docs/scopes.md",
        page="Correct it in the settings or in its policy file; see docs/scopes.md",
    ),
    Problem(
        "scope-gone",
        "{profile} is limited to a scope that does not exist: {scope}.",
        "Nothing can renew its session; it never gets more permissions instead.",
        "Define the scope again in {path}, or remove the session: mfa-tui logout PROFILE",
        WARNING,
        page="Define the scope again in the settings, or remove the session: mfa-tui logout PROFILE",
    ),
    Problem(
        "scope-twice",
        "The profile is limited to one scope already, and --scope names another.",
        "",
        "Leave out --scope, or name the profile itself.",
    ),
    Problem(
        "scope-only",
        "This needs all of a profile's permissions, and the one named is limited to a scope.",
        "A target with a scope never means more than that scope.",
        "Name the profile itself.",
    ),
    Problem(
        "target-scope",
        "The target has other permissions than this session.",
        "Programs that use it must not get more permissions, or others.",
        "Choose another target with --as, or log out of it first.",
    ),
    Problem(
        "scope-refused",
        "AWS did not limit the session to the scope.",
        "Nothing was handed out: a session with more permissions never takes its place.",
        "Do what the message says.",
    ),
)
