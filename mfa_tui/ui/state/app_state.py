"""What the interface knows, without a screen: the files as they are, what is running, and the codes that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.adapters.keys.known_users import KnownUsers
from mfa_tui.core.awsfiles.awsconfig import DEFAULT
from mfa_tui.core.shells.switching import profile_in_use
from mfa_tui.core.shells.variables import KEYS, PROFILES
from mfa_tui.errors import FileProblem
from mfa_tui.services.listing.accounts import Accounts
from mfa_tui.services.listing.order import ORDERS, Order
from mfa_tui.services.listing.overview import Overview
from mfa_tui.services.listing.preferences import count_use, load_preferences
from mfa_tui.services.sessions.lookup import State, live_session
from mfa_tui.ui.state.action_log import ActionLog
from mfa_tui.ui.state.groups import LARGEST, ListLine, grouped
from mfa_tui.ui.state.keep_alive import Due, KeepAlive
from mfa_tui.ui.state.list_order import ORDER_NAMES, ListOrder
from mfa_tui.ui.state.live_codes import LiveCodes
from mfa_tui.ui.state.live_sessions import live_sessions
from mfa_tui.ui.state.profile_filter import Filter
from mfa_tui.ui.state.recent_actions import RecentActions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.keys.known_user import KnownUser
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.context import Context
    from mfa_tui.services.listing.overview import ProfileRow
    from mfa_tui.ui.state.column_order import SortKey
    from mfa_tui.ui.state.live_sessions import LiveSession


class LoadedFiles(NamedTuple):
    """The AWS files as they were read once."""

    stamp: tuple[object, ...]
    """The files' fingerprint when they were read."""
    overview: Overview | None
    """The profiles; None if the files cannot be read."""
    problem: FileProblem | None
    """Why the files cannot be read."""
    filter: Filter | None
    """Finds profiles in the overview."""
    key_dates: Mapping[str, int]
    """When long-term keys were created, as far as is known, in seconds since the epoch, by their ids."""
    users: Mapping[str, KnownUser]
    """What is known of users, by the ids of their long-term keys."""
    index_problem: MfaTuiError | None
    """Why the list of stored secrets cannot be used; None if it can."""


class AppState:
    """The state of one run of the interface."""

    def __init__(
        self, context: Context, keys: Mapping[str, str], *, picks: bool = False, ascii_only: bool = False
    ) -> None:
        self.context = context
        self.ascii_only = ascii_only
        """Whether the terminal has only ASCII."""
        self.picks = picks
        """Whether this is for the picker. Below the pinned profiles it has those used most, then the order chosen."""
        self.keys = keys
        """The keys of the main screen's commands as they are shown, by the commands' ids."""
        self.action_log = ActionLog()
        self.codes = LiveCodes(context)
        self.list_order = ListOrder(context.paths)
        self.keep_alive = KeepAlive(context.paths)
        self.recent = RecentActions(context)
        self.accounts = Accounts(context)
        self.marked: tuple[str, ...] = ()
        """The profiles that the next command acts on together, in the order in which they were marked."""
        self.without_vault = False
        """Whether the user has chosen to do without a vault, in this run, on a machine without a keyring."""
        self.overview: Overview | None = None
        """The profiles; None while the files cannot be read."""
        self.file_problem: FileProblem | None = None
        """Why the files cannot be read."""
        self.wrong_settings: tuple[str, ...] = ()
        """What is wrong with settings that do not stop the interface: the theme, and keys of commands."""
        self.index_problem: MfaTuiError | None = None
        """Why the list of stored secrets cannot be used; None if it can."""
        self.longest = 0
        """Length of the longest profile name, in characters."""
        self._stamp: tuple[object, ...] = ()
        self._source_expiries: dict[str, float] = {}
        self._filter: Filter | None = None
        self._habits: Mapping[str, float] = {}
        self.last_used: Mapping[str, float] = {}
        """When profiles were last used, in seconds since the epoch, as far as is known."""
        self._flat: dict[str, ListLine] = {}
        self._key_dates: Mapping[str, int] = {}

    def load_files(self) -> LoadedFiles:
        """Read the AWS files; any thread may do it."""
        stamp = self._stamp_now()
        index_problem = self.context.seeds.index_problem()
        try:
            overview = Overview(self.context)
        except FileProblem as problem:
            return LoadedFiles(stamp, None, problem, None, {}, {}, index_problem)
        dates = KeyDates(self.context.paths).read()
        users = KnownUsers(self.context.paths).read()
        return LoadedFiles(stamp, overview, None, Filter(overview.aws, overview.names), dates, users, index_problem)

    def use_files(self, loaded: LoadedFiles) -> None:
        """Use what was read from now on."""
        self._stamp, self.overview, self.file_problem, self._filter, self._key_dates, users, self.index_problem = loaded
        self.accounts.use(users)
        self._source_expiries.clear()
        self.marked = tuple(name for name in self.marked if self.overview is not None and name in self.overview.aws)
        self.read_habits()
        self.sort()
        names = self.overview.names if self.overview else ()
        self.longest = max(map(len, names), default=0)
        self._flat = {name: ListLine(name) for name in names}

    def files_changed(self) -> bool:
        """Whether the AWS files, or what is known of users, have changed since they were read."""
        return self._stamp_now() != self._stamp

    def _stamp_now(self) -> tuple[object, ...]:
        return (self.context.files.stamp(), KnownUsers(self.context.paths).stamp())

    def recheck_sessions(self) -> None:
        """Look again for sessions that AWS tools have had renewed, which the AWS files do not show."""
        if self.overview is None:
            return
        rows = map(self.overview.row, self.overview.sources)
        expired = [row.profile.name for row in rows if row.process and row.session.at(self.now()) != State.LIVE]
        for name in expired:
            self.overview.forget(name)

    @property
    def summary(self) -> str:
        """How many profiles there are, and in which order; while some are marked, how many, and what unmarks them."""
        if self.marked:
            return f"{len(self.marked)} marked · {self.keys['cancel']} unmarks"
        total = len(self.overview.names) if self.overview is not None else 0
        counted = f"{total:,} profile{'' if total == 1 else 's'}".replace(",", " ") if total else ""
        return f"{counted}, {self.order_name}" if self.order_name else counted

    def toggle_mark(self, name: str) -> None:
        """Mark a profile, or unmark it."""
        others = tuple(one for one in self.marked if one != name)
        self.marked = others if name in self.marked else (*self.marked, name)

    def sort(self) -> None:
        """Put the profiles into the order that is chosen now."""
        if self.overview is not None and self._filter is not None:
            names = self.list_order.sorted(self.overview.names, self._column_key)
            if self.picks:
                from mfa_tui.core.listing.search import by_habit

                names = by_habit(names, self._habits, self.list_order.pinned)
            self._filter.sort(names)

    def _column_key(self, order: str, name: str) -> SortKey:
        from mfa_tui.ui.state.column_order import column_key

        row = self.overview.row(name)  # type: ignore[union-attr]
        label, known, created = self.accounts.label(row), self.accounts.known(row), self.key_created(row.profile)
        return column_key(order, row, self.now(), label=label, known=known, created=created)

    @property
    def order_name(self) -> str:
        """The label of the order; empty for the usual one."""
        if self.picks:
            return "most used first"
        return "" if self.order == ORDERS[0] else ORDER_NAMES[self.order]

    @property
    def order(self) -> str:
        """The order that is chosen, as far as this list can have it."""
        return self.list_order.order_of(self._count)

    def choose_next_order(self) -> str:
        """Choose the next order that this list can have; returns it."""
        return self.list_order.choose_next(self._count)

    @property
    def _count(self) -> int:
        return len(self.overview.names) if self.overview is not None else 0

    def first_choice(self, asked: str) -> str:
        """The profile that the cursor starts on; *asked* is the one on the command line, or nothing."""
        if self.overview is None:
            return ""
        return self.overview.first_choice(asked, load_preferences(self.context.paths).last, self.matching(""))

    def matching(self, wanted: str) -> tuple[str, ...]:
        """The profiles that match the filter, the best first; all in the list's order if there is none."""
        return self._filter.matching(wanted, self._habits) if self._filter else ()

    def read_habits(self) -> None:
        """Read how much each profile is used, for the filter, and when it was used last."""
        remembered = load_preferences(self.context.paths)
        self._habits = remembered.habits(self.context.clock.now())
        self.last_used = {use.name: use.at for use in remembered.uses}

    def count_use(self, name: str) -> None:
        """Remember that a profile was used now. The list shows it at once, but its order stays until it is read."""
        now = self.context.clock.now()
        count_use(self.context.paths, name, now)
        self.last_used = {**self.last_used, name: now}

    def lines(self, wanted: str) -> tuple[ListLine, ...]:
        """The lines of the list: in groups, if that is chosen, there is no filter, and there are not too many."""
        names = self.matching(wanted)
        flat = wanted.strip() or self.picks or self.order != Order.GROUPS or len(names) > LARGEST
        if flat or self.overview is None:
            return tuple(map(self._flat.__getitem__, names))
        return grouped(names, self.overview.profile, self.list_order.pinned, self.list_order.closed)

    def shows(self, name: str, wanted: str) -> bool:
        """Whether the list, with that filter, has a line of the profile."""
        return any(line.name == name for line in self.lines(wanted))

    def open_group_of(self, name: str) -> None:
        """Open the group that hides a profile."""
        for group in self.list_order.closed:
            if not self.shows(name, ""):
                self.list_order.fold(group, closed=False)

    def sessions(self) -> list[LiveSession]:
        """The sessions that are valid now, that which expires first before the others."""
        return (
            live_sessions(map(self.overview.row, self.overview.sources), self.now())
            if self.overview is not None
            else []
        )

    @property
    def has_targets(self) -> bool:
        """Whether there may be sessions: the AWS files have a target of a profile."""
        return self.overview is not None and bool(self.overview.sources)

    def prepare_filter(self) -> None:
        """Prepare the filter before its first letter is typed; any thread may do it."""
        if self._filter is not None:
            self._filter.prepare()

    def row(self, name: str) -> ProfileRow | None:
        """The row of a profile; None if there is none of that name."""
        if self.overview is None or name not in self.overview.aws:
            return None
        return self.overview.row(name)

    def has_news(self, name: str) -> bool:
        """Whether something was done with a profile, in this run or before, that its row shows."""
        return name in self.last_used or name in self.action_log

    def can_log_in(self, name: str) -> bool:
        """Whether a profile can log in."""
        row = self.row(name)
        return row is not None and row.profile.can_log_in

    def source_expiry(self, profile: Profile) -> float | None:
        """When the live session expires that a role is assumed with, in AWS's time; None if there is none.

        It is looked up once after each reading of the files.
        """
        if not profile.roles or not profile.takes_codes:
            return None
        if profile.name not in self._source_expiries:
            session = live_session(self.context, profile, margin=0, roles=())
            self._source_expiries[profile.name] = session.expires_at if session is not None else 0
        expires = self._source_expiries[profile.name]
        return expires if expires > self.now() else None

    def key_created(self, profile: Profile) -> int | None:
        """When the profile's own long-term key was created, in seconds since the epoch; None if that is not known."""
        return self._key_dates.get(profile.access_key_id) if not profile.roles else None

    @property
    def unknown(self) -> frozenset[str]:
        """The columns of the list of which nothing is known. Profiles are only looked at if groups have read all."""
        names = self.overview.names if self.overview is not None else ()
        read = self.overview is not None and not self.picks and self.order == Order.GROUPS
        profiles = [*map(self.overview.profile, names)] if self.overview and read and len(names) <= LARGEST else []
        found = {
            "key": bool(self._key_dates),
            "used": bool(self.last_used),
            "account": self.accounts.any_known or not profiles or any(profile.account for profile in profiles),
            "role": not profiles or any(profile.roles for profile in profiles),
        }
        return frozenset(name for name, known in found.items() if not known)

    def unread_seed(self, name: str, *, disturbing: bool = False) -> str:
        """The MFA serial of the profile's secret if the details would show its codes and it has not been read yet.

        Empty otherwise, and where reading would ask for the vault's passphrase or a touch of the YubiKey, unless such a
        question is acceptable now.
        """
        row = self.row(name) if name else None
        if row is None or not row.has_seed or row.profile.serial is None or not row.profile.can_log_in:
            return ""
        serial = row.profile.serial.text
        return (
            "" if self.codes.knows(serial) or (not disturbing and self.context.seeds.may_ask_user(serial)) else serial
        )

    def due(self) -> Due:
        """The sessions to renew now, and those to warn about; each is returned once."""
        if self.overview is None:
            return Due()
        rows = map(self.overview.row, self.overview.sources)
        return self.keep_alive.check(
            rows, lambda name: self.action_log.entry(name).running, self.now(), self.context.clock.monotonic()
        )

    def now(self) -> float:
        """AWS's time, as far as it is known, in seconds since the epoch: sessions and codes depend on it."""
        return self.context.clock.aws_now()

    @property
    def shell(self) -> str:
        """The profile that the shell uses, by the name it uses; ``default`` if it names none and there is that one."""
        there = self.overview is not None and DEFAULT in self.overview.aws
        return profile_in_use(self.context.env) or (DEFAULT if there else "")

    @property
    def active(self) -> str:
        """The profile in the list that the shell uses; empty if none."""
        return self.overview.active_profile() if self.overview is not None else ""

    @property
    def overriding(self) -> tuple[str, ...]:
        """The variables of the environment that override every profile; none if they hold the keys of a profile."""
        env = self.context.env
        if not env.get("AWS_ACCESS_KEY_ID") or self.exported:
            return ()
        return tuple(name for name in KEYS if env.get(name))

    @property
    def exported(self) -> str:
        """The profile whose keys ``mfa-tui use --export`` has put into the shell; empty if none."""
        return profile_in_use({name: value for name, value in self.context.env.items() if name not in PROFILES})
