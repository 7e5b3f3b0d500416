"""What the main screen knows, without the screen: the files as they are, what runs, and the codes that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.awsfiles.awsconfig import DEFAULT
from mfa_tui.core.shells.switching import profile_in_use
from mfa_tui.core.shells.variables import KEYS, PROFILES
from mfa_tui.errors import FileProblem, MfaTuiError
from mfa_tui.services.listing.overview import Overview
from mfa_tui.services.listing.preferences import recall
from mfa_tui.services.sessions.lookup import State, live_session
from mfa_tui.ui.commands.keymap import keys_of
from mfa_tui.ui.commands.profile_commands import COMMANDS, Situation
from mfa_tui.ui.profiles import columns
from mfa_tui.ui.profiles.details_text import ProfileDetails
from mfa_tui.ui.state.action_log import ActionLog
from mfa_tui.ui.state.keep_alive import Due, KeepAlive
from mfa_tui.ui.state.list_order import ListOrder
from mfa_tui.ui.state.live_codes import LiveCodes
from mfa_tui.ui.state.profile_filter import Filter
from mfa_tui.ui.text.spans import Span

if TYPE_CHECKING:
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.services.context import Context
    from mfa_tui.services.listing.overview import Row


class LoadedFiles(NamedTuple):
    """The files as they were read once: their stamp, and either an overview with its filter or a problem."""

    stamp: tuple[object, ...]
    overview: Overview | None
    problem: FileProblem | None
    filter: Filter | None


class AppState:
    """The state of one run. ``overview`` is None while the files cannot be read; ``file_problem`` then says why."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.action_log = ActionLog()
        self.codes = LiveCodes(context)
        self.list_order = ListOrder(context.paths)
        self.keep_alive = KeepAlive(context.paths)
        self.overview: Overview | None = None
        self.file_problem: FileProblem | None = None
        self.keys = keys_of(context.settings.keymap, COMMANDS)
        self.longest = 0
        """Length of the longest profile name."""
        self._stamp: tuple[object, ...] = ()
        self._sources: dict[str, int] = {}
        self._filter: Filter | None = None

    def read(self) -> LoadedFiles:
        """Read the files; any thread may do it."""
        stamp = self.context.files.stamp()
        try:
            overview = Overview(self.context)
        except FileProblem as problem:
            return LoadedFiles(stamp, None, problem, None)
        return LoadedFiles(stamp, overview, None, Filter(overview.aws, overview.names))

    def take(self, reading: LoadedFiles) -> None:
        """Go by what was read."""
        self._stamp, self.overview, self.file_problem, self._filter = reading
        self._sources.clear()
        self.arrange()
        self.longest = max(map(len, self.overview.names), default=0) if self.overview else 0

    def look_again(self) -> bool:
        """Look anew for sessions that SDKs have us renew, which the AWS files do not show; whether there are any."""
        if self.overview is None:
            return False
        columns = map(self.overview.row, self.overview.sources)
        lapsed = [row.profile.name for row in columns if row.process and row.session.at(self.now()) != State.LIVE]
        for name in lapsed:
            self.overview.forget(name)
        return bool(lapsed)

    def arrange(self) -> None:
        """Put the profiles in the order that is chosen now."""
        if self.overview is not None and self._filter is not None:
            self._filter.arrange(self.list_order.names(self.overview.names))

    def first_choice(self, asked: str) -> str:
        """Where the cursor starts; *asked* is the profile that was asked for, or nothing."""
        if self.overview is None:
            return ""
        return self.overview.first_choice(asked, recall(self.context.paths).last, self.matching(""))

    def stale(self) -> bool:
        """Whether the files have changed since they were read."""
        return self.context.files.stamp() != self._stamp

    def matching(self, wanted: str) -> tuple[str, ...]:
        """The profiles that the filter shows."""
        return self._filter.matching(wanted) if self._filter else ()

    def prepare_filter(self) -> None:
        """Have the filter ready before its first letter; any thread may do it."""
        if self._filter is not None:
            self._filter.prepare()

    def row(self, name: str) -> Row | None:
        """The row of a profile; None if there is none of that name (any more)."""
        if self.overview is None or name not in self.overview.aws:
            return None
        return self.overview.row(name)

    def cells(self, name: str) -> tuple[Span, Span, Span]:
        """What the list shows of a profile."""
        row = self.row(name)
        if row is None:
            return Span(""), Span(""), Span("")
        return columns.cells(
            row,
            self.action_log.entry(name),
            now=self.now(),
            monotonic=self.context.clock.monotonic(),
            kept=name in self.keep_alive.kept,
        )

    def able(self, name: str) -> bool:
        """Whether a profile can log in."""
        row = self.row(name)
        return row is not None and row.profile.can_log_in

    def situation(self, name: str) -> Situation:
        """What the commands need to know to say whether they can be done."""
        row = self.row(name) if name else None
        state = row.session.at(self.now()) if row else State.NONE
        return Situation(row, self.action_log.entry(name), state, kept=name in self.keep_alive.kept)

    def pane(self, name: str, *, masked: bool = False) -> ProfileDetails | None:
        """What the details are made of; None without a profile."""
        row = self.row(name) if name else None
        if row is None or self.overview is None:
            return None
        problem = None
        if not row.profile.can_log_in:
            from mfa_tui.services.profiles.resolve import able_profile

            try:
                able_profile(self.overview.aws, name, self.context.env)
            except MfaTuiError as error:
                problem = error
        serial = row.profile.serial.text if row.profile.serial else ""
        return ProfileDetails(
            row,
            self.action_log.entry(name),
            problem,
            self.codes.code(serial) if row.has_seed else None,
            self.codes.problem(serial) if row.has_seed else None,
            self.now(),
            self.context.clock.monotonic(),
            self.keys,
            masked,
            shell=name == self.active,
            shadows=self.shadows,
            kept=name in self.keep_alive.kept,
            source_ends=self._source_ends(row.profile),
        )

    def _source_ends(self, profile: Profile) -> float | None:
        """When the session ends that a role is assumed with; None if none lives. Looked up once in each reading."""
        if not profile.roles or not profile.takes_codes:
            return None
        if profile.name not in self._sources:
            session = live_session(self.context, profile, margin=0, roles=())
            self._sources[profile.name] = session.expires_at if session is not None else 0
        ends = self._sources[profile.name]
        return ends if ends > self.now() else None

    def unread_seed(self, name: str, *, disturbing: bool = False) -> str:
        """The serial whose seed the details would show, if the keyring was not asked for it yet; else nothing.

        Nor where that would ask a person for the vault's passphrase or a touch of the YubiKey, unless ``disturbing``.
        """
        row = self.row(name) if name else None
        if row is None or not row.has_seed or row.profile.serial is None or not row.profile.can_log_in:
            return ""
        serial = row.profile.serial.text
        return (
            "" if self.codes.knows(serial) or (not disturbing and self.context.seeds.may_ask_user(serial)) else serial
        )

    def due(self) -> Due:
        """What is to be done about sessions that end."""
        if self.overview is None:
            return Due()
        columns = map(self.overview.row, self.overview.sources)
        return self.keep_alive.look(
            columns, lambda name: self.action_log.entry(name).running, self.now(), self.context.clock.monotonic()
        )

    def now(self) -> float:
        """AWS's time, as far as it is known, in seconds since the epoch: what sessions and codes go by."""
        return self.context.clock.aws_now()

    @property
    def shell(self) -> str:
        """The profile that the shell uses, as it names it; ``default`` if it names none and there is such a one."""
        there = self.overview is not None and DEFAULT in self.overview.aws
        return profile_in_use(self.context.env) or (DEFAULT if there else "")

    @property
    def active(self) -> str:
        """The profile in the list that the shell uses; empty if none."""
        return self.overview.active_profile() if self.overview is not None else ""

    @property
    def shadows(self) -> tuple[str, ...]:
        """The variables of the environment that outrank every profile; none if their keys are those of a profile."""
        env = self.context.env
        if not env.get("AWS_ACCESS_KEY_ID") or self.exported:
            return ()
        return tuple(name for name in KEYS if env.get(name))

    @property
    def exported(self) -> str:
        """The profile whose keys ``mfa-tui use --export`` has put into the shell; empty if none."""
        return profile_in_use({name: value for name, value in self.context.env.items() if name not in PROFILES})
