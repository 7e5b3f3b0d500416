"""What is measured, against what, and the target for each."""

import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import interface
import logins
import profile_files
import sessions
import typed_logins
from environment import BASELINES, variables
from peers import Peers
from rounds import BASE, OURS, Candidate, CannotRun, Timings, command, interleave, one_core
from secret_service import BACKEND, secret_service
from terminal import first_frame

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import Device, StrictAws, User

HEARTBEAT = Path(__file__).parent / "heartbeat.py"
MOST_COUNTS = 3
"""Rounds in which bytes are counted, at most: there are as many each time."""
MOST_STALLS = 5
"""Rounds that look for stalls, at most: each takes a quarter of a minute for either side."""
Measure = Callable[[Sequence[str], Mapping[str, str], str], float]
"""One of ``interface``: of a program, in an environment, which is open once a text is shown."""
PYTHON = "python -I -c pass"
SETTLED = 0.1
"""Seconds after which the times of files tell one change from the next."""


class Bench(NamedTuple):
    """One target: ``measure`` times mfa-tui and what it is compared with; their ratio must be at most ``target``."""

    name: str
    base: str
    target: float
    measure: "Callable[[Place, int], Timings]"
    unit: str = "ms"


class Place(NamedTuple):
    """Where programs are measured."""

    scratch: Path
    bin: Path
    peers: Peers

    def program(self, name: str) -> str:
        """The path of a program of the clean environment."""
        return str(self.bin / name)

    def python(self, *arguments: str) -> list[str]:
        """A Python of the clean environment, isolated from the user's own packages and variables."""
        return [self.program("python"), "-I", *arguments]

    def home(self, profiles: int) -> Path:
        """A fresh home with so many profiles."""
        home = Path(tempfile.mkdtemp(dir=self.scratch))
        profile_files.write(home, profiles)
        return home

    def version(self, rounds: int) -> Timings:
        """``mfa-tui --version`` against an empty Python."""
        return self._against_python("version", ["--version"], 1, rounds)

    def listing(self, rounds: int) -> Timings:
        """``mfa-tui list`` of 50 profiles against an empty Python."""
        return self._against_python("list", ["list"], 50, rounds)

    def listing_many(self, rounds: int) -> Timings:
        """``mfa-tui list`` of 10,000 profiles against an empty Python."""
        return self._against_python("list-10000", ["list"], 10_000, rounds)

    def doctor_many(self, rounds: int) -> Timings:
        """``mfa-tui doctor`` of 10,000 profiles against an empty Python."""
        return self._against_python("doctor-10000", ["doctor"], 10_000, rounds)

    def names(self, rounds: int) -> Timings:
        """What a shell runs to complete one of 1,000 profile names against an empty Python."""
        return self._against_python("names-1000", ["completion", "--profiles", "team-00"], 1000, rounds)

    def credential_process(self, rounds: int) -> Timings:
        """``mfa-tui credential-process`` with a live session against an empty Python."""
        return self._with_session(["credential-process", "dev"], rounds)

    def stored_key(self, rounds: int) -> Timings:
        """The same for a profile whose long-term key is in the keyring; there is none here, so it is not asked."""
        return self._with_session(["credential-process", "dev"], rounds, stored=True)

    def env(self, rounds: int) -> Timings:
        """``mfa-tui env`` with a live session against an empty Python."""
        return self._with_session(["env", "dev"], rounds)

    def login_live(self, rounds: int) -> Timings:
        """``mfa-tui login`` where the session is saved already, against an empty Python."""
        return self._with_session(["login", "dev"], rounds)

    def use_live(self, rounds: int) -> Timings:
        """``mfa-tui use`` with that session against an empty Python."""
        return self._with_session(["use", "dev"], rounds)

    def exec(self, rounds: int) -> Timings:
        """``mfa-tui exec`` of the smallest command, with a live session, against an empty Python."""
        return self._with_session(["exec", "dev", "true"], rounds)

    def code(self, rounds: int) -> Timings:
        """``mfa-tui code`` against a Python that gets the same secret from the same keyring."""
        home = Path(tempfile.mkdtemp(dir=self.scratch))
        serial = "arn:aws:iam::111122223333:mfa/phone"
        keys = f"aws_access_key_id = AKIA{0:016d}\naws_secret_access_key = {0:040d}\n"
        profile_files.write_texts(home, f"[profile dev]\nmfa_serial = {serial}\n", f"[dev]\n{keys}")
        ask = f"import keyring; assert keyring.get_password('mfa-tui', {serial!r})"
        with secret_service(home, variables(home, self.bin, PYTHON_KEYRING_BACKEND=BACKEND)) as environment:
            command([self.program("mfa-tui"), "device", "import", "dev"], environment, "GEZDGNBVGY3TQOJQ" * 4)
            return interleave(
                {
                    BASE: lambda: command([self.program("python"), "-c", ask], environment),
                    OURS: lambda: command([self.program("mfa-tui"), "code", "dev"], environment),
                },
                rounds,
            )

    def _against_python(self, bench: str, arguments: list[str], profiles: int, rounds: int) -> Timings:
        environment = variables(self.home(profiles), self.bin)
        return self._interleaved(arguments, environment, rounds, self.peers.beside(bench, environment))

    def _with_session(self, arguments: list[str], rounds: int, *, stored: bool = False) -> Timings:
        """A command in a home whose profile ``dev`` has a session from the strict embedded AWS.

        With *stored* the profile's key is no longer in the files afterwards, as ``keys store`` leaves them.
        """
        from mfa_tui.demo.aws.server import StrictAws

        aws = StrictAws.start()
        try:
            user = aws.add_user()
            device = user.add_device(user.name)
            home = self.home_of(aws, user, device)
            environment = variables(home, self.bin)
            command([self.program("mfa-tui"), "login", "dev", "--code", "-"], environment, f"{device.code()}\n")
            if stored:
                process = f"{self.program('mfa-tui')} credential-process dev"
                mark = f"credential_process = {process}\nmfa_tui_access_key_id = {user.access_key_id}\n"
                config = (home / "config").read_text().partition("\n[")[0].rstrip("\n")
                profile_files.write_texts(home, f"{config}\n{mark}", "[dev]\n")
            # Only files that are not quite new are noted to mean this session; the round that is dropped notes it.
            time.sleep(SETTLED)
            peers = {} if stored else self.peers.beside(arguments[0], environment)
            timings = self._interleaved(arguments, environment, rounds, peers)
            if aws.count() != 1:
                raise CannotRun("the session was not reused")
            return timings
        finally:
            aws.stop()

    def _interleaved(
        self, arguments: list[str], environment: dict[str, str], rounds: int, peers: Mapping[str, Candidate]
    ) -> Timings:
        with one_core():
            return interleave(
                {
                    BASE: lambda: command(self.python("-c", "pass"), environment),
                    OURS: lambda: command([self.program("mfa-tui"), *arguments], environment),
                },
                rounds,
                peers,
            )

    def home_of(self, aws: "StrictAws", user: "User", device: "Device") -> Path:
        """A fresh home with the profile ``dev``."""
        home = Path(tempfile.mkdtemp(dir=self.scratch))
        profile_files.write_texts(
            home,
            f"[profile dev]\nregion = eu-central-1\nmfa_serial = {device.serial}\nendpoint_url = {aws.url}\n",
            f"[dev]\naws_access_key_id = {user.access_key_id}\naws_secret_access_key = {user.secret_access_key}\n",
        )
        return home

    def first_frame(self, rounds: int) -> Timings:
        """The interface with ten profiles against a bare Textual app with the same rows."""
        names = [profile_files.name(number) for number in range(10)]
        environment = variables(self.home(len(names)), self.bin)
        bare = self.python(str(BASELINES / "bare_app.py"), *names)
        return interleave(
            {
                BASE: lambda: first_frame(bare, environment, names),
                OURS: lambda: first_frame([self.program("mfa-tui")], environment, names),
            },
            rounds,
        )

    def many_profiles(self, rounds: int) -> Timings:
        """The interface with 10,000 profiles against itself with ten."""
        names = [profile_files.name(number) for number in range(10)]
        few, many = variables(self.home(10), self.bin), variables(self.home(10_000), self.bin)
        ours = [self.program("mfa-tui")]
        return interleave(
            {
                BASE: lambda: first_frame(ours, few, names),
                OURS: lambda: first_frame(ours, many, names),
            },
            rounds,
        )

    def _counted(self, count: Measure, bound: int, rounds: int) -> Timings:
        """Bytes that the interface with 300 profiles writes, against the most that it may."""
        environment = variables(self.home(300), self.bin)
        ours = [self.program("mfa-tui")]
        return interleave(
            {BASE: lambda: float(bound), OURS: lambda: count(ours, environment, profile_files.name(9))},
            min(rounds, MOST_COUNTS),
        )

    def bytes_for_move(self, rounds: int) -> Timings:
        """Bytes for one line down."""
        return self._counted(interface.bytes_for_move, 2_000, rounds)

    def bytes_for_dialog(self, rounds: int) -> Timings:
        """Bytes for opening or closing a dialog."""
        return self._counted(interface.bytes_for_dialog, 20_000, rounds)

    def bytes_for_letter(self, rounds: int) -> Timings:
        """Bytes for a letter of the filter."""
        return self._counted(interface.bytes_for_letter, 6_000, rounds)

    def idle(self, rounds: int) -> Timings:
        """What ten profiles and a code with its countdown cost each second, against a bare app that counts seconds."""
        bare = self.python(str(BASELINES / "bare_clock.py"))
        return self._idle(10, lambda env: interface.processor_time_while_idle(bare, env, "seconds"), rounds)

    def idle_many(self, rounds: int) -> Timings:
        """The same with 10,000 profiles, against 0.3 % of a core."""
        return self._idle(10_000, lambda _: 0.003, rounds)

    def _idle(self, profiles: int, base: Callable[[dict[str, str]], float], rounds: int) -> Timings:
        home, ours = self.home(profiles), self.program("mfa-tui")
        environment = interface.with_countdown(home, ours, profile_files.name(0), variables(home, self.bin))
        return interleave(
            {
                BASE: lambda: base(environment),
                OURS: lambda: interface.processor_time_while_idle([ours], environment, profile_files.name(9)),
            },
            min(rounds, MOST_COUNTS),
        )

    def key(self, rounds: int) -> Timings:
        """From a cursor key to the picture, with 10,000 profiles, against a bare list of so many rows."""
        environment, ours = variables(self.home(10_000), self.bin), [self.program("mfa-tui")]
        bare = self.python(str(BASELINES / "bare_list.py"), "10000")
        return interleave(
            {
                BASE: lambda: interface.key_time(bare, environment, profile_files.name(9)),
                OURS: lambda: interface.key_time(ours, environment, profile_files.name(9)),
            },
            min(rounds, MOST_COUNTS),
        )

    def slowest_key(self, rounds: int) -> Timings:
        """How long 99 of 100 cursor keys take at most, with 10,000 profiles, against 50 ms."""
        environment, ours = variables(self.home(10_000), self.bin), [self.program("mfa-tui")]
        return interleave(
            {BASE: lambda: 0.05, OURS: lambda: interface.slowest_key(ours, environment, profile_files.name(9))},
            min(rounds, MOST_COUNTS),
        )

    def letter(self, rounds: int) -> Timings:
        """Letters that narrow the filter, with 10,000 profiles against ten."""
        return self._many_against_few(interface.processor_time_for_letter, rounds)

    def memory(self, rounds: int) -> Timings:
        """The most memory that the interface with ten profiles takes, against the most that it may."""
        environment, ours = variables(self.home(10), self.bin), [self.program("mfa-tui")]
        return interleave(
            {BASE: lambda: 42.0, OURS: lambda: interface.peak_memory(ours, environment, profile_files.name(9))},
            min(rounds, MOST_COUNTS),
        )

    def move(self, rounds: int) -> Timings:
        """Cursor keys, with 10,000 profiles against ten."""
        return self._many_against_few(interface.processor_time_for_key, rounds)

    def _many_against_few(self, measure: Measure, rounds: int) -> Timings:
        few, many = variables(self.home(10), self.bin), variables(self.home(10_000), self.bin)
        ours = [self.program("mfa-tui")]
        return interleave(
            {
                BASE: lambda: measure(ours, few, profile_files.name(9)),
                OURS: lambda: measure(ours, many, profile_files.name(9)),
            },
            min(rounds, MOST_COUNTS),
        )

    def stall(self, rounds: int) -> Timings:
        """The longest time that the interface does not answer on the account screen: 5,000 users against ten."""
        from account import add_colleagues, longest_stall

        from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
        from mfa_tui.demo.aws.server import StrictAws

        aws = StrictAws.start()

        def account_screen(account: str, users: int) -> Candidate:
            user = aws.add_user(account=account, policy=ADMINISTRATOR)
            device = user.add_device(user.name)
            add_colleagues(aws, user, users)
            home = self.home_of(aws, user, device)
            environment = variables(home, self.bin)
            command([self.program("mfa-tui"), "login", "dev", "--code", "-"], environment, f"{device.code()}\n")
            beats = home / "beats"
            interface = self.python(str(HEARTBEAT), str(beats))
            return lambda: longest_stall(interface, environment, beats)

        try:
            few, many = account_screen("111122223333", 10), account_screen("444455556666", 5_000)
            return interleave({BASE: few, OURS: many}, min(rounds, MOST_STALLS))
        finally:
            aws.stop()

    def parse(self, rounds: int) -> Timings:
        """Both files with 10,000 profiles, read by us and by botocore; each in a process of its own."""
        home = self.home(10_000)
        environment = variables(home, self.bin)

        def seconds(who: str) -> float:
            arguments = [str(BASELINES / "parse.py"), who, str(home / "config"), str(home / "credentials"), "10000"]
            result = subprocess.run(
                self.python(*arguments), env=environment, capture_output=True, text=True, check=False
            )
            if result.returncode:
                raise CannotRun(result.stderr.strip().splitlines()[-1])
            return float(result.stdout)

        return interleave({BASE: lambda: seconds("botocore"), OURS: lambda: seconds("mfa-tui")}, rounds)


BENCHES = (
    Bench("version", PYTHON, 1, Place.version),
    Bench("list", PYTHON, 5, Place.listing),
    Bench("list-10000", PYTHON, 12, Place.listing_many),
    Bench("doctor-10000", PYTHON, 20, Place.doctor_many),
    Bench("credential-process", PYTHON, 0.9, Place.credential_process),
    Bench("stored-key", PYTHON, 0.9, Place.stored_key),
    Bench("env", PYTHON, 1.6, Place.env),
    Bench("exec", PYTHON, 1.8, Place.exec),
    Bench("login-live", PYTHON, 1.8, Place.login_live),
    Bench("use-live", PYTHON, 1.8, Place.use_live),
    Bench("names-1000", PYTHON, 4, Place.names),
    Bench("code", "keyring.get_password", 0.6, Place.code),
    Bench("first-frame", "a bare Textual app", 1.05, Place.first_frame),
    Bench("login", "a boto3 script", 0.5, logins.log_in),
    Bench("role-login", "a boto3 script", 0.5, sessions.log_in_to_role),
    Bench("typed-login", "100 ms", 1, typed_logins.at_the_prompt),
    Bench("typed-login-interface", "50 ms", 1, typed_logins.in_the_interface),
    Bench("renewal", "a boto3 script", 0.6, sessions.renew),
    Bench("login-memory", "the most that it may", 1, sessions.memory, "MiB"),
    Bench("all-roles", "one login by a boto3 script", 8, logins.all_roles),
    Bench("parse-10000", "botocore's full_config", 0.3, Place.parse),
    Bench("open-10000", "itself with 10 profiles", 2, Place.many_profiles),
    Bench("bytes-move", "the most that it may", 1, Place.bytes_for_move, "B"),
    Bench("bytes-dialog", "the most that it may", 1, Place.bytes_for_dialog, "B"),
    Bench("bytes-letter", "the most that it may", 1, Place.bytes_for_letter, "B"),
    Bench("memory", "the most that it may", 1, Place.memory, "MiB"),
    Bench("idle", "a bare Textual app with a clock", 1.5, Place.idle),
    Bench("idle-10000", "0.3 % of a core", 1, Place.idle_many),
    Bench("move-10000", "itself with 10 profiles", 1.2, Place.move),
    Bench("key-10000", "Textual's OptionList", 1.5, Place.key),
    Bench("slowest-key-10000", "50 ms", 1, Place.slowest_key),
    Bench("letter-10000", "itself with 10 profiles", 2.5, Place.letter),
    Bench("stall-5000", "itself with 10 users", 1.5, Place.stall),
)
