"""The accounts of the profiles: what AWS has said of them, and what the user calls them."""

from __future__ import annotations

from mfa_tui.core.keys.known_user import KnownUser
from mfa_tui.core.settings.account_label import ID_LENGTH, label_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.settings.values import AccountSettings
    from mfa_tui.services.context import Context
    from mfa_tui.services.listing.overview import ProfileRow

_SIGN_OR_DASHES = 2


class Accounts:
    """The accounts of the profiles in the list."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._users: Mapping[str, KnownUser] = {}
        self._aliases: dict[str, str] = {}

    def use(self, users: Mapping[str, KnownUser]) -> None:
        """Use what is known of users, by the ids of their long-term keys, from now on."""
        self._users = users
        self._aliases = {user.account: user.alias for user in users.values() if user.alias}

    def known(self, row: ProfileRow) -> KnownUser:
        """What is known of a profile's account; and of its device, unless the profile names one."""
        profile = row.profile
        if not self._users:
            return KnownUser(profile.account)
        user = self._users.get(profile.access_key_id, KnownUser()) if not profile.roles else KnownUser()
        # AWS knows better than the files whose key it is.
        account = user.account or profile.account
        alias = self._aliases.get(account, "")
        if profile.serial is not None or not profile.can_log_in:
            return KnownUser(account, alias)
        return user.changed(account=account, alias=alias)

    def label(self, row: ProfileRow) -> AccountSettings | None:
        """What the user calls the account of a profile; None without such a setting."""
        accounts = self._context.settings.accounts
        if not accounts:
            return None
        known = self.known(row)
        return label_for(accounts, known.account, row.profile.name, known.alias)

    @property
    def have_labels(self) -> bool:
        """Whether the user has names or colors for accounts."""
        return bool(self._context.settings.accounts)

    @property
    def any_known(self) -> bool:
        """Whether something is known of accounts that the files do not say."""
        return bool(self._users or self._context.settings.accounts)

    @property
    def any_colored(self) -> bool:
        """Whether the user has given an account a color."""
        return any(label.color for label in self._context.settings.accounts.values())

    @property
    def longest(self) -> int:
        """The length of the longest text for an account: a name, after a sign, or an alias."""
        names = [label.name for label in self._context.settings.accounts.values()]
        longest = max(map(len, (*names, *self._aliases.values())), default=0)
        return max(ID_LENGTH, longest) + _SIGN_OR_DASHES
