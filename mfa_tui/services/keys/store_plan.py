"""What ``keys store`` will do with a profile's long-term keys, before it is agreed to and done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.keys.copies import copies_beside, variables_with
from mfa_tui.adapters.keys.index import Phase
from mfa_tui.adapters.programs.own_command import credential_process_line
from mfa_tui.core.awsfiles.awsconfig import AwsConfig, text
from mfa_tui.core.awsfiles.document import UnsafeEdit
from mfa_tui.core.keys.profile_edits import (
    UNKNOWN,
    holders,
    runs_own_process,
    secrets_of,
    unmovable,
    users_of_stored,
    with_stored,
)
from mfa_tui.core.keys.removed_lines import ID
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.profiles.role import CHAINED_MAXIMUM
from mfa_tui.core.profiles.target import PROCESS_KEY
from mfa_tui.core.text.display import in_words, quoted, shortened_key
from mfa_tui.errors import ProfileProblem, sentence
from mfa_tui.services.profiles.resolve import check_can_log_in
from mfa_tui.services.sessions.external_credentials import load_stored_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mfa_tui.adapters.keys.index import StoredKey
    from mfa_tui.core.keys.removed_lines import OfProfile
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import AccessKeys
    from mfa_tui.services.operation import Operation


class StorePlan(NamedTuple):
    """What a store will do."""

    files: AwsConfig
    """The AWS files, as they were read."""
    profile: Profile
    """The profile that was named."""
    profiles: tuple[str, ...]
    """All profiles with its key, which are moved together; the named one is first."""
    keys: AccessKeys
    """The key."""
    place: str
    """Where it goes: ``keyring`` or ``vault``."""
    bare: bool
    """Whether the profiles get no ``credential_process``."""
    in_files: bool
    """Whether a file has the key now; otherwise it is stored already."""
    entry: StoredKey | None
    """What the list says of the key; None if it has no entry."""
    long_roles: tuple[str, ...]
    """Roles of these profiles for more than an hour, which AWS tools cannot assume with the session of the process."""
    copies: tuple[str, ...]
    """Copies of the secret that stay: paths, and names of variables."""

    without_device: tuple[str, ...]
    """Those of the profiles that name no MFA device."""
    without_secret: tuple[str, ...]
    """Those of the profiles whose MFA device has no stored secret."""

    @property
    def moves(self) -> bool:
        """Whether the key changes its place: out of the files, or from one store to the other."""
        entry = self.entry
        return self.in_files or entry is None or entry.store != self.place or bool(entry.also)

    @property
    def changes(self) -> bool:
        """Whether there is anything to do, be it to finish what was interrupted."""
        return self.moves or self.entry is None or self.entry.phase != Phase.STORED or self.edits

    @property
    def edits(self) -> bool:
        """Whether the AWS files change."""
        return edited_files(self, self.files)[0].documents != self.files.documents


def plan_store(operation: Operation, name: str | None, *, place: str = "", bare: bool = False) -> StorePlan:
    """Find out what a store of the keys of profile *name* would do. *place* is by default that of the settings.

    Raises ProfileProblem (``keys-none``, ``keys-unmovable`` and others), FileProblem, KeyringProblem, WriteProblem.
    """
    context = operation.context
    files, profile = context.resolve(name)
    entries = context.key_store.index.read()
    if profile.kind == Kind.ACCESS_KEYS:
        check_can_log_in(files, profile)
    unmarked = _unmarked_id(entries, profile)
    if profile.kind == Kind.STORED_KEYS:
        keys = load_stored_keys(operation, profile)
    elif profile.kind == Kind.ACCESS_KEYS and profile.keys is not None:
        keys = profile.keys
    elif unmarked:
        profile.kind, profile.base_kind, profile.stored_key_id = Kind.STORED_KEYS, Kind.STORED_KEYS, unmarked
        keys = load_stored_keys(operation, profile)
    else:
        raise problem("keys-none", profile=profile.name, why=_why_none(profile)).as_error(ProfileProblem)
    in_files = holders(files, keys.access_key_id)
    entry = entries.get(keys.access_key_id)
    others = (*in_files, *users_of_stored(files, keys.access_key_id), *_half_moved(files, entry))
    profiles = tuple(dict.fromkeys((profile.name, *others)))
    serials = {each: read_profile(files, each).serial for each in profiles}
    generated = context.seeds.serials()
    plan = StorePlan(
        files,
        profile,
        profiles,
        keys,
        place or (entry.store if entry and not in_files else context.key_store.new_place),
        bare,
        bool(in_files),
        entry,
        _long_roles(files, profiles),
        (*_copies_in_files(operation, keys), *variables_with(context.env, keys)),
        tuple(each for each, serial in serials.items() if serial is None),
        tuple(each for each, serial in serials.items() if serial is not None and serial.text not in generated),
    )
    _check_movable(plan)
    context.files.check_writable(files, lambda aws: edited_files(plan, aws)[0].documents)
    return plan


def edited_files(plan: StorePlan, aws: AwsConfig) -> tuple[AwsConfig, Mapping[str, OfProfile]]:
    """*aws* without the key, and what was taken out, by profile.

    Raises ProfileProblem (``keys-unmovable``).
    """
    known = plan.entry.profiles if plan.entry else {}
    found: dict[str, OfProfile] = {}
    for name in plan.profiles:
        if not aws.in_files(name):
            continue
        process = "" if plan.bare else credential_process_line(name)
        try:
            aws, found[name] = with_stored(aws, name, plan.keys.access_key_id, process, known.get(name, UNKNOWN))
        except UnsafeEdit as error:
            raise unmovable(name, error) from None
    return aws, found


def describe_store(plan: StorePlan) -> list[str]:
    """What a store will change, and what it leaves, in sentences for the user."""
    key, these = shortened_key(plan.keys.access_key_id), "this profile"
    if len(plan.profiles) > 1:
        these = "these profiles"
    the_key, place, entry = f"The key {key} of {_names(plan.profiles)}", plan.place, plan.entry
    if plan.in_files:
        about = [f"{the_key} goes into the {place}, and out of the AWS files."]
    elif entry is not None and entry.store != place:
        about = [f"{the_key} goes from the {entry.store} into the {place}."]
    else:
        then = "Only its profiles in the AWS files change" if plan.edits else "What an earlier run left is finished"
        about = [f"{the_key} is in the {place} already. {then}."]
    if plan.bare:
        about.append(
            f"AWS tools can then no longer use {these}, nor roles with it as source_profile: use what mfa-tui login "
            "saves, or mfa-tui exec."
        )
    else:
        about += _describe_process(plan, these)
    if plan.copies:
        about.append(f"Copies of the secret stay, which mfa-tui does not touch: {in_words(list(plan.copies))}.")
    return about


def _describe_process(plan: StorePlan, these: str) -> list[str]:
    """What becomes of AWS tools that use *these* profiles."""
    about = [f"AWS tools that use {these} get sessions with MFA from mfa-tui (credential_process)."]
    if plan.without_device:
        about.append(
            f"No MFA device is named in {_names(plan.without_device)}: if the user has none, AWS tools cannot use it "
            "any more."
        )
    if plan.without_secret:
        about.append(
            f"No MFA secret is stored for {_names(plan.without_secret)}: AWS tools ask for the code on the terminal, "
            "and fail where there is none, unless you have logged in."
        )
    if plan.long_roles:
        role, it = ("role", "it") if len(plan.long_roles) == 1 else ("roles", "them")
        about.append(
            f"AWS tools will fail with the {role} {_names(plan.long_roles)}, configured for more than an hour: a "
            f"session gets a role for one hour at most. mfa-tui login and exec still get {it}."
        )
    return about


def _names(profiles: Sequence[str]) -> str:
    return in_words([quoted(name) for name in profiles])


def _unmarked_id(entries: Mapping[str, StoredKey], profile: Profile) -> str:
    """The id of a profile's stored key where the config file has no mark of it; empty if there is none.

    A move was interrupted, or the mark was removed by hand.
    """
    if profile.kind not in (Kind.NO_CREDENTIALS, Kind.CREDENTIAL_PROCESS):
        return ""
    ids = [key for key, entry in entries.items() if profile.name in entry.profiles]
    return max(ids, key=lambda key: entries[key].stored, default="")


def _half_moved(files: AwsConfig, entry: StoredKey | None) -> list[str]:
    """The profiles from which an interrupted move has taken the key, before it left a mark."""
    if entry is None or entry.phase == Phase.STORED:
        return []
    ids = {name: text(files.merged(name), ID) for name in entry.profiles if files.in_files(name)}
    return [name for name, key in ids.items() if not key]


def _check_movable(plan: StorePlan) -> None:
    """Make sure that the profiles work without the keys in the files. Raises ProfileProblem (``keys-unmovable``)."""
    files = plan.files
    if len(secrets_of(files, plan.keys.access_key_id)) > 1:
        raise unmovable(
            plan.profiles[0],
            "The files have different secrets for the same access key ID.",
            "Remove the wrong one; mfa-tui doctor shows where they are.",
        )
    for name in plan.profiles:
        values = files.merged(name)
        if "role_arn" in values:
            why = "It is a role that has its own access keys: AWS tools need them in the file."
            raise unmovable(name, why, "Move the role to a profile of its own, with source_profile.")
        other = next((key for key in (PROCESS_KEY, "login_session") if key in files.in_config(name)), "")
        if other and not runs_own_process(files, name) and plan.in_files:
            why = f"The config file has a {other} for it, which AWS tools would use once the keys are gone."
            raise unmovable(name, why, f"Remove the line {other} first.")
    if holders(edited_files(plan, files)[0], plan.keys.access_key_id):
        raise unmovable(
            plan.profiles[0],
            "They are in a section [DEFAULT], which gives them to every profile.",
            "Move them to [default], which is a profile.",
        )


def _why_none(profile: Profile) -> str:
    """Why a profile has no keys that could be moved."""
    if profile.base != profile.name:
        return f"It uses those of {quoted(profile.base)}."
    if profile.problem:
        return sentence(profile.problem)
    if profile.roles:
        return "It is a role with access keys of its own, which AWS tools need in the file."
    return "No file has access keys for it."


def _long_roles(aws: AwsConfig, profiles: Sequence[str]) -> tuple[str, ...]:
    """The roles of more than an hour that are assumed with the keys of *profiles*."""
    found = []
    for name in aws.names:
        if text(aws.merged(name), "role_arn"):
            role = read_profile(aws, name)
            if role.base in profiles and len(role.roles) == 1 and role.roles[0].duration > CHAINED_MAXIMUM:
                found.append(name)
    return tuple(found)


def _copies_in_files(operation: Operation, keys: AccessKeys) -> list[str]:
    files = operation.context.files
    own = {path for each in (files.config_path, files.credentials_path) for path in (each, os.path.realpath(each))}
    return copies_beside([os.path.dirname(path) for path in sorted(own)], own, keys)
