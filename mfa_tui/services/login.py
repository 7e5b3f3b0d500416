"""Login: a session with MFA for a profile, written to the AWS files.

A frozen :class:`LoginRequest` goes in; out comes :class:`Done`, or what is missing: :class:`NeedsCode`,
:class:`NeedsSerial`, :class:`NeedsConsent`. Whoever has a screen gets the answer and calls again with
``dataclasses.replace(request, …)``, starting from the outcome's own ``request``, which carries what was learned.
Nothing is locked or held between the calls.
"""

from __future__ import annotations

from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING

from mfa_tui.adapters.oserrors import reason
from mfa_tui.core.expiry import checked_duration, describe
from mfa_tui.core.profiles import Kind, Profile, understand
from mfa_tui.core.serial import checked_serial
from mfa_tui.core.targets import check_target, target_name
from mfa_tui.core.totp import checked_code
from mfa_tui.errors import Cancelled, FileProblem, KeyringProblem, ProfileProblem, WriteProblem, sentence
from mfa_tui.services.discovery import find_devices
from mfa_tui.services.names import source_profile
from mfa_tui.services.outcomes import Done, LoginRequest, NeedsCode, NeedsConsent, NeedsSerial, Outcome
from mfa_tui.services.progress import Progress, quiet
from mfa_tui.services.sessions import live_session
from mfa_tui.services.token import TokenMaker
from mfa_tui.services.writing import TargetWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.control import Control
    from mfa_tui.adapters.seeds import StoredSeed
    from mfa_tui.core.awsconfig import AwsConfig
    from mfa_tui.core.serial import MfaSerial
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context


def login(
    context: Context, request: LoginRequest, control: Control, progress: Callable[[Progress], None] = quiet
) -> Outcome:
    """Make or keep a session for a profile and write it to its target.

    All that can be wrong with the request or the files is found before a request is made or a code is used.
    Raises UsageError, ConfigError, AwsRefused, NetworkProblem, WriteProblem, Cancelled.
    """
    if request.duration is not None:
        checked_duration(request.duration)
    code = checked_code(request.code.reveal()) if request.code else None
    aws = context.files.load()
    pattern = context.settings.target_pattern
    profile = able_profile(aws, source_profile(aws, request.profile, context.env, pattern))
    target = request.target or target_name(aws, profile.name, pattern)
    request = replace(request, profile=profile.name, target=target, code=code)
    check_target(aws, profile.name, target)
    serial = _known_serial(profile, request)
    attempt = _Attempt(context, request, profile, control, progress)
    writer = attempt.writer

    found = None if request.renew else attempt.live(serial)
    if found is not None and writer.is_written(aws, found):
        return attempt.done(found, kept=True)
    if foreign := writer.foreign(aws):
        return NeedsConsent(request, profile.name, target, foreign)
    writer.check(aws)
    if found is not None:
        # Made for another target, or the write did not succeed then: no new code is needed.
        writer.write(found, control, progress)
        return attempt.done(found, kept=True)
    return attempt.with_new_session(serial)


def able_profile(aws: AwsConfig, name: str) -> Profile:
    """The profile *name*, if it can log in. Raises ProfileProblem (``profile-kind``, ``profile-broken``)."""
    profile = understand(aws, name)
    if profile.can_log_in:
        return profile
    slug = "profile-broken" if profile.kind == Kind.BROKEN else "profile-kind"
    remedies = {
        Kind.BROKEN: "Correct it in the AWS files; mfa-tui list shows all profiles.",
        Kind.ROLE: f"Log in to its source: mfa-tui login {profile.chain[-1]}",
        Kind.ROLE_CHAIN: f"Log in to its source: mfa-tui login {profile.chain[-1]}",
        Kind.NO_CREDENTIALS: f"Add access keys: aws configure --profile {name}",
    }
    raise ProfileProblem(
        slug,
        f"The profile {name!r} cannot log in with MFA.",
        sentence(profile.problem),
        remedies.get(profile.kind, "Log in to a profile with access keys; mfa-tui list shows all profiles."),
    )


def _known_serial(profile: Profile, request: LoginRequest) -> MfaSerial | None:
    if request.serial:
        return checked_serial(request.serial, "--serial")
    if profile.serial is None:
        return None
    return checked_serial(profile.serial.text, f"the profile {profile.name!r}")


class _Attempt:
    """One call of login: what the steps below share."""

    def __init__(
        self,
        context: Context,
        request: LoginRequest,
        profile: Profile,
        control: Control,
        progress: Callable[[Progress], None],
    ) -> None:
        self.context = context
        self.request = request
        self.profile = profile
        self.writer = TargetWriter(
            context.files,
            profile.name,
            request.target,
            overwrite=request.overwrite,
            save_serial=request.remember_serial,
        )
        self.control = control
        self.progress = progress
        self.notices: list[str] = []

    def live(self, serial: MfaSerial | None) -> Session | None:
        """The cached session that is live, whole; None if there is none, or the keyring does not give it."""
        found = live_session(self.context, self.profile, serial=serial.text if serial else "")
        try:
            return self.context.cache.whole(found, self.control) if found else None
        except KeyringProblem as problem:
            self.notices.append(f"The live session is in the keyring, and could not be had: {problem.what}")
            return None

    def with_new_session(self, serial: MfaSerial | None) -> Outcome:
        """Find the device and the code, ask STS, keep and write the session."""
        maker = TokenMaker(self.context, self.profile, self.control, self.progress, self.notices)
        if serial is None:
            found = self._discovered(maker)
            if isinstance(found, NeedsSerial):
                return found
            serial = found
        duration = self.request.duration or self.context.settings.duration
        unproved = False
        if self.request.code:
            session = maker.with_typed_code(serial, self.request.code, duration)
        else:
            seed = self._seed(serial)
            if isinstance(seed, NeedsCode):
                return seed
            session = maker.with_seed(serial, seed, duration, lambda: None if self.request.renew else self.live(serial))
            unproved = seed.unproved
        kept = self._keep(session)
        try:
            self.writer.write(session, self.control, self.progress)
        except (WriteProblem, FileProblem) as problem:
            if kept:
                problem.remedy = "Mend that and log in again: the session is kept, so no new code is needed."
            raise
        if unproved:
            self._prove(serial)
        return self.done(session, kept=False)

    def _discovered(self, maker: TokenMaker) -> MfaSerial | NeedsSerial:
        """The user's only usable device, or the only one with a stored seed; a question otherwise."""
        self.progress(Progress("discovering", "Asking AWS for the MFA devices"))
        found = find_devices(maker)
        if isinstance(found, str):
            return NeedsSerial(self.request, self.profile.name, why=found)
        usable = [device for device in found if device.serial.usable]
        stored = [device for device in usable if device.serial.text in self.context.seeds.serials()]
        if len(usable) == 1:
            choice = usable[0].serial
        elif len(stored) == 1 and not self.request.code and not self.request.type_code:
            choice = stored[0].serial
        else:
            return NeedsSerial(self.request, self.profile.name, tuple(found), "The user has several MFA devices.")
        self.request = replace(self.request, serial=choice.text)
        return choice

    def _seed(self, serial: MfaSerial) -> StoredSeed | NeedsCode:
        """The stored seed, or the question for a code; a keyring that fails keeps nobody from logging in."""
        if self.request.type_code or serial.text not in self.context.seeds.serials():
            return NeedsCode(self.request, self.profile.name, serial)
        self.progress(Progress("keyring", "Reading the secret from the keyring"))
        try:
            seed = self.context.seeds.load(serial.text, self.control)
        except KeyringProblem as problem:
            return NeedsCode(self.request, self.profile.name, serial, problem.what)
        if seed is None:
            return NeedsCode(self.request, self.profile.name, serial, "The keyring no longer has its secret.")
        return seed

    def _prove(self, serial: MfaSerial) -> None:
        """AWS took a code of the new seed: the one that it replaced goes."""
        try:
            self.context.seeds.proved(serial.text, self.control)
        except (KeyringProblem, Cancelled):
            self.notices.append("The secret that was replaced is still kept beside the new one.")

    def _keep(self, session: Session) -> bool:
        try:
            self.context.cache.store(session, self.control)
        except (OSError, KeyringProblem, Cancelled) as error:
            # Not even a cancelled keyring call loses the session: its code is spent, so it is written all the same.
            why = reason(error) if isinstance(error, OSError) else error.what.rstrip(".")
            self.notices.append(f"The session could not be cached ({why}): the next login needs a code again.")
            return False
        return True

    def done(self, session: Session, *, kept: bool) -> Done:
        """The outcome, with what else the user should know."""
        env = self.context.env
        if env.get("AWS_ACCESS_KEY_ID"):
            self.notices.append("AWS_ACCESS_KEY_ID is set in this shell and outranks every profile: unset it.")
        if self.context.files.open_to_others():
            path = self.context.files.credentials_path
            self.notices.append(f"Others on this machine can read {path}: chmod 600 {quote(path)}")
        if kept and self.request.code:
            self.notices.append("The code was not used: a session is live. --force makes a new one.")
        if kept and self.request.duration:
            left = describe(session.expires_at - self.context.clock.aws_now())
            self.notices.append(f"The live session was kept ({left} left); --force makes one of the new length.")
        in_profile = self.profile.serial is not None and self.profile.serial.text == session.serial
        saved = in_profile or self.request.remember_serial
        return Done(
            self.profile.name,
            self.request.target,
            session,
            kept,
            tuple(self.notices),
            "" if saved or kept else session.serial,
        )


__all__ = ["Done", "LoginRequest", "NeedsCode", "NeedsConsent", "NeedsSerial", "Outcome", "login"]
