"""Importing a long-term key into a profile: stored, read back, and only then named in the AWS files."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.keys.index import Phase, StoredKey
from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.adapters.programs.own_command import credential_process_line
from mfa_tui.adapters.seeds.store import KEYRING
from mfa_tui.core.awsfiles.awsconfig import DEFAULT, STORED_KEY, AwsConfig, text
from mfa_tui.core.awsfiles.document import UnsafeEdit
from mfa_tui.core.awsfiles.section_headers import config_header, credentials_header
from mfa_tui.core.keys.profile_edits import unmovable, with_restored, with_stored, without_mark
from mfa_tui.core.keys.removed_lines import ID, SECRET
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.errors import KeyringProblem, MfaTuiError, WriteProblem
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.keys.list_keys import CREDENTIALS
from mfa_tui.services.keys.other_store import vault_suggested

if TYPE_CHECKING:
    from mfa_tui.core.keys.removed_lines import OfProfile
    from mfa_tui.services.keys.import_plan import ImportPlan, ImportTarget
    from mfa_tui.services.operation import Operation

_IMPORT = "mfa-tui keys import PROFILE"


@recorded(
    lambda operation, plan: (operation.context, Action("key-import", plan.target.name)),
    lambda _: "Imported an access key.",
)
def import_keys(operation: Operation, plan: ImportPlan) -> None:
    """Do what *plan* says.

    Raises KeyringProblem, ProfileProblem (``keys-unmovable``), FileProblem, WriteProblem (``keys-not-imported`` and
    others), Cancelled.
    """
    context, keys, name = operation.context, plan.keys, plan.target.name
    context.files.check_writable(plan.target.files, lambda aws: _edited(plan, aws)[0].documents, room=400)
    if plan.place != CREDENTIALS:
        with vault_suggested(plan.place, name, _IMPORT):
            _store(operation, plan)
    operation.progress("writing", "Writing the AWS files")
    cancel = operation.cancel
    cancel.run_uninterrupted(
        lambda: context.files.edit(lambda aws: _edited(plan, aws)[0].documents, cancelled=cancel.cancelled)
    )
    profile = read_profile(context.files.load(), name)
    if profile.access_key_id != keys.access_key_id:
        raise problem("keys-not-imported", profile=name).as_error(WriteProblem)
    if plan.place != CREDENTIALS:
        entry = context.key_store.index.read()[keys.access_key_id]
        context.key_store.index.update(keys.access_key_id, entry._replace(phase=Phase.STORED))
    _learn_date(operation, plan)


def check_keyring(operation: Operation, target: ImportTarget, place: str) -> None:
    """Make sure that a key can be stored at *place*, by default as the settings say, before the user types it.

    Only the keyring is tried: a vault asks for its passphrase, and the file is there. Raises KeyringProblem, Cancelled.
    """
    store = operation.context.key_store
    if (place := place or store.new_place) == KEYRING:
        with vault_suggested(place, target.name, _IMPORT):
            store.check_storage(place, operation.cancel)


def _store(operation: Operation, plan: ImportPlan) -> None:
    """Store the key, and read it back. The list says first that it may be there."""
    store, keys = operation.context.key_store, plan.keys
    operation.progress("keyring", f"Storing the key in the {plan.place}")
    before = store.index.read().get(keys.access_key_id)
    profiles = {**(before.profiles if before else {}), plan.target.name: _edited(plan, plan.target.files)[1]}
    now = format_utc(int(operation.context.clock.now()))
    store.index.update(keys.access_key_id, StoredKey(plan.place, Phase.STORING, now, profiles))
    try:
        store.put(keys, plan.place, operation.cancel)
        found = store.load(keys.access_key_id, operation.cancel)
        if found is None or found.secret_access_key != keys.secret_access_key:
            raise problem("key-store-unreadable", place_name=plan.place).as_error(KeyringProblem)
    except MfaTuiError:
        with contextlib.suppress(MfaTuiError):
            store.index.update(keys.access_key_id, before)
        raise


def _edited(plan: ImportPlan, aws: AwsConfig) -> tuple[AwsConfig, OfProfile]:
    """*aws* with the key in the profile, and what of an older key was taken out.

    Raises ProfileProblem (``keys-unmovable``).
    """
    try:
        aws = _with_profile(plan, aws)
        return _with_keys(plan, aws) if plan.place == CREDENTIALS else _with_mark(plan, aws)
    except UnsafeEdit as error:
        raise unmovable(plan.target.name, error) from None


def _with_profile(plan: ImportPlan, aws: AwsConfig) -> AwsConfig:
    """*aws* with the region that the user named, if the profile has none: a new one gets a section for it."""
    name, profile = plan.target.name, plan.target.profile
    if not plan.region or (profile is not None and profile.region):
        return aws
    section, values = aws.config.section_of(name), {"region": plan.region}
    if section is None:
        config = aws.config.with_section(config_header(name), list(values.items()))
    elif text(aws.in_config(name), "region"):
        return aws
    else:
        config = aws.config.with_values(section, values)
    return aws.with_documents(config, aws.credentials)


def _with_mark(plan: ImportPlan, aws: AwsConfig) -> tuple[AwsConfig, OfProfile]:
    """*aws* with the id of the stored key in the profile, and our credential process."""
    name, process, about = plan.target.name, credential_process_line(plan.target.name), plan.before
    for old in dict.fromkeys((text(aws.in_credentials(name), ID), text(aws.in_config(name), ID))):
        if old:
            aws, about = with_stored(aws, name, old, process, about)
    return with_stored(aws, name, plan.keys.access_key_id, process, about)


def _with_keys(plan: ImportPlan, aws: AwsConfig) -> tuple[AwsConfig, OfProfile]:
    """*aws* with the key itself in the credentials file, or where the profile has its key now."""
    name, keys = plan.target.name, plan.keys
    values = {ID: keys.access_key_id, SECRET: keys.secret_access_key.reveal()}
    if text(aws.in_config(name), STORED_KEY):
        if not text(aws.in_credentials(name), ID):
            aws = with_restored(aws, name, keys, plan.before)
        aws = without_mark(aws, name, plan.before)
    config, credentials = aws.config, aws.credentials
    section = credentials.section_of(name)
    in_config = config.section_of(name)
    if in_config is not None and text(aws.in_config(name), ID):
        config = config.with_values(in_config, values)
    if section is not None:
        credentials = credentials.with_values(section, values)
    elif not text(aws.in_config(name), ID):
        credentials = credentials.with_section(credentials_header(name), list(values.items()))
    return aws.with_documents(config, credentials), plan.before


def _learn_date(operation: Operation, plan: ImportPlan) -> None:
    """Ask AWS when the key was created, for its age; a policy may deny that."""
    context, user = operation.context, plan.identity.user
    if not user:
        return
    profile = plan.target.profile
    caller = Caller(plan.target.name if profile else DEFAULT, plan.keys, profile.region if profile else plan.region)
    with contextlib.suppress(AwsError, AwsUnreachable, MfaTuiError):
        found = context.iam.list_access_keys(caller, user, operation.cancel)
        KeyDates(context.paths).remember({key.access_key_id: key.created_at for key in found})
