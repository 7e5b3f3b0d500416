"""Profiles: the kind of each, its source chain, its MFA serial, and whether it can log in.

No AWS call is made and no credential process is run.
"""

from __future__ import annotations

from mfa_tui.core.aws.iam_arn import iam_parts
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.awsfiles.awsconfig import AwsConfig, has_long_term_keys, text
from mfa_tui.core.profiles.kind import Kind, kind_of, section_with_keys, wants_role
from mfa_tui.core.profiles.role import CHAINED_MAXIMUM, Role, parse_role
from mfa_tui.core.profiles.source_profile import effective_source, in_environment, scope_of_source
from mfa_tui.core.profiles.usual_settings import has_usual_keys, has_usual_region, has_usual_role
from mfa_tui.core.sessions.credential_process import profile_of_command_line
from mfa_tui.core.text.display import shell_command
from mfa_tui.models import AccessKeys, Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import Values


_OWN_PROCESS = "it asks mfa-tui for the credentials of {0!r}: log in to that"
_OBSTACLES = {
    Kind.SSO: "it signs in through IAM Identity Center: run aws sso login --profile PROFILE",
    Kind.CREDENTIAL_PROCESS: "its credentials come from its own credential process; with mfa_serial it can log in",
    Kind.WEB_IDENTITY: "its credentials come from a web identity token",
    Kind.AWS_LOGIN: "it signs in with aws login: run aws login --profile PROFILE",
    Kind.SESSION: "it holds temporary credentials; sessions are made from long-term keys only",
    Kind.AWS_CLI_SESSION: "it holds a session that aws configure mfa-login wrote",
    Kind.NO_CREDENTIALS: "it has no credentials",
}


class Profile:
    """One profile of the AWS files: where its credentials come from, and whether it can log in."""

    __slots__ = (
        "_keys",
        "_section",
        "account",
        "base_kind",
        "chain",
        "kind",
        "name",
        "problem",
        "region",
        "roles",
        "serial",
        "source",
        "source_fingerprint",
        "stored_key_id",
        "usual",
    )

    def __init__(self, name: str, kind: str, problem: str = "") -> None:
        self.name = name
        self.kind = kind
        """One of :class:`Kind`."""
        self.problem = problem
        """Why it cannot log in, in words that fit behind its name; empty if it can."""
        self.base_kind = kind
        """The kind of the base, the profile at the end of the chain."""
        self.source_fingerprint = ""
        """Identifies credentials that are not in the files by where they come from; empty if ``keys`` has them."""
        self.stored_key_id = ""
        """The id of the base's long-term access keys, if they are in the keyring or the vault; else empty."""
        self._keys: AccessKeys | None = None
        self._section: Values | None = None
        """Where the keys are in the files; they are read when they are asked for."""
        self.serial: MfaSerial | None = None
        """Its MFA serial, or that of the nearest source that has one."""
        self.chain: tuple[str, ...] = (name,)
        """The profiles from this one, through each ``source_profile``, to the base."""
        self.roles: tuple[Role, ...] = ()
        """The roles to assume, in order; the first is assumed with the base's session."""
        self.source = ""
        """Its ``source_profile``, or the profile whose session it holds; empty if it has neither."""
        self.account = ""
        """The AWS account id; empty where the files do not say."""
        self.region = ""
        """Its ``region``; empty if it has none."""
        self.usual = False
        """Whether its settings and its source's certainly have no problem; if False, nothing is known."""

    @property
    def keys(self) -> AccessKeys | None:
        """The base's long-term access keys; None if they are not in the files, or something else gives its credentials.

        A credential process may give long-term keys too, but that is known only after it has run.
        """
        if self._keys is None and self._section is not None:
            secret = Secret(text(self._section, "aws_secret_access_key"))
            self._keys = AccessKeys(text(self._section, "aws_access_key_id"), secret)
        return self._keys

    @keys.setter
    def keys(self, keys: AccessKeys | None) -> None:
        self._keys, self._section = keys, None

    def use_keys_of(self, section: Values) -> None:
        """Take the keys from a section of the files that has both."""
        self._keys, self._section = None, section

    @property
    def base(self) -> str:
        """The profile at the end of the chain, which has the credentials: itself, or the last of its sources."""
        return self.chain[-1]

    @property
    def access_key_id(self) -> str:
        """The id of the base's long-term access keys, in the files or stored; empty where it is not known."""
        if self._section is not None:
            return text(self._section, "aws_access_key_id")
        return self._keys.access_key_id if self._keys else self.stored_key_id

    @property
    def partition(self) -> str:
        """The partition of its session, as the ARN of its role or of its MFA device says; empty if it has neither."""
        if self.roles:
            return self.roles[-1].partition
        return self.serial.partition if self.serial else ""

    @property
    def credential_id(self) -> str:
        """Identifies the base's credentials: the access key ID, or else where they come from."""
        return self.access_key_id or f"{self.base_kind} {self.base} {self.source_fingerprint}".strip()

    @property
    def has_user(self) -> bool:
        """Whether its credentials come from an IAM user's access keys, or may do so."""
        return bool(self.access_key_id) or self.base_kind == Kind.CREDENTIAL_PROCESS

    @property
    def takes_codes(self) -> bool:
        """Whether its sessions are made with codes. A role with keys from a credential process needs an MFA serial."""
        return bool(self.access_key_id) or (self.has_user and (not self.roles or self.serial is not None))

    @property
    def needs_direct_assume(self) -> bool:
        """Whether its role needs long-term keys and a code, because its session is too long for role chaining."""
        return self.takes_codes and len(self.roles) == 1 and self.roles[0].duration > CHAINED_MAXIMUM

    @property
    def can_log_in(self) -> bool:
        """Whether login can make a session from it."""
        return not self.problem

    def with_problem(self, problem: str) -> Profile:
        """The same, with another reason why it cannot log in."""
        other = Profile(self.name, self.kind, problem)
        for field in Profile.__slots__:
            if field != "problem":
                setattr(other, field, getattr(self, field))
        return other

    def __repr__(self) -> str:
        return f"Profile({self.name!r}, {self.kind!r})"


def read_profile(aws: AwsConfig, name: str) -> Profile:
    """The profile *name* of *aws*, read once. For an unknown name it is a broken profile whose problem says so."""
    known = aws.memo.get(name)
    if isinstance(known, Profile):
        return known
    config, own = aws.sections_of(name)
    if has_usual_keys(config, own):
        profile = _with_usual_keys(aws, name, config, own)
    elif ("role_arn" in config or "role_arn" in own) and (base := _usual_base(aws, config, own)) is not None:
        profile = _with_usual_role(aws, name, {**config, **own}, base)
    elif name in aws:
        profile = _read(aws, name)
    else:
        profile = Profile(name, Kind.BROKEN, f"there is no profile {name!r}")
    aws.memo[name] = profile
    return profile


def _with_usual_keys(aws: AwsConfig, name: str, config: Values, own: Values) -> Profile:
    """What ``_read`` says of a profile that ``has_usual_keys``, as most of thousands have, in far fewer steps."""
    profile = Profile(name, Kind.ACCESS_KEYS)
    profile.use_keys_of(own)
    region = own["region"] if "region" in own else config.get("region")
    profile.usual = has_usual_region(aws, region)
    if isinstance(region, str):
        profile.region = region.strip()
    serial = text(own if "mfa_serial" in own else config, "mfa_serial")
    if not serial:
        serial = text(own if "aws_mfa_device" in own else config, "aws_mfa_device")
    if serial:
        profile.serial = MfaSerial(serial)
        profile.account = profile.serial.account
    return profile


def _usual_base(aws: AwsConfig, config: Values, own: Values) -> Profile | None:
    """The source of a usual role, if it has usual keys itself, and no session that is not its own; else None."""
    if not has_usual_role(aws, config, own):
        return None
    source = text(own if "source_profile" in own else config, "source_profile")
    if source not in aws.usual_bases:
        # So it has no role of its own, which might name this one.
        usual = has_usual_keys(*aws.sections_of(source))
        aws.usual_bases[source] = usual and not aws.source_of_target(source) and not aws.scope_of_target(source)
    return read_profile(aws, source) if aws.usual_bases[source] else None


def _with_usual_role(aws: AwsConfig, name: str, values: Values, base: Profile) -> Profile:
    """What ``_read`` says of a profile with a usual role, whose source *base* has usual keys, in far fewer steps."""
    profile = Profile(name, Kind.ROLE)
    profile.source, profile.chain, profile.base_kind = base.name, (name, base.name), Kind.ACCESS_KEYS
    profile.use_keys_of(aws.in_credentials(base.name))
    role = parse_role(name, values)
    profile.roles = (role,)
    profile.account = role.account
    profile.region = text(values, "region")
    profile.usual = base.usual and has_usual_region(aws, values.get("region"))
    serial = _own_serial(values)
    profile.serial = MfaSerial(serial) if serial else base.serial
    return profile


def _read(aws: AwsConfig, name: str) -> Profile:
    values = aws.merged(name)
    kind = kind_of(aws, name, values)
    profile = Profile(name, kind, _login_obstacle(kind, name) if kind in _OBSTACLES else "")
    profile.region = text(values, "region")
    if kind == Kind.ACCESS_KEYS:
        _set_keys(profile, section_with_keys(aws, name))
    elif kind in (Kind.MFA_TUI_SESSION, Kind.AWS_MFA_SESSION):
        profile.source = aws.source_of_target(name) or ""
        profile.problem = f"it holds a session: log in to {profile.source!r}"
    elif kind == Kind.CREDENTIAL_PROCESS:
        profile.source = profile_of_command_line(text(values, "credential_process"))
        profile.source_fingerprint = aws.credentials_fingerprint(values)
        if profile.source:
            # It runs mfa-tui, which must not call itself.
            profile.problem, profile.base_kind = _OWN_PROCESS.format(profile.source), Kind.MFA_TUI_SESSION
        elif _own_serial(values):
            profile.problem = ""
    elif kind == Kind.STORED_KEYS:
        profile.stored_key_id = aws.stored_key_id(name)
    elif kind == Kind.ENVIRONMENT:
        profile.keys = aws.environment
    elif kind == Kind.ROLE:
        _follow_chain(aws, profile, values)
    serial = _own_serial(values)
    if not serial and len(profile.chain) > 1:
        serial = next(filter(None, (_own_serial(aws.merged(link)) for link in profile.chain[1:])), "")
    profile.serial = MfaSerial(serial) if serial else None
    profile.account = _account(values, profile.serial)
    return profile


def _login_obstacle(kind: str, name: str) -> str:
    """Why profiles of a kind cannot log in, with the command to use instead."""
    problem = _OBSTACLES[kind]
    return shell_command(name, problem) if "PROFILE" in problem else problem


def _set_keys(profile: Profile, values: Values) -> None:
    secret = text(values, "aws_secret_access_key")
    if not secret:
        profile.kind, profile.problem = Kind.BROKEN, "aws_secret_access_key is missing"
        return
    profile.use_keys_of(values)


def _follow_chain(aws: AwsConfig, profile: Profile, values: Values) -> None:
    """Follow ``source_profile`` to the profile that has its own credentials, as botocore's AssumeRoleProvider does.

    A source that holds one of our sessions, or calls our credential process, means the source of that session.
    """
    profile.source = text(values, "source_profile")
    chain = [profile.name]
    roles: list[Role] = []
    current: Values = values
    while wants_role(current) and (len(chain) == 1 or not has_long_term_keys(current)):
        try:
            roles.insert(0, parse_role(chain[-1], current))
        except ValueError as error:
            _mark_broken(profile, str(error) if len(chain) == 1 else f"source {chain[-1]!r}: {error}")
            break
        named = text(current, "source_profile")
        source = effective_source(aws, named)
        if not source:
            given = text(current, "credential_source")
            if in_environment(aws, current):
                break
            if given:
                profile.kind, profile.problem = Kind.CREDENTIAL_SOURCE, f"its credentials come from {given}"
            else:
                missing = "source_profile is missing"
                _mark_broken(profile, missing if len(chain) == 1 else f"source {chain[-1]!r}: {missing}")
            break
        if source not in aws or (scope := scope_of_source(aws, named)):
            # With a scope, mfa-tui would assume the role with more permissions than the source has.
            limited = f"{named!r} is limited to the scope {scope}: name {source!r} instead" if source in aws else ""
            _mark_broken(profile, f"source {limited or repr(source) + ' is missing'}")
            break
        following = aws.merged(source)
        itself = source == chain[-1] and named == source and has_long_term_keys(following)
        if source in chain and not itself:
            _mark_broken(profile, "its sources form a loop: " + " → ".join([*chain, source]))
            break
        if itself:
            break
        chain.append(source)
        current = following
    profile.chain = tuple(chain)
    profile.roles = tuple(roles)
    if profile.kind == Kind.ROLE:
        _resolve_base(aws, profile)


def _resolve_base(aws: AwsConfig, profile: Profile) -> None:
    """Set the base's credentials of a role's chain, and the problem if the chain cannot work."""
    for role in profile.roles[:-1]:
        # A role before the last one is always assumed with temporary credentials.
        role.duration = min(role.duration, CHAINED_MAXIMUM)
    if len(profile.roles) > 1:
        profile.kind = Kind.ROLE_CHAIN
    values = aws.merged(profile.base)
    base = Profile(profile.base, _base_kind(aws, profile, values))
    if base.kind == Kind.ACCESS_KEYS:
        _set_keys(base, section_with_keys(aws, profile.base))
    elif base.kind == Kind.STORED_KEYS:
        profile.stored_key_id = aws.stored_key_id(profile.base)
    elif base.kind == Kind.ENVIRONMENT:
        base.keys = aws.environment
    profile.base_kind, profile.keys = base.kind, base.keys
    profile.source_fingerprint = "" if profile.access_key_id else aws.credentials_fingerprint(values)
    if base.kind == Kind.NO_CREDENTIALS:
        _mark_broken(profile, f"source {profile.base!r} has no credentials")
    elif base.problem:
        _mark_broken(profile, f"source {profile.base!r}: {base.problem}")
    elif profile.kind == Kind.ROLE_CHAIN and profile.roles[-1].duration > CHAINED_MAXIMUM:
        _mark_broken(profile, f"duration_seconds is over {CHAINED_MAXIMUM}, the most that role chaining allows")


def _base_kind(aws: AwsConfig, profile: Profile, values: Values) -> str:
    """The kind of the base; a profile that is its own source has keys as well as a role."""
    if wants_role(values) and in_environment(aws, values):
        return Kind.ENVIRONMENT
    if wants_role(values):
        values = {key: value for key, value in values.items() if key != "role_arn"}
    return kind_of(aws, profile.base, values)


def _mark_broken(profile: Profile, problem: str) -> None:
    profile.kind, profile.problem = Kind.BROKEN, problem


def _own_serial(values: Values) -> str:
    return text(values, "mfa_serial") or text(values, "aws_mfa_device")


def _account(values: Values, serial: MfaSerial | None) -> str:
    if "role_arn" in values and (parts := iam_parts(text(values, "role_arn"))) and parts[2].startswith("role/"):
        return parts[1]
    return text(values, "sso_account_id") or (serial.account if serial else "")
