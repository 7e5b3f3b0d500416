"""Checks of the settings: wrong values, and values that cannot work on this machine. No program is run."""

from __future__ import annotations

import os
import shlex

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.settings.load import load_settings
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.problems.finding import Finding, Severity, from_error
from mfa_tui.core.problems.place import variable
from mfa_tui.core.settings.interface import THEMES, usable_keymap
from mfa_tui.core.settings.readers import COMMAND
from mfa_tui.core.settings.table import SETTINGS
from mfa_tui.core.settings.values import Settings
from mfa_tui.core.text.display import quoted
from mfa_tui.errors import BrowserProblem, ConfigError, sentence
from mfa_tui.services.context import Context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def open_with_defaults(env: Mapping[str, str], findings: list[Finding]) -> Context:
    """Make the context; problems of the settings go to *findings*, and the default of each wrong one is used."""

    def warn(text: str) -> None:
        what, _, why = text.partition("; ")
        findings.append(Finding("settings-unknown-key", Severity.WARNING, sentence(what), sentence(why), "Correct it."))

    try:
        settings = load_settings(Paths(env).settings, warn)
    except ConfigError as error:
        findings.append(from_error(error))
        settings = Settings()
    findings += map(from_error, settings.reset_wrong())
    return Context(env, warn=warn, settings=settings)


def check_settings(context: Context) -> Iterator[Finding]:
    """Check the values of the settings that were loaded."""
    path, settings = context.paths.settings, context.settings
    named = context.env.get("MFA_TUI_CONFIG")
    if named and not os.path.exists(named):
        yield problem("settings-missing", place=variable("MFA_TUI_CONFIG"), path=named)
    # The interface says the same of these two.
    for what in usable_keymap(settings.keymap)[1]:
        yield problem("settings-keymap", path=path, what=what)
    if settings.theme and settings.theme not in THEMES:
        yield problem("settings-theme", path=path, theme=quoted(settings.theme), themes=", ".join(THEMES))
    for key in (name for name, setting in SETTINGS.items() if setting.kind == COMMAND):
        if not (command := getattr(settings, key)):
            continue
        import shutil

        program = shlex.split(command)[0]
        if shutil.which(program, path=context.env.get("PATH")) is None:
            yield problem("settings-program-missing", path=path, key=key, program=quoted(program))
    # The setting takes its place.
    if not settings.browser and (named := context.env.get("BROWSER", "").strip()):
        from mfa_tui.adapters.console.browser import find_browser

        try:
            find_browser("", {"BROWSER": named}, "")
        except BrowserProblem:
            yield problem("env-browser-missing", place=variable("BROWSER"), program=quoted(named))
