"""What in the files keeps a profile from logging in: the one answer for login, list, doctor and the interface.

:func:`read_profile` follows the chain to the credentials. Here each value in that chain is checked; each problem gets
its place and its remedy.
"""

from __future__ import annotations

from mfa_tui.core.aws.mfa_serial import resource_of
from mfa_tui.core.awsfiles.awsconfig import SERIAL_KEYS, has_long_term_keys, text
from mfa_tui.core.problems.place import continuation, place_of, variable
from mfa_tui.core.profiles.kind import ROLES, SESSIONS, Kind
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.profiles.usual_settings import has_usual_settings
from mfa_tui.core.profiles.value_checks import CODES, bad_value
from mfa_tui.core.shells.variables import REGIONS
from mfa_tui.core.text.display import quoted, sanitize, shell_command, shortened_key, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig, Values
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.core.problems.place import Place
    from mfa_tui.core.profiles.profile import Profile

_ROLE_KEYS = ("role_arn", "external_id", "role_session_name", "duration_seconds")
_CREDENTIAL_KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
_SOURCES = ("Environment", "Ec2InstanceMetadata", "EcsContainer")
"""The values of ``credential_source``, spelled as botocore wants them."""
_OTHER_KINDS = frozenset(
    {Kind.SSO, Kind.WEB_IDENTITY, Kind.AWS_LOGIN, Kind.CREDENTIAL_PROCESS, *SESSIONS} - {Kind.SESSION}
)
"""Kinds whose credentials come from elsewhere, whatever is wrong with their settings; doctor checks these."""
_USUAL_KINDS = frozenset({Kind.ACCESS_KEYS, *ROLES})
"""Kinds of which only the settings can be wrong."""
_COMPARED = 200
"""The largest number of names that a misspelled one is compared with."""


def problem(kind: str, /, *, profile: str = "", place: Place | None = None, **words: object) -> Finding:
    """As ``catalogue.problem``; the catalogue is loaded only if something is wrong, so that ``list`` starts quickly."""
    from mfa_tui.core.problems import catalogue

    return catalogue.problem(kind, profile=profile, place=place, severity="", **words)


def login_problem(aws: AwsConfig, profile: Profile, env: Mapping[str, str] | None) -> Finding | None:
    """The first problem that keeps *profile* from logging in; None if there is none in the files.

    Its region counts only if *env*, the environment, is given and has no region, which would override it.
    """
    return LoginCheck(aws, env).problem(profile)


class LoginCheck:
    """Looks for what keeps profiles from logging in, as :func:`login_problem` does, in any number of them."""

    __slots__ = ("_aws", "_of_environment", "_with_region")

    def __init__(self, aws: AwsConfig, env: Mapping[str, str] | None) -> None:
        self._aws = aws
        regions = env is not None and any(map(env.get, REGIONS))
        self._with_region = env is not None and not regions
        self._of_environment = next(environment_region_problems(env), None) if env is not None and regions else None

    def problem(self, profile: Profile) -> Finding | None:
        """The first problem that keeps *profile* from logging in; None if there is none in the files."""
        found = None
        if not (profile.usual or self._has_usual_chain(profile)):
            found = next(login_problems(self._aws, profile, with_region=self._with_region), None)
        return self._of_environment if found is None and profile.can_log_in else found

    def _has_usual_chain(self, profile: Profile) -> bool:
        """Whether the settings of the profile and its sources certainly have no problem."""
        if profile.kind not in _USUAL_KINDS:
            return False
        aws, with_region = self._aws, self._with_region
        return all(
            read_profile(aws, link).usual or has_usual_settings(aws, link, with_region=with_region)
            for link in profile.chain
        )


def environment_region_problems(env: Mapping[str, str]) -> Iterator[Finding]:
    """Problems of the regions in the environment, which override those of the files."""
    for name in REGIONS:
        if env.get(name) and (bad := bad_value("region", env[name])) is not None:
            remedy = f"export {name}={bad.better}" if bad.better else f"Export the name of a region, or unset {name}"
            place = variable(name)
            yield problem("env-region", profile="", place=place, variable=name, cause=bad.words, remedy=remedy)


def login_problems(aws: AwsConfig, profile: Profile, *, with_region: bool) -> Iterator[Finding]:
    """All problems that keep *profile* from logging in; those of its sources name the source as their profile."""
    if profile.kind in _OTHER_KINDS and not profile.can_log_in:
        return
    for link in profile.chain:
        if link in aws:
            yield from settings_problems(aws, link, with_region=with_region)
    if profile.kind == Kind.BROKEN and profile.name in aws:
        yield chain_problem(aws, profile)


def settings_problems(aws: AwsConfig, name: str, *, with_region: bool) -> Iterator[Finding]:
    """Problems of the settings of one profile, without its sources."""
    if has_usual_settings(aws, name, with_region=with_region):
        return
    values = aws.merged(name)
    if "role_arn" in values:
        yield from _value_problems(aws, name, values, _ROLE_KEYS)
        yield from _source_problems(aws, name, values)
    elif text(values, "source_profile") and read_profile(aws, name).kind == Kind.NO_CREDENTIALS:
        command = shell_command(text(values, "source_profile"), "mfa-tui login PROFILE")
        yield problem("role-missing", profile=name, place=place_of(aws, name, "source_profile"), command=command)
    if "role_arn" not in values or has_long_term_keys(values):
        yield from _value_problems(aws, name, values, _CREDENTIAL_KEYS)
        yield from _key_pair_problems(aws, name, values)
    yield from _section_problems(aws, name, values)
    if with_region:
        yield from _value_problems(aws, name, values, ("region",))


def serial_problem(aws: AwsConfig, profile: Profile) -> Finding | None:
    """The problem of the MFA serial of *profile*, if any; it names the profile whose section has the serial."""
    owner, key = _serial_owner(aws, profile)
    return value_problem(aws, owner, key, aws.merged(owner)[key]) if key else None


def serial_owner(aws: AwsConfig, profile: Profile) -> str:
    """The profile whose section has the MFA serial of *profile*: itself or a source."""
    return _serial_owner(aws, profile)[0]


def _serial_owner(aws: AwsConfig, profile: Profile) -> tuple[str, str]:
    """The nearest profile of the chain that has a serial, and its key; the profile itself and no key if none has."""
    for link in profile.chain:
        values = aws.merged(link)
        key = next((key for key in SERIAL_KEYS if text(values, key)), "")
        if key:
            return link, key
    return profile.name, ""


def value_problem(aws: AwsConfig, name: str, key: str, value: str | Mapping[str, str]) -> Finding | None:
    """The problem of a value of a profile; None if the value is good."""
    bad = bad_value(key, value)
    if bad is None:
        return None
    place = place_of(aws, name, key)
    if bad.name == "value-continued" and place is not None:
        lines = continuation(aws, place)
        many = f"lines {lines[0]} to {lines[-1]}" if len(lines) > 1 else f"line {lines[0]}"
        remedy = f"Remove {many}, or put a # at the start."
        found = problem(bad.name, profile=name, place=place, key=key, line=lines[0], remedy=remedy)
    elif key in SERIAL_KEYS and isinstance(value, str) and (kind := resource_of(value)):
        where = f"the profile {quoted(name)}"
        found = problem("serial-not-a-device", profile=name, place=place, where=where, kind=kind)
    elif key in SERIAL_KEYS and bad.name == "value-malformed":
        found = problem("serial-malformed", profile=name, place=place, where=f"the profile {quoted(name)}")
    else:
        found = problem(
            bad.name,
            profile=name,
            place=place,
            key=key,
            remedy=bad.remedy(key),
            wanted=bad.rule.wanted,
            not_valid=bad.rule.mismatch,
            character=bad.character,
        )
    return found._replace(code=CODES.get(key, found.code))


def _value_problems(aws: AwsConfig, name: str, values: Values, keys: tuple[str, ...]) -> Iterator[Finding]:
    for key in keys:
        # An empty value counts as missing, which is another problem; but a role needs its ARN.
        if key in values and (values[key] or key == "role_arn"):
            found = value_problem(aws, name, key, values[key])
            if found is not None:
                yield found


def _source_problems(aws: AwsConfig, name: str, values: Values) -> Iterator[Finding]:
    """Problems of where a role's credentials come from: either ``source_profile`` or ``credential_source``."""
    source, given = text(values, "source_profile"), text(values, "credential_source")
    if "web_identity_token_file" in values:
        return
    if source and given:
        yield problem("source-both", profile=name, place=place_of(aws, name, "credential_source"))
    elif given and given not in _SOURCES:
        near = next((right for right in _SOURCES if right.lower() == given.lower()), "") or near_name(given, _SOURCES)
        remedy = (
            f"Write it as credential_source = {near}"
            if near
            else "Set it to one of these, or use source_profile instead."
        )
        yield problem(
            "credential-source-unknown", profile=name, place=place_of(aws, name, "credential_source"), remedy=remedy
        )
    elif source and source not in aws and (found := value_problem(aws, name, "source_profile", source)) is not None:
        yield found


def _key_pair_problems(aws: AwsConfig, name: str, values: Values) -> Iterator[Finding]:
    """Problems of keys that do not belong together, or of which one is missing."""
    for section in (aws.in_credentials(name), aws.in_config(name)):
        key_id, secret = text(section, "aws_access_key_id"), text(section, "aws_secret_access_key")
        token = next((key for key in ("aws_session_token", "aws_security_token") if text(section, key)), "")
        shortened = shortened_key(key_id)
        if secret and not key_id and not text(values, "aws_access_key_id"):
            yield problem("key-id-missing", profile=name, place=place_of(aws, name, "aws_secret_access_key"))
        elif key_id and not secret:
            yield _without_secret(aws, name)
        elif key_id.startswith("AKIA") and token:
            place = place_of(aws, name, token)
            yield problem("token-unneeded", profile=name, place=place, key=token, shortened=shortened)
        elif key_id.startswith("ASIA") and not token:
            place = place_of(aws, name, "aws_access_key_id")
            yield problem("token-missing", profile=name, place=place, shortened=shortened)
        if key_id:
            # SDKs take all keys from the credentials file, or all from the config file.
            return


def _without_secret(aws: AwsConfig, name: str) -> Finding:
    place = place_of(aws, name, "aws_access_key_id")
    if text(aws.merged(name), "aws_secret_access_key"):
        why, remedy = (
            "The other file has one, but AWS tools never combine keys from two files.",
            "Put both into one file.",
        )
    else:
        why, remedy = "", f"Add aws_secret_access_key to [{shown(name)}]; if it is lost, create a new access key."
    return problem("key-secret-missing", profile=name, place=place, why=why, remedy=remedy)


def _section_problems(aws: AwsConfig, name: str, values: Values) -> Iterator[Finding]:
    """Problems of the config file's sections that the profile names with ``sso_session`` and ``services``."""
    for key, kind, missing in (
        ("sso_session", "sso-session", "sso-session-missing"),
        ("services", "services", "services-missing"),
    ):
        named = text(values, key)
        if not named:
            continue
        sections = {title: header for header in aws.config.sections() if (title := _section_name(header, kind))}
        place = place_of(aws, name, key)
        if named not in sections:
            near = near_name(named, tuple(sections))
            yield problem(
                missing,
                profile=name,
                place=place,
                session=shown(named),
                near=f" Did you mean {quoted(near)}?" if near else "",
            )
        elif key == "sso_session":
            own = aws.config.raw(sections[named])
            gone = [wanted for wanted in ("sso_start_url", "sso_region") if not own.get(wanted)]
            if gone:
                header = shown(sections[named])
                lacks = " and ".join(gone)
                yield problem(
                    "sso-session-incomplete",
                    profile=name,
                    place=place,
                    session=shown(named),
                    missing=lacks,
                    header=header,
                )


def _section_name(header: str, kind: str) -> str:
    """The name in a header such as ``sso-session corp``, if the header is of that kind; else empty."""
    if not header.startswith(kind):
        return ""
    import shlex

    try:
        words = shlex.split(header)
    except ValueError:
        return ""
    return words[1] if len(words) == len(("kind", "name")) and words[0] == kind else ""


def chain_problem(aws: AwsConfig, profile: Profile) -> Finding:
    """The problem that breaks the chain of *profile* to its credentials, at the last profile that was reached."""
    end = profile.base
    values = aws.merged(end)
    named = text(values, "source_profile")
    place = place_of(aws, end, "source_profile", "role_arn", "aws_access_key_id")
    if named == end and not has_long_term_keys(values):
        keys = shell_command(end, "aws configure --profile PROFILE")
        remedy = f"Name the profile with access keys as its source_profile, or add the keys: {keys}"
        return problem("role-names-itself", profile=end, place=place, problem=displayed_problem(profile), remedy=remedy)
    name = "role-source" if named or not text(values, "role_arn") else "role-without-source"
    remedy = _remedy(aws, profile)
    return problem(name, profile=profile.name, place=place, problem=displayed_problem(profile), remedy=remedy)


def displayed_problem(profile: Profile) -> str:
    """Why a profile cannot log in, harmless to a terminal."""
    return sanitize(profile.problem)


def _remedy(aws: AwsConfig, profile: Profile) -> str:
    """What would fix a broken profile."""
    end = profile.base
    values = aws.merged(end)
    source = text(values, "source_profile")
    if not text(values, "role_arn") or has_long_term_keys(values):
        if read_profile(aws, end).kind == Kind.NO_CREDENTIALS:
            return f"Add access keys to {quoted(end)}: {shell_command(end, 'aws configure --profile PROFILE')}"
        return f"Correct that in {quoted(profile.name)}, or name another source_profile."
    if source and source not in aws:
        near = near_name(source, aws.names)
        meant = f" Did you mean {quoted(near)}?" if near else ""
        return f"Add a profile {quoted(source)}, or correct source_profile in {quoted(end)}.{meant}"
    if source:
        if read_profile(aws, source).kind in (*ROLES, Kind.BROKEN):
            return f"Correct source_profile in {quoted(end)}: the chain must end at a profile with credentials."
        return f"Correct that in {quoted(end)}."
    include = text(values, "include_profile")
    if include:
        return f"Only aws-vault reads include_profile: copy the settings of {quoted(include)} into {quoted(end)}."
    return f"Add source_profile to {quoted(end)}: the profile whose credentials may assume the role."


def credential_source_problem(aws: AwsConfig, profile: Profile) -> Finding:
    """A role whose credentials come from the machine: SDKs can use it, but mfa-tui cannot log in to it."""
    place = place_of(aws, profile.base, "credential_source")
    remedy = "It works there (EC2, ECS); to log in here, set source_profile instead."
    if text(aws.merged(profile.base), "credential_source") == _SOURCES[0]:
        remedy = "Export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of a user, or set source_profile instead."
    return problem(
        "credentials-elsewhere", profile=profile.name, place=place, problem=displayed_problem(profile), remedy=remedy
    )


def near_name(name: str, names: tuple[str, ...]) -> str:
    """The one of *names* that is most similar to *name*; empty if none is, or if there are too many to compare."""
    import difflib

    # Comparing is slow, and thousands of broken profiles would each do it again.
    return next(iter(difflib.get_close_matches(name, names if len(names) <= _COMPARED else (), n=1)), "")
