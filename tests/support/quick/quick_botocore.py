"""botocore's own data, read once in a process instead of once in each session.

A test process makes hundreds of botocore sessions, and each would parse the same models of STS and IAM, look through
the directories of all services, and inspect the same handlers. All that is part of the package and changes as little as
its code does. botocore shares the data itself among the clients of one session, so nothing writes to them.
"""

import functools
import os
import types
from pathlib import Path
from typing import Any

import botocore
from botocore import hooks
from botocore.loaders import JSONFileLoader, Loader

_OWN = str(Path(botocore.__file__).parents[1])
"""Where packages are installed: botocore's data, and those of ``aws``."""
_files: dict[str, Any] = {}


def read_data_once() -> None:
    """From now on; for as long as the process runs."""
    if JSONFileLoader.load_file.__module__ != __name__:
        JSONFileLoader.load_file = _read_once(JSONFileLoader.load_file)  # type: ignore[method-assign]
        Loader.list_available_services = _list_once(Loader.list_available_services)  # type: ignore[method-assign]
        hooks.accepts_kwargs = _inspect_once(hooks.accepts_kwargs)
        aliaser: Any = hooks.EventAliaser
        aliaser._alias_event_name = _alias_once(aliaser._alias_event_name)


def load_data() -> None:
    """Read now what clients of STS and IAM need, for all processes that are forked from this one."""
    import botocore.session

    read_data_once()
    session = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    for service in ("sts", "iam"):
        session.create_client(
            service, region_name="us-east-1", aws_access_key_id="unused", aws_secret_access_key="unused"
        ).close()


def _read_once(load: Any) -> Any:
    """``JSONFileLoader.load_file``, once for each file of a package."""

    def load_file(loader: JSONFileLoader, path: str) -> Any:
        if not path.startswith(_OWN):
            return load(loader, path)
        if path not in _files:
            _files[path] = load(loader, path)
        return _files[path]

    return load_file


def _list_once(look: Any) -> Any:
    """``Loader.list_available_services``, once for each type where no directory but those of packages exists."""
    found: dict[tuple[str, ...], list[str]] = {}

    def list_available_services(loader: Loader, type_name: str) -> list[str]:
        paths = [path for path in loader.search_paths if os.path.isdir(path)]
        if not all(path.startswith(_OWN) for path in paths):
            return list(look(loader, type_name))
        if (key := (type_name, *paths)) not in found:
            found[key] = look(loader, type_name)
        return list(found[key])

    return list_available_services


def _inspect_once(accepts_kwargs: Any) -> Any:
    """``hooks.accepts_kwargs``, once for each function of a module of botocore's."""
    cached = functools.cache(accepts_kwargs)

    def inspected(handler: Any) -> Any:
        # What an object is bound to does not change what its method takes.
        function = getattr(handler, "__func__", handler)
        own = isinstance(function, types.FunctionType) and function.__module__.startswith("botocore.")
        return (cached if own and function.__closure__ is None else accepts_kwargs)(function)

    return inspected


def _alias_once(alias: Any) -> Any:
    """``EventAliaser._alias_event_name``, once for each name that botocore's own handlers have."""
    names: dict[str, str] = {}

    def aliased(aliaser: Any, name: str) -> str:
        if aliaser._event_aliases != hooks.EVENT_ALIASES:
            return str(alias(aliaser, name))
        if name not in names:
            names[name] = alias(aliaser, name)
        return names[name]

    return aliased
