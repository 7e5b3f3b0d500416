"""The catalogue of problems: each with a stable slug, what happened, why, and what to do.

login, list, doctor and the interface take the texts about files, profiles and variables from here, so that they
cannot disagree. Errors from AWS, the network and keyrings get their details where they are raised; their rows say
what they mean in general. ``make docs`` makes ``docs/problems.md`` from all rows.
"""

from __future__ import annotations

from mfa_tui.core.problems.account import ACCOUNT
from mfa_tui.core.problems.aws import AWS
from mfa_tui.core.problems.commands import COMMANDS
from mfa_tui.core.problems.console import CONSOLE
from mfa_tui.core.problems.environment import ENVIRONMENT
from mfa_tui.core.problems.files import FILES
from mfa_tui.core.problems.keys import KEYS
from mfa_tui.core.problems.profiles import PROFILES
from mfa_tui.core.problems.scopes import SCOPES
from mfa_tui.core.problems.secrets import SECRETS
from mfa_tui.core.text.display import in_one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.core.problems.place import Place
    from mfa_tui.core.problems.problem import Problem

GROUPS: tuple[tuple[str, tuple[Problem, ...]], ...] = (
    ("The AWS files", FILES),
    ("Profiles", PROFILES),
    ("The environment and the AWS SDK", ENVIRONMENT),
    ("AWS and the network", AWS),
    ("MFA devices and their secrets", SECRETS),
    ("Long-term keys", KEYS),
    ("Other users of the account", ACCOUNT),
    ("Scopes", SCOPES),
    ("The AWS console", CONSOLE),
    ("Commands, settings and mfa-tui's own files", COMMANDS),
)
"""All problems, in the groups and the order of the page."""
CATALOGUE = {problem.name: problem for _, group in GROUPS for problem in group}


def problem(
    name: str, /, *, profile: str = "", place: Place | None = None, severity: str = "", **words: object
) -> Finding:
    """The finding of the problem *name*, with *words* filled into its texts; ``{profile}`` is *profile* in quotes.

    PROFILE in the remedy is that profile, as it is to be typed.

    Raises KeyError: there is no such problem, or a word is missing.
    """
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.core.text.display import quoted, shell_command

    known = CATALOGUE[name]
    # Words may come from a file or a variable: a terminal must not obey them.
    words = {word: in_one_line(value) if isinstance(value, str) else value for word, value in words.items()}
    if profile:
        words["profile"] = quoted(profile)
    what, why, remedy = (text.format(**words) for text in (known.what, known.why, known.remedy))
    if profile:
        remedy = shell_command(profile, remedy)
    return Finding(known.slug, severity or known.severity, what, why, remedy, profile, place)
