"""The catalogue of problems: each with a stable slug, what it means, why it is so, and the one remedy that works.

login, list, doctor and the interface take the texts about files, profiles and variables from here, so that they
cannot disagree. What AWS, the network or a keyring says in its own words is raised where it is met; its rows say what
it means in general. ``docs/problems.md`` is made from all of them: ``make docs``.
"""

from __future__ import annotations

from mfa_tui.core.problems.aws import AWS
from mfa_tui.core.problems.commands import COMMANDS
from mfa_tui.core.problems.environment import ENVIRONMENT
from mfa_tui.core.problems.files import FILES
from mfa_tui.core.problems.profiles import PROFILES
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
    ("Answers of AWS, and the network", AWS),
    ("MFA devices and where their secrets are", SECRETS),
    ("Commands, settings and mfa-tui's own files", COMMANDS),
)
"""All problems, as the page has them."""
CATALOGUE = {problem.name: problem for _, group in GROUPS for problem in group}


def problem(
    name: str, /, *, profile: str = "", place: Place | None = None, severity: str = "", **words: object
) -> Finding:
    """The finding of a catalogued problem, its texts filled with *words*; ``{profile}`` is *profile* in quotes.

    PROFILE in the remedy is that profile, as it is to be typed.

    Raises KeyError: there is no such problem, or a word is missing.
    """
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.core.text.display import quoted, shell_command

    known = CATALOGUE[name]
    # Whatever came from a file or a variable: a terminal must not obey it.
    words = {word: in_one_line(value) if isinstance(value, str) else value for word, value in words.items()}
    if profile:
        words["profile"] = quoted(profile)
    what, why, remedy = (text.format(**words) for text in (known.what, known.why, known.remedy))
    if profile:
        remedy = shell_command(profile, remedy)
    return Finding(known.slug, severity or known.severity, what, why, remedy, profile, place)
