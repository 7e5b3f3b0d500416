"""botocore's own data, read once in a process instead of once in each session.

A test process makes hundreds of botocore sessions, and each would parse the same models of STS and IAM, and look
through the folders of all 400 services to learn that these two exist. The data are part of the package and change as
little as its code does. botocore shares them itself among the clients of one session, so nothing writes to them.
"""

from typing import Any

from botocore.loaders import JSONFileLoader, Loader

_OWN = Loader.BUILTIN_DATA_PATH
_files: dict[str, Any] = {}
_services: dict[str, list[str]] = {}


def read_data_once() -> None:
    """From now on; for as long as the process runs."""
    if JSONFileLoader.load_file.__module__ != __name__:
        JSONFileLoader.load_file = _read_once(JSONFileLoader.load_file)  # type: ignore[method-assign]
        Loader.list_available_services = _list_once(Loader.list_available_services)  # type: ignore[method-assign]


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
    """``JSONFileLoader.load_file``, once for each file of botocore's own."""

    def load_file(loader: JSONFileLoader, path: str) -> Any:
        if not path.startswith(_OWN):
            return load(loader, path)
        if path not in _files:
            _files[path] = load(loader, path)
        return _files[path]

    return load_file


def _list_once(listed: Any) -> Any:
    """``Loader.list_available_services``, once where there are no other data than botocore's own."""

    def list_available_services(loader: Loader, type_name: str) -> list[str]:
        places: list[str] = list(loader._potential_locations())  # type: ignore[attr-defined]  # the stubs lack it
        if any(place != _OWN for place in places):
            return list(listed(loader, type_name))
        if type_name not in _services:
            _services[type_name] = listed(loader, type_name)
        return _services[type_name]

    return list_available_services
