"""botocore's own data, read once in a process instead of once in each session.

A test process makes hundreds of botocore sessions, and each would parse the same models of STS and IAM. The data are
part of the package and change as little as its code does. botocore shares them itself among the clients of one session,
so nothing writes to them.
"""

from typing import Any

from botocore.loaders import JSONFileLoader, Loader

_OWN = Loader.BUILTIN_DATA_PATH
_files: dict[str, Any] = {}


def read_data_once() -> None:
    """From now on; for as long as the process runs."""
    if JSONFileLoader.load_file.__module__ != __name__:
        JSONFileLoader.load_file = _read_once(JSONFileLoader.load_file)  # type: ignore[method-assign]


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
