"""What each command prints and returns, without a terminal."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import quick_cases

UTC = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def document(home: Home, *arguments: str) -> Any:
    result = home.run(*arguments, "--json")
    assert result.stderr == ""
    return json.loads(result.stdout)


COMMANDS = ["login", "logout", "list", "code", "device", "device import", "device forget", "demo", "doctor"]


@quick_cases()
@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(home: Home, command: str, option: str) -> None:
    result = home.run(*command.split(), option)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"usage: mfa-tui {command}".rstrip())
    assert max(map(len, result.stdout.splitlines())) <= 110
    if not command:
        assert all(f"\n  {name} " in result.stdout for name in ("login", "logout", "list", "code", "device", "demo"))


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(home: Home, option: str) -> None:
    from mfa_tui import __version__

    assert home.run(option).stdout == f"mfa-tui {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--profile"], "Argument --profile: expected one argument.\n  See mfa-tui --help\n"),
        (["--nonsense"], "These arguments are not valid: --nonsense\n  See mfa-tui --help\n"),
        (["frobnicate"], "There is no command 'frobnicate'.\n  mfa-tui --help shows all commands.\n"),
        (["list", "dev"], "Unrecognized arguments: dev.\n  See mfa-tui list --help\n"),
        (["list", "--js"], "Unrecognized arguments: --js.\n  See mfa-tui list --help\n"),
        (["login", "--code"], "Argument --code: expected one argument.\n  See mfa-tui login --help\n"),
        (["logout"], "Name either profiles or --all.\n  Use mfa-tui logout PROFILE… or mfa-tui logout --all\n"),
        (
            ["logout", "dev", "--all"],
            "Name either profiles or --all.\n  Use mfa-tui logout PROFILE… or mfa-tui logout --all\n",
        ),
        (["device"], "Which device command?\n  mfa-tui device --help shows all device commands.\n"),
        (["device", "imprt"], "There is no device command 'imprt'.\n  Did you mean mfa-tui device import?\n"),
        (["device", "forget", "--all"], "Unrecognized arguments: --all.\n  See mfa-tui device forget --help\n"),
    ],
)
def test_bad_usage(home: Home, arguments: list[str], said: str) -> None:
    result = home.run(*arguments)
    assert result.stderr.startswith(f"mfa-tui: {said}")
    assert (result.returncode, result.stdout) == (2, "")


@pytest.mark.parametrize("arguments", [[], ["--profile", "dev"], ["--profile=dev"]])
def test_the_interface_needs_a_terminal(home: Home, arguments: list[str]) -> None:
    result = home.run(*arguments)
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr == (
        "mfa-tui: The interface needs a terminal.\n  In scripts, use mfa-tui login; see mfa-tui --help\n"
    )


def test_an_option_before_a_command_gets_a_suggestion(home: Home) -> None:
    result = home.run("--profile", "my dev", "login")
    assert (result.returncode, result.stderr.splitlines()[-1]) == (2, "  Did you mean mfa-tui login 'my dev'?")


@pytest.mark.usefixtures("device")
def test_an_empty_name_is_a_name(home: Home) -> None:
    result = home.run("login", "", env={"AWS_PROFILE": "dev"})
    assert result.returncode == 2
    assert result.stderr.splitlines()[0] == "mfa-tui: There is no profile '' in the AWS files."


def test_a_profile_and_its_target_are_logged_in_to_once(home: Home, aws: StrictAws, device: Device) -> None:
    home.store_seed(device)
    result = home.run("login", "dev", "dev-mfa", "--force")
    assert (result.returncode, len(result.stdout.splitlines())) == (0, 1)
    assert aws.count("GetSessionToken") == 1


def test_list_escapes_names_and_is_not_widened_by_one(home: Home) -> None:
    names = ("x" * 50, "a\x1b[31m", "b")
    home.config.write_text("".join(f"[profile {name}]\nregion = x\n" for name in names))
    lines = home.run("list").stdout.splitlines()
    assert "\x1b" not in "".join(lines)
    assert lines[1].startswith("x" * 50 + "  no-credentials")
    assert lines[3].index("no-credentials") == lines[0].index("KIND") < 20


def test_login_in_json(home: Home, device: Device) -> None:
    made, kept = document(home, "login", "dev", "--code", device.code()), document(home, "login", "dev")
    login = made["logins"][0]
    assert re.fullmatch(UTC, login.pop("expires"))
    assert login.pop("access_key_id").startswith("ASIA")
    assert login == {
        "profile": "dev",
        "process": False,
        "target": "dev-mfa",
        "kept": False,
        "mfa_serial": device.serial,
        "notices": [],
    }
    assert kept["logins"][0]["kept"]


def test_a_code_from_standard_input(home: Home, device: Device) -> None:
    code = device.code()
    result = home.run("login", "dev", "--code", "-", stdin=f" {code[:3]} {code[3:]}\r\nmore\n")
    assert (result.returncode, result.stderr) == (0, "")
    assert home.run("login", "dev", "--force", "--code", "-", stdin="").returncode == 2


def test_options_of_login(home: Home, aws: StrictAws, device: Device) -> None:
    result = home.run("login", "dev", "--code", device.code(), "--as", "short", "--duration", "15m")
    assert re.fullmatch(r"dev: saved as short, valid until .*\d\d:\d\d \(1[45] m left\)\n", result.stdout)
    kept = home.run("login", "dev", "--duration", "1h", "--as", "short")
    assert re.fullmatch(
        r"mfa-tui: The session was kept \(1[45] m left\); --force gets one of the new length\.\n", kept.stderr
    )
    # Another target needs no other code: the session is cached.
    assert home.run("login", "dev", "--as", "second").stdout.startswith("dev: saved as second, valid until ")
    assert aws.count() == 1


def test_all_profiles_are_tried_and_the_highest_status_is_returned(home: Home, aws: StrictAws, device: Device) -> None:
    home.store_seed(device)
    other = aws.add_user()
    other_device = other.add_device(other.name)
    home.add_profile("ops", other, other_device)
    home.store_seed(other_device)
    result = home.run("login", "nobody", "dev", "dev", "gone", "ops")
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == ["dev", "ops"]
    assert result.stderr.splitlines() == [
        "mfa-tui: There is no profile 'nobody' in the AWS files.",
        "  mfa-tui list shows all profiles.",
        "mfa-tui: There is no profile 'gone' in the AWS files.",
        "  mfa-tui list shows all profiles.",
    ]
    assert result.returncode == 2
    in_json = json.loads(home.run("login", "dev", "nobody", "--json").stdout)["logins"]
    assert [(entry["profile"], entry.get("error", {}).get("code")) for entry in in_json] == [
        ("dev", None),
        ("nobody", "profile-unknown"),
    ]


def test_logout(home: Home, device: Device) -> None:
    nothing = home.run("logout", "dev")
    assert (nothing.returncode, nothing.stdout) == (0, "dev: no session to remove\n")
    home.run("login", "dev", "--code", device.code())
    gone = home.run("logout", "dev", "--json")
    entry = json.loads(gone.stdout)["logouts"][0]
    assert re.fullmatch(UTC, entry.pop("honoured_until"))
    assert entry == {"profiles": ["dev"], "targets": ["dev-mfa"], "sessions": 1}
    assert re.fullmatch(r"Copies of the session keep working at AWS until .*\.\n", gone.stderr)
    unknown = home.run("logout", "nobody", "dev")
    assert unknown.returncode == 2
    assert unknown.stdout == "dev: no session to remove\n"


def test_logout_of_all(home: Home, aws: StrictAws, device: Device) -> None:
    before = (home.config.read_bytes(), home.credentials.read_bytes())
    home.run("login", "dev", "--code", device.code())
    home.run("login", "dev", "--as", "second")
    result = home.run("logout", "--all")
    assert result.stdout == "all profiles: removed dev-mfa, second\n"
    assert result.stderr.startswith("Copies of the session keep working at AWS until ")
    assert (home.config.read_bytes(), home.credentials.read_bytes(), aws.count()) == (*before, 1)
    assert document(home, "logout", "--all") == {
        "logouts": [{"profiles": [], "targets": [], "sessions": 0, "honoured_until": None}]
    }


def test_logout_of_several_sessions(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    home.store_seed(device)
    home.add_role_profile("admin", aws.add_role(f"logout-{user.name}", trust(user.arn)), "dev")
    assert home.run("login", "dev", "--all-roles").returncode == 0
    said = home.run("logout", "--all").stderr
    assert said.startswith("Copies of these sessions keep working at AWS, the last until ")


@pytest.mark.parametrize("name", ["dev", "dev-mfa"])
def test_logout_of_a_profile_that_is_gone(home: Home, device: Device, name: str) -> None:
    home.run("login", "dev", "--code", device.code())
    for path in (home.config, home.credentials):
        path.write_text(path.read_text().replace("profile dev]", "profile was]").replace("[dev]", "[was]"))
    refused = home.run("login", "dev-mfa")
    assert refused.returncode == 2
    assert refused.stderr.endswith("Add 'dev' again, or remove the session: mfa-tui logout dev-mfa\n")
    entry = json.loads(home.run("logout", name, "--json").stdout)["logouts"][0]
    assert (entry["profiles"], entry["targets"], entry["sessions"]) == (["dev"], ["dev-mfa"], 1)
    assert "mfa" not in home.credentials.read_text()


def test_logout_says_when_only_the_cache_held_a_session(home: Home, device: Device) -> None:
    before = (home.config.read_bytes(), home.credentials.read_bytes())
    home.run("login", "dev", "--code", device.code())
    for path, content in zip((home.config, home.credentials), before, strict=True):
        path.write_bytes(content)
    assert home.run("logout", "dev").stdout == "dev: removed the cached session\n"


def test_logout_forgets_the_session_of_an_access_key_that_was_exchanged(home: Home, user: User, device: Device) -> None:
    home.run("login", "dev", "--code", device.code())
    home.credentials.write_text(home.credentials.read_text().replace(user.access_key_id, "AKIAEXCHANGED"))
    assert json.loads(home.run("logout", "dev", "--json").stdout)["logouts"][0]["sessions"] == 1
    assert not any((home.path / ".cache/mfa-tui/sessions").iterdir())


def test_list(home: Home, user: User, device: Device) -> None:
    home.store_seed(device)
    home.config.write_text(
        home.config.read_text()
        + "[profile admin]\nrole_arn = arn:aws:iam::444455556666:role/admin\nsource_profile = dev\n"
        + "[profile fay]\nmfa_serial = arn:aws:iam::111122223333:u2f/user/fay/key-ABC\n"
    )
    home.run("login", "dev")
    table = home.run("list").stdout
    assert [line.split()[0] for line in table.splitlines()] == ["PROFILE", "dev", "admin", "fay"]
    dev = rf"^dev +access-keys +1111-2222-3333 +{user.name} \(secret stored\) +✓ dev-mfa until .* left\)$"
    assert re.search(dev, table, re.MULTILINE)
    assert re.search(rf"^admin +role +4444-5555-6666 +{user.name} \(secret stored\) +none$", table, re.MULTILINE)
    assert re.search(r"^fay .*key-ABC \(fido: not for the API\)", table, re.MULTILINE)


def test_list_shows_what_a_login_learned_of_fido_keys(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    user.add_fido_device("key")
    home.add_profile("fay", user)
    assert home.run("login", "fay").returncode == 2
    assert re.search(r"^fay .* FIDO \(not for the API\) +none$", home.run("list").stdout, re.MULTILINE)


def test_list_in_json(home: Home, device: Device) -> None:
    home.store_seed(device)
    home.run("login", "dev")
    listed = document(home, "list")
    (profile,), (target,) = listed.pop("profiles"), listed.pop("targets")
    expires = profile["session"]["expires"]
    assert re.fullmatch(UTC, expires)
    assert listed == {}
    assert profile == {
        "name": "dev",
        "kind": "access-keys",
        "account": "111122223333",
        "region": "eu-central-1",
        "mfa_serial": device.serial,
        "credential_process": False,
        "seed_stored": True,
        "can_log_in": True,
        "problem": None,
        "source": None,
        "chain": ["dev"],
        "target": "dev-mfa",
        "session": {"state": "live", "expires": expires},
    }
    assert target == {"name": "dev-mfa", "source": "dev", "kind": "mfa-tui-session", "expires": expires}


def test_list_of_nothing(home: Home) -> None:
    result = home.run("list")
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == (
        f"There are no profiles in {home.config} and {home.credentials}.\n  Run mfa-tui to set one up.\n"
    )
    assert document(home, "list") == {"profiles": [], "targets": []}


def test_code(home: Home, device: Device) -> None:
    home.store_seed(device)
    codes = {device.code(steps) + "\n" for steps in (0, 1)}
    result = home.run("code", "dev")
    assert (result.returncode, result.stderr, result.stdout in codes) == (0, "", True)
    assert home.run("code", "dev-mfa").returncode == 0
    copied = home.run("code", "dev", "--copy")
    assert (copied.returncode, copied.stdout) == (3, "")
    assert copied.stderr == (
        "mfa-tui: There is no terminal to copy the code with.\n  Leave out --copy to print the code.\n"
    )


def test_a_reserved_code_is_not_generated_again(home: Home, device: Device) -> None:
    home.store_seed(device)
    current = {device.code(steps) + "\n" for steps in (0, 1)}
    result = home.run("code", "dev", "--wait")
    assert (result.returncode, result.stderr, result.stdout in current) == (0, "", True)
    used = [
        path.read_text().split() for path in (home.path / ".local/state/mfa-tui/steps").iterdir() if not path.suffix
    ]
    assert [len(steps) for steps in used] == [1]


@pytest.mark.parametrize(
    ("prepare", "said", "status"),
    [
        (
            lambda _: None,
            "No secret is stored for dev.\n  Its MFA device is {serial}.\n  Store it: mfa-tui device import dev\n",
            2,
        ),
        (
            lambda home: home.config.write_text("[profile dev]\n"),
            (
                "The profile 'dev' names no MFA device.\n"
                "  Add mfa_serial to it, or let login find it: mfa-tui login dev --save-serial\n"
            ),
            2,
        ),
    ],
)
def test_no_code(home: Home, device: Device, prepare: Callable[[Home], object], said: str, status: int) -> None:
    prepare(home)
    result = home.run("code", "dev")
    assert result.stderr == "mfa-tui: " + said.format(serial=device.serial)
    assert (result.returncode, result.stdout) == (status, "")


@pytest.mark.parametrize("arguments", [["login", ""], ["login", "dev", "--as", ""], ["code", ""]])
def test_an_empty_name_is_invalid(home: Home, device: Device, arguments: list[str]) -> None:
    home.store_seed(device)
    assert home.run(*arguments, env={"AWS_PROFILE": "dev"}).returncode == 2


def test_the_users_arn_is_not_an_mfa_serial(home: Home, user: User, aws: StrictAws) -> None:
    home.add_profile("dev", user, mfa_serial=user.arn)
    refused = home.run("login", "dev", "--code", "123456")
    assert (refused.returncode, aws.count()) == (2, 0)
    assert "The MFA serial in the profile 'dev' is the ARN of a user, not of an MFA device." in refused.stderr


def test_a_session_by_another_device_offers_to_save_it(home: Home, user: User, device: Device) -> None:
    tablet = user.add_device(user.name + "-tablet")
    assert device.serial != tablet.serial
    saved = home.run("login", "dev", "--serial", tablet.serial, "--save-serial", "--code", tablet.code())
    assert saved.returncode == 0
    assert home.run("login", "dev").stdout.startswith("dev: already saved as dev-mfa, valid until ")
