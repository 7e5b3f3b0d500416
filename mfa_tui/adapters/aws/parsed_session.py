"""botocore sessions that take over the AWS files as we have parsed them."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from mfa_tui.adapters.libraries.logs import silence_libraries
from mfa_tui.errors import MfaTuiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.session import Session as BotocoreSession

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig


def session_of(load: Callable[[], AwsConfig], **options: Any) -> BotocoreSession:
    """A botocore session, made with *options*, that takes over our parsed AWS files.

    botocore itself takes a second to read ten thousand profiles. If they cannot be read, it reports that itself.
    """
    silence_libraries()
    from botocore.session import Session as BotocoreSession

    class Session(BotocoreSession):
        _files: dict[str, Any] | None = None

        @property
        def full_config(self) -> dict[str, Any]:
            if self._files is None:
                try:
                    self._files = full_config(load())
                except MfaTuiError:
                    return dict(super().full_config)
            return self._files

        def get_component(self, name: str) -> Any:
            component = super().get_component(name)
            if name == "data_loader":
                component.list_available_services = partial(_services, component.search_paths)
            return component

    return Session(**options)


def _services(paths: list[str], *_: str, **__: str) -> list[str]:
    """The services that botocore has data of. It asks for them before it loads one, and opens all 400 directories."""
    return [name for path in paths if os.path.isdir(path) for name in os.listdir(path)]


def full_config(aws: AwsConfig) -> dict[str, Any]:
    """Both files as ``botocore.session.Session.full_config`` returns them."""
    from botocore.configloader import build_profile_map

    others = {
        header: values
        for header, values in aws.config.read().items()
        if header != "default" and not header.startswith("profile")
    }
    whole: dict[str, Any] = build_profile_map(others)
    whole["profiles"] = {name: aws.merged(name) for name in aws.names if aws.in_files(name)}
    return whole
