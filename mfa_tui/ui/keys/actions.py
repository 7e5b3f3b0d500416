"""What each command of the screen of long-term keys does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.core.text.display import shortened_key
from mfa_tui.services.keys import retirement
from mfa_tui.services.keys.import_keys import import_keys
from mfa_tui.services.keys.import_plan import describe_import, import_target, plan_import, read_key_file
from mfa_tui.services.keys.key_owner import KeyOwner
from mfa_tui.services.keys.list_keys import own_keys
from mfa_tui.services.keys.restore import describe_restore, plan_restore, restore_keys
from mfa_tui.services.keys.rotation import rotate_key
from mfa_tui.services.keys.rotation_plan import describe_rotation, plan_rotation
from mfa_tui.services.keys.store import store_keys
from mfa_tui.services.keys.store_plan import describe_store, plan_store
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.ui.dialogs.choose import Answer
from mfa_tui.ui.dialogs.confirm import Confirm
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.keys.key_dialog import KeyDialog
from mfa_tui.ui.keys.state import UserKeys
from mfa_tui.ui.sessions.user_session import ensure_session

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import TypeVar

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.keys.key_input import PastedKeys
    from mfa_tui.services.keys.import_plan import ImportPlan
    from mfa_tui.ui.flows.user_list_screen import UserListScreen
    from mfa_tui.ui.keys.state import KeyList

    T = TypeVar("T")

_ASKING = Progress("asking", "Asking AWS")
_WRITING = Progress("writing", "Reading the AWS files")
_WHY = "Access keys are managed with a session with MFA."
_NOT_NOW = Answer("Not now", "The key stays where it is.")


class KeyActions:
    """The commands of the screen of keys, by their ids."""

    def __init__(self, host: UserListScreen, keys: KeyList) -> None:
        self._host = host
        self._keys = keys
        self._app_state = host.app_state
        self._does: dict[str, Callable[[], Coroutine[None, None, None]]] = {
            "key-rotate": self._rotate,
            "key-store": self._store,
            "key-restore": self._restore,
            "key-disable": partial(self._set_status, active=False),
            "key-enable": partial(self._set_status, active=True),
            "key-delete": self._delete,
            "key-import": self._import,
            "key-reload": self.reload,
            "key-help": self._help,
            "key-back": self._host.go_back,
        }

    def run(self, command_id: str) -> None:
        """Run a command for the key under the cursor."""
        self._host.run_worker(self._does[command_id]())

    async def reload(self) -> None:
        """Ask AWS for the keys and show them. It may ask for a code."""
        profile = self._keys.profile

        def load(scope: CancelScope) -> KeyOwner:
            owner = KeyOwner(self._operation(scope), profile)
            owner.load()
            return owner

        owner = await self._attempt(load)
        if owner is None or not await self._ensure_session(owner):
            return
        # The profiles' details show the age of keys, which is known now.
        loaded = await self._for(owner, lambda: self._list(owner), reloads=True)
        if loaded is not None:
            self._keys.take(loaded)
        # The hint may say that a key does nothing while AWS is being asked: that is over.
        self._host.hint = ""
        self._host.redraw()

    @staticmethod
    def _list(owner: KeyOwner) -> UserKeys:
        keys, rotation = own_keys(owner), owner.rotation()
        unfinished = rotation is not None and rotation.unfinished
        return UserKeys(owner, keys, unfinished, rotation.old_key_id if rotation and not unfinished else "")

    async def _rotate(self) -> None:
        owner = await self._owner()
        if owner is None:
            return
        plan = await self._for(owner, lambda: plan_rotation(owner))
        if plan is None or not await self._confirm("Rotate the key?", describe_rotation(owner, plan), "Rotate"):
            return
        done = await self._for(owner, lambda: rotate_key(owner, plan), reloads=True)
        if done is not None:
            old = shortened_key(done.old_key_id)
            self._host.notify_success("The key was rotated", f"The old key {old} is inactive. Log in again.")
            await self.reload()

    async def _set_status(self, *, active: bool) -> None:
        owner, key = await self._owner(), self._keys.current
        if owner is None or key is None:
            return
        verb = "Activate" if active else "Deactivate"
        about = retirement.describe_status(owner, key, active=active)
        if not await self._confirm(f"{verb} {shortened_key(key.access_key_id)}?", about, verb):
            return
        if await self._done(owner, lambda: retirement.set_status(owner, key, active=active)):
            await self.reload()

    async def _delete(self) -> None:
        owner, key = await self._owner(), self._keys.current
        if owner is None or key is None:
            return

        def choose() -> retirement.ChosenKey:
            chosen = retirement.choose_key(owner, key.access_key_id)
            retirement.check_deletable(owner, chosen)
            return chosen

        chosen = await self._for(owner, choose)
        if chosen is None:
            return
        about = retirement.describe_deletion(owner, chosen)
        if not await self._confirm(f"Delete {shortened_key(key.access_key_id)}?", about, "Delete"):
            return
        if await self._done(owner, lambda: retirement.delete_key(owner, chosen)):
            self._host.notify_success("Deleted the key", shortened_key(key.access_key_id))
            await self.reload()

    async def _ensure_store(self) -> bool:
        from mfa_tui.ui.seeds.vault_offer import ensure_store

        return await ensure_store(self._host, self._host.base, _NOT_NOW)

    async def _store(self) -> None:
        if not await self._ensure_store():
            return
        plan = await self._attempt(lambda scope: plan_store(self._operation(scope), self._host.base), step=_WRITING)
        if plan is None or not await self._confirm("Store the key?", describe_store(plan), "Store"):
            return
        if await self._attempt(lambda scope: store_keys(self._operation(scope), plan), reloads=True) is not None:
            self._host.notify_success("The key was moved", f"It is in the {plan.place} now.")
            await self.reload()

    async def _restore(self) -> None:
        plan = await self._attempt(lambda scope: plan_restore(self._operation(scope), self._host.base), step=_WRITING)
        question = "Put the key back into the AWS files?"
        if plan is None or not await self._confirm(question, describe_restore(plan), "Put back"):
            return

        def restore(scope: CancelScope) -> bool:
            restore_keys(self._operation(scope), plan)
            return True

        if await self._attempt(restore, reloads=True):
            self._host.notify_success("The key was put back", "It is in the AWS files again.")
            await self.reload()

    async def _import(self) -> None:
        if not await self._ensure_store():
            return
        given = await self._host.ask(KeyDialog(self._host.base, self._read_file))
        if given is None:
            return

        def plan(scope: CancelScope) -> ImportPlan:
            operation = self._operation(scope)
            return plan_import(operation, import_target(operation, self._host.base), given.keys, place="", region="")

        planned = await self._attempt(plan)
        if planned is None or not await self._confirm("Import the key?", describe_import(planned), "Import"):
            return

        def store(scope: CancelScope) -> bool:
            import_keys(self._operation(scope), planned)
            return True

        if await self._attempt(store, reloads=True):
            told = f" {given.path} still has it, too: delete the file when you can." if given.path else ""
            self._host.notify_success("The key was imported", f"Into {planned.where}.{told}")
            await self.reload()

    async def _read_file(self, path: str) -> PastedKeys:
        return await self._host.threads.run(partial(read_key_file, path))

    async def _help(self) -> None:
        await self._host.show_help()

    # What they share.

    def _operation(self, scope: CancelScope) -> Operation:
        return Operation(self._app_state.context, scope, partial(self._host.report, self._host.base))

    async def _owner(self) -> KeyOwner | None:
        """The user, with a session where one is needed; None if there is none."""
        loaded = self._keys.loaded
        if loaded is None:
            await self.reload()
            loaded = self._keys.loaded
        return loaded.owner if loaded is not None and await self._ensure_session(loaded.owner) else None

    async def _ensure_session(self, owner: KeyOwner) -> bool:
        for _ in range(2):
            if not await ensure_session(self._host, owner, _WHY):
                return False
            works = await self._for(owner, lambda: (owner.session_works(),))
            if works is None or works[0]:
                return works is not None
        return False

    async def _confirm(self, title: str, about: list[str], yes: str) -> bool:
        agreed = await self._host.ask(Confirm(title, about, yes=yes, no="Cancel", careful=True))
        return bool(agreed)

    async def _attempt(
        self, work: Callable[[CancelScope], T], *, step: Progress = _ASKING, reloads: bool = False
    ) -> T | None:
        return await attempt(self._host, self._host.base, work, step=step, reloads=reloads)

    async def _for(self, owner: KeyOwner, work: Callable[[], T], *, reloads: bool = False) -> T | None:
        """Run *work* for the user in a thread."""

        def run(scope: CancelScope) -> T:
            owner.operation = self._operation(scope)
            return work()

        return await self._attempt(run, reloads=reloads)

    async def _done(self, owner: KeyOwner, work: Callable[[], object]) -> bool:
        """Run *work* for the user in a thread; whether it succeeded."""

        def run() -> bool:
            work()
            return True

        return bool(await self._for(owner, run))
