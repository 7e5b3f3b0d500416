"""One read from the Secret Service of a Linux desktop, by the library that keyring itself uses for it.

Loading keyring (25.7) takes twice as long as all the rest. What is unusual in any way is left to keyring.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing

from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BACKEND = "keyring.backends.SecretService.Keyring"
"""keyring's name for it."""
PROBE = ("mfa-tui doctor", "nobody")
"""The service and the user of an entry that nobody has."""
_BUS = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
"""Variables that say where the session bus is; without them nobody finds it."""


class LeftToKeyring(Exception):
    """The Secret Service is not in its usual state: keyring knows what to do, or how to fail."""


def is_the_backend(environment: Mapping[str, str]) -> bool:
    """Whether keyring would choose the Secret Service, if one answers, and read it as :func:`read` does.

    KWallet comes first on KDE (``backends/kwallet.py``), and so do a configuration file (``core.load_config``) and
    properties from the environment (``KeyringBackend.set_properties_from_env``).
    """
    if sys.platform != "linux" or any("KEYRING_PROPERTY_" in name for name in environment):
        return False
    if named := environment.get("PYTHON_KEYRING_BACKEND", ""):
        return named == BACKEND
    if "KDE" in environment.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return False
    return not any(os.path.exists(path) for path in _configuration_files(environment))


def _configuration_files(environment: Mapping[str, str]) -> list[str]:
    """The places where keyring looks for its configuration: today's, and the one of old, which it refuses."""
    home = os.path.expanduser("~")
    roots = (
        environment.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"),
        environment.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"),
    )
    return [os.path.join(root, "python_keyring", "keyringrc.cfg") for root in roots]


def answers() -> bool:
    """Whether there is a Secret Service, or the session bus can start one: then keyring would use it."""
    if not _has_bus():
        return False
    try:
        import secretstorage

        with closing(secretstorage.dbus_init()) as bus:
            return secretstorage.check_service_availability(bus)
    except Exception:  # noqa: BLE001 - D-Bus fails in many ways; without any of them keyring would use another
        return False


def probe() -> None:
    """Read an entry that does not exist, if no collection is locked. Opens no dialog. Raises as :func:`read` does."""
    if not _has_bus():
        raise LeftToKeyring
    locked = locked_collections()
    if not locked or any(locked):
        raise LeftToKeyring
    read(*PROBE)


def locked_collections() -> list[bool]:
    """Of each collection whether it is locked; without the one that ends with the session. Raises what D-Bus raises."""
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        collections = secretstorage.get_all_collections(bus)
        return [each.is_locked() for each in collections if not each.collection_path.endswith("/session")]


def _has_bus() -> bool:
    return any(map(os.environ.get, _BUS))


def read(service: str, user: str) -> Secret | None:
    """The secret that keyring keeps for *user* of *service*; None if it keeps none.

    The session with the service is encrypted; a service that cannot do that is left to keyring. Opens no dialog. Raises
    LeftToKeyring where the collection is locked or missing, and whatever D-Bus raises.
    """
    if not _has_bus():
        raise LeftToKeyring
    import secretstorage
    from secretstorage.collection import DEFAULT_COLLECTION
    from secretstorage.defines import SS_PREFIX
    from secretstorage.util import DBusAddressWrapper, open_session

    # SecretStorage's own objects ask for each label as well, and twice whether an item is locked. Of a locked one the
    # service returns no secret.
    with closing(secretstorage.dbus_init()) as bus:
        collection = DBusAddressWrapper(DEFAULT_COLLECTION, f"{SS_PREFIX}Collection", bus)
        if collection.get_property("Locked"):
            raise LeftToKeyring
        (found,) = collection.call("SearchItems", "a{ss}", {"service": service, "username": user})
        if not found:
            return None
        session = open_session(bus)
        if session.aes_key is None:
            raise LeftToKeyring
        item = DBusAddressWrapper(found[0], f"{SS_PREFIX}Item", bus)
        ((_, iv, encrypted, _),) = item.call("GetSecret", "o", session.object_path)
    return Secret(_decrypted(bytes(encrypted), session.aes_key, bytes(iv)).decode())


def _decrypted(encrypted: bytes, key: bytes, iv: bytes) -> bytes:
    """The text of a secret (AES in CBC mode, padded as PKCS #7 says), as SecretStorage's ``Item.get_secret`` has it.

    That loads all of cryptography's OpenSSL backend, for an argument that has no effect any more.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    padded = decryptor.update(encrypted) + decryptor.finalize()
    return padded[: -padded[-1]]
