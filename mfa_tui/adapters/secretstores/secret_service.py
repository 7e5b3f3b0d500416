"""One read from the Secret Service of a Linux desktop, by the library that keyring itself uses for it.

Loading keyring (25.7) takes twice as long as all the rest. What is unusual in any way is left to keyring.
"""

from __future__ import annotations

import os
import sys

from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BACKEND = "keyring.backends.SecretService.Keyring"
"""keyring's name for it."""


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


def read(service: str, user: str) -> Secret | None:
    """The secret that keyring keeps for *user* of *service*; None if it keeps none.

    The session with the service is encrypted; a service that cannot do that is left to keyring. Opens no dialog. Raises
    LeftToKeyring where the collection is locked or missing, and whatever D-Bus raises.
    """
    from contextlib import closing

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
