"""Finding a scope by its name: a preset, or one of the settings with its policy file."""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import SCOPE_KEY
from mfa_tui.core.scopes.presets import PRESETS
from mfa_tui.core.text.display import quoted
from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.core.scopes.scope import Scope
    from mfa_tui.services.context import Context


def find_scope(context: Context, name: str) -> Scope:
    """The scope *name*. Raises ConfigError: ``scope-unknown``, ``scope-policy``, ``settings-value``."""
    from mfa_tui.adapters.filesystem.os_errors import reason
    from mfa_tui.adapters.filesystem.ownership import UntrustedPath
    from mfa_tui.adapters.settings.load import policy_path, read_policy_file
    from mfa_tui.core.scopes.scope import build_scope
    from mfa_tui.core.settings.values import WrongSetting

    settings, own = context.paths.settings, context.settings.scopes.get(name)
    if own is None and name not in PRESETS and (whole := context.settings.wrong.get("scopes")) is not None:
        own = whole
    # Before the presets: a scope that was to replace one must not be ignored.
    if isinstance(own, WrongSetting):
        raise own.as_error()
    try:
        scope = build_scope(name, {name: own} if own else {}, lambda path: read_policy_file(settings, path))
    except KeyError:
        from mfa_tui.core.problems.catalogue import problem

        usable = [own for own, found in context.settings.scopes.items() if not isinstance(found, WrongSetting)]
        known = ", ".join((*PRESETS, *usable))
        raise problem("scope-unknown", scope=quoted(name), known=known, path=settings).as_error(ConfigError) from None
    except UnicodeDecodeError:
        why = "Its policy file is not UTF-8."
    except UntrustedPath as error:
        why = f"{error.filename} {error.why}."
    except OSError as error:
        why = f"{error.filename}: {reason(error)}."
    except ValueError as error:
        why = str(error)
    else:
        if scope.policy_file:
            scope.policy_file = policy_path(settings, scope.policy_file)
        return scope
    from mfa_tui.core.problems.catalogue import problem

    raise problem("scope-policy", scope=quoted(name), why=why, path=settings).as_error(ConfigError)


def check_scopes(context: Context, aws: AwsConfig, names: Collection[str]) -> Iterator[Finding]:
    """For doctor: scopes whose policy cannot be used, and targets among *names* whose scope is gone.

    What is wrong in the tables of the settings is known already.
    """
    from mfa_tui.core.problems.catalogue import problem
    from mfa_tui.core.problems.finding import from_error
    from mfa_tui.core.problems.place import place_of

    for name in context.settings.scopes:
        try:
            find_scope(context, name)
        except ConfigError as error:
            if error.slug != "settings-value":
                yield from_error(error)
    known = {*PRESETS, *context.settings.scopes}
    for name in filter(names.__contains__, aws.names):
        scope = aws.scope_of_target(name)
        if scope and scope not in known:
            place = place_of(aws, name, SCOPE_KEY)
            yield problem("scope-gone", profile=name, place=place, scope=quoted(scope), path=context.paths.settings)
