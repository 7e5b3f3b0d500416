"""Checks of stored long-term keys: what the files say of them, and moves that were interrupted. Opens no store."""

from __future__ import annotations

from mfa_tui.adapters.keys.index import Phase
from mfa_tui.adapters.secretstores.keyring import KeyringStore
from mfa_tui.adapters.seeds.store import KEYRING
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.awsfiles.awsconfig import STORED_KEY, text
from mfa_tui.core.keys.profile_edits import holders, runs_own_process, users_of_key
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.problems.finding import from_error
from mfa_tui.core.problems.place import place_of
from mfa_tui.core.profiles.target import PROCESS_KEY
from mfa_tui.core.text.display import shell_command, shortened_key
from mfa_tui.errors import FileProblem, KeyringProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.adapters.keys.rotation_journal import Rotation
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.services.context import Context

_TIMEOUT = 5.0
"""Seconds that the keyring may take to say whether it can be used."""
_ONCE_IT_RESPONDS = "Finish it once the keyring responds"
_UNFINISHED = {
    Phase.STORING: (
        "It is stored, and may still be in the AWS files and in mfa-tui's backups of them.",
        "mfa-tui keys store PROFILE",
    ),
    Phase.RESTORING: ("It may be both stored and in the AWS files.", "mfa-tui keys restore PROFILE"),
}


def check_keys(context: Context, aws: AwsConfig, names: frozenset[str]) -> Iterator[Finding]:
    """Check the stored keys of the profiles *names*."""
    for name in aws.names:
        own = aws.in_config(name)
        if STORED_KEY not in own or name not in names or not text(own, STORED_KEY):
            continue
        for values, path in ((aws.in_credentials(name), aws.paths[1]), (own, aws.paths[0])):
            if text(values, "aws_access_key_id"):
                place = place_of(aws, name, "aws_access_key_id")
                yield problem("key-stored-and-in-file", profile=name, place=place, path=path)
                break
        if PROCESS_KEY in own and not runs_own_process(aws, name):
            yield problem("key-process-changed", profile=name, place=place_of(aws, name, PROCESS_KEY))
    yield from _check_rotations(context, aws, names)
    yield from _check_ages(context, aws, names)
    yield from _check_moves(context, aws, names)


def _check_moves(context: Context, aws: AwsConfig, names: frozenset[str]) -> Iterator[Finding]:
    """Check that every move of a key of the profiles *names* was finished."""
    try:
        entries = context.key_store.index.read()
    except KeyringProblem as error:
        yield from_error(error)
        return
    for key, entry in entries.items():
        name = next((each for each in entry.profiles if each in names), "")
        if name and entry.phase in _UNFINISHED:
            why, command = _UNFINISHED[entry.phase]
            finish = "Finish it"
            if KEYRING in (entry.store, entry.also) and _keyring_fails(context):
                if entry.phase == Phase.STORING and holders(aws, key):
                    command = f"{command} --to vault"
                else:
                    finish = _ONCE_IT_RESPONDS
            remedy = f"{finish}: {shell_command(name, command)}"
            shortened = shortened_key(key)
            yield problem("key-move-unfinished", profile=name, shortened=shortened, why=why, remedy=remedy)


def _keyring_fails(context: Context) -> bool:
    return KeyringStore(context.env, lambda _: None, timeout=_TIMEOUT).problem(CancelScope()) is not None


def _check_rotations(context: Context, aws: AwsConfig, names: frozenset[str]) -> Iterator[Finding]:
    """Check that every rotation of a key of the profiles *names* was finished."""
    from mfa_tui.adapters.keys.rotation_journal import RotationJournal

    try:
        rotations = RotationJournal(context.paths).entries()
    except FileProblem as error:
        yield from_error(error)
        return
    for rotation in rotations:
        keys = (rotation.old_key_id, rotation.new_key_id)
        users = {name for key in keys if key for name in users_of_key(aws, key)}
        name = next((each for each in aws.names if each in users and each in names), "")
        if rotation.unfinished and name:
            shortened = shortened_key(rotation.old_key_id)
            remedy = "Finish it: mfa-tui keys rotate PROFILE"
            if _rotates_in_keyring(context, aws, name, rotation) and _keyring_fails(context):
                remedy = (
                    f"{_ONCE_IT_RESPONDS}: mfa-tui keys rotate PROFILE; or use another key: "
                    f"mfa-tui keys import PROFILE --to vault"
                )
            yield problem("rotation-unfinished", profile=name, shortened=shortened, remedy=shell_command(name, remedy))


def _rotates_in_keyring(context: Context, aws: AwsConfig, name: str, rotation: Rotation) -> bool:
    """Whether finishing the *rotation* of the key of profile *name* needs a key that is in the keyring."""
    from mfa_tui.adapters.keys.rotation_journal import Phase as Done

    if rotation.phase == Done.CREATING and rotation.place == KEYRING:
        return True
    needed = [aws.stored_key_id(name)]
    if rotation.phase in (Done.STORED, Done.PROVEN):
        needed.append(rotation.new_key_id)
    return KEYRING in [context.key_store.places().get(key) for key in needed if key]


def _check_ages(context: Context, aws: AwsConfig, names: frozenset[str]) -> Iterator[Finding]:
    """Check how old the keys of the profiles *names* are, as far as is known without asking AWS."""
    from mfa_tui.adapters.keys.key_dates import KeyDates
    from mfa_tui.core.keys.key_age import age_in_days

    limit, now = context.settings.key_age_days, context.clock.aws_now()
    for key, created_at in KeyDates(context.paths).read().items():
        days = age_in_days(created_at, now)
        if days < limit:
            continue
        name = next((each for each in users_of_key(aws, key) if each in names), "")
        if name:
            yield problem("key-old", profile=name, shortened=shortened_key(key), days=days, limit=limit)
