"""Moving secrets between the keyring and the vault: copy all, read all back, and only then remove the old ones.

Meanwhile the index names both places of a secret (``store``, where it is read from, and ``also``, where a copy may be).
So however the process ends, no secret is lost and no copy is forgotten: the next move continues.
"""

from __future__ import annotations

import contextlib

from mfa_tui.adapters.seeds.index import ALSO
from mfa_tui.errors import Cancelled, KeyringProblem, WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mfa_tui.adapters.secretstores.keyring import KeyringStore
    from mfa_tui.adapters.secretstores.vault import Vault
    from mfa_tui.adapters.seeds.index import SeedIndex
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Secret

_ABSENT = frozenset({"keyring-missing", "keyring-unsafe"})
"""Problems of a machine, or a session, where no keyring of ours can be."""


class SeedTransfer:
    """Moves between *stores*, by place, for secrets of *service* that *index* lists.

    *warn* takes one line about a copy that could not be looked for.
    """

    def __init__(
        self,
        index: SeedIndex,
        stores: Mapping[str, KeyringStore | Vault],
        service: str,
        warn: Callable[[str], None],
    ) -> None:
        self._index = index
        self._stores = stores
        self._service = service
        self._warn = warn

    def keep_at(
        self,
        place: str,
        found: Mapping[str, tuple[str, Secret]],
        abouts: Mapping[str, dict[str, str]],
        cancel: CancelScope,
        moved: Callable[[str], None],
    ) -> None:
        """Store secrets at *place*, which is open, and nowhere else.

        *found* holds, by serial, where each was found and what to store; *abouts* are the entries for the index.
        *moved* is called for each secret that is read from the new place from now on. Whenever this is interrupted
        before that, all are still read from the old place. Raises what the stores and the index raise.
        """
        noted = self._index.read()
        copied = {serial: text for serial, (before, text) in found.items() if before != place}
        marked = {serial: {**noted.get(serial, abouts[serial]), ALSO: place} for serial in copied}
        others = [other for other in self._stores if other != place]
        self._index.update_all(marked)
        try:
            self._copy(place, copied, cancel)
            self._index.update_all({serial: {**abouts[serial], ALSO: other} for other in others for serial in found})
        except BaseException:
            # Undo what can be undone; the index lists the rest.
            with contextlib.suppress(WriteProblem, KeyringProblem, Cancelled):
                self._index.update_all(marked)
                for serial in copied:
                    self._remove(serial, place, cancel)
                self._index.update_all({serial: noted.get(serial) for serial in copied})
            raise
        for serial in copied:
            moved(serial)
        try:
            for serial in found:
                self.clear(serial, others, cancel)
        except KeyringProblem as problem:
            problem.what = f"The secrets are in the {place} now; not all copies elsewhere are removed. {problem.what}"
            raise
        self._index.update_all(abouts)

    def _copy(self, place: str, texts: Mapping[str, Secret], cancel: CancelScope) -> None:
        """Store each of *texts* at *place*, and read all back."""
        for serial, text in texts.items():
            self._stores[place].put(self._service, serial, text, cancel)
        for serial, text in texts.items():
            if self._stores[place].get(self._service, serial, cancel) != text:
                raise _not_kept(place, serial)

    def clear(self, serial: str, places: Iterable[str], cancel: CancelScope) -> None:
        """Remove what is stored for *serial* at each of *places*, if anything.

        A keyring that does not exist here must not block this for ever: then a warning says where a copy may be.
        """
        for place in places:
            try:
                self._remove(serial, place, cancel)
            except KeyringProblem as problem:
                if problem.slug not in _ABSENT:
                    raise
                self._warn(
                    f"{problem.what} If another session's keyring holds a copy of this secret, remove it there: "
                    f"keyring del {self._service} {serial}"
                )

    def _remove(self, serial: str, place: str, cancel: CancelScope) -> None:
        if self._stores[place].get(self._service, serial, cancel) is not None:
            self._stores[place].delete(self._service, serial, cancel)


def _not_kept(place: str, serial: str) -> KeyringProblem:
    return KeyringProblem(
        "secret-not-kept",
        f"The {place} did not keep the secret of {serial}.",
        "What was written there could not be read back.",
        "All secrets stay where they are. Run mfa-tui doctor.",
    )
