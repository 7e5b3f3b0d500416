"""Every failure that a user can meet: what happened, why, and what to do next.

::

    MfaTuiError
    ├── UsageError              bad arguments: a malformed code, a duration out of range
    ├── ConfigError             the files or settings as they are do not allow it
    │   ├── FileProblem         a file that cannot be read, parsed or replaced
    │   ├── ProfileProblem      an unknown profile, or one that cannot log in
    │   └── TargetRefused       the target may not or should not be written
    ├── AwsRefused              AWS answered no
    ├── NetworkProblem          AWS did not answer, or something else answered: what was asked may be done or not
    │   └── AwsTrouble          AWS answered that it failed itself
    ├── KeyringProblem          where secrets are kept is missing, locked, slow or failing: keyring, vault, YubiKey
    │   └── VaultLocked         the vault's passphrase is needed, and there is no terminal to ask for it
    ├── BrowserProblem          there is no browser, or it did not open what it should
    ├── WriteProblem            the disk or another process prevented a write
    ├── NoTerminal              something must be asked, and there is no terminal
    └── Cancelled               interrupted by the user
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Place(Protocol):
        """A line of a file, or an environment variable: see ``core.problems.place``, which builds on this module."""

        def as_json(self) -> dict[str, object]:
            """The place as a JSON object."""


class Exit:
    """Exit statuses. They are plain integers because ``enum`` is slow to import."""

    DONE = 0
    """It worked."""
    REFUSED = 1
    """AWS, the network, the keyring or the disk refused."""
    USAGE = 2
    """Bad usage or bad configuration, found before a code was sent."""
    NO_TERMINAL = 3
    """Something must be asked, and there is no terminal."""
    INTERRUPTED = 130
    """Interrupted by the user."""


def sentence(text: str) -> str:
    """*text* with a capital letter and a full stop, as the lines of an error have them; keys keep their case."""
    first = text[:1] if "_" in text.partition(" ")[0] else text[:1].upper()
    return f"{first}{text[1:]}{'' if text.endswith('.') else '.'}"


class MfaTuiError(Exception):
    """The base of all expected failures; shown in at most four lines, never as a traceback.

    No part may hold a secret.
    """

    exit_status = Exit.REFUSED
    """The exit status of a command that fails with it, one of :class:`Exit`."""

    def __init__(
        self, slug: str, what: str, why: str = "", remedy: str = "", *, where: str = "", place: Place | None = None
    ) -> None:
        super().__init__(what)
        self.slug = slug
        """A stable name for scripts (``--json``) and tests."""
        self.what = what
        """What happened, in one sentence."""
        self.why = why
        """Why; empty if there is no more to say."""
        self.remedy = remedy
        """What to do."""
        self.where = where
        """The place to correct, in words; empty if it is unknown, or named by another part."""
        self.place = place
        """The place to correct, for scripts: a line of a file, or an environment variable."""

    def lines(self) -> list[str]:
        """What happened, why, where, what to do: the parts that are known, one line each."""
        return [part for part in (self.what, self.why, self.where, self.remedy) if part]


class UsageError(MfaTuiError):
    """Bad arguments."""

    exit_status = Exit.USAGE


class ConfigError(MfaTuiError):
    """The files or settings, as they are, do not allow it."""

    exit_status = Exit.USAGE


class FileProblem(ConfigError):
    """A file that cannot be read, parsed or replaced."""


class ProfileProblem(ConfigError):
    """An unknown profile, or one that cannot log in."""


class TargetRefused(ConfigError):
    """The target may not, or should not, be written."""


class AwsRefused(MfaTuiError):
    """AWS answered no."""


class NetworkProblem(MfaTuiError):
    """AWS did not answer, or something else answered in its place."""


class AwsTrouble(NetworkProblem):
    """AWS answered that it failed itself (5xx). As with a lost answer, it may have done what it was asked."""


class KeyringProblem(MfaTuiError):
    """Where secrets are kept is missing, locked, slow or failing: the keyring, the vault, a YubiKey, a command."""


class VaultLocked(KeyringProblem):
    """The vault's passphrase is needed, and there is no terminal to ask for it."""

    exit_status = Exit.NO_TERMINAL


class BrowserProblem(MfaTuiError):
    """There is no browser, or it did not open what it should."""


class WriteProblem(MfaTuiError):
    """The disk or another process prevented a write."""


class NoTerminal(MfaTuiError):
    """Something must be asked, and there is no terminal."""

    exit_status = Exit.NO_TERMINAL


class Cancelled(MfaTuiError):
    """Interrupted by the user."""

    exit_status = Exit.INTERRUPTED

    def __init__(self, what: str = "Cancelled; nothing was changed.") -> None:
        super().__init__("cancelled", what)
