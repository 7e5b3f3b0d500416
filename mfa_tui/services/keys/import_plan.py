"""What ``keys import`` will do with a key, before it is agreed to and done: whose key it is, and what it replaces."""

from __future__ import annotations

import codecs
import contextlib
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.filesystem.user_files import read_user_file
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.awsfiles.awsconfig import DEFAULT
from mfa_tui.core.awsfiles.section_headers import config_header, credentials_header
from mfa_tui.core.keys.key_input import read_keys
from mfa_tui.core.keys.profile_edits import UNKNOWN
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.text.display import format_account, quoted, shortened_key
from mfa_tui.errors import AwsRefused, MfaTuiError, ProfileProblem, UsageError, sentence
from mfa_tui.models import Secret
from mfa_tui.services.keys.list_keys import CREDENTIALS
from mfa_tui.services.profiles.resolve import asked_profile
from mfa_tui.services.sessions.external_credentials import get_user_keys
from mfa_tui.services.sessions.identity import ask_identity

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.iam import Identity
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.keys.key_input import PastedKeys
    from mfa_tui.core.keys.removed_lines import OfProfile
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import AccessKeys
    from mfa_tui.services.operation import Operation

LONGEST = 65_536
"""Bytes: no form of a key is longer."""


class ImportTarget(NamedTuple):
    """The profile that gets a key."""

    files: AwsConfig
    """The AWS files, as they were read."""
    name: str
    """Its name."""
    profile: Profile | None
    """The profile; None if it is new."""


class ImportPlan(NamedTuple):
    """What an import will do."""

    target: ImportTarget
    """The profile that gets the key."""
    keys: AccessKeys
    """The key."""
    identity: Identity
    """Whose key it is, as AWS said."""
    place: str
    """Where it goes: ``keyring``, ``vault`` or ``credentials``."""
    region: str
    """The region that the user named, for a profile that has none; empty for none."""
    before: OfProfile
    """How the profile's key was written in the files before it was stored, so that the new one can go there."""

    @property
    def replaces(self) -> str:
        """The id of the key that the profile has now; empty if it has none."""
        return self.target.profile.access_key_id if self.target.profile else ""

    @property
    def where(self) -> str:
        """Where it goes, in words."""
        return "the credentials file" if self.place == CREDENTIALS else f"the {self.place}"


def read_key_file(path: str) -> PastedKeys:
    """Read the key in a file. Raises FileProblem, and UsageError as :func:`read_keys`."""
    content = read_user_file(path, LONGEST)
    # In PowerShell, > writes UTF-16.
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    return read_keys(Secret(content.decode(encoding, errors="replace")))


def import_target(operation: Operation, name: str | None) -> ImportTarget:
    """The profile *name*, which may be new. Without a name it is the shell's, else ``default``.

    Raises ProfileProblem (``keys-import-kind``), UsageError (``keys-import-name``), FileProblem.
    """
    context = operation.context
    wanted = asked_profile(name, context.env)
    try:
        files, profile = context.resolve(wanted)
    except ProfileProblem as unknown:
        if unknown.slug != "profile-unknown":
            raise
        files = context.files.load()
        try:
            config_header(wanted)
            credentials_header(wanted)
        except ValueError as error:
            raise problem("keys-import-name", name=quoted(wanted), why=sentence(str(error))).as_error(
                UsageError
            ) from None
        return ImportTarget(files, wanted, None)
    if profile.kind not in (Kind.ACCESS_KEYS, Kind.STORED_KEYS, Kind.NO_CREDENTIALS):
        why = sentence(profile.problem) if profile.problem else f"Its credentials are of another kind: {profile.kind}."
        raise problem("keys-import-kind", profile=profile.name, why=why).as_error(ProfileProblem)
    return ImportTarget(files, profile.name, profile)


def plan_import(operation: Operation, target: ImportTarget, keys: AccessKeys, *, place: str, region: str) -> ImportPlan:
    """Ask AWS whose *keys* they are, and compare the account with the profile's.

    *place* is where they go, by default as the settings say.
    Raises ProfileProblem (``keys-other-account``), AwsRefused (``key-unknown``, ``secret-wrong`` and others),
    NetworkProblem, Cancelled.
    """
    context, profile = operation.context, target.profile
    operation.progress("asking", "Asking AWS whose key it is")
    caller = Caller(target.name if profile else DEFAULT, keys, profile.region if profile else region)
    identity = ask_owner(operation, caller, target.name)
    expected = _account_of(operation, target)
    if expected and expected != identity.account:
        raise problem(
            "keys-other-account",
            profile=target.name,
            account=format_account(identity.account),
            expected=format_account(expected),
        ).as_error(ProfileProblem)
    present = context.key_store.index.read().get(profile.access_key_id) if profile else None
    before = present.profiles.get(target.name, UNKNOWN) if present else UNKNOWN
    return ImportPlan(target, keys, identity, place or context.key_store.new_place, region, before)


def ask_owner(operation: Operation, caller: Caller, profile: str) -> Identity:
    """Ask AWS whose keys *caller* has, which are in no file yet; *profile* is the one to name in errors.

    Raises AwsRefused (``key-unknown``, ``secret-wrong`` and others), NetworkProblem, Cancelled.
    """
    try:
        return ask_identity(operation, caller, profile=profile)
    except AwsRefused as refused:
        raise _refused(refused, caller.keys.access_key_id) from None


def describe_import(plan: ImportPlan) -> list[str]:
    """What an import will do, in sentences for the user."""
    name, identity = quoted(plan.target.name), plan.identity
    owner = identity.user or "the root user"
    key, account = shortened_key(plan.keys.access_key_id), format_account(identity.account)
    about = [f"The key {key} of {owner}, account {account}, goes into {plan.where}."]
    if not identity.user:
        about.append("Nobody should use access keys of the root user: delete them in the console.")
    if plan.target.profile is None:
        about.append(f"The profile {name} is created{f', with the region {plan.region}' if plan.region else ''}.")
    elif plan.region not in ("", plan.target.profile.region):
        kept = plan.target.profile.region
        about.append(f"Its region stays {kept}." if kept else f"It gets the region {plan.region}.")
    if plan.replaces not in ("", plan.keys.access_key_id):
        old = shortened_key(plan.replaces)
        in_file = plan.target.profile is not None and plan.target.profile.kind == Kind.ACCESS_KEYS
        lost = " Its secret is gone from the file then." if in_file else ""
        about.append(f"It takes the place of the key {old} of {name}, which stays active at AWS.{lost}")
    if plan.place == CREDENTIALS:
        about.append("Everybody who can read that file can use the key.")
    return about


def _refused(refused: AwsRefused, access_key_id: str) -> AwsRefused:
    """The error for keys that AWS refuses: they are in no file that could be corrected."""
    name = {AwsErrorKind.KEY: "keys-import-unknown", AwsErrorKind.SECRET: "keys-import-secret"}.get(refused.slug)
    return problem(name, shortened=shortened_key(access_key_id)).as_error(AwsRefused) if name else refused


def _account_of(operation: Operation, target: ImportTarget) -> str:
    """The account of a profile: as its MFA serial says, else as AWS says of its present key; empty if unknown."""
    profile, context = target.profile, operation.context
    if profile is None or profile.account or not profile.access_key_id:
        return profile.account if profile else ""
    # The present key may be deleted, or lost: a reason for an import.
    with contextlib.suppress(MfaTuiError, AwsError, AwsUnreachable):
        present = get_user_keys(operation, target.files, profile)
        caller = Caller(target.name, present, profile.region)
        return context.iam.get_identity(caller, operation.cancel).account
    return ""
